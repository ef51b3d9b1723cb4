"""Ways to train that `tune` doesn't have, against its own: do they bring more from the same pairs?

    python benchmarks/training_study.py --only nl2bash:160             all ways, seeds 0 to 2, as Markdown
    python benchmarks/training_study.py --only nl2bash:640 --way "soft targets"

Every way trains on the same pairs in the same order with the plan of `tune`, and keeps the last weights: no epoch is
chosen and nothing is mixed, so that a difference is one of training. It is judged on every second pair of the test set,
question by question against `plain`, and on the probe of general knowledge.

- layer rates: each layer learns at 0.8 of the rate of the layer above it; the top one at 1.5 times the plan's rate,
  so that the mean stays about the same (Howard and Ruder 2018, arXiv:1801.06146).
- head: a square matrix behind the pooling, at first the identity, at ten times the plan's rate.
- folder negatives: a hard negative for each pair, found by `mined` among 2,000 further documents of the set, without
  their questions.
- soft targets: the loss wants 0.8 of the right text and 0.2 of what the base finds similar in the batch (Hinton et al.
  2015, arXiv:1503.02531).
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tuning import DATA, SETS, Clock, Job, encoder, prepare_job

from simsearch.embedding import load_embedder
from simsearch.storage.dense.exact import search_exact
from simsearch.tuning.hard_negatives import fill_up, find_negatives
from simsearch.tuning.judging.measures import ModelScores, Questions, gain_interval, judge, questions_of
from simsearch.tuning.judging.probe import probe_questions
from simsearch.tuning.pairs.reading import read_pairs
from simsearch.tuning.training import train as training
from simsearch.tuning.training import trainer
from simsearch.tuning.training.freezing import layer_stack
from simsearch.tuning.training.packing import packed
from simsearch.types import MiningData, Pair

FALL, TOP = 0.8, 1.5
HEAD = 10
FOLDER = 2000
SOFT, SCALE = 0.2, 20.0


@dataclass(frozen=True)
class Way:
    """A way to train.

    Args:
        prepare: Changes pairs and plan of a set, whose name it is given.
        training: Holds while it trains.
    """

    prepare: Callable[[Job, str], Job] = lambda job, name: job
    training: Callable[[], AbstractContextManager[None]] = nullcontext


@contextmanager
def replaced(module: Any, name: str, value: Any) -> Iterator[None]:
    """Another function in the place of a module's."""
    own = getattr(module, name)
    setattr(module, name, value)
    try:
        yield
    finally:
        setattr(module, name, own)


def with_rates(rates: Callable[[Any, float], dict[str, float]]) -> AbstractContextManager[None]:
    """The trainer with rates for some parameters: a model and the plan's rate to patterns of names with their rates."""
    own = trainer.training_arguments

    def arguments(plan: Any, rows: int, seed: int, scratch: Path, model: Any, columns: Sequence[str]) -> Any:
        made = own(plan, rows, seed, scratch, model, columns)
        made.learning_rate_mapping = rates(model, plan.learning_rate)
        return made

    return replaced(trainer, "training_arguments", arguments)


def layer_rates(model: Any, rate: float) -> dict[str, float]:
    layers = len(layer_stack(model))
    below = {rf"\.layer\.{number}\.": TOP * rate * FALL ** (layers - 1 - number) for number in range(layers)}
    return {**below, r"\.embeddings\.": TOP * rate * FALL**layers}


@contextmanager
def training_a_head() -> Iterator[None]:
    own = training.open_sentence_transformer

    def opened(*arguments: Any) -> Any:
        return with_head(own(*arguments))

    rates = with_rates(lambda model, rate: {r"\.linear\.": HEAD * rate})
    with replaced(training, "open_sentence_transformer", opened), rates:
        yield


