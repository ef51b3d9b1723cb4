"""A linear map moves vectors no further than general knowledge allows."""

from collections.abc import Sequence

import numpy as np
import pytest

from simsearch.linear_maps.linear_map import LinearMap
from simsearch.tuning.judging.probe import probe_questions
from simsearch.tuning.map_step import limit_forgetting

PROBE = probe_questions()
COUNT = len(PROBE.documents)


def encode(texts: Sequence[str], role: str) -> np.ndarray:
    """A model that knows every answer: a question has the vector of its document."""
    answers = {text: min(right) for text, right in zip(PROBE.texts, PROBE.relevant, strict=True)}
    places = answers if role == "query" else {text: i for i, text in enumerate(PROBE.documents)}
    return np.eye(COUNT, dtype=np.float32)[[places[text] for text in texts]]


@pytest.mark.parametrize(("strength", "share"), [(0.5, 1.0), (1.5, 0.5), (3, 0.25), (9, None)])
def test_a_map_that_forgets_is_applied_in_part(strength: float, share: float | None) -> None:
    """The map pulls each question towards the answer of another; beyond a strength of 1 that comes first."""
    pulling = LinearMap(strength * np.roll(np.eye(COUNT, dtype=np.float32), 1, axis=1), questions_only=True)
    limited = limit_forgetting(pulling, encode, known=1.0)
    if share is None:
        assert limited is None
    else:
        assert limited is not None
        assert np.allclose(limited.weights, share * pulling.weights)
