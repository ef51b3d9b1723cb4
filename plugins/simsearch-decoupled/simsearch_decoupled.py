"""The decoupled contrastive loss: in-batch negatives whose gradient doesn't fade in small batches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from simsearch import Component, InputError, hookimpl

if TYPE_CHECKING:
    from torch import Tensor

    from simsearch.types import LossFactory, TrainingData


@hookimpl
def simsearch_losses() -> list[Component]:
    return [
        Component(
            "decoupled",
            "In-batch negatives, with the positive left out of the denominator",
            decoupled,
            accepts=("pairs", "triplets"),
        )
    ]


def decoupled(
    scale: float = 20.0, directions: Literal["one", "both", "four"] = "both", sigma: float = 0.0
) -> LossFactory:
    """Decoupled contrastive learning (Yeh et al. 2022, arXiv:2110.06848).

    Args:
        scale: The factor of the cosines: 1 / temperature.
        directions: `one` (question to texts), `both` (and back), or `four` (as in the paper: the texts of the
            same side are negatives too).
        sigma: If above 0, positives that are still far apart count more, by the von Mises-Fisher weights of the paper,
            which uses 0.5.
    """
    if scale <= 0 or sigma < 0:
        raise InputError("'decoupled' needs a scale above 0 and a sigma of 0 or more.")

    def make(model: Any, data: TrainingData) -> Any:
        import torch

        class DecoupledLoss(torch.nn.Module):
            def __init__(self) -> None:
                super().__init__()
                self.model = model

            def forward(self, sentence_features: Any, labels: Any = None) -> Tensor:
                columns = [self.model(column)["sentence_embedding"] for column in sentence_features]
                anchors, *texts = (torch.nn.functional.normalize(column, dim=1) for column in columns)
                return decoupled_loss(anchors, texts, scale, directions, sigma)

        return DecoupledLoss()

    return make


def decoupled_loss(
    anchors: Tensor, texts: list[Tensor], scale: float, directions: str = "both", sigma: float = 0.0
) -> Tensor:
    """The mean over all anchors of: minus the weighted score of the positive, plus the log of the sum of exp(score)
    over the negatives.

    Args:
        anchors: Unit vectors [n, d].
        texts: The positives, then each column of negatives: unit vectors [n, d] each.
    """
    import torch

    count, positives = len(anchors), texts[0]
    if count == 1 and len(texts) == 1:
        return (anchors * 0).sum()  # a single pair has no negatives, and teaches nothing
    own = torch.eye(count, dtype=torch.bool)
    candidates = [_without(scale * anchors @ torch.cat(texts).T, own)]
    backward = [_without(scale * positives @ anchors.T, own)]
    if directions == "four":
        candidates.append(_without(scale * anchors @ anchors.T, own))
        backward.append(_without(scale * positives @ positives.T, own))
    cosines = (anchors * positives).sum(dim=1)
    pull = scale * cosines * _weights(cosines, sigma)
    losses = [torch.cat(candidates, dim=1).logsumexp(dim=1) - pull]
    if directions != "one" and count > 1:
        losses.append(torch.cat(backward, dim=1).logsumexp(dim=1) - pull)
    return torch.stack(losses).mean()


def _without(scores: Tensor, own: Tensor) -> Tensor:
    """The scores [n, m], with the own text of each row (in the first n columns) excluded from the sum."""
    import torch

    mask = torch.nn.functional.pad(own.to(scores.device), (0, scores.shape[1] - len(own)))
    return scores.masked_fill(mask, -torch.inf)


def _weights(cosines: Tensor, sigma: float) -> Tensor:
    """2 - exp(cosine / sigma) divided by its mean in the batch; 1 for a sigma of 0. They have no gradient."""
    import torch

    if sigma == 0:
        return torch.ones_like(cosines)
    return 2 - len(cosines) * (cosines.detach() / sigma).softmax(dim=0)
