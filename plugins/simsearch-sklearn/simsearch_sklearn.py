"""simsearch's embedder as a scikit-learn transformer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, Self

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils import Tags
from sklearn.utils.validation import check_is_fitted

from simsearch import InputError
from simsearch.embedding import load_embedder

if TYPE_CHECKING:
    from simsearch.types import Vectors


class TextEmbedder(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Texts to unit vectors.

    Args:
        model: A model's name or folder; nothing is downloaded.
        role: `query` or `document`: models with prompts embed the two differently.

    Attributes:
        fingerprint_: sha256 over all that decides a vector.
        dimension_: The length of a vector.
    """

    def __init__(
        self, model: str = "all-MiniLM-L6-v2", *, role: Literal["query", "document"] = "document"
    ) -> None:
        self.model = model
        self.role = role

    def fit(self, X: Sequence[str], y: Any = None) -> Self:
        """Load the model; nothing is learned from the texts."""
        _texts(X)
        self._embedder = load_embedder(self.model)
        self.fingerprint_ = self._embedder.fingerprint
        self.dimension_ = self._embedder.dimension
        return self

    def transform(self, X: Sequence[str]) -> Vectors:
        """float32 [n, dimension_] of unit length, in the order of the texts."""
        check_is_fitted(self)
        return self._loaded().encode(_texts(X), self.role)

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray[Any, Any]:
        """`textembedder0` and so on, for DataFrames and ColumnTransformer."""
        check_is_fitted(self)
        return np.array([f"textembedder{place}" for place in range(self.dimension_)], dtype=object)

    def _loaded(self) -> Any:
        """The embedder; after unpickling it is loaded again, and must be the one it was."""
        if getattr(self, "_embedder", None) is None:
            embedder = load_embedder(self.model)
            if embedder.fingerprint != self.fingerprint_:
                raise InputError(
                    f"The model {self.model} has changed since the transformer was fitted; fit it again."
                )
            self._embedder = embedder
        return self._embedder

    def __getstate__(self) -> dict[str, Any]:
        return {key: value for key, value in super().__getstate__().items() if key != "_embedder"}

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        tags.input_tags.one_d_array = True
        tags.requires_fit = True
        return tags


def _texts(X: Sequence[str]) -> list[str]:
    """The texts of a list, an array or a column of a table."""
    if isinstance(X, str):
        raise ValueError("Expected a list of texts, and got one text; write [text].")
    shape = getattr(X, "shape", None)
    if shape is not None and len(shape) != 1:
        raise ValueError(f"Expected texts in one dimension, and got an array of shape {shape}.")
    texts = list(X)
    for place, text in enumerate(texts):
        if not isinstance(text, str):
            raise ValueError(f"Expected texts, and got a {type(text).__name__} at place {place}.")
    return texts
