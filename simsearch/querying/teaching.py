"""What `teach` learned of judgements, as a search uses it: a linear map for questions, and a memory of judged ones."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from simsearch.errors import StorageError
from simsearch.files import write_atomically
from simsearch.linear_maps.linear_map import LinearMap
from simsearch.querying.calibration import Calibration
from simsearch.querying.memory import Boosts, Memory
from simsearch.types import Notice, Taught, Vectors


@dataclass(frozen=True, slots=True, eq=False)
class Teaching:
    """What was learned with one model.

    Args:
        fingerprint: Of the model.
        linear_map: On questions only; None if questions stay as they are.
        memory: None if judged questions speak only through the map. Its vectors went through the map.
        proof: What the guard measured, as `teach --show` tells it.
        good_match: The cosine from which a question that went through the map has a good match; None if the map does
            not change that.
    """

    fingerprint: str
    linear_map: LinearMap | None
    memory: Memory | None
    proof: Mapping[str, Any]
    good_match: float | None = None

    @property
    def documents(self) -> set[str]:
        """The ids of the documents that the memory knows."""
        return {id for verdicts in self.memory.verdicts for id in verdicts} if self.memory else set()

    def apply(self, vectors: Vectors) -> Vectors:
        """Vectors of questions as they are searched for, float32 [n, d], unit length."""
        return self.linear_map.apply(vectors, "query") if self.linear_map else vectors

    def find_boosts(self, text: str, vector: Vectors | None) -> Boosts:
        """What near judged questions say of documents.

        Args:
            vector: Of the text, after `apply`.
        """
        return self.memory.find_boosts(text, vector) if self.memory else {}

    def calibrate(self, calibration: Calibration | None) -> Calibration | None:
        """What a cosine is worth in the index, after `apply`."""
        if calibration is None or self.good_match is None:
            return calibration
        return replace(calibration, cosine=self.good_match)

    def explain(self, boosts: Boosts) -> Taught:
        """The part that it took in an answer."""
        return Taught(self.linear_map is not None, boosts)


def keep_teaching(path: Path, teaching: Teaching) -> None:
    """Use a teaching from now on, in place of an earlier one.

    Raises:
        StorageError: It can't be written; the earlier one stays.
    """
    from safetensors.numpy import save

    tensors: dict[str, Vectors] = {}
    facts: dict[str, Any] = {"fingerprint": teaching.fingerprint, "proof": dict(teaching.proof)}
    facts["good_match"] = teaching.good_match
    if teaching.linear_map:
        tensors["weights"] = teaching.linear_map.weights
    if teaching.memory:
        tensors["questions"] = np.ascontiguousarray(teaching.memory.vectors, np.float32)
        facts["questions"] = teaching.memory.questions
        facts["verdicts"] = [dict(verdicts) for verdicts in teaching.memory.verdicts]
    try:
        write_atomically(path, save(tensors, {"teaching": json.dumps(facts, ensure_ascii=False)}))
    except OSError as error:
        raise StorageError(f"{path} can't be written: {error.strerror}; nothing was changed.") from error


def read_teaching(path: Path) -> Teaching | None:
    """The teaching that is in use; None if there is none.

    Raises:
        StorageError: The file can't be read.
    """
    from safetensors import SafetensorError, safe_open

    if not path.is_file():
        return None
    try:
        with safe_open(path, "np") as file:
            facts = json.loads((file.metadata() or {})["teaching"])
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118  (not a mapping)
        weights = tensors.get("weights")
        linear_map = None if weights is None else LinearMap(_checked(weights, weights.shape[-1:] * 2), True)
        cosine = None if facts["good_match"] is None else float(facts["good_match"])
        return Teaching(
            str(facts["fingerprint"]), linear_map, _memory(facts, tensors), dict(facts["proof"]), cosine
        )
    except (OSError, SafetensorError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise StorageError(f"{path} can't be read. `simsearch teach` learns it again.") from error


def find_teaching(path: Path, fingerprint: str) -> tuple[Teaching | None, Notice | None]:
    """What was taught with a model, or a notice why it is not used."""
    try:
        teaching = read_teaching(path)
    except StorageError as error:
        return None, Notice(f"What `teach` learned is not used: {error}", warning=True)
    if teaching and teaching.fingerprint != fingerprint:
        text = "What was taught belongs to another model and is not used; `simsearch teach` learns it again."
        return None, Notice(text, warning=True)
    return teaching, None


def remove_teaching(path: Path) -> bool:
    """Search as if nothing had been taught; whether anything was."""
    existed = path.exists()
    path.unlink(missing_ok=True)
    return existed


def _memory(facts: Mapping[str, Any], tensors: Mapping[str, Vectors]) -> Memory | None:
    if "questions" not in tensors:
        return None
    questions = tuple(map(str, facts["questions"]))
    verdicts = tuple({str(id): bool(right) for id, right in item.items()} for item in facts["verdicts"])
    vectors = tensors["questions"]
    if len(verdicts) != len(questions):
        raise ValueError("a question has no verdicts")
    return Memory(questions, _checked(vectors, (len(questions), *vectors.shape[1:])), verdicts)


def _checked(array: Vectors, shape: tuple[int, ...]) -> Vectors:
    """The matrix itself, if it is one of finite numbers in this shape."""
    if array.ndim != 2 or array.shape != shape or array.dtype != np.float32 or not np.isfinite(array).all():
        raise ValueError("the numbers don't fit")
    return array
