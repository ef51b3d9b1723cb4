"""Tuning against the stock sentence-transformers trainer with the same plan, on the same machine, in turn.

    python benchmarks/tuning.py --runs 3                    the whole table, as Markdown
    python benchmarks/tuning.py --only nl2bash:64 --runs 1  another number of pairs, such as a few to try it
    python benchmarks/tuning.py --only nl2bash:640:64       another size of batches than tune would choose
    python benchmarks/tuning.py --steps --only nl2bash:640  what each step of `tune` brings, with the plan's own epochs

Each run is a process of its own, so that its peak memory is its own. Both ways train on the same pairs in the same
order with the same loss and numbers, and are judged by the same code. `stock` is sentence-transformers' trainer
alone: it keeps the last weights. `simsearch` is all that `tune` does between reading pairs and judging: it trains on
batches without padding, judges on the dev part on the way, and mixes the weights; what it spends on judging is told
apart, since the stock trainer has no part in it. Seconds are the clock's; CPU seconds (user and system) are steadier
on a machine that does other things as well.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent.parent.parent / "shared" / "data"
SETS = {
    "nl2bash": ("nl2bash/train.pairs.jsonl", "nl2bash/test.pairs.jsonl"),
    "tldr_pairs": ("tldr_pairs/train.pairs.jsonl", "tldr_pairs/test.pairs.jsonl"),
    "medquad_qa": ("medquad_qa/train.pairs.jsonl", "medquad_qa/test.pairs.jsonl"),
    "banking77": ("banking77/train.pairs.jsonl", "banking77/dev.pairs.jsonl"),
    "covid_faq": ("covid_faq/pairs.jsonl", None),
}
COLUMNS = {"banking77": "label=none"}
"""How to read a set where `tune` would ask: its labels are names of classes, which the pairs have used already."""
ALL = (
    "nl2bash:640", "nl2bash:640:64", "nl2bash:2048", "tldr_pairs:2048", "medquad_qa:1024", "banking77:2048",
    "covid_faq:488",
)  # fmt: skip
"""What the table is of: a set, how many of its pairs, and the size of batches where it isn't tune's own."""
WAYS = ("stock", "simsearch")


@dataclass(frozen=True)
class Measured:
    """One run.

    Args:
        gain: In nDCG@10 on the test part, with the bounds of its 95 % interval.
        judging: Seconds and CPU seconds of the training that went into judging on the dev part.
    """

    base: float
    gain: float
    low: float
    high: float
    seconds: float
    cpu: float
    judging: float
    judging_cpu: float
    megabytes: float


@dataclass
class Clock:
    """Time spent in here, all told."""

    seconds: float = 0.0
    cpu: float = 0.0

    @contextmanager
    def on(self) -> Iterator[None]:
        began, began_cpu = time.perf_counter(), _cpu()
        yield
        self.seconds += time.perf_counter() - began
        self.cpu += _cpu() - began_cpu

    def around(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*values: Any) -> Any:
            with self.on():
                return function(*values)

        return timed


def measure(name: str, way: str, epochs: int, seed: int) -> Measured:
    """Train and judge in this process."""
    from simsearch.torch_models import open_sentence_transformer
    from simsearch.tuning.judging.measures import gain_interval, judge, questions_of
    from simsearch.tuning.training import checkpoints

    whole, judging = Clock(), Clock()
    with tempfile.TemporaryDirectory() as scratch:
        job = prepare_job(name, Path(scratch), epochs=epochs, seed=seed)
        checkpoints.judge = judging.around(judge)
        with whole.on():
            model = train_as_stock(job) if way == "stock" else train_as_tune(job).model
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    questions = questions_of(job.prepared.parts.test)
    before, after = (
        judge(encoder(model), questions) for model in (open_sentence_transformer(job.folder), model)
    )
    low, high = gain_interval(before, after, seed)
    return Measured(
        before.mean(), after.mean() - before.mean(), low, high, whole.seconds, whole.cpu,
        judging.seconds, judging.cpu, peak,
    )  # fmt: skip


@dataclass(frozen=True)
class Job:
    """What both ways train on.

    Args:
        folder: Of the base model.
        prepared: The pairs, divided, and the plan.
        scratch: For checkpoints.
    """

    folder: Path
    prepared: Any
    seed: int
    scratch: Path
    registry: Any
    threads: int


def prepare_job(name: str, scratch: Path, **overrides: Any) -> Job:
    """Read, divide and plan a set, as `SET:COUNT[:BATCH]` says.

    Args:
        overrides: Further settings of `tune`.
    """
    from simsearch.embedding import Places, find_model
    from simsearch.plugins.registry import Registry
    from simsearch.settings import TuneSettings, load_settings
    from simsearch.tuning.pairs.ledger import TestLedger
    from simsearch.tuning.preparing import prepare

    name, count, *batch = name.split(":")
    train_file, test_file = SETS[name]
    registry, settings = Registry.load(()), load_settings(Path())
    batch_size = int(batch[0]) if batch else None
    columns = COLUMNS.get(name, "")
    tune_settings = TuneSettings(limit=int(count), batch_size=batch_size, columns=columns, **overrides)
    test = DATA / test_file if test_file else None
    prepared = prepare([DATA / train_file], test, tune_settings, registry, TestLedger(scratch))
    folder = find_model(tune_settings.base, Places.of(settings))
    return Job(folder, prepared, tune_settings.seed, scratch, registry, settings.threads)


def train_as_tune(job: Job) -> Any:
    """All that `tune` does to make the weights: it judges on the dev set, and mixes them."""
    from simsearch.tuning.judging.measures import questions_of
    from simsearch.tuning.training.train import train

    prepared = job.prepared
    return train(
        job.folder,
        prepared.train,
        prepared.negative_scores,
        prepared.plan,
        questions_of(prepared.parts.dev) if prepared.parts.dev else None,
        seed=job.seed,
        scratch=job.scratch,
        threads=job.threads,
        registry=job.registry,
        observe=lambda event: None,
    )


def train_as_stock(job: Job) -> Any:
    """What a script with sentence-transformers would do: load, train, keep the last weights."""
    import torch
    from datasets import Dataset

    from simsearch.torch_models import open_sentence_transformer
    from simsearch.tuning.training import train

    prepared = job.prepared
    torch.manual_seed(job.seed)
    model = open_sentence_transformer(job.folder)
    columns = train.training_columns(prepared.train, prepared.negative_scores, prepared.plan)
    loss = train.make_loss(prepared.plan, model, job.registry)
    data = Dataset.from_dict(columns)
    with train.silence():
        train.make_trainer(model, loss, data, prepared.plan, job.seed, job.scratch).train()
    return model


def encoder(model: Any) -> Callable[[Sequence[str], str], Any]:
    from simsearch.tuning.training.packing import packed

    def encode(texts: Sequence[str], role: str) -> Any:
        with packed(model):
            return model.encode(
                list(texts), batch_size=256, normalize_embeddings=True, show_progress_bar=False
            )

    return encode


def in_a_process(name: str, way: str, epochs: int, seed: int) -> Measured:
    words = [sys.executable, __file__, "--measure", name, way, str(epochs), str(seed)]
    done = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True)
    return Measured(**json.loads(done.stdout.splitlines()[-1]))


def measure_steps(name: str, epochs: int | None, rate: float | None, seed: int) -> str:
    """A row of the table of steps: the base, a linear map on it, the tuned model, and a map on that."""
    from simsearch.embedding import load_embedder
    from simsearch.embedding.remembering import RememberingEmbedder
    from simsearch.tuning.judging.measures import embed, gain_interval, judge_embedded, questions_of
    from simsearch.tuning.judging.probe import probe_questions
    from simsearch.tuning.map_step import fit_base_map, fit_stacked_map, mapped

    mapping, training = Clock(), Clock()
    with tempfile.TemporaryDirectory() as scratch:
        job = prepare_job(name, Path(scratch), epochs=epochs, learning_rate=rate, seed=seed)
        base = RememberingEmbedder(load_embedder(str(job.folder)))
        with mapping.on():
            fitted = fit_base_map(job.prepared, base.encode, seed)
        with training.on():
            trained = train_as_tune(job)
    if fitted is None:
        return f"| {name} | {seed} | too few unrelated pairs for a map |"
    stacked = fit_stacked_map(job.prepared, base.encode, trained.encode, seed)
    encoders = {
        "base": base.encode,
        "map": mapped(base.encode, fitted.map),
        "tuned": trained.encode,
        "tuned and map": mapped(trained.encode, stacked) if stacked else trained.encode,
    }
    questions, probe = questions_of(job.prepared.parts.test), probe_questions()
    scores = {way: judge_embedded(embed(encode, questions), questions) for way, encode in encoders.items()}
    forgotten = [judge_embedded(embed(encode, probe), probe).mean() for encode in encoders.values()]
    low, high = gain_interval(scores["base"], scores["tuned and map"], seed)
    cells = [
        name,
        str(seed),
        *(f"{each.mean():.3f}" for each in scores.values()),
        f"{low:+.3f} to {high:+.3f}",
        "yes" if fitted.helps else "no",
        f"{forgotten[-1] - forgotten[0]:+.3f}",
        f"{mapping.cpu:.0f}",
        f"{training.cpu:.0f}",
    ]
    return f"| {' | '.join(cells)} |"


HEAD_OF_STEPS = (
    "set", "seed", "base", "map", "tuned", "tuned and map", "gain, 95 %", "map helps by folds", "probe", "map, CPU s",
    "training, CPU s",
)  # fmt: skip


def table_of_steps(names: Sequence[str], runs: int, epochs: int | None, rate: float | None) -> None:
    print(f"| {' | '.join(HEAD_OF_STEPS)} |\n|{' --- |' * len(HEAD_OF_STEPS)}", flush=True)
    for name in names:
        for seed in range(runs):
            print(measure_steps(name, epochs, rate, seed), flush=True)


HEAD = (
    "set", "base", "stock gain [95 %]", "simsearch gain [95 %]", "stock s", "simsearch s (judging)", "time ratio",
    "CPU ratio", "CPU ratio without judging", "stock MB", "simsearch MB",
)  # fmt: skip


def table(names: Sequence[str], runs: int, epochs: int) -> None:
    """Interleave the two ways and print medians with their spread."""
    print(f"| {' | '.join(HEAD)} |\n|{' --- |' * len(HEAD)}", flush=True)
    for name in names:
        measured: dict[str, list[Measured]] = {way: [] for way in WAYS}
        for seed in range(runs):
            for way in WAYS:
                measured[way].append(in_a_process(name, way, epochs, seed))
        print(row(name, *(measured[way] for way in WAYS)), flush=True)


def row(name: str, stock: list[Measured], ours: list[Measured]) -> str:
    cells = [
        name,
        f"{stock[0].base:.3f}",
        *(
            f"{statistics.mean(m.gain for m in all_runs):+.3f} [{all_runs[0].low:+.3f}, {all_runs[0].high:+.3f}]"
            for all_runs in (stock, ours)
        ),
        f"{statistics.median(m.seconds for m in stock):.0f}",
        f"{statistics.median(m.seconds for m in ours):.0f} ({statistics.median(m.judging for m in ours):.0f})",
        spread([a.seconds / b.seconds for a, b in zip(ours, stock, strict=True)]),
        spread([a.cpu / b.cpu for a, b in zip(ours, stock, strict=True)]),
        spread([(a.cpu - a.judging_cpu) / b.cpu for a, b in zip(ours, stock, strict=True)]),
        *(f"{max(m.megabytes for m in all_runs):.0f}" for all_runs in (stock, ours)),
    ]
    return f"| {' | '.join(cells)} |"


def spread(ratios: list[float]) -> str:
    middle = f"{statistics.median(ratios):.2f}"
    return middle if len(ratios) == 1 else f"{middle} ({min(ratios):.2f} to {max(ratios):.2f})"


def _cpu() -> float:
    times = os.times()
    return times.user + times.system


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", action="append", metavar="SET:COUNT[:BATCH]", help=", ".join(ALL))
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--epochs", type=int, help="By default 1, and with --steps what `tune` would take.")
    parser.add_argument("--learning-rate", type=float, help="With --steps; by default that of the plan.")
    parser.add_argument("--steps", action="store_true", help="What each step of `tune` brings.")
    parser.add_argument("--measure", nargs=4, help=argparse.SUPPRESS)
    words = parser.parse_args()
    if words.measure:
        name, way, epochs, seed = words.measure
        print(json.dumps(asdict(measure(name, way, int(epochs), int(seed)))))
    elif words.steps:
        table_of_steps(words.only or ALL, words.runs, words.epochs, words.learning_rate)
    else:
        table(words.only or ALL, words.runs, words.epochs or 1)


if __name__ == "__main__":
    main()
