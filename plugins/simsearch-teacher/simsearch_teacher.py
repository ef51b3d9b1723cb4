"""Score generators that ask a second model: a sentence-transformers model, or a cross-encoder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simsearch import Component, InputError, SimsearchError, hookimpl

if TYPE_CHECKING:
    import numpy as np

    from simsearch.types import Pair, ScoreGenerator, Scores


@hookimpl
def simsearch_score_generators() -> list[Component]:
    return [
        Component("teacher", "Cosine of a second model, rescaled to 0..1", teacher, accepts=("negatives",)),
        Component(
            "cross-encoder",
            "Sigmoid of a cross-encoder's score for the two texts",
            cross_encoder,
            accepts=("negatives",),
        ),
    ]


def teacher(model: str, batch_size: int = 32) -> ScoreGenerator:
    """(1 + cosine) / 2 of a second sentence-transformers model.

    Args:
        model: Its folder, or the name of a model that is on this machine; nothing is downloaded.
        batch_size: Texts at a time.
    """
    import numpy as np

    _demand_batch("teacher", batch_size)
    network = _sentence_model(model)

    def generate(pairs: Sequence[Pair], random: np.random.Generator) -> Scores:
        if not pairs:
            return np.zeros(0, dtype=np.float32)
        options = {"batch_size": batch_size, "normalize_embeddings": True, "show_progress_bar": False}
        anchors = network.encode_query([pair.anchor for pair in pairs], **options)
        positives = network.encode_document([pair.positive for pair in pairs], **options)
        cosines = np.einsum("nd,nd->n", anchors, positives)
        scores: Scores = np.clip((1 + cosines) / 2, 0, 1).astype(np.float32)
        return scores

    return generate


def cross_encoder(model: str, batch_size: int = 32) -> ScoreGenerator:
    """The sigmoid of what a cross-encoder makes of anchor and positive, read together.

    Args:
        model: The folder of a sentence-transformers CrossEncoder with one output.
        batch_size: Pairs at a time.
    """
    import numpy as np

    _demand_batch("cross-encoder", batch_size)
    network = _cross_model(model)

    def generate(pairs: Sequence[Pair], random: np.random.Generator) -> Scores:
        from torch.nn import Sigmoid

        if not pairs:
            return np.zeros(0, dtype=np.float32)
        texts = [(pair.anchor, pair.positive) for pair in pairs]
        scores = network.predict(
            texts, batch_size=batch_size, activation_fn=Sigmoid(), show_progress_bar=False
        )
        return np.asarray(scores, dtype=np.float32)

    return generate


def _sentence_model(name: str) -> Any:
    from simsearch.embedding import Places, find_model
    from simsearch.settings import load_settings
    from simsearch.torch_models import open_sentence_transformer

    try:
        return open_sentence_transformer(find_model(name, Places.of(load_settings(Path.cwd()))))
    except SimsearchError as error:
        raise InputError(f"'teacher' can't load its model: {error}") from error


def _cross_model(folder: str) -> Any:
    from simsearch.torch_models import open_cross_encoder

    try:
        return open_cross_encoder(Path(folder))
    except SimsearchError as error:
        raise InputError(f"'cross-encoder' can't load its model: {error}") from error


def _demand_batch(generator: str, batch_size: int) -> None:
    if batch_size < 1:
        raise InputError(f"'{generator}' needs a batch_size of 1 or more, not {batch_size}.")
