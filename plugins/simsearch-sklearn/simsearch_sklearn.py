"""The embedder of simsearch as a scikit-learn transformer, and its search as a neighbours estimator."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, Self

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.neighbors import NearestNeighbors
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
        fingerprint_: sha256 over everything that decides a vector.
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
        vectors: Vectors = self._load().encode(_texts(X), self.role)
        return vectors

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray[Any, Any]:
        """`textembedder0` and so on, for DataFrames and ColumnTransformer."""
        check_is_fitted(self)
        return np.array([f"textembedder{place}" for place in range(self.dimension_)], dtype=object)

    def _load(self) -> Any:
        """The embedder; after unpickling it is loaded again, and must be the same model."""
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
        return _takes_texts(super().__sklearn_tags__())


class TextNeighbors(BaseEstimator):  # type: ignore[misc]
    """The nearest of the fitted texts, by the exact cosine of simsearch's vectors.

    Fitted texts are embedded as documents, the others as questions.

    Args:
        model: A model's name or folder; nothing is downloaded.
        n_neighbors: The default number of neighbours of `kneighbors`.
        radius: The default distance of `radius_neighbors`.

    Attributes:
        embedder_: The fitted TextEmbedder.
        n_samples_fit_: The number of fitted texts.
    """

    def __init__(self, model: str = "all-MiniLM-L6-v2", *, n_neighbors: int = 5, radius: float = 0.5) -> None:
        self.model = model
        self.n_neighbors = n_neighbors
        self.radius = radius

    def fit(self, X: Sequence[str], y: Any = None) -> Self:
        """Embed the texts to be found."""
        self.embedder_ = TextEmbedder(self.model)
        vectors = self.embedder_.fit_transform(X)
        self.n_samples_fit_ = len(vectors)
        self._search = NearestNeighbors(
            n_neighbors=self.n_neighbors, radius=self.radius, metric="cosine", algorithm="brute"
        ).fit(vectors)
        return self

    def kneighbors(
        self, X: Sequence[str] | None = None, n_neighbors: int | None = None, return_distance: bool = True
    ) -> Any:
        """For each text of X, the places of the nearest fitted texts, nearest first.

        Args:
            X: The questions; None finds the nearest other texts of each fitted text.

        Returns:
            Distances (1 - cosine, 0 to 2) float32 [n, k] and places int64 [n, k]; without
            `return_distance` only the places.
        """
        return self._require_fitted().kneighbors(self._encode_questions(X), n_neighbors, return_distance)

    def kneighbors_graph(
        self, X: Sequence[str] | None = None, n_neighbors: int | None = None, mode: str = "connectivity"
    ) -> Any:
        """The same as a sparse matrix [n, n_samples_fit_] of ones, or of distances."""
        return self._require_fitted().kneighbors_graph(self._encode_questions(X), n_neighbors, mode)

    def radius_neighbors(
        self,
        X: Sequence[str] | None = None,
        radius: float | None = None,
        return_distance: bool = True,
        sort_results: bool = False,
    ) -> Any:
        """For each text of X, all fitted texts within a distance."""
        return self._require_fitted().radius_neighbors(
            self._encode_questions(X), radius, return_distance, sort_results
        )

    def radius_neighbors_graph(
        self,
        X: Sequence[str] | None = None,
        radius: float | None = None,
        mode: str = "connectivity",
        sort_results: bool = False,
    ) -> Any:
        """The same as a sparse matrix [n, n_samples_fit_] of ones, or of distances."""
        return self._require_fitted().radius_neighbors_graph(
            self._encode_questions(X), radius, mode, sort_results
        )

    def _require_fitted(self) -> NearestNeighbors:
        check_is_fitted(self)
        return self._search

    def _encode_questions(self, X: Sequence[str] | None) -> Vectors | None:
        if X is None:
            return None
        vectors: Vectors = self.embedder_._load().encode(_texts(X), "query")
        return vectors

    def __sklearn_tags__(self) -> Tags:
        return _takes_texts(super().__sklearn_tags__())


def _takes_texts(tags: Tags) -> Tags:
    tags.input_tags.string = True
    tags.input_tags.two_d_array = False
    tags.input_tags.one_d_array = True
    tags.requires_fit = True
    return tags


def _texts(X: Sequence[str]) -> list[str]:
    """The texts of a list, an array or a column of a table."""
    if isinstance(X, str):
        raise ValueError("Expected a list of texts, but got a single text; write [text].")
    shape = getattr(X, "shape", None)
    if shape is not None and len(shape) != 1:
        raise ValueError(f"Expected texts in one dimension, but got an array of shape {shape}.")
    texts = list(X)
    for place, text in enumerate(texts):
        if not isinstance(text, str):
            raise ValueError(f"Expected texts, but got a {type(text).__name__} at position {place}.")
    return texts
