"""The command line. A plugin's command takes what all take: `common_options`, which make a Session."""

from simsearch.cli.options import common_options
from simsearch.cli.session import Session

__all__ = ["Session", "common_options"]
