"""What stands above a hit."""

import pytest

from simsearch import View
from simsearch.registry import Registry
from simsearch.types import Hit

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
