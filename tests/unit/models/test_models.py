"""The models of a workspace: which is in use, and what follows for the index and for removing."""

import errno
from pathlib import Path
from types import SimpleNamespace

import pytest

from simsearch.embedding import Places, find_model
from simsearch.errors import ModelError, ModelNotFound, StorageError
from simsearch.models import Models, Runs
from simsearch.plugins.registry import Registry
from simsearch.settings import IndexSettings, Settings


@pytest.fixture
def models(tmp_path: Path) -> Models:
    runs = Runs(tmp_path / "models")
    for name in ("first", "second"):
        (runs.folder / name).mkdir(parents=True)
        (runs.folder / name / "run.json").write_text("{}")
    return Models(runs, Settings(), Registry())


def test_the_current_model_is_the_promoted_run_or_the_base(models: Models) -> None:
    assert models.current == "all-MiniLM-L6-v2"
    models.runs.promote("second")
    assert models.current == "second"
    models.runs.use_base()
    assert models.current == "all-MiniLM-L6-v2"


def test_a_run_that_is_half_removed_is_none(models: Models) -> None:
    folder = models.runs.folder
    (folder / "first").rename(folder / ".removing-first")  # a process killed in the midst of it leaves this
    assert models.runs.names() == ["second"]


def test_an_index_is_behind_once_a_run_is_promoted_or_gone_back_on(models: Models) -> None:
    assert models.newer_than("all-MiniLM-L6-v2") is None
    assert models.newer_than("chosen-by-hand") is None
    models.runs.promote("second")
    assert models.newer_than("all-MiniLM-L6-v2") == "second"
    assert models.newer_than("second") is None
    models.runs.use_base()
    assert models.newer_than("second") == "all-MiniLM-L6-v2"


def test_a_run_is_needed_while_it_is_promoted_or_the_index_answers_with_it(models: Models) -> None:
    models.runs.promote("second")
    assert set(models.in_use(None)) == {"second"}
    assert set(models.in_use("first")) == {"first", "second"}


def test_what_the_settings_name_goes_first_and_stays(models: Models) -> None:
    named = Models(models.runs, Settings(index=IndexSettings(model="first@int8")), Registry())
    named.runs.promote("second")
    assert named.current == "first@int8"
    assert named.newer_than("second") == "first@int8"
    assert named.newer_than("first@int8") is None
    assert set(named.in_use(None)) == {"first", "second"}


def test_a_models_folder_is_found_from_the_workspaces_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = tmp_path / "models" / "mine"
    mine.mkdir(parents=True)
    (mine / "modules.json").write_text("[]")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    runs = tmp_path / ".simsearch" / "models"
    assert find_model("models/mine", Places.of(Settings(), runs)) == mine
    with pytest.raises(ModelNotFound):
        find_model("models/mine", Places.of(Settings()))


def test_checkpoints_of_a_killed_run_are_kept_for_the_same_run(tmp_path: Path) -> None:
    runs, said = Runs(tmp_path / "models"), []
    with pytest.raises(KeyboardInterrupt), runs.new("first") as run:
        (run.scratch / "checkpoint-7").mkdir(parents=True)
        raise KeyboardInterrupt
    with runs.new("other", said.append) as run:
        assert not list(run.scratch.iterdir())
    assert "The checkpoints of a killed run that trained something else are kept in" in str(said)
    with runs.new("first") as run:
        assert (run.scratch / "checkpoint-7").is_dir()
    assert not list(runs.folder.glob(".killed-*"))


def test_a_plain_transformers_model_is_said_to_be_one(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(ModelError, match=r"is a plain transformers model .* it has no modules\.json"):
        find_model(str(tmp_path), Places(tmp_path / "cache", tmp_path / "hub"))


def test_a_full_disk_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class FormatError(Exception):
        """As of a package that writes files without OSError."""

    said = r"The disk of .* is full, so the run stopped\. Free some space, and the same command resumes it\."
    for error in (
        OSError(errno.ENOSPC, "no"),
        FormatError("I/O error: No space left on device (os error 28)"),
    ):
        with pytest.raises(StorageError, match=said), Runs(tmp_path / "models").new("x") as run:
            (run.scratch / "checkpoint-1").mkdir(exist_ok=True)
            raise error
        assert (run.scratch / "checkpoint-1").is_dir()  # to resume from
    with pytest.raises(FormatError), Runs(tmp_path / "models").new("x"):
        raise FormatError("something else")
    monkeypatch.setattr("shutil.disk_usage", lambda folder: SimpleNamespace(free=4096))
    with pytest.raises(StorageError, match=said), Runs(tmp_path / "models").new("x"):
        raise RuntimeError("[enforce fail at inline_container.cc:672] . unexpected pos 64 vs 0")
