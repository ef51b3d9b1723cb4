"""Writes a new, complete and working plugin package, for `simsearch plugins new`."""

from simsearch.cli.plugin_package.writing import make_package

__all__ = ["make_package"]
