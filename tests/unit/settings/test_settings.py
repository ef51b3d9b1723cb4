"""Settings: a flag over a variable over the file over the default, and every mistake named where it stands."""

from pathlib import Path

import pytest

from simsearch.errors import SettingsError
from simsearch.settings import Settings, TuneSettings, cache_folder, load_settings, with_flags


def write(folder: Path, text: str) -> Path:
    (folder / "simsearch.toml").write_text(text, encoding="utf-8")
    return folder


def test_without_file_or_variables_all_is_default(tmp_path: Path) -> None:
    settings = load_settings(tmp_path, {"XDG_CACHE_HOME": "/c", "HF_HOME": "/h"})
    assert settings.tune == TuneSettings()
    assert settings.plugins is None
    assert Path(settings.cache) == Path("/c/simsearch")
    assert Path(settings.hub_cache) == Path("/h/hub")


def test_models_are_kept_in_the_cache_of_the_user_unless_a_setting_says_where(tmp_path: Path) -> None:
    assert cache_folder(load_settings(tmp_path, {})) == cache_folder(Settings()) != Path()
    assert cache_folder(load_settings(tmp_path, {"SIMSEARCH_CACHE": "/mine"})) == Path("/mine")


def test_the_hub_cache_variable_wins_over_the_home_of_the_hub(tmp_path: Path) -> None:
    assert load_settings(tmp_path, {"HF_HUB_CACHE": "/x", "HF_HOME": "/h"}).hub_cache == "/x"


def test_a_variable_wins_over_the_file_and_a_flag_over_both(tmp_path: Path) -> None:
    write(tmp_path, "[tune]\nepochs = 3\nbatch-size = 16\nseed = 7")
    settings = load_settings(tmp_path, {"SIMSEARCH_TUNE_EPOCHS": "2", "SIMSEARCH_TUNE_BATCH_SIZE": "8"})
    assert (settings.tune.epochs, settings.tune.batch_size, settings.tune.seed) == (2, 8, 7)
    flags = with_flags(settings.tune, epochs=1, seed=None)
    assert (flags.epochs, flags.batch_size, flags.seed) == (1, 8, 7)


def test_lists_come_from_file_and_from_words(tmp_path: Path) -> None:
    write(tmp_path, 'plugins = ["a", "b"]\n[index]\nexclude = ["*.log"]')
    assert load_settings(tmp_path, {}).plugins == ("a", "b")
    assert load_settings(tmp_path, {}).index.exclude == ("*.log",)
    assert load_settings(tmp_path, {"SIMSEARCH_PLUGINS": "c, d"}).plugins == ("c", "d")


def test_no_plugins_at_all_is_something_else_than_all_plugins(tmp_path: Path) -> None:
    assert load_settings(write(tmp_path, "plugins = []"), {}).plugins == ()


def test_an_empty_variable_counts_as_unset(tmp_path: Path) -> None:
    settings = load_settings(tmp_path, {"SIMSEARCH_PLUGINS": "", "SIMSEARCH_TUNE_EPOCHS": ""})
    assert (settings.plugins, settings.tune.epochs) == (None, None)


def test_variables_that_arent_ours_are_left_alone(tmp_path: Path) -> None:
    assert load_settings(tmp_path, {"SIMSEARCH_HELPER": "1", "PATH": "/bin"}).threads == 0


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("thread = 2", r"a setting 'thread' that simsearch doesn't know \(did you mean 'threads'\?\)"),
        (
            "[tune]\nepoch = 2",
            r"a setting 'tune.epoch' that simsearch doesn't know \(did you mean 'epochs'\?\)",
        ),
        ("[tune]\nepochs = 2.5", "tune.epochs = 2.5 is not a whole number"),
        ("[tune]\npromote = 'maybe'", "tune.promote = 'maybe' is not one of auto, always, never"),
        ("tune = 5", r"'tune' is a section; write it as \[tune\]"),
        ("plugins = 5", "plugins = 5 is not a list"),
        ("threads = [", "can't be read: "),
        ("[tune.tune]\nepochs = 1", "a setting 'tune.tune' that simsearch doesn't know"),
    ],
)
def test_a_mistake_in_the_file_is_named_with_the_file(tmp_path: Path, text: str, problem: str) -> None:
    write(tmp_path, text)
    with pytest.raises(SettingsError, match=problem) as caught:
        load_settings(tmp_path, {})
    assert "simsearch.toml" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[tune]\nepochs = 0", r"tune\.epochs must be at least 1, not 0"),
        ("[tune]\nfreeze = -1", r"tune\.freeze must be at least 0, not -1"),
        ("[tune]\nlearning_rate = 0.0", r"tune\.learning_rate must be above 0, not 0\.0"),
    ],
)
def test_numbers_out_of_bounds_are_refused_before_anything_is_read(
    tmp_path: Path, text: str, problem: str
) -> None:
    write(tmp_path, text)
    with pytest.raises(SettingsError, match=problem):
        load_settings(tmp_path, {})


def test_the_file_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    (tmp_path / "simsearch.toml").write_text("threads = 3", encoding="utf-8-sig")
    assert load_settings(tmp_path, {}).threads == 3


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "simsearch.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingsError, match="can't be read"):
        load_settings(tmp_path, {})


@pytest.mark.parametrize(
    ("variable", "value", "problem"),
    [
        ("SIMSEARCH_TUNE_EPOCHS", "many", "SIMSEARCH_TUNE_EPOCHS = 'many' is not a whole number"),
        ("SIMSEARCH_THREADS", "two", "SIMSEARCH_THREADS = 'two' is not a whole number"),
        ("SIMSEARCH_STRICT_PLUGINS", "perhaps", "SIMSEARCH_STRICT_PLUGINS = 'perhaps' is neither true nor"),
        ("SIMSEARCH_QUERY_MODUS", "dense", "a setting 'SIMSEARCH_QUERY_MODUS' that simsearch doesn't know"),
    ],
)
def test_a_mistake_in_a_variable_is_named_by_its_variable(
    tmp_path: Path, variable: str, value: str, problem: str
) -> None:
    with pytest.raises(SettingsError, match=problem):
        load_settings(tmp_path, {variable: value})
