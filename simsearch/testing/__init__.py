"""Contracts for plugins: what every component of a hook must do. Run them against your own components.

In a test file of your package, one class for each component:

    from simsearch.testing import SplitterContract

    class TestByAuthor(SplitterContract):
        spec = "by-author:field=name"

pytest runs the methods of the contract; `simsearch plugins check NAME` runs the same from the command line. If a
component needs data other than the built-in examples, override `examples`.
"""

from simsearch.testing.check import CONTRACTS, CheckResult, check_components
from simsearch.testing.commands import CommandContract
from simsearch.testing.contract import Contract
from simsearch.testing.documents import ChunkerContract, PairReaderContract, ReaderContract
from simsearch.testing.engines import EngineContract
from simsearch.testing.generators import PairGeneratorContract
from simsearch.testing.losses import LossContract
from simsearch.testing.negatives import NegativeMinerContract
from simsearch.testing.scores import ScoreGeneratorContract
from simsearch.testing.search import EmbedderContract, FormatterContract, RerankerContract
from simsearch.testing.splitters import SplitterContract
from simsearch.testing.stores import StoreContract

__all__ = [
    "CONTRACTS",
    "CheckResult",
    "ChunkerContract",
    "CommandContract",
    "Contract",
    "EmbedderContract",
    "EngineContract",
    "FormatterContract",
    "LossContract",
    "NegativeMinerContract",
    "PairGeneratorContract",
    "PairReaderContract",
    "ReaderContract",
    "RerankerContract",
    "ScoreGeneratorContract",
    "SplitterContract",
    "StoreContract",
    "check_components",
]
