"""Built-in losses: sentence-transformers' own, with the defaults that suit short texts on a CPU."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simsearch import Component, InputError, hookimpl

if TYPE_CHECKING:
    from simsearch.types import LossFactory, TrainingData

FOUR_DIRECTIONS = ("query_to_doc", "doc_to_query", "query_to_query", "doc_to_doc")
DIRECTIONS = {"one": FOUR_DIRECTIONS[:1], "both": FOUR_DIRECTIONS[:2], "four": FOUR_DIRECTIONS}


@hookimpl
def simsearch_losses() -> list[Component]:
    return [
        Component(
            "multiple-negatives",
            "The right text must beat all others in the batch",
            multiple_negatives,
            accepts=("pairs", "triplets"),
        ),
        Component("cosent", "Pairs ranked by their scores", cosent, accepts=("graded", "binary")),
        Component("cosine", "Cosine equal to the score", cosine, accepts=("graded", "binary")),
        Component(
            "online-contrastive",
            "Similar pairs together, hard others apart",
            online_contrastive,
            accepts=("binary",),
        ),
        Component(
            "triplet", "The positive nearer than the negative by a margin", triplet, accepts=("triplets",)
        ),
        Component(
            "margin-mse", "A teacher's margin between positive and negative", margin_mse, accepts=("margins",)
        ),
        Component(
            "matryoshka",
            "Another loss at several vector lengths at once",
            matryoshka,
            accepts=("pairs", "triplets", "binary", "graded", "margins"),
        ),
    ]


def multiple_negatives(
    scale: float = 20.0, directions: str = "both", similarity: str = "cosine"
) -> LossFactory:
    """In-batch negatives (Henderson et al. 2017, arXiv:1705.00652), optionally in four directions.

    Args:
        scale: What similarities are multiplied by; 1 over the temperature.
        directions: `one` (question to texts), `both` (and back), or `four` (and within each side).
        similarity: `cosine` or `dot`.
    """
    if directions not in DIRECTIONS:
        raise InputError(f"'multiple-negatives' has no directions={directions}; use one, both or four.")
    if similarity not in ("cosine", "dot"):
        raise InputError(f"'multiple-negatives' has no similarity={similarity}; use cosine or dot.")

    def make(model: Any, data: TrainingData) -> Any:
        from sentence_transformers import util
        from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss

        measure = util.cos_sim if similarity == "cosine" else util.dot_score
        return MultipleNegativesRankingLoss(
            model,
            scale=scale,
            similarity_fct=measure,
            directions=DIRECTIONS[directions],
            partition_mode="joint",
        )

    return make


def cosent(scale: float = 20.0) -> LossFactory:
    """CoSENT (Huang et al. 2024, doi:10.1109/TASLP.2024.3402087): only the order of the scores counts."""

    def make(model: Any, data: TrainingData) -> Any:
        from sentence_transformers.sentence_transformer.losses import CoSENTLoss

        return CoSENTLoss(model, scale=scale)

    return make


def cosine() -> LossFactory:
    """Mean squared error between cosine and score (Reimers and Gurevych 2019, arXiv:1908.10084)."""

    def make(model: Any, data: TrainingData) -> Any:
        from sentence_transformers.sentence_transformer.losses import CosineSimilarityLoss

        return CosineSimilarityLoss(model)

    return make


def online_contrastive(margin: float = 0.5) -> LossFactory:
    """Contrastive loss (Hadsell et al. 2006) on the hard pairs of each batch, by cosine."""

    def make(model: Any, data: TrainingData) -> Any:
        from sentence_transformers.sentence_transformer.losses import OnlineContrastiveLoss

        return OnlineContrastiveLoss(model, margin=margin)

    return make


def triplet(margin: float = 0.3) -> LossFactory:
    """Triplet loss (Schroff et al. 2015, arXiv:1503.03832) on cosines, the first negative of each row."""

    def make(model: Any, data: TrainingData) -> Any:
        from sentence_transformers.sentence_transformer.losses import TripletLoss
        from sentence_transformers.sentence_transformer.losses.triplet import TripletDistanceMetric

        return TripletLoss(model, distance_metric=TripletDistanceMetric.COSINE, triplet_margin=margin)

    return make


def margin_mse() -> LossFactory:
    """Margin-MSE (Hofstätter et al. 2020, arXiv:2010.02666) on the scores of positive and negatives."""

    def make(model: Any, data: TrainingData) -> Any:
        from sentence_transformers.sentence_transformer.losses import MarginMSELoss
        from sentence_transformers.util import pairwise_cos_sim

        return MarginMSELoss(model, similarity_fct=pairwise_cos_sim)

    return make


def matryoshka(loss: str = "", dims: str = "") -> LossFactory:
    """Matryoshka representation learning (Kusupati et al. 2022, arXiv:2205.13147).

    Args:
        loss: The component string of the loss to apply at each length; by default the one for the data.
        dims: Lengths joined by `/`, as 384/256/128; by default the model's own, halved down to 64.
    """

    def make(model: Any, data: TrainingData) -> Any:
        from sentence_transformers.sentence_transformer.losses import MatryoshkaLoss

        from simsearch.types import LOSS_FOR

        full = model.get_embedding_dimension()
        lengths = (
            _lengths(dims, full) if dims else [full // 2**i for i in range(8) if full // 2**i >= 64] or [full]
        )
        inner = data.loss(loss or LOSS_FOR[data.kind])
        return MatryoshkaLoss(model, inner(model, data), matryoshka_dims=lengths)

    return make


def _lengths(dims: str, full: int) -> list[int]:
    words = dims.split("/")
    if not all(word.isdigit() and 0 < int(word) <= full for word in words):
        raise InputError(
            f"'matryoshka': dims={dims} should be lengths up to {full} joined by '/', such as 384/128."
        )
    return [int(word) for word in words]
