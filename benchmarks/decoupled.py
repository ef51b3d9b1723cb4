"""The decoupled loss (plugins/simsearch-decoupled) against in-batch negatives, by batch size.

    python benchmarks/decoupled.py --seeds 3       both tables, as Markdown

The first table is the paper's measure of coupling: the mean share of its gradient that the multiple-negatives loss
keeps at the base model. The second is the result of one epoch of each loss on the same pairs in the same order.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simsearch.embedding import Places, find_model
from simsearch.plugins.registry import Registry
from simsearch.settings import TuneSettings, load_settings
from simsearch.torch_models import open_sentence_transformer
from simsearch.tuning.judging.measures import judge, questions_of
from simsearch.tuning.pairs.ledger import TestLedger
from simsearch.tuning.preparing import Prepared, prepare
from simsearch.tuning.training.train import train

DATA = Path(__file__).parent.parent.parent / "shared" / "data" / "nl2bash"
TRAIN, TEST = DATA / "train.pairs.jsonl", DATA / "test.pairs.jsonl"
LOSSES = ("multiple-negatives:directions=one", "decoupled:directions=one")
PAIRS = 640
SCALE = 20


@dataclass(frozen=True)
class Machine:
    """What every run shares."""

    registry: Registry
    folder: Path
    scratch: Path

    def prepared(self, loss: str, batch: int, seed: int, rate: float) -> Prepared:
        tune_settings = TuneSettings(
            limit=PAIRS, epochs=1, seed=seed, loss=loss, batch_size=batch, learning_rate=rate
        )
        ledger = TestLedger(self.scratch)
        return prepare([TRAIN], TEST, tune_settings, self.registry, ledger)


def gradient_kept(model: Any, prepared: Prepared, batch: int) -> float:
    """The mean over all rows of 1 - softmax of the positive: what is left of the decoupled gradient."""
    pairs = prepared.train
    anchors, positives = (
        model.encode(
            [getattr(pair, side) for pair in pairs], normalize_embeddings=True, convert_to_tensor=True
        )
        for side in ("anchor", "positive")
    )
    kept = []
    for start in range(0, len(pairs) - batch + 1, batch):
        rows = slice(start, start + batch)
        shares = (SCALE * anchors[rows] @ positives[rows].T).softmax(dim=1).diagonal()
        kept += (1 - shares).tolist()
    return statistics.mean(kept)


def score(model: Any, prepared: Prepared) -> float:
    """nDCG@10 on the test questions."""

    def encode(texts: Any, role: str) -> Any:
        return model.encode(list(texts), normalize_embeddings=True, show_progress_bar=False)

    return judge(encode, questions_of(prepared.parts.test)).mean()


def trained(machine: Machine, prepared: Prepared, seed: int) -> Any:
    with tempfile.TemporaryDirectory() as scratch:
        return train(
            machine.folder,
            prepared.train,
            prepared.negative_scores,
            prepared.plan,
            None,  # the last weights, as they are: no choosing and no mixing with the base
            seed=seed,
            scratch=Path(scratch),
            threads=1,
            registry=machine.registry,
            observe=lambda event: None,
        ).model


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--batches", default="8,16,32,64")
    parser.add_argument("--rate", type=float, default=5e-5)
    words = parser.parse_args()
    batches = [int(size) for size in words.batches.split(",")]
    with tempfile.TemporaryDirectory() as scratch:
        settings = load_settings(Path())
        folder = find_model("all-MiniLM-L6-v2", Places.of(settings))
        machine = Machine(Registry.load(), folder, Path(scratch))
        prepared = machine.prepared(LOSSES[0], batches[0], 0, words.rate)
        base = open_sentence_transformer(folder)
        print("| batch | gradient that multiple-negatives keeps |\n| --- | --- |")
        for batch in batches:
            print(f"| {batch} | {gradient_kept(base, prepared, batch):.3f} |", flush=True)
        before = score(base, prepared)
        print(f"\nBase {before:.4f}, rate {words.rate:g}, {words.seeds} seeds.\n")
        print(f"| batch | {' | '.join(LOSSES)} |\n| --- |{' --- |' * len(LOSSES)}")
        for batch in batches:
            gains: dict[str, list[float]] = {loss: [] for loss in LOSSES}
            for seed in range(words.seeds):
                for loss in LOSSES:
                    prepared = machine.prepared(loss, batch, seed, words.rate)
                    gains[loss].append(score(trained(machine, prepared, seed), prepared) - before)
            cells = [f"{statistics.mean(g):+.4f} ({min(g):+.4f} to {max(g):+.4f})" for g in gains.values()]
            print(f"| {batch} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
