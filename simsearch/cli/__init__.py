"""The command line. For commands of plugins: `common_options`, which all commands have, and the Session they make."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simsearch.cli.options import common_options
    from simsearch.cli.session import Session

__all__ = ["Session", "common_options"]


def __getattr__(name: str) -> Any:
    # `simsearch --help` runs no command, so it needs neither.
    if name not in __all__:
        raise AttributeError(f"module 'simsearch.cli' has no attribute {name!r}")
    from simsearch.cli import options

    return getattr(options, name)
