"""Two hundred documents that come with Python: the docstrings of its modules, with metadata to filter by."""

from __future__ import annotations

import ast
import sysconfig
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from simsearch.storage.protocols import Store
from simsearch.testing.stores.examples import identity, put
from simsearch.types import Document

DOCUMENTS = 200
QUESTIONS = (
    "how do I open a file", "thread", "read a zip archive", "regular expression", "the", "to be or not to be",
    "parse e-mail headers", "json", "socket timeout error", "http.client", "asyncio/events.py", "base_events*",
    "a context manager", "os.path join", "what is an abstract class", "walk a directory tree", "C++", "zzzz", "",
    "copy files and folders recursively without following symbolic links",
)  # fmt: skip


def documents() -> Iterator[tuple[str, Document]]:
    """Path and document, in order."""
    root = Path(sysconfig.get_path("stdlib"))
    found = 0
    for path in sorted(root.rglob("*.py")):
        if found == DOCUMENTS or "site-packages" in path.parts or "test" in path.parts:
            continue
        text = _docstrings(path)
        if len(text) > 200:
            name = path.relative_to(root).as_posix()
            about = {
                "size": path.stat().st_size,
                "folder": path.parent.name,
                "date": f"20{found % 25:02}-05-01",
            }
            yield name, Document(text, "", path.stem.strip("_"), metadata=about)
            found += 1


def fill(store: Store, count: int = DOCUMENTS) -> None:
    """Put the first of them."""
    with store.write(identity()) as writer:
        for path, document in islice(documents(), count):
            put(writer, path, document)
        writer.finish()


def _docstrings(path: Path) -> str:
    try:
        tree = ast.parse(path.read_bytes())
    except SyntaxError:
        return ""
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef)
    return "\n\n".join(ast.get_docstring(node) or "" for node in ast.walk(tree) if isinstance(node, kinds))[
        :4000
    ]
