"""What can't be read is said once by `index`, always by `status`, and counts less in a question."""

from __future__ import annotations

from pathlib import Path

import pytest

from simsearch import Workspace
from simsearch.querying.dense_weight import UNREAD, DenseWeigher
from tests.support.languages import documents

POLISH = "Dom na wzgórzu jest bardzo stary i nie ma dachu, a my go naprawiamy.\n" * 3


def notices(workspace: Workspace, folder: Path) -> list[str]:
    """What an index run says."""
    heard: list[str] = []
    workspace.registry.observe = lambda event: heard.append(getattr(event, "text", ""))  # type: ignore[method-assign]
    workspace.index(folder)
    return [text for text in heard if "can't read" in text or "stemmer" in text]


@pytest.mark.parametrize(("language", "script"), [("ja", "Japanese"), ("ko", "Korean"), ("ar", "Arabic")])
def test_a_script_that_the_model_cannot_read(tmp_path: Path, language: str, script: str) -> None:
    (tmp_path / "docs").mkdir()
    for name, text in list(documents(language).items())[:12]:
        (tmp_path / "docs" / f"{name}.txt").write_text(text, encoding="utf-8")
    workspace = Workspace(tmp_path)
    (said,) = notices(workspace, tmp_path / "docs")
    assert f"can't read {script} text" in said
    assert "--model" in said
    assert notices(workspace, tmp_path / "docs") == []
    legibility = workspace.status().legibility
    assert legibility and legibility.unread


def test_a_language_without_a_stemmer(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "dom.txt").write_text(POLISH, encoding="utf-8")
    (said,) = notices(Workspace(tmp_path), tmp_path / "docs")
    assert "no stemmer for Polish" in said


def test_german_and_english_are_read(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    for name, text in list(documents("de").items())[:5]:
        (tmp_path / "docs" / f"{name}.txt").write_text(text, encoding="utf-8")
    (tmp_path / "docs" / "en.txt").write_text("The house on the hill is old.", encoding="utf-8")
    assert notices(Workspace(tmp_path), tmp_path / "docs") == []


def test_words_decide_on_a_question_in_a_script_that_is_not_read() -> None:
    weigh = DenseWeigher(unread=("kana",))
    assert not weigh("在庫管理の方法").is_legible
    assert weigh("stock keeping").is_legible
    assert weigh("在庫管理の方法").value == UNREAD
    assert weigh("how to manage stock").value > UNREAD
    assert DenseWeigher(unread=("kana",), asked=0.5)("在庫管理の方法").value == 0.5
