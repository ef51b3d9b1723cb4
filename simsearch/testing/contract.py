"""What all contracts have in common: the component that they test, the examples, and how they fail."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache, cached_property
from typing import ClassVar, Generic, Self, TypeVar

from simsearch.errors import InputError
from simsearch.plugins.registry import Built, Registry

C = TypeVar("C")
E = TypeVar("E")
R = TypeVar("R")


class Contract(Generic[C, E]):
    """The laws of one hook, as methods that raise AssertionError if a component breaks one.

    Args (set in a subclass):
        spec: The component string to test, as a user would write it.
        registry: The plugins to find it in; by default all installed plugins.
    """

    kind: ClassVar[str]
    spec: str = ""
    registry: Registry | None = None

    @classmethod
    def of(cls, spec: str, registry: Registry) -> Self:
        """The contract for one component of a registry."""
        contract = cls()
        contract.spec, contract.registry = spec, registry
        return contract

    @property
    def plugins(self) -> Registry:
        """Where components are found."""
        return self.registry or _load_installed()

    @cached_property
    def built(self) -> Built[C]:
        """The component with its name and origin."""
        return self.plugins.build(self.kind, self.spec)

    @property
    def component(self) -> C:
        """The object that `build` made."""
        return self.built.value

    def examples(self) -> Iterable[E]:
        """The data that the laws are tested on."""
        raise NotImplementedError

    def laws(self) -> dict[str, Callable[[], None]]:
        """Every law by its name in words."""
        names = [name for name in dir(type(self)) if name.startswith("test_")]
        return {name.removeprefix("test_").replace("_", " "): getattr(self, name) for name in names}

    def verify(self) -> None:
        """Test all laws.

        Raises:
            AssertionError: The component breaks one; the message says how.
        """
        for law in self.laws().values():
            law()


def demand(condition: object, message: str) -> None:
    """An assert that `python -O` keeps.

    Raises:
        AssertionError: The condition doesn't hold.
    """
    if not condition:
        raise AssertionError(message)


def unless_refused(refusable: bool, call: Callable[[], R]) -> R | None:
    """The result of a call; None if it raises InputError, which it may."""
    try:
        return call()
    except InputError:
        if not refusable:
            raise
        return None


@cache
def _load_installed() -> Registry:
    return Registry.load()
