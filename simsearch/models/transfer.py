"""Vectors of documents for a model that differs from another by linear maps alone: nothing is embedded again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from simsearch.embedding import split_precision
from simsearch.errors import ModelNotFound
from simsearch.linear_maps.folders import read_map
from simsearch.linear_maps.linear_map import LinearMap
from simsearch.models import Models
from simsearch.types import Vectors

Transfer = Callable[[Vectors], Vectors]


@dataclass(frozen=True, slots=True)
class Origin:
    """A model as a linear map on another one.

    Args:
        base: Fingerprint of the model without the map; its own if it has none.
        map: None without one.
    """

    fingerprint: str
    base: str
    map: LinearMap | None


def find_transfer(models: Models, old: str, old_fingerprint: str, new: str) -> Transfer | None:
    """What makes vectors of documents of the model `new` from those of the model `old`; None if only embedding does.

    Args:
        old_fingerprint: Of the model that the index was made with; its name may belong to another model now.
    """
    before, after = _origin(models, old), _origin(models, new)
    if after is None:
        return None
    if after.base == old_fingerprint:
        return _apply(after.map)
    if before is None or before.fingerprint != old_fingerprint:
        return None
    if before.base == after.fingerprint:
        return _undo(before.map)
    if before.base == after.base:
        undo, apply = _undo(before.map), _apply(after.map)
        return lambda vectors: apply(undo(vectors))
    return None


def _origin(models: Models, name: str) -> Origin | None:
    """None for a plugin's model, for one in fewer bits, and for one that is not on this machine."""
    if models.registry.has("embedders", name) or split_precision(name)[1]:
        return None
    try:
        fingerprint = models.fingerprint(name) or ""
        base, linear_map = read_map(models.find(name)) or (fingerprint, None)
    except ModelNotFound:
        return None
    return Origin(fingerprint, base, linear_map)


def _apply(linear_map: LinearMap | None) -> Transfer:
    return lambda vectors: linear_map.apply(vectors, "document") if linear_map else vectors


def _undo(linear_map: LinearMap | None) -> Transfer:
    return lambda vectors: linear_map.undo(vectors, "document") if linear_map else vectors
