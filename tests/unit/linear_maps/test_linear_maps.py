"""Linear maps: their gradient, what is chosen, and the folder that sentence-transformers reads."""

from pathlib import Path

import numpy as np
import pytest

from simsearch.embedding.fingerprints import fingerprint
from simsearch.linear_maps.choosing import fit_best_map
from simsearch.linear_maps.examples import Examples
from simsearch.linear_maps.fitting import fit_maps, weights_gradient
from simsearch.linear_maps.folders import read_map, save_mapped_model
from simsearch.linear_maps.linear_map import LinearMap
from simsearch.torch_models import open_sentence_transformer
from simsearch.types import Vectors
from tests.support.tiny_models import save_tiny_model

TEXTS = ["how do I undo", "list files", "the word of all files"]


def unit(vectors: Vectors) -> Vectors:
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def examples(count: int, size: int, seed: int = 0) -> Examples:
    """Documents that are their questions moved by one linear map, with noise."""
    random = np.random.default_rng(seed)
    questions = random.normal(size=(count, size))
    documents = questions + questions @ random.normal(scale=0.3, size=(size, size))
    documents += random.normal(size=(count, size))
    numbers = np.arange(count)
    return Examples(unit(questions), unit(documents), np.stack([numbers, numbers], axis=1), numbers)


@pytest.mark.parametrize("questions_only", [True, False])
def test_the_gradient_is_that_of_the_loss(questions_only: bool) -> None:
    import torch

    pairs = examples(6, 4)
    pairs.labels[3, 1] = pairs.labels[1, 1]  # one document answers two questions
    weights = np.random.default_rng(1).normal(scale=0.1, size=(4, 4)).astype(np.float32)
    learned = torch.tensor(weights, requires_grad=True)
    questions, documents = torch.tensor(pairs.questions), torch.tensor(pairs.documents)
    moved = torch.nn.functional.normalize(questions + questions @ learned, dim=1)
    found = documents if questions_only else documents + documents @ learned
    scores = 20 * moved @ torch.nn.functional.normalize(found, dim=1).T
    scores = scores.masked_fill(torch.tensor(pairs.answers() & ~np.eye(6, dtype=bool)), -torch.inf)
    targets = torch.arange(6)
    loss = torch.nn.functional.cross_entropy(scores, targets) + torch.nn.functional.cross_entropy(
        scores.T, targets
    )
    (loss / 2).backward()  # type: ignore[no-untyped-call]
    assert learned.grad is not None
    assert weights_gradient(weights, pairs, pairs.answers(), questions_only) == pytest.approx(
        learned.grad.numpy(), abs=1e-5
    )


def test_what_pairs_have_in_common_is_learned_and_chance_is_not() -> None:
    pairs = examples(150, 32)
    learned = fit_best_map(pairs)
    assert learned is not None and learned.helps
    assert learned.after.mean() > learned.before.mean() + 0.1
    assert learned.choice.questions_only  # moving documents as well brings no more
    pairs.documents[:] = pairs.documents[np.random.default_rng(5).permutation(150)]
    shuffled = fit_best_map(pairs)
    assert shuffled is not None and not shuffled.helps


def test_too_few_unrelated_rows_make_no_map() -> None:
    pairs = examples(30, 6)
    pairs.groups[:] = 0
    assert fit_best_map(pairs) is None


@pytest.mark.parametrize("questions_only", [True, False])
def test_a_mapped_folder_is_a_model_of_sentence_transformers(questions_only: bool, tmp_path: Path) -> None:
    base = save_tiny_model(tmp_path / "base")
    plain = open_sentence_transformer(base)
    size = plain.get_embedding_dimension()
    weights = np.random.default_rng(0).normal(scale=0.3, size=(size, size)).astype(np.float32)
    linear_map = LinearMap(weights, questions_only)
    save_mapped_model(base, tmp_path / "mapped", linear_map, fingerprint(base))
    mapped = open_sentence_transformer(tmp_path / "mapped")
    for role, name in (("query", "encode_query"), ("document", "encode_document")):
        before = getattr(plain, name)(TEXTS, normalize_embeddings=True)
        after = getattr(mapped, name)(TEXTS, normalize_embeddings=True)
        assert after == pytest.approx(linear_map.apply(before, role), abs=1e-5)  # type: ignore[arg-type]
    found = read_map(tmp_path / "mapped")
    assert found is not None and found[0] == fingerprint(base)
    assert found[1].weights == pytest.approx(weights, abs=1e-6)
    assert found[1].questions_only is questions_only
    assert read_map(base) is None


def test_a_fingerprint_covers_the_weights_of_a_map(tmp_path: Path) -> None:
    base = save_tiny_model(tmp_path / "base")
    size = open_sentence_transformer(base).get_embedding_dimension()
    for share in (0.1, 0.2):
        linear_map = LinearMap(np.full((size, size), share, np.float32), True)
        save_mapped_model(base, tmp_path / str(share), linear_map, "base")
    assert fingerprint(tmp_path / "0.1") != fingerprint(tmp_path / "0.2")


def test_more_rows_than_a_batch_are_drawn_by_the_seed() -> None:
    pairs = examples(600, 8)
    one, again, other = (next(fit_maps(pairs, [3], True, seed)).weights for seed in (0, 0, 1))
    assert (one == again).all() and (one != other).any()
