"""Components as a registry offers and builds them, and how their faults are put into words."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Generic, TypeVar

from simsearch.errors import PluginError, SimsearchError
from simsearch.plugins.discovery import Origin
from simsearch.types import Component

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Offer:
    """A component, with the hook it came by (without `simsearch_`) and the plugin that offers it."""

    kind: str
    component: Component
    origin: Origin

    @property
    def names(self) -> tuple[str, ...]:
        """What a person may call it by: itself, its plugin, its package."""
        return self.component.name, *self.origin.names


@dataclass(frozen=True, slots=True)
class PluginProblem:
    """What is wrong with a plugin; `disabled` tells whether it is left out for it."""

    origin: Origin
    reason: str
    disabled: bool = True

    def __str__(self) -> str:
        verdict = "is set aside" if self.disabled else "is in use"
        return f"plugin {self.origin.plugin} of {self.origin} {verdict}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Built(Generic[T]):
    """A component at work: `value` does it, `spec` is the string that asked for it."""

    value: T
    spec: str
    offer: Offer

    @property
    def name(self) -> str:
        return self.offer.component.name

    def blame(self, what: str) -> PluginError:
        """The error for a component that broke its contract."""
        return PluginError(
            f"'{self.name}' of {self.offer.origin} {what}; "
            f"`simsearch plugins check {self.offer.origin.package}` tests it."
        )

    @contextmanager
    def guarded(self) -> Iterator[None]:
        """Call the component in here: what it raises, other than a SimsearchError, gets its name on it.

        Raises:
            PluginError: The component raised.
        """
        try:
            yield
        except SimsearchError:
            raise
        except (Exception, SystemExit) as error:
            raise self.blame(f"raised {describe(error)}") from error


def describe(error: BaseException) -> str:
    """An exception of a plugin in words, with the line that raised it."""
    if isinstance(error, SimsearchError):
        return str(error)
    if isinstance(error, ImportError):
        return f"a package that it needs is missing: {error}"
    places = [
        f"{frame.filename}, line {frame.lineno}"
        for frame in traceback.extract_tb(error.__traceback__)
        if not frame.filename.startswith("<")
    ]
    where = f" ({places[-1]})" if places and not isinstance(error, SyntaxError) else ""
    return f"{type(error).__name__}: {error}{where}"
