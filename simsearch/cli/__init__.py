"""The command line. For commands of plugins: `common_options`, which all commands have, and the Session they make."""

from simsearch.cli.options import common_options
from simsearch.cli.session import Session

__all__ = ["Session", "common_options"]
