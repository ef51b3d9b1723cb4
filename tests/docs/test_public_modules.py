"""The list of public modules: built-ins and plugins need no others."""

import ast
import re
from pathlib import Path

import pytest

from tests.conftest import PROJECT

WITH_MODULES = ("simsearch.tables.", "simsearch.pair_tables.", "simsearch.types.")
OF_BUILTINS = ("simsearch.builtin", "simsearch.storage")
"""simsearch.storage is for the built-in store alone; see the contracts of import-linter in pyproject.toml."""

RELEASED_TOGETHER = ("simsearch-serve", "simsearch-mcp")
PACKAGES = [
    PROJECT / "simsearch/builtin",
    *(folder for folder in sorted(PROJECT.glob("plugins/*")) if folder.name not in RELEASED_TOGETHER),
]


@pytest.mark.parametrize("package", PACKAGES, ids=lambda folder: folder.name)
def test_what_a_plugin_imports_is_public(package: Path) -> None:
    page = (PROJECT / "docs/reference/python.md").read_text()
    table = page.partition("## What is public")[2].partition("##")[0]
    public = set(re.findall(r"`(simsearch[\w.]*)`", table))
    allowed = (*WITH_MODULES, *(OF_BUILTINS if package.name == "builtin" else ()))
    assert {name for name in imported_modules(package) - public if not name.startswith(allowed)} == set()


def imported_modules(package: Path) -> set[str]:
    """The modules of simsearch that a package imports from, without its tests."""
    files = [path for path in package.rglob("*.py") if "tests" not in path.relative_to(package).parts]
    nodes = [node for path in files for node in ast.walk(ast.parse(path.read_text()))]
    names = {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    return {name for name in names if name.partition(".")[0] == "simsearch"}
