"""Contracts for plugins: what every component of a hook must do, to run against your own.

In a test file of your package, one class a component:

    from simsearch.testing import SplitterContract

    class TestByAuthor(SplitterContract):
        spec = "by-author:field=name"

pytest runs the contract's methods; `simsearch plugins check NAME` runs the same from the command line.
A component that needs other data than the examples made here gets it by overriding `examples`.
"""

from simsearch.testing.check import CONTRACTS, CheckResult, check_components
from simsearch.testing.commands import CommandContract
from simsearch.testing.contract import Contract
from simsearch.testing.documents import ChunkerContract, PairReaderContract, ReaderContract
from simsearch.testing.generators import PairGeneratorContract
from simsearch.testing.losses import LossContract
from simsearch.testing.negatives import NegativeMinerContract
from simsearch.testing.scores import ScoreGeneratorContract
from simsearch.testing.search import EmbedderContract, FormatterContract, RerankerContract
from simsearch.testing.splitters import SplitterContract

__all__ = [
    "CONTRACTS",
    "CheckResult",
    "ChunkerContract",
    "CommandContract",
    "Contract",
    "EmbedderContract",
    "FormatterContract",
    "LossContract",
    "NegativeMinerContract",
    "PairGeneratorContract",
    "PairReaderContract",
    "ReaderContract",
    "RerankerContract",
    "ScoreGeneratorContract",
    "SplitterContract",
    "check_components",
]
