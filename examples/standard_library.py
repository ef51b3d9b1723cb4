"""The whole loop on text that comes with Python: tune on the docstrings of the standard library, index them and the
language reference, and ask the same questions before and after.

    python examples/standard_library.py FOLDER
"""

from __future__ import annotations

import ast
import json
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

from simsearch import Workspace
from simsearch.cli.progress import ProgressLine
from simsearch.cli.tune import describe
from simsearch.tuning.reporting.page import PAGE

QUESTIONS = {
    "compute the median of a list of numbers": ("library/statistics.md",),
    "run another program and read its output": ("library/subprocess.md",),
    "compare two texts and show the differences": ("library/difflib.md",),
    "create a file that is deleted when it is closed": ("library/tempfile.md",),
    "wrap a long text to a given width": ("library/textwrap.md",),
    "parse the arguments of a command line": (
        "library/argparse.md",
        "library/optparse.md",
        "library/getopt.md",
    ),
    "copy a whole folder with everything in it": ("library/shutil.md",),
    "print a nested data structure nicely": ("library/pprint.md",),
    "measure how long small pieces of code take": ("library/timeit.md",),
    "split a path into folder and file name": (
        "library/posixpath.md",
        "library/ntpath.md",
        "library/pathlib.md",
    ),
    "keep a list sorted while inserting": ("library/bisect.md",),
    "remember the results of a function": ("library/functools.md",),
    "make a random password that nobody can guess": ("library/secrets.md",),
    "let only one thread change a list at a time": ("library/threading.md",),
    "send an e-mail": ("library/smtplib.md",),
    "read a table with values separated by commas": ("library/csv.md",),
    "unpack a zip archive": ("library/zipfile.md", "library/shutil.md"),
    "what does the with statement do": ("reference/with.txt", "reference/context-managers.txt"),
    "how to catch an exception": ("reference/try.txt", "reference/exceptions.txt"),
    "give a parameter a default value": ("reference/function.txt",),
}
"""Questions that a person might ask, each with the documents that answer it. None of them is trained on."""

DEPTH, SHOWN = 10, 3
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

    print(
        f"{pairs} pairs from the docstrings of the standard library: first sentence, name with signature.\n"
    )
    print("Index with the base model:")
    workspace.index(folder / "docs")
    before = ranks(workspace)

    print("\nTune on 960 of the pairs, and judge on modules that the model has not seen:")
    report = workspace.tune(folder / "pairs.jsonl", limit=960, epochs=1)
    print(f"\n{describe(report, workspace.runs.folder / report.run / PAGE)}\n")

    print("Index again with the promoted model:" if report.promoted else "The base model stays:")
    workspace.index(folder / "docs")
    print("\n".join(compare(before, ranks(workspace))))


def ranks(workspace: Workspace) -> dict[str, int | None]:
    """The rank of the first right document for each question; None if it is not among the best."""
    with workspace.open_searcher(k=DEPTH) as searcher:
        return {
            question: next(
                (hit.rank for hit in searcher.ask(question).hits if hit.path.endswith(answers)), None
            )
            for question, answers in QUESTIONS.items()
        }


def compare(before: dict[str, int | None], after: dict[str, int | None]) -> list[str]:
    """How many questions find their answer earlier or later than before, and some of both kinds."""

    def place(rank: int | None) -> int:
        return rank or DEPTH + 1

    by_change = sorted(QUESTIONS, key=lambda question: place(after[question]) - place(before[question]))
    better = [question for question in by_change if place(after[question]) < place(before[question])]
    worse = [question for question in reversed(by_change) if place(after[question]) > place(before[question])]
    same = len(QUESTIONS) - len(better) - len(worse)
    lines = [
        f"\n{len(QUESTIONS)} questions of our own: {len(better)} find their answer earlier than before, "
        f"{len(worse)} later, {same} at the same rank."
    ]
    for title, questions in (("Earlier", better), ("Later", worse)):
        shown = questions[:SHOWN]
        lines += [f"{title}, by the rank of the answer (– is beyond {DEPTH}):"] if shown else []
        lines += [f"  {before[q] or '–':>2} → {after[q] or '–':<2}  {q}" for q in shown]
    return lines


def documented_names() -> Iterator[tuple[str, str, str]]:
    """(module, name with signature, docstring) of every public function, class and method. No module is imported."""
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
    """`(path, *, mode=…)` for a function, an empty text for a class."""
    if not isinstance(definition, ast.FunctionDef | ast.AsyncFunctionDef):
        return ""
    names = ast.unparse(definition.args).removeprefix("self, ").removeprefix("self")
    return f"({names})"


def first_paragraph(text: str) -> str:
    return " ".join(text.split("\n\n")[0].split())


def first_sentence(text: str) -> str:
    return first_paragraph(text).split(". ")[0].rstrip(".")


def write_pairs(path: Path, entries: list[tuple[str, str, str]]) -> int:
    """One pair for each entry; `group` keeps the entries of a module in one set."""
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


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else ".demo"))
