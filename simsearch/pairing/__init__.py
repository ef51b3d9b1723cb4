"""Documents to pairs, for a person to read and edit."""

from simsearch.pairing.making import make_pairs
from simsearch.pairing.report import PairsReport

__all__ = ["PairsReport", "make_pairs"]
