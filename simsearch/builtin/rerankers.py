"""Built-in rerankers: read the question and a text together, which is slower and may be better."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from simsearch import Component, InputError, hookimpl
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
    path = Path(folder).expanduser()
    if not (path / "config.json").is_file():
        raise InputError(f"{path} holds no cross-encoder: there is no config.json in it.")
    from sentence_transformers import CrossEncoder

    try:
        model = CrossEncoder(str(path), device="cpu", local_files_only=True, trust_remote_code=False)
    except (OSError, ValueError, KeyError) as error:
        raise InputError(f"The cross-encoder in {path} can't be loaded: {error}.") from error
    if model.num_labels != 1:
        raise InputError(f"The model in {path} gives {model.num_labels} scores a text; a reranker gives one.")

    def score(question: str, texts: Sequence[str]) -> Scores:
        scores: Scores = model.predict(
            [(question, text) for text in texts], batch_size=batch, show_progress_bar=False
        )
        return scores

    return score
