"""Judgements of a workspace: kept with what was judged, and found again after the folder changed."""

from pathlib import Path

import pytest

from simsearch import InputError, Workspace
from tests.support.hashed_words import indexed

FILES = {
    "docs/tea.md": "# Tea\n\nBoil the water.\n\n# Milk\n\nAdd cold milk last.\n",
    "docs/bread.md": "# Bread\n\nKnead the dough.\n",
    "docs/faq.jsonl": '{"_id": "q7", "text": "Where is the kettle kept"}\n',
}


@pytest.fixture
def kitchen(tmp_path: Path) -> Workspace:
    return indexed(tmp_path, FILES)


def states(workspace: Workspace) -> dict[str, str]:
    return {item.judgement.path: item.state for item in workspace.judgements.locate()}


def test_a_judgement_keeps_the_passage_and_the_rank(kitchen: Workspace) -> None:
    judgement = kitchen.judgements.add("who kneads the dough", kitchen.folder / "docs" / "bread.md", by="ann")
    assert (judgement.path, judgement.rank, judgement.by, judgement.right) == (
        "docs/bread.md",
        1,
        "ann",
        True,
    )
    assert "Knead the dough." in judgement.passage and judgement.when.endswith("Z")
    assert kitchen.judgements.read().judgements == (judgement,)


def test_a_line_names_the_passage(kitchen: Workspace) -> None:
    path = kitchen.folder / "docs" / "tea.md"
    assert "cold milk" in kitchen.judgements.add("what first", path, line=7).passage
    with pytest.raises(InputError, match="no passage at line 99"):
        kitchen.judgements.add("what first", path, line=99)


def test_a_row_of_a_table_is_judged_by_its_id(kitchen: Workspace) -> None:
    judgement = kitchen.judgements.add("kettle", "q7", right=False)
    assert (judgement.path, judgement.id, judgement.right) == ("docs/faq.jsonl", "q7", False)


def test_an_unknown_document_is_refused_and_nothing_is_kept(kitchen: Workspace) -> None:
    with pytest.raises(InputError, match=r"no document 'docs/tee\.md' \(did you mean 'docs/tea\.md'\?\)"):
        kitchen.judgements.add("tea", "docs/tee.md")
    assert kitchen.judgements.read().judgements == ()


@pytest.mark.parametrize("name", ["docs/*", "docs/tea?md", "*", "docs/tea.md\0", "\ud800"])
def test_a_name_is_not_a_pattern_and_may_be_impossible(kitchen: Workspace, name: str) -> None:
    with pytest.raises(InputError, match="no document"):
        kitchen.judgements.add("tea", name)


def test_judgements_survive_a_new_run_renames_and_changes(kitchen: Workspace) -> None:
    docs = kitchen.folder / "docs"
    for name in ("tea.md", "bread.md"):
        kitchen.judgements.add("what to do", docs / name)
    kitchen.judgements.add("kettle", "q7")
    (docs / "tea.md").rename(docs / "drinks.md")
    (docs / "bread.md").write_text("# Bread\n\nKnead it twice.\n")
    (docs / "faq.jsonl").rename(docs / "questions.jsonl")
    kitchen.index(docs)
    assert states(kitchen) == {
        "docs/drinks.md": "renamed",
        "docs/bread.md": "changed",
        "docs/questions.jsonl": "renamed",
    }
    (docs / "drinks.md").unlink()
    kitchen.index(docs)
    assert states(kitchen)["docs/tea.md"] == "missing"
    assert "Boil" in kitchen.judgements.read().judgements[0].passage


def test_what_is_exported_is_imported_again(kitchen: Workspace, tmp_path: Path) -> None:
    kitchen.judgements.add("what to do", "docs/tea.md", note="best")
    kitchen.judgements.add("kettle", "q7", right=False)
    before = kitchen.judgements.read().judgements
    assert kitchen.judgements.export_file(tmp_path / "judged.csv") == 2
    assert kitchen.judgements.remove("what to do", "docs/tea.md") and kitchen.judgements.remove(
        "kettle", "q7"
    )
    report = kitchen.judgements.import_file(tmp_path / "judged.csv")
    assert (report.added, report.skipped) == (2, ())
    assert kitchen.judgements.read().judgements == before


def test_rows_without_a_document_in_the_index_are_skipped_by_row(kitchen: Workspace, tmp_path: Path) -> None:
    (tmp_path / "golden.tsv").write_text("query\tdocument\tgrade\nkettle\tq7\t1\nkettle\tq8\t1\n")
    report = kitchen.judgements.import_file(tmp_path / "golden.tsv")
    assert report.added == 1
    assert [(skipped.row, "'q8'" in skipped.reason) for skipped in report.skipped] == [(3, True)]


def test_tuning_trains_on_earlier_judgements_and_judges_by_later_ones(tmp_path: Path) -> None:
    names = [f"{first}{second}" for first in "abcdef" for second in "uvwxyz"]
    workspace = indexed(tmp_path, {f"docs/{name}.md": f"All about {name * 3}.\n" for name in names})
    for name in names:
        workspace.judgements.add(f"what is {name * 3}", f"docs/{name}.md")
    planned = workspace.examine(judged=True, base="hashed-words")
    assert planned.pairs["test"] == 7
    assert sum(planned.pairs.values()) == len(names)
    with pytest.raises(InputError, match="--judged"):
        workspace.examine(judged=True, test="other.csv")
