"""Read settings: a variable wins over simsearch.toml, and that over the default."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

from simsearch.conversion import convert
from simsearch.errors import SettingsError
from simsearch.settings.sections import IndexSettings, QuerySettings, Settings, TuneSettings, UseSettings
from simsearch.settings.user_folders import default_cache, default_hub_cache
from simsearch.wording import suggestion

FILE_NAME = "simsearch.toml"
S = TypeVar("S")

_SECTIONS = {"tune": TuneSettings, "index": IndexSettings, "query": QuerySettings, "use": UseSettings}


def load_settings(folder: Path, environment: Mapping[str, str] | None = None) -> Settings:
    """Settings for the workspace in `folder`.

    Args:
        folder: Holds simsearch.toml, if there is one.
        environment: Variables to read instead of those of the process.

    Raises:
        SettingsError: A setting is unknown or has the wrong type; the message names it and where it is set.
    """
    variables = os.environ if environment is None else environment
    path = folder / FILE_NAME
    values = _read_file(path) if path.is_file() else {}
    defaults = Settings(
        cache=default_cache(variables),
        hub_cache=default_hub_cache(variables),
        use=UseSettings(name=_default_name(variables)),
    )
    settings = _overlay(defaults, values, str(path))
    return _overlay(settings, _read_environment(variables), "the environment", spell=_variable)


def with_flags(settings: S, **flags: Any) -> S:
    """The settings, changed by every flag that is not None."""
    given = {name: value for name, value in flags.items() if value is not None}
    return replace(settings, **given) if given else settings  # type: ignore[type-var]


def _read_file(path: Path) -> dict[str, Any]:
    import tomllib  # most folders have no such file

    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise SettingsError(f"{path} can't be read: {error}.") from error


def _read_environment(variables: Mapping[str, str]) -> dict[str, Any]:
    """SIMSEARCH_THREADS → threads, SIMSEARCH_TUNE_EPOCHS → tune.epochs. Variables of other names are ignored, and
    an empty one counts as unset."""
    given = {name: text for name, text in variables.items() if text}
    values: dict[str, Any] = {}
    for item in fields(Settings):
        name = _variable(item.name)
        if item.name in _SECTIONS:
            start = f"{name}_"
            section = {
                key.removeprefix(start).lower(): text for key, text in given.items() if key.startswith(start)
            }
            values |= {item.name: section} if section else {}
        elif name in given:
            values[item.name] = given[name]
    return values


def _variable(setting: str) -> str:
    """tune.epochs → SIMSEARCH_TUNE_EPOCHS."""
    return f"SIMSEARCH_{setting.replace('.', '_').upper()}"


def _overlay(
    settings: S, values: Mapping[str, Any], where: str, section: str = "", spell: Callable[[str], str] = str
) -> S:
    """The settings, changed by the values; `spell` writes the name of a setting as it is written in `where`."""
    if not values:
        return settings
    hints = get_type_hints(type(settings))
    changes = {}
    for key, value in values.items():
        name = key.replace("-", "_")
        label = spell(section + key)
        if name not in hints:
            known = suggestion(name, hints)
            raise SettingsError(f"{where} has a setting '{label}' that simsearch doesn't know{known}.")
        if name in _SECTIONS and not section:
            if not isinstance(value, Mapping):
                raise SettingsError(f"{where}: '{label}' is a section; write it as [{label}].")
            changes[name] = _overlay(getattr(settings, name), value, where, f"{key}.", spell)
            continue
        try:
            changes[name] = convert(value, hints[name])
        except ValueError as error:
            raise SettingsError(f"{where}: {label} = {value!r} {error}.") from error
    return replace(settings, **changes)  # type: ignore[type-var]


def _default_name(variables: Mapping[str, str]) -> str:
    return next((variables[name] for name in ("USER", "LOGNAME", "USERNAME") if variables.get(name)), "")