def with_head(model: Any) -> Any:
    """The model with a matrix behind its pooling that changes nothing yet."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.base.modules import Dense

    size = model.get_embedding_dimension()
    head = Dense(size, size, bias=False, activation_function=torch.nn.Identity())
    torch.nn.init.eye_(head.linear.weight)
    transformer, pooling, *rest = model.children()
    return SentenceTransformer(modules=[transformer, pooling, head, *rest], device="cpu")


def add_folder_negatives(job: Job, name: str) -> Job:
    """Each pair with a negative from documents that nobody asks for here."""
    prepared, plan = job.prepared, job.prepared.plan
    random = np.random.default_rng(job.seed)
    known = {pair.positive for part in (prepared.parts.test, prepared.pairs) for pair in part}
    read = read_pairs([DATA / SETS[name][0]], job.registry)
    folder = sorted({pair.positive for pair in read} - known)
    drawn = [folder[row] for row in random.permutation(len(folder))[:FOLDER]]
    data = MiningData(load_embedder(str(job.folder)), load_embedder, search_exact)
    miner = job.registry.negative_miner("mined")
    candidates = [*prepared.train, *(Pair(text, text) for text in drawn)]
    found = find_negatives(miner, candidates, data, random)[: len(prepared.train)]
    train = fill_up(prepared.train, found, 1, plan.negatives, random)
    return replace(
        job, prepared=replace(prepared, train=train, plan=replace(plan, kind="triplets", negatives=1))
    )


def use_soft_targets(job: Job, name: str) -> Job:
    plan = job.prepared.plan
    loss = replace(plan.loss, value=lambda model, data: SoftTargets(model))
    return replace(job, prepared=replace(job.prepared, plan=replace(plan, loss=loss)))


class SoftTargets(torch.nn.Module):
    """Multiple-negatives in both directions, whose targets are in part the similarities that the base sees."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.model = model
        self._base = [deepcopy(model).eval()]  # in a list, so that it is not trained

    def forward(self, features: Sequence[dict[str, Any]], labels: Any) -> torch.Tensor:
        scores = similarities(self.model, features)
        with torch.no_grad(), packed(self._base[0]):
            known = similarities(self._base[0], features)
        right = torch.eye(len(scores))
        losses = [
            torch.nn.functional.cross_entropy(
                SCALE * one, (1 - SOFT) * right + SOFT * (SCALE * base).softmax(1)
            )
            for one, base in ((scores, known), (scores.T, known.T))
        ]
        return sum(losses, torch.zeros(())) / len(losses)


def similarities(model: Any, features: Sequence[dict[str, Any]]) -> torch.Tensor:
    """Cosines of anchors and positives, float32 [n, n]."""
    anchors, positives = (
        torch.nn.functional.normalize(model(dict(column))["sentence_embedding"], dim=1)
        for column in features[:2]
    )
    return anchors @ positives.T


WAYS = {
    "plain": Way(),
    "layer rates": Way(training=lambda: with_rates(layer_rates)),
    "head": Way(training=training_a_head),
    "folder negatives": Way(add_folder_negatives),
    "soft targets": Way(use_soft_targets),
}


@dataclass(frozen=True)
class Result:
    """How a way did: on the test set, on the probe, and its CPU seconds."""

    test: ModelScores
    probe: float
    cpu: float


def train_and_judge(job: Job, name: str, way: Way, questions: Questions) -> Result:
    clock = Clock()
    with clock.on():
        job = way.prepare(job, name)
        with way.training():
            model = train_to_the_end(job)
    encode = encoder(model)
    return Result(judge(encode, questions), judge(encode, probe_questions()).mean(), clock.cpu)


def train_to_the_end(job: Job) -> Any:
    with tempfile.TemporaryDirectory() as scratch:
        return training.train(
            job.folder,
            job.prepared.train,
            job.prepared.negative_scores,
            job.prepared.plan,
            None,
            seed=job.seed,
            scratch=Path(scratch),
            threads=job.threads,
            registry=job.registry,
            observe=lambda event: None,
        ).model


HEADINGS = ("set", "epochs", "seed", "way", "nDCG@10", "against plain, 95 %", "probe", "CPU s")


def rows(name: str, ways: Sequence[str], seed: int, epochs: int | None) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as scratch:
        job = prepare_job(name, Path(scratch), epochs=epochs, seed=seed)
        questions = questions_of(job.prepared.parts.test[::2])
        base = judge(load_embedder(str(job.folder)).encode, probe_questions()).mean()
        plain: ModelScores | None = None
        for way in dict.fromkeys(("plain", *ways)):
            result = train_and_judge(job, name.split(":")[0], WAYS[way], questions)
            plain = plain or result.test
            low, high = gain_interval(plain, result.test, seed)
            cells = [
                name, str(job.prepared.plan.epochs), str(seed), way, f"{result.test.mean():.3f}",
                "" if way == "plain" else f"{low:+.3f} to {high:+.3f}", f"{result.probe - base:+.3f}",
                f"{result.cpu:.0f}",
            ]  # fmt: skip
            yield f"| {' | '.join(cells)} |"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--only", action="append", metavar="SET:COUNT", help="By default nl2bash:160 and :640."
    )
    parser.add_argument("--way", action="append", choices=list(WAYS), help="By default all.")
    parser.add_argument("--seed", action="append", type=int, help="By default 0, 1 and 2.")
    parser.add_argument("--epochs", type=int, help="By default those of the plan.")
    words = parser.parse_args()
    print(f"| {' | '.join(HEADINGS)} |\n|{' --- |' * len(HEADINGS)}", flush=True)
    for name in words.only or ("nl2bash:160", "nl2bash:640"):
        for seed in words.seed or (0, 1, 2):
            for row in rows(name, words.way or list(WAYS), seed, words.epochs):
                print(row, flush=True)


if __name__ == "__main__":
    main()
