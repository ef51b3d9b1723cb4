"""The settings that repeat a run, from its run.json."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from simsearch.embedding.fingerprints import sha256_of
from simsearch.errors import InputError, ModelError
from simsearch.plugins.discovery import is_local
from simsearch.plugins.registry import Registry
from simsearch.settings import TuneSettings
from simsearch.types import Notice, Observer


def settings_of_run(record: Mapping[str, Any], registry: Registry, observe: Observer) -> TuneSettings:
    """The settings that make the same run again: those it was asked for, and what the plan chose.

    Args:
        record: The value of run.json.
        observe: Hears what has changed since.

    Raises:
        InputError: A plugin that the run used is not installed.
        ModelError: The record is of another kind.
    """
    try:
        chosen = {**record["settings"], **record["plan"], "budget": None}
        for warning in changes_since(record, registry):
            observe(Notice(warning, warning=True))
    except KeyError as error:
        raise ModelError(
            f"The record of run {record.get('run')} has no {error}; it can't be repeated."
        ) from error
    chosen["pairs"] = tuple(chosen["pairs"])
    return TuneSettings(
        **{item.name: chosen[item.name] for item in fields(TuneSettings) if item.name in chosen}
    )


def changes_since(record: Mapping[str, Any], registry: Registry) -> Iterator[str]:
    """What has changed since the run, a sentence for each change.

    Raises:
        InputError: A plugin that the run used is not installed.
    """
    installed = {origin.package: origin.version for origin in registry.origins}
    for component, package, version in record["components"].values():
        if package not in installed:
            raise InputError(
                f"Run {record['run']} used '{component}' of {package} {version}, which {_remedy(package, version)}."
            )
        if installed[package] != version:
            yield f"Run {record['run']} used '{component}' of {package} {version}; {installed[package]} is installed."
    for name, digest in record["files"].items():
        if Path(name).is_file() and sha256_of(Path(name)) != digest:
            yield f"{name} has changed since run {record['run']}: the split and the gain may differ."


def _remedy(package: str, version: str) -> str:
    if is_local(package):
        return "is not loaded; `simsearch plugins` says why"
    return f"is not installed; `pip install {package}=={version}` brings it back"
