"""Pairs made of documents: what each kind finds, and what it leaves alone."""

from pathlib import Path

import pytest

from simsearch import FoundDocument, InputError, Pair
from simsearch.builtin.readers import (
    make_code_reader,
    make_markdown_reader,
    make_restructuredtext_reader,
    make_text_reader,
)
from simsearch.builtin.readers.html import html_document
from simsearch.plugins.registry import Registry
from simsearch.tuning.pairs.reading import read_pairs
from simsearch.workspace import Workspace

REGISTRY = Registry.load(only=())
READERS = {
    ".md": make_markdown_reader,
    ".rst": make_restructuredtext_reader,
    ".py": make_code_reader,
    ".txt": make_text_reader,
}


def found(path: str, content: str) -> FoundDocument:
    if path.endswith(".html"):
        return FoundDocument(path, html_document(content))
    (document,) = READERS[Path(path).suffix]()(Path(path), content.encode())
    return FoundDocument(path, document)


def pairs(spec: str, *documents: FoundDocument) -> list[tuple[str, str]]:
    made = list(REGISTRY.pair_generator(spec).value(documents))
    assert all(isinstance(pair, Pair) and pair.source for pair in made)
    return [(pair.anchor, pair.positive) for pair in made]


LONG = "The branch is moved back by one commit, and what was changed stays in the folder as it is."


def test_a_heading_leads_to_its_own_text() -> None:
    page = found(
        "a.md",
        f"# Guide\n\n## 2.1. Undo *a* `git commit`\n\n{LONG}\n\n### Introduction\n\n{LONG}\n\n## Short one\n\nNo.\n",
    )
    assert pairs("headings", page) == [("Undo a git commit", LONG)]


def test_names_with_underscores_stay_whole() -> None:
    page = found(
        "a.rst",
        f"The ``__init__`` method\n-----------------------\n\nCall ``__init__`` of :class:`~a.B`. {LONG}\n",
    )
    assert pairs("headings", page) == [("The __init__ method", f"Call __init__ of a.B. {LONG}")]


def test_a_long_section_is_cut_between_sentences() -> None:
    ((_, section),) = pairs("headings:longest=200", found("a.md", "# Undo a commit\n\n" + f"{LONG} " * 5))
    assert section == f"{LONG} {LONG}"


def test_questions_in_headings_lines_and_lists_are_answered() -> None:
    text = "# How do I undo?\n\nReset the branch, then look.\n\n**What is a branch?**\n\nA name for a commit.\n\n" \
        "Q: Is it safe to reset?\nA: Only before it is pushed.\n"  # fmt: skip
    assert pairs("questions", found("a.md", text)) == [
        ("How do I undo?", "Reset the branch, then look. What is a branch? A name for a commit. Q: Is it safe to "
         "reset? A: Only before it is pushed."),
        ("What is a branch?", "A name for a commit."),
        ("Is it safe to reset?", "Only before it is pushed."),
    ]  # fmt: skip


def test_how_to_call_a_command_is_no_question() -> None:
    page = "<dl><dt>run ?-count n? ?name?</dt><dd>Runs the command n times and then stops.</dd></dl>"
    assert pairs("questions", found("a.html", page)) == []


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("a.md", "[move a branch](b.md#moving-on) and [here is it](b.md) and [see it](https://x.org/)"),
        ("a.rst", "See :ref:`move a branch <moving>` and `this one <b.rst>`_."),
        (
            "a.html",
            '<p><a href="b.html#m">move a branch</a>, <a href="b.html#m">Section 2.1</a>, <a href="#no">go off</a></p>',
        ),
    ],
)  # fmt: skip
def test_a_link_leads_to_the_section_it_names(source: str, target: str) -> None:
    contents = {
        ".md": f"# Branches\n\n{LONG[::-1]}\n\n## Moving on\n\n{LONG}\n",
        ".rst": f"Branches\n========\n\n.. _moving:\n\nMoving on\n---------\n\n{LONG}\n",
        ".html": f'<h1>Branches</h1><div id="m"><h2>Moving on</h2></div><p>{LONG}</p>',
    }
    ending = Path(source).suffix
    assert pairs("links", found(f"docs/{source}", target), found(f"docs/b{ending}", contents[ending])) == [
        ("move a branch", LONG)
    ]


def test_a_link_to_a_term_leads_to_its_definition_alone() -> None:
    page = f'<dl><dt id="a">Branch</dt><dd>{LONG}</dd><dt>Tag</dt><dd>A name that stays.</dd></dl>'
    assert pairs("links", found("g.html", page), found("a.html", '<a href="g.html#a">some branch</a>')) == [
        ("some branch", LONG)
    ]


