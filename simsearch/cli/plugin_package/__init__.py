"""A new plugin package: `simsearch plugins new` writes it, complete and working."""

from simsearch.cli.plugin_package.writing import make_package

__all__ = ["make_package"]
