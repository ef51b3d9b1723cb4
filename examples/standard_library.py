"""The whole loop on text that every Python ships with: tune on the standard library's docstrings, index the
language reference, and ask the same three questions before and after.

    python examples/standard_library.py FOLDER
"""

from __future__ import annotations

import ast
import json
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

from simsearch import Hit, Workspace
from simsearch.cli.progress import ProgressLine
from simsearch.cli.tune import describe
from simsearch.tuning.reporting.page import PAGE

QUESTIONS = (
    "run a function again and again until it stops raising",
    "split a path into folder and file name",
    "what happens when two threads write to the same list",
)
SKIPPED = {
    "test",
    "tests",
    "idlelib",
    "site-packages",
    "lib2to3",
    "ensurepip",
    "__pycache__",
    "tkinter",
    "distutils",
    "turtle",
    "turtledemo",
    "pydoc_data",
}


def main(folder: Path) -> None:
    """Write pairs and documents into the folder, then tune, index and query there."""
    entries = list(documented_names())
    pairs = write_pairs(folder / "pairs.jsonl", entries)
    write_documents(folder / "docs", entries)
    workspace = Workspace(folder)
    workspace.registry.listen("progress", ProgressLine(sys.stderr))

    print(f"{pairs} pairs from the standard library's docstrings: first sentence, name with signature.\n")
    print("Index with the base model:")
    workspace.index(folder / "docs")
    before = {question: workspace.query(question, k=3) for question in QUESTIONS}

    print("\nTune on 960 of the pairs and judge on modules the model has not seen:")
    report = workspace.tune(folder / "pairs.jsonl", limit=960, epochs=1)
    print(f"\n{describe(report, workspace.runs.folder / report.run / PAGE)}\n")

    print("Index again with the promoted model:" if report.promoted else "The base model stays:")
    workspace.index(folder / "docs")
    for question in QUESTIONS:
        show(question, before[question], workspace.query(question, k=3))


def documented_names() -> Iterator[tuple[str, str, str]]:
    """(module, name with signature, docstring) of every public function, class and method, read without
    importing a module."""
    library = Path(sysconfig.get_path("stdlib"))
    for path in sorted(library.rglob("*.py")):
        parts = path.relative_to(library).with_suffix("").parts
        if SKIPPED.isdisjoint(parts) and not any(
            part.startswith("_") for part in parts if part != "__init__"
        ):
            module = ".".join(part for part in parts if part != "__init__")
            try:
                tree = ast.parse(path.read_text(encoding="utf-8"))
            except (SyntaxError, UnicodeDecodeError):
                continue
            yield from ((module, name, text) for name, text in names_in(tree, module))


def names_in(node: ast.AST, prefix: str) -> Iterator[tuple[str, str]]:
    """The documented public definitions below a node, with their qualified names."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and child.name[0] != "_":
            name = f"{prefix}.{child.name}"
            text = ast.get_docstring(child)
            if text and len(text.split()) >= 3:
                yield name + signature(child), text
            if isinstance(child, ast.ClassDef):
                yield from names_in(child, name)


def signature(definition: ast.AST) -> str:
    """`(path, *, mode=…)` for a function, nothing for a class."""
    if not isinstance(definition, ast.FunctionDef | ast.AsyncFunctionDef):
        return ""
    names = ast.unparse(definition.args).removeprefix("self, ").removeprefix("self")
    return f"({names})"


def first_paragraph(text: str) -> str:
    return " ".join(text.split("\n\n")[0].split())


def first_sentence(text: str) -> str:
    return first_paragraph(text).split(". ")[0].rstrip(".")


def write_pairs(path: Path, entries: list[tuple[str, str, str]]) -> int:
    """One pair an entry; `group` keeps the parts of a module on one side of the split."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [
        {"anchor": first_sentence(text), "positive": name, "group": module} for module, name, text in entries
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return len(rows)


def write_documents(folder: Path, entries: list[tuple[str, str, str]]) -> None:
    """A file for each topic of the language reference, and one for each module's docstrings."""
    from pydoc_data.topics import topics

    files: dict[Path, list[str]] = {
        folder / "reference" / f"{name}.txt": [text] for name, text in topics.items()
    }
    for module, name, text in entries:
        file = files.setdefault(folder / "library" / f"{module}.md", [f"# {module}"])
        file.append(f"## {name}\n\n{first_paragraph(text)}")
    for path, sections in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n\n".join(sections) + "\n", encoding="utf-8")


def show(question: str, before: list[Hit], after: list[Hit]) -> None:
    """The three best hits of both models."""
    print(f"\n» {question}")
    for word, hits in (("before", before), ("after", after)):
        for hit in hits:
            where = f"{hit.path}:{hit.lines[0]}" if hit.lines else hit.path
            print(f"  {word:7} {hit.score:.3f}  {where}")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else ".demo"))
