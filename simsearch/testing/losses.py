"""The contract of losses, tested on a tiny model."""

from __future__ import annotations

import string
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from simsearch.testing.contract import Contract, demand
from simsearch.testing.examples import phrase
from simsearch.types import DataKind, LossFactory

if TYPE_CHECKING:
    import torch

ROWS = 8
STEPS = 40
LEARNING_RATE = 3e-3


@dataclass(frozen=True, slots=True)
class Batch:
    """One batch, as the trainer passes it.

    Args:
        columns: Anchors, positives, then negatives: each a list of n texts.
        labels: None, n scores, or n lists of the scores of positive and negatives; see DataKind.
    """

    kind: DataKind
    columns: tuple[list[str], ...]
    labels: list[Any] | None

    @property
    def negatives(self) -> int:
        return len(self.columns) - 2


@contextmanager
def one_thread() -> Iterator[None]:
    """Make torch compute with one thread, because on small matrices several wait for each other."""
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


class LossContract(Contract[LossFactory, Batch]):
    """A loss works on the kinds of data that it accepts, and training with it brings the right texts together."""

    kind: ClassVar[str] = "losses"

    def examples(self) -> Iterable[Batch]:
        return [example_batch(seed=1, kind=kind) for kind in self.built.offer.component.accepts]  # type: ignore[arg-type]

    @one_thread()
    def test_the_loss_is_one_finite_number(self) -> None:
        import torch

        for batch in self.examples():
            model = tiny_model()
            value = _value(self._loss(model, batch), model, batch)
            demand(value.ndim == 0, f"{batch.kind}: the loss has shape {tuple(value.shape)}, not one number")
            demand(bool(torch.isfinite(value)), f"{batch.kind}: the loss is {value.item()}")

    @one_thread()
    def test_gradients_reach_the_model(self) -> None:
        import torch

        for batch in self.examples():
            model = tiny_model()
            _value(self._loss(model, batch), model, batch).backward()  # type: ignore[no-untyped-call]
            gradients = [p.grad for p in model.parameters() if p.grad is not None]
            demand(gradients, f"{batch.kind}: no gradient reaches the model")
            finite = all(bool(torch.isfinite(gradient).all()) for gradient in gradients)
            demand(finite, f"{batch.kind}: a gradient is not finite")
            moved = any(bool(gradient.abs().max() > 0) for gradient in gradients)
            demand(moved, f"{batch.kind}: every gradient is zero")

    @one_thread()
    def test_training_brings_the_right_texts_together(self) -> None:
        for batch in self.examples():
            model = tiny_model()
            before = agreement(model, batch)
            _train(self._loss(model, batch), model, batch)
            after = agreement(model, batch)
            demand(
                after > before,
                f"{batch.kind}: after {STEPS} steps the model agrees less with the data than before "
                f"({before:.3f} to {after:.3f})",
            )

    def _loss(self, model: Any, batch: Batch) -> Any:
        import torch

        loss = self.component(model, self.plugins.training_data(batch.kind, batch.negatives))
        demand(isinstance(loss, torch.nn.Module), f"gave a {type(loss).__name__}, not a torch module")
        return loss


def example_batch(seed: int, kind: DataKind) -> Batch:
    """A batch of n distinct rows of one kind of data; half of them are similar if the kind has both."""
    random = np.random.default_rng(seed)
    anchors, positives, negatives = ([phrase(random, 3) for _ in range(ROWS)] for _ in range(3))
    scores = [round(float(score), 2) for score in np.linspace(0, 1, ROWS)]
    if kind == "pairs":
        return Batch(kind, (anchors, positives), None)
    if kind == "triplets":
        return Batch(kind, (anchors, positives, negatives), None)
    if kind == "binary":
        return Batch(kind, (anchors, positives), [int(score >= 0.5) for score in scores])
    if kind == "graded":
        return Batch(kind, (anchors, positives), scores)
    return Batch(kind, (anchors, positives, negatives), [[score, 1 - score] for score in scores])


def agreement(model: Any, batch: Batch) -> float:
    """How well the cosines of a model agree with the batch: a difference of means, or a correlation, -1 to 1."""
    columns = [model.encode(texts, normalize_embeddings=True) for texts in batch.columns]
    anchors, positives = columns[:2]
    cosines = (anchors * positives).sum(axis=1)
    if batch.kind == "pairs":
        everything = anchors @ positives.T
        others = everything.sum() - cosines.sum()
        return float(cosines.mean() - others / (everything.size - len(cosines)))
    if batch.kind == "triplets":
        return float((cosines - (anchors * columns[2]).sum(axis=1)).mean())
    if batch.kind == "margins":
        labels = np.asarray(batch.labels)
        return _correlation(cosines - (anchors * columns[2]).sum(axis=1), labels[:, 0] - labels[:, 1])
    return _correlation(cosines, np.asarray(batch.labels, dtype=float))


def tiny_model(seed: int = 0) -> Any:
    """A SentenceTransformer of two small layers that reads letters and digits: 32 dimensions, unit length,
    random weights that depend only on the seed."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizerFast

    letters = string.ascii_lowercase + string.digits
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *(f"##{c}" for c in letters)]
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=64,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    with tempfile.TemporaryDirectory() as folder, torch.random.fork_rng(devices=[]), _no_bars():
        torch.manual_seed(seed)
        BertModel(config).save_pretrained(folder)
        words = Path(folder, "vocab.txt")
        words.write_text("\n".join(vocabulary), encoding="utf-8")
        BertTokenizerFast(vocab=str(words)).save_pretrained(folder)
        reader = Transformer(folder, max_seq_length=64)
        return SentenceTransformer(modules=[reader, Pooling(32), Normalize()], device="cpu")


def _train(loss: Any, model: Any, batch: Batch) -> None:
    import torch

    parameters = {id(p): p for p in (*model.parameters(), *loss.parameters()) if p.requires_grad}
    optimiser = torch.optim.Adam(parameters.values(), lr=LEARNING_RATE)
    model.train()
    for _ in range(STEPS):
        optimiser.zero_grad()
        _value(loss, model, batch).backward()  # type: ignore[no-untyped-call]
        optimiser.step()
    model.eval()


def _value(loss: Any, model: Any, batch: Batch) -> torch.Tensor:
    """The loss of a batch; a dict of losses counts as their sum, as it does for the trainer."""
    import torch

    features = [model.preprocess(texts) for texts in batch.columns]
    labels = None if batch.labels is None else torch.tensor(batch.labels)
    value = loss(features, labels)
    total = sum(value.values()) if isinstance(value, dict) else value
    demand(isinstance(total, torch.Tensor), f"{batch.kind}: gave a {type(value).__name__}, not a tensor")
    assert isinstance(total, torch.Tensor)
    return total


def _correlation(one: Any, other: Any) -> float:
    return float(np.corrcoef(one, other)[0, 1])


@contextmanager
def _no_bars() -> Iterator[None]:
    """Turn off the progress bars of transformers, which would draw over the terminal."""
    from transformers.utils import logging

    shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        if shown:
            logging.enable_progress_bar()