def test_a_docstring_leads_to_the_code_below_it() -> None:
    source = '''
class Undo:
    """Takes back\n    what was done.

    Twice, if need be.
    """

    def run(self, times):\f
        """Not yet there at all."""
        raise NotImplementedError

    def again(self, times):
        """Do it all again."""
        for _ in range(times):
            self.run(times - 1)
'''
    assert pairs("docstrings:shortest=20", found("undo.py", source)) == [
        ("Takes back what was done.",
         'class Undo: def run(self, times): """Not yet there at all.""" raise NotImplementedError '
         'def again(self, times): """Do it all again.""" for _ in range(times): self.run(times - 1)'),
        ("Do it all again.", "def again(self, times): for _ in range(times): self.run(times - 1)"),
    ]  # fmt: skip
    assert pairs("docstrings", found("broken.py", "def (:")) == []
    assert pairs("headings", found("undo.py", source)) == []


GLOSSARY = """
<title>Glossary</title>
<dl><dt>Branch</dt><dt>Head line</dt><dd>A name that moves with commits.</dd><dt>Tip</dt><dd>See Branch.</dd></dl>
"""
DEFINITIONS = """
Words
=====

source tree
    The files that a commit holds.

1. Do this and
   then do that as well.

Code::

    try this
        if you dare, my friend

.. glossary::

   built wheel
      What is installed in the end.
"""


def test_terms_lead_to_their_definitions() -> None:
    moves = "A name that moves with commits."
    assert pairs("glossary", found("a.html", GLOSSARY)) == [("Branch", moves), ("Head line", moves)]
    assert pairs("glossary", found("a.rst", DEFINITIONS)) == [
        ("source tree", "The files that a commit holds."),
        ("built wheel", "What is installed in the end."),
    ]
    listed = "Source tree\n: The files that a commit holds.\n"
    assert pairs("glossary", found("a.md", listed)) == [("Source tree", "The files that a commit holds.")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "docs").mkdir()
    for n, name in enumerate(("one", "two", "three", "four", "five")):
        (tmp_path / "docs" / f"{name}.md").write_text(
            f"# Guide {name} of all\n\n{LONG} {n}\n\n## More to say\n\n{LONG} {n}{n}\n\n"
            "[Same link](one.md) [same link](one.md)\n"
        )
    (tmp_path / "docs" / "picture.md").write_bytes(b"%PDF-1.4")
    return tmp_path


def test_pairs_are_written_with_kind_and_source(folder: Path) -> None:
    workspace = Workspace(folder, registry=REGISTRY)
    report = workspace.make_pairs(
        folder / "docs", output=folder / "pairs.jsonl", generators=["headings", "links"]
    )
    assert report.kinds == {"headings": 5, "links": 1}
    assert report.left_out == {"the anchor has more than 3 positives": 5, "the same pair again": 9}
    first, *others = read_pairs([folder / "pairs.jsonl"], REGISTRY)
    assert dict(first.columns) == {"kind": "headings", "source": "docs/five.md"}
    assert len(others) + 1 == report.pairs == 6


def test_a_file_that_is_there_is_left_alone_unless_asked(folder: Path) -> None:
    workspace, output = Workspace(folder, registry=REGISTRY), folder / "docs" / "pairs.csv"
    output.write_text("mine")
    with pytest.raises(InputError, match="already exists, and may have been edited"):
        workspace.make_pairs(folder / "docs", output=output)
    assert output.read_text() == "mine"
    assert (
        workspace.make_pairs(folder / "docs", output=output, overwrite=True, limit=2).kinds["headings"] == 2
    )
    before = output.read_text()
    workspace.make_pairs(folder / "docs", output=output, overwrite=True, limit=2)
    assert output.read_text() == before


def test_nothing_is_written_where_nothing_is_found(folder: Path) -> None:
    with pytest.raises(
        InputError, match="No pairs were found in 5 documents by questions; nothing is written"
    ):
        Workspace(folder, registry=REGISTRY).make_pairs(
            folder / "docs", output=folder / "new.csv", generators=["questions"]
        )
    assert not (folder / "new.csv").exists()
    with pytest.raises(InputError, match=r"should end in \.jsonl or \.csv"):
        Workspace(folder, registry=REGISTRY).make_pairs(folder / "docs", output=folder / "new.xlsx")


def test_a_generator_that_was_built_leaves_its_declaration_as_it_was(folder: Path) -> None:
    for name in ("headings", "questions", "links", "docstrings", "glossary"):
        REGISTRY.pair_generator(name).value([])
    assert Registry.load(only=()).offers("pair_generators") == REGISTRY.offers("pair_generators")
