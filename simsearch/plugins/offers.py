"""Components as a registry offers and builds them; what one raises at work names its package."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Generic, TypeVar

from simsearch.components import Component
from simsearch.errors import PluginError, SimsearchError
from simsearch.plugins.broken_plugins import describe
from simsearch.plugins.discovery import Origin

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Offer:
    """A component, with the hook it came by (without `simsearch_`) and the plugin that offers it."""

    kind: str
    component: Component
    origin: Origin

    @property
    def names(self) -> tuple[str, ...]:
        """The names that find it: its own, its plugin's and its package's."""
        return self.component.name, *self.origin.names


@dataclass(frozen=True, slots=True)
class Built(Generic[T]):
    """A component that is ready to work: `value` does the work, `spec` is the string that it was built from."""

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
        """Call the component inside this context: an exception other than SimsearchError becomes a PluginError
        that names the component and its package.

        Raises:
            PluginError: The component raised.
        """
        try:
            yield
        except SimsearchError:
            raise
        except (Exception, SystemExit) as error:
            raise self.blame(f"raised {describe(error)}") from error
