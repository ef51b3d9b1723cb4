"""How hits, explanations and errors look, on narrow terminals too."""

import sys

import pytest

from simsearch import InputError, View
from simsearch.cli.terminal import print_result, wrap_for_terminal
from simsearch.plugins.registry import Registry
from simsearch.querying.where_filter import parse_filter
from simsearch.types import Explanation, Hit
from simsearch.wording import columns

FORMATS = ("text", "markdown", "html")


def hit(title: str, heading: str) -> Hit:
    return Hit(
        rank=1,
        score=0.5,
        scores={"dense": 0.5},
        path="docs/guide.md",
        id="docs/guide.md",
        title=title,
        text="Undo it with reset.",
        start=0,
        end=19,
        lines=(3, 3),
        metadata={},
        heading=heading,
    )


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize(
    ("title", "heading"), [("A guide", "A guide > Commits"), ("A guide", "Commits"), ("A guide", "")]
)
def test_the_title_is_said_once(format: str, title: str, heading: str) -> None:
    shown = Registry.load(()).formatter(format).value([hit(title, heading)], View())
    assert shown.count("A guide") == 1
    assert shown.count("Commits") == heading.count("Commits")


EXPLANATION = Explanation(
    mode="hybrid",
    fusion="convex",
    weight=0.9,
    weight_by="question",
    candidates={"dense": 100, "lexical": 100},
    chunks=100_000,
    allowed=12_345,
    index="ivf",
    milliseconds=dict.fromkeys(("load", "embed", "filter", "dense", "lexical", "fuse", "results"), 10.0),
)


@pytest.mark.parametrize("width", [40, 80])
def test_nothing_is_lost_on_a_narrow_terminal(width: int) -> None:
    shown = (
        Registry.load(()).formatter("text").value([hit("日本語" * 9, "")], View(width, False, EXPLANATION))
    )
    assert max(map(columns, shown.splitlines())) <= width
    unbroken = " ".join(shown.split())
    assert "hybrid, convex (0.9 dense, by the question): 100 dense, 100 lexical" in unbroken
    assert "index: 12345 allowed of 100000 chunks, ivf" in unbroken
    assert "fuse 10.0, results 10.0" in unbroken


@pytest.mark.parametrize("before", ["", "lang:en and ", "title:日本語日本語日本語日本語 and "])
def test_a_mistake_is_marked_on_a_narrow_terminal(before: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_filter(f"{before}(lang:en and title:日本語日本語日本語日本語日本語")
    _, shown, mark = str(caught.value).splitlines()
    assert columns(shown) <= 40
    assert columns(mark) == columns(shown.partition("(")[0]) + 1
    assert wrap_for_terminal(str(caught.value)).splitlines()[-2:] == [shown, mark]


@pytest.mark.parametrize(
    ("terminal", "printed"), [(True, "a?[2J\x1b[31mb?\tc\n"), (False, "a\x1b[2J\x1b[31mb\x07\tc\n")]
)
def test_a_terminal_gets_nothing_that_it_obeys_but_colours(
    terminal: bool, printed: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal)
    print_result("a\x1b[2J\x1b[31mb\x07\tc")
    assert capsys.readouterr().out == printed
