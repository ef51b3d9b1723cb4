"""The decoupled loss: its value and gradient are the paper's, and it trains."""

import math
from itertools import product

import pytest
import torch
from simsearch_decoupled import decoupled_loss

from simsearch import InputError
from simsearch.plugins.registry import Registry
from simsearch.testing import LossContract

REGISTRY = Registry.load(only=["simsearch-decoupled"])
SCALE = 5.0


class TestContract(LossContract):
    spec = "decoupled"


class TestContractAsInThePaper(LossContract):
    spec = "decoupled:directions=four,sigma=0.5"


def unit(rows: int, seed: int) -> torch.Tensor:
    made = torch.randn(rows, 4, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))
    return torch.nn.functional.normalize(made, dim=1)


def by_hand(anchors: torch.Tensor, texts: list[torch.Tensor], directions: str, sigma: float) -> float:
    """The paper's equations, a term at a time."""
    count, positives = len(anchors), texts[0]
    cosines = [float(anchors[i] @ positives[i]) for i in range(count)]

    def weight(i: int) -> float:
        if sigma == 0:
            return 1.0
        return 2 - math.exp(cosines[i] / sigma) / (sum(math.exp(c / sigma) for c in cosines) / count)

    def term(i: int, negatives: list[torch.Tensor], asks: torch.Tensor) -> float:
        total = sum(math.exp(SCALE * float(asks @ negative)) for negative in negatives)
        return -weight(i) * SCALE * cosines[i] + math.log(total)

    terms = []
    for i in range(count):
        others = [j for j in range(count) if j != i]
        forward = [positives[j] for j in others] + [column[j] for column in texts[1:] for j in range(count)]
        backward = [anchors[j] for j in others]
        if directions == "four":
            forward, backward = (
                forward + [anchors[j] for j in others],
                backward + [positives[j] for j in others],
            )
        terms.append(term(i, forward, anchors[i]))
        if directions != "one":
            terms.append(term(i, backward, positives[i]))
    return sum(terms) / len(terms)


@pytest.mark.parametrize(
    ("directions", "columns", "sigma"), list(product(["one", "both", "four"], [1, 2], [0.0, 0.5]))
)
def test_the_value_is_the_papers(directions: str, columns: int, sigma: float) -> None:
    anchors, texts = unit(5, 0), [unit(5, seed) for seed in range(1, columns + 1)]
    value = decoupled_loss(anchors, texts, SCALE, directions, sigma)
    assert value.item() == pytest.approx(by_hand(anchors, texts, directions, sigma), rel=1e-12)


@pytest.mark.parametrize("directions", ["one", "both", "four"])
def test_the_gradient_is_exact(directions: str) -> None:
    """Against finite differences, in double precision."""
    columns = [unit(4, seed).requires_grad_() for seed in range(3)]
    assert torch.autograd.gradcheck(
        lambda anchors, *texts: decoupled_loss(anchors, list(texts), SCALE, directions), columns
    )


def test_it_is_in_batch_negatives_without_the_coupling() -> None:
    """The paper's proposition 1: InfoNCE's gradient is this one's, row by row, times what the positive leaves
    of the softmax."""
    anchors, positives = unit(6, 0).requires_grad_(), unit(6, 1)
    scores = SCALE * anchors @ positives.T
    info = torch.nn.functional.cross_entropy(scores, torch.arange(6))
    (coupled,) = torch.autograd.grad(info, anchors)
    (free,) = torch.autograd.grad(decoupled_loss(anchors, [positives], SCALE, "one"), anchors)
    multiplier = 1 - scores.softmax(dim=1).diagonal()
    assert torch.allclose(coupled, multiplier.detach()[:, None] * free, atol=1e-12)


def test_a_lone_pair_teaches_nothing() -> None:
    anchors = unit(1, 0).requires_grad_()
    for directions in ("one", "both", "four"):
        value = decoupled_loss(anchors, [unit(1, 1)], SCALE, directions)
        value.backward()
        assert value.item() == 0
        assert anchors.grad is not None and anchors.grad.abs().max() == 0
    assert torch.isfinite(decoupled_loss(anchors, [unit(1, 1), unit(1, 2)], SCALE))


@pytest.mark.parametrize("arguments", ["scale=0", "sigma=-1"])
def test_what_has_no_meaning_is_refused(arguments: str) -> None:
    with pytest.raises(InputError, match="needs a scale above 0 and a sigma of 0 or more"):
        REGISTRY.loss(f"decoupled:{arguments}")
