"""Questions are kept only if the user wants it, and those that are worth judging are proposed."""

from dataclasses import replace
from pathlib import Path

import pytest

from simsearch import Workspace
from simsearch.judgements.proposals import propose_questions
from simsearch.judgements.questions import AskedQuestion, QuestionLog, ShownHit
from simsearch.settings import UseSettings
from simsearch.types import Judgement
from tests.support.hashed_words import indexed


def asked(question: str, *scores: float, good: bool | None = True) -> AskedQuestion:
    hits = tuple(ShownHit(f"{i}.md", f"{i}.md", score) for i, score in enumerate(scores))
    return AskedQuestion(question, "2026-01-01T00:00:00Z", hits, good)


@pytest.fixture
def kitchen(tmp_path: Path) -> Workspace:
    return indexed(tmp_path, {"docs/tea.md": "Boil the water.\n", "docs/bread.md": "Knead the dough.\n"})


def test_questions_are_not_kept_by_default(kitchen: Workspace) -> None:
    kitchen.query("who boils")
    assert kitchen.judgements.questions.read() == []
    assert not kitchen.status().keeps_questions


def test_questions_are_kept_with_what_was_shown(kitchen: Workspace) -> None:
    settings = replace(kitchen.settings, use=UseSettings(keep_questions=True))
    keeping = Workspace(kitchen.folder, settings, kitchen.registry)
    hits = keeping.query("who boils the water")
    (kept,) = keeping.judgements.questions.read(days=1)
    assert (kept.question, [hit.path for hit in kept.hits]) == (
        "who boils the water",
        [hit.path for hit in hits],
    )
    assert keeping.status().keeps_questions
    keeping.judgements.add("who boils the water", "docs/tea.md")
    assert len(keeping.judgements.questions.read()) == 1  # looking up a rank is not a question of the user's


def test_damaged_lines_and_old_questions_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    log = QuestionLog(path)
    log.add("new", [])
    path.write_bytes(
        b'{"question": "old", "when": "2020-01-01T00:00:00Z", "hits": [], "good_match": null}\n{"question": 1\n[]\n'
        + path.read_bytes()
    )
    assert [question.question for question in log.read()] == ["old", "new"]
    assert [question.question for question in log.read(days=30)] == ["new"]


def test_what_is_worth_judging_comes_first() -> None:
    log = [
        asked("clear", 0.9, 0.5),
        asked("close", 0.9, 0.895),
        asked("often", 0.9, 0.5),
        asked("Often ", 0.9, 0.5),
        asked("nothing found", good=False),
        asked("nothing found", good=False),
        asked("judged", good=False),
    ]
    proposals = propose_questions(log, [Judgement("judged", "a", "a", True)])
    assert [(proposal.question, proposal.reasons) for proposal in proposals] == [
        ("nothing found", ("no good match", "asked 2 times")),
        ("Often ", ("asked 2 times",)),
        ("close", ("close call",)),
    ]
