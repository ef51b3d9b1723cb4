"""Judgements as a regression test: what got worse is found, with what changed."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from simsearch import InputError, Workspace
from simsearch.judgements.regression import compare_evaluations, read_evaluation
from simsearch.models.trained_rows import keep_trained
from simsearch.types import Pair
from tests.support.hashed_words import indexed

NAMES = ("ant", "bear", "cat", "dog", "eel", "fox", "goat", "hen")


@pytest.fixture
def zoo(tmp_path: Path) -> Workspace:
    workspace = indexed(tmp_path, {f"docs/{name}.md": f"The {name} has a {name} house.\n" for name in NAMES})
    for name in NAMES:
        workspace.judgements.add(f"{name} house", f"docs/{name}.md")
    return workspace


def test_nothing_moves_while_nothing_changes(zoo: Workspace) -> None:
    first, compared = zoo.judgements.evaluate()
    assert compared is None and first.measures["nDCG@10"] == 1.0
    second, compared = zoo.judgements.evaluate("last")
    assert compared is not None
    assert (compared.gain, compared.moved, compared.causes, compared.worse) == (0.0, (), (), False)
    assert second.questions == first.questions


def test_what_got_worse_is_named_with_its_cause_and_stays_worse(zoo: Workspace) -> None:
    zoo.judgements.evaluate()
    for name in NAMES:
        (zoo.folder / "docs" / f"{name}.md").write_text("Nothing to be found here.\n")
        (zoo.folder / "docs" / f"{name}-decoy.md").write_text(f"The {name} has a {name} house.\n")
    zoo.index(zoo.folder / "docs")
    for _ in range(2):  # a failing evaluation does not become the one to compare with
        evaluation, compared = zoo.judgements.evaluate("last")
        assert compared is not None and compared.worse and compared.gain < 0
        assert evaluation.changed == len(NAMES)
        assert [cause for cause in compared.causes if "8 of the judged documents changed" in cause]
        assert {moved.question for moved in compared.moved} == {f"{name} house" for name in NAMES}


def test_another_mode_is_named_as_the_cause(zoo: Workspace) -> None:
    first, _ = zoo.judgements.evaluate()
    second, _ = zoo.judgements.evaluate(mode="lexical")
    assert any(
        cause.startswith("mode: hybrid → lexical") for cause in compare_evaluations(first, second).causes
    )


def test_documents_that_are_gone_are_left_out_and_counted(zoo: Workspace) -> None:
    (zoo.folder / "docs" / "ant.md").unlink()
    zoo.index(zoo.folder / "docs")
    evaluation, _ = zoo.judgements.evaluate()
    assert (evaluation.missing, len(evaluation.questions)) == (1, len(NAMES) - 1)


def test_questions_that_trained_the_model_are_told_and_not_compared(zoo: Workspace) -> None:
    before, _ = zoo.judgements.evaluate()
    with zoo.open_searcher() as searcher:
        run = zoo.home / "models" / searcher.snapshot.identity.model
    run.mkdir(parents=True)
    (run / "run.json").write_text("{}")
    judged = {judgement.question: judgement for judgement in zoo.judgements.read().judgements}
    asked = ("ant house", "bear house")
    keep_trained(run, [Pair(question, judged[question].passage) for question in asked], set())
    now, compared = zoo.judgements.evaluate("last")
    assert before.trained == [] and now.trained == sorted(asked)
    assert compared is not None and (compared.questions, compared.left_out) == (len(NAMES) - 2, 2)
    _, again = zoo.judgements.evaluate("last")  # the same model was trained on the same questions
    assert again is not None and (again.questions, again.left_out) == (len(NAMES), 0)


def test_a_comparison_needs_questions_that_trained_neither_model(zoo: Workspace) -> None:
    now, _ = zoo.judgements.evaluate()
    with pytest.raises(InputError, match="trained one of the two models"):
        compare_evaluations(now, replace(now, trained=list(now.questions)))


def test_the_json_output_is_read_back(zoo: Workspace, tmp_path: Path) -> None:
    evaluation, _ = zoo.judgements.evaluate()
    path = tmp_path / "before.json"
    path.write_text(json.dumps(evaluation.to_json() | {"against": None}))
    assert read_evaluation(path) == evaluation


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"when": 1}', "\0"])
def test_another_file_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "other.json").write_text(content)
    with pytest.raises(InputError, match="is not an evaluation"):
        read_evaluation(tmp_path / "other.json")


def test_there_must_be_judgements(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No question has a right document"):
        indexed(tmp_path, {"docs/a.md": "a"}).judgements.evaluate()
