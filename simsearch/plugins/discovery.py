"""Where plugins come from: the built-in modules, and the entry points of installed packages."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from simsearch import __version__
from simsearch.errors import PluginError
from simsearch.plugins.entry_points import EntryPoint, find_entry_points
from simsearch.wording import suggestion

ENTRY_POINTS = "simsearch"
BUILTIN_PACKAGE = "simsearch"
BUILTIN_MODULES = (
    "pair_readers",
    "pair_generators",
    "score_generators",
    "splitters",
    "negative_miners",
    "losses",
    "readers",
    "chunkers",
    "stores",
    "engines",
    "rerankers",
    "formatters",
    "commands",
)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a plugin comes from.

    Args:
        plugin: The name of its entry point.
        package: The distribution that provides it.
        version: The version of the distribution.
        module: The module that the entry point names.
    """

    plugin: str
    package: str
    version: str
    module: str

    @property
    def builtin(self) -> bool:
        return self.package == BUILTIN_PACKAGE

    @property
    def names(self) -> tuple[str, str]:
        return self.plugin, self.package

    @property
    def key(self) -> str:
        """A name that no other plugin of the process has."""
        return f"{self.package}:{self.plugin}"

    def __str__(self) -> str:
        return f"{self.package} {self.version}".rstrip()


@dataclass(frozen=True, slots=True)
class Found:
    """A plugin that was found, and is not loaded yet."""

    origin: Origin
    load: Callable[[], object]


def is_local(name: str) -> bool:
    """Whether a name in the setting `plugins` is the name of a file, not of a package."""
    return name.endswith(".py")


def installed_names(names: Sequence[str] | None) -> list[str] | None:
    """The packages in the setting; None, which means all, if it names only files."""
    if names is None or (names and all(map(is_local, names))):
        return None
    return [name for name in names if not is_local(name)]


def builtin_plugins() -> Iterator[Found]:
    """The built-in plugins, through the same hooks as everyone else's."""
    for name in BUILTIN_MODULES:
        module = f"simsearch.builtin.{name}"
        origin = Origin(name, BUILTIN_PACKAGE, __version__, module)
        yield Found(origin, partial(importlib.import_module, module))


def installed_plugins(only: Sequence[str] | None = None) -> list[Found]:
    """Every installed package's entry points in the group `simsearch`, by package and name.

    Args:
        only: Names of entry points or packages to keep; None keeps all.

    Raises:
        PluginError: A name in `only` is not installed; the message suggests the nearest one.
    """
    found = sorted(
        map(_plugin_of, find_entry_points(ENTRY_POINTS)),
        key=lambda item: (item.origin.package, item.origin.plugin),
    )
    if only is None:
        return found
    names = {name for item in found for name in (item.origin.plugin, item.origin.package)}
    for name in only:
        if name not in names:
            near = suggestion(name, names)
            raise PluginError(
                f"The setting plugins (SIMSEARCH_PLUGINS, or in simsearch.toml) names '{name}', which is not "
                f"installed{near}."
            )
    return [item for item in found if item.origin.plugin in only or item.origin.package in only]


def _plugin_of(entry: EntryPoint) -> Found:
    package = entry.package or entry.name
    return Found(Origin(entry.name, package, entry.version, entry.value), entry.load)
