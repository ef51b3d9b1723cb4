"""Built-in rerankers: read the question and a text together, which is slower and may be better."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from simsearch import Component, hookimpl

if TYPE_CHECKING:
    from simsearch.types import Reranker, Scores


@hookimpl
def simsearch_rerankers() -> list[Component]:
    return [Component("cross-encoder", "A sentence-transformers cross-encoder in a folder", cross_encoder)]


def cross_encoder(folder: str, batch: int = 32) -> Reranker:
    """A cross-encoder's own scores; it is run by sentence-transformers, which takes seconds to start.

    Args:
        folder: Holds the model.
        batch: Texts read at once.
    """
    from simsearch.torch_models import open_cross_encoder

    model = open_cross_encoder(Path(folder).expanduser())

    def score(question: str, texts: Sequence[str]) -> Scores:
        scores: Scores = model.predict(
            [(question, text) for text in texts], batch_size=batch, show_progress_bar=False
        )
        return scores

    return score
