"""What a killed run leaves, and how the next one resumes it.

Imports torch.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.torch import load_file, save_file
from transformers import TrainerCallback

from simsearch.files import write_atomically
from simsearch.tuning.judging.measures import ModelScores
from simsearch.tuning.training.checkpoints import BestCheckpoint

STATE, WEIGHTS = "simsearch.json", "best.safetensors"
FIRST_AFTER = 30.0
SHARE = 0.02
"""Maximum share of the time that saving takes."""


def last_checkpoint(scratch: Path) -> Path | None:
    """The newest whole checkpoint in a run's scratch folder; one that was being written has no state yet."""
    whole = [path.parent for path in scratch.glob(f"checkpoint-*/{STATE}")]
    return max(whole, key=lambda path: int(path.name.partition("-")[2]), default=None)


class Saving(TrainerCallback):  # type: ignore[misc]
    """Lets the trainer save checkpoints, and adds the scores on the dev set so far.

    The first comes at the end of an epoch or after 30 seconds, the others so that they cost little.
    """

    def __init__(self, best: BestCheckpoint) -> None:
        self._best = best
        self._due = time.monotonic() + FIRST_AFTER
        self._asked = 0.0
        self._saved = False

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        # The last step of an epoch is saved after the epoch has been judged.
        ends_epoch = state.global_step * int(args.num_train_epochs) % state.max_steps == 0
        if not ends_epoch and time.monotonic() > self._due:
            self._ask(control)

    def on_epoch_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        goes_on = state.global_step < state.max_steps
        if goes_on and (not self._saved or time.monotonic() > self._due):
            self._ask(control)

    def on_save(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        save_state(self._best, Path(args.output_dir) / f"checkpoint-{state.global_step}")
        now, self._saved = time.monotonic(), True
        self._due = now + (now - self._asked) / SHARE

    def _ask(self, control: Any) -> None:
        self._asked = time.monotonic()
        control.should_save = True


def save_state(best: BestCheckpoint, folder: Path) -> None:
    """Write the scores on the dev set so far and the best weights; the state comes last."""
    if best.weights:
        save_file(best.weights, folder / WEIGHTS)
    state = {
        "scores": best.scores,
        "curve": [[share, _values(scores)] for share, scores in best.curve.items()],
        "best": best.best,
        "kept": best.kept and _values(best.kept),
        "highest": best.highest and _values(best.highest),
    }
    write_atomically(folder / STATE, json.dumps(state).encode())


def restore_state(best: BestCheckpoint, folder: Path) -> None:
    """Read back what save_state wrote."""
    state = json.loads((folder / STATE).read_text(encoding="utf-8"))
    best.scores = state["scores"]
    best.curve = {share: _read_scores(values) for share, values in state["curve"]}
    best.best = state["best"]
    best.kept, best.highest = (state[name] and _read_scores(state[name]) for name in ("kept", "highest"))
    if (folder / WEIGHTS).is_file():
        best.weights = load_file(folder / WEIGHTS, device=best.device)


def _values(scores: ModelScores) -> dict[str, list[float]]:
    return {measure: values.tolist() for measure, values in scores.values.items()}


def _read_scores(values: Mapping[str, list[float]]) -> ModelScores:
    """Without rankings, which nothing needs for the dev set."""
    return ModelScores({measure: np.array(numbers) for measure, numbers in values.items()}, ())
