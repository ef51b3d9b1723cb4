"""`simsearch judge` as a person meets it."""

from pathlib import Path

import pytest

from tests.conftest import PROJECT, Run
from tests.support.hashed_words import indexed

PLUGIN = """
from simsearch import Component, hookimpl

@hookimpl
def simsearch_embedders():
    from tests.support.hashed_words import HashedWords

    return [Component("hashed-words", "Hashed words", HashedWords)]
"""


@pytest.fixture
def judge(tmp_path: Path, run: Run) -> Run:
    rows = '{"_id": "q7", "text": "Slice the onion."}\n{"_id": "q8", "text": "Peel the garlic."}\n'
    texts = {"tea.md": "Boil the water.\n", "bread.md": "Knead the dough.\n", "faq.jsonl": rows}
    indexed(tmp_path, {f"docs/{name}": text for name, text in texts.items()})
    (tmp_path / "simsearch.toml").write_text('plugins = ["embedder.py"]\n')
    (tmp_path / "embedder.py").write_text(PLUGIN)
    assert run("plugins", "trust").status == 0
    return lambda *words: run("judge", *words, PYTHONPATH=str(PROJECT), USER="ann")


def test_a_judgement_is_kept_listed_and_taken_back(judge: Run) -> None:
    kept = judge("who boils", "docs/tea.md", "--wrong", "--note", "no")
    assert (kept.status, kept.out) == (0, "Kept: docs/tea.md is wrong for this question (now at rank 1).\n")
    assert "wrong  who boils  →  docs/tea.md  (no)" in judge("--list").out
    (listed,) = judge("--list", "--format", "json").json
    assert (listed["by"], listed["note"], listed["state"]) == ("ann", "no", "current")
    assert judge("who boils", "docs/tea.md", "--remove").out == "Taken back.\n"
    assert judge("--list").out == "Nothing has been judged yet.\n"


def test_a_row_of_a_table_is_named_by_its_id(judge: Run) -> None:
    assert judge("who slices", "q7").out.startswith("Kept: docs/faq.jsonl q7 is right for this question")
    assert "→  docs/faq.jsonl q7" in judge("--list").out


def test_a_line_may_follow_the_path(judge: Run) -> None:
    assert judge("who boils", "docs/tea.md:1").status == 0
    refused = judge("who boils", "docs/tea.md:9")
    assert (refused.status, refused.err.count("\n")) == (1, 1) and "line 9" in refused.err


@pytest.mark.parametrize("words", [(), ("question",), ("question", "docs/tea.md", "--list")])
def test_wrong_usage_exits_with_2(judge: Run, words: tuple[str, ...]) -> None:
    assert judge(*words).status == 2


def test_a_worse_index_fails_the_evaluation(tmp_path: Path, run: Run) -> None:
    names = ("ant", "bear", "cat", "dog", "eel")
    workspace = indexed(tmp_path, {f"docs/{name}.md": f"The {name} has a house.\n" for name in names})
    for name in names:
        workspace.judgements.add(f"{name} house", f"docs/{name}.md")
    check = ("evaluate", "--judged", "--mode", "lexical", "--against", "last", "--fail-if-worse")
    assert run("evaluate", "--judged", "--mode", "lexical").status == 0
    assert run(*check).status == 0
    for name in names:
        (tmp_path / "docs" / f"{name}.md").write_text("Nothing.\n")
        (tmp_path / "docs" / f"{name}-decoy.md").write_text(f"The {name} has a house.\n")
    workspace.index(tmp_path / "docs")
    failed = run(*check)
    assert failed.status == 1 and "worse than before" in failed.err
    assert "rank 1 → " in failed.out and "Changed since: 5 of the judged documents changed" in failed.out
