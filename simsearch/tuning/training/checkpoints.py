"""Judges the model on the dev set while it trains, and keeps the latest epoch's weights that are as good as the best.

Imports torch.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from transformers import TrainerCallback

from simsearch.tuning.judging.measures import Encode, ModelScores, Questions, as_good, judge
from simsearch.tuning.training.merging import best_share, mix, sweep
from simsearch.tuning.training.packing import packed
from simsearch.types import Role, Vectors

AT_ONCE = 256
"""Texts to embed at once; in pieces without padding, as in training."""
CURVE = (0.25, 0.5)
"""Shares of the first epoch after which the model is judged as well: what fewer pairs would have brought."""


class BestCheckpoint(TrainerCallback):  # type: ignore[misc]
    """Judges before training, during the first epoch, and after each epoch.

    Args:
        dev: The questions that choose; None keeps the last weights.
        base: The scores of the base on them; None judges it before training.
        probe: General knowledge, of which a mix should lose next to nothing; None doesn't ask for it.

    Attributes:
        scores: nDCG@10 on the dev set before training and after each epoch.
        curve: Share of the pairs seen, 0 to 1, to the scores on the dev set.
        best: The epoch whose weights are kept, from 1; 0 while none is.
        weights: Those weights, the latest that are as good as the best at the end of an epoch, or within the first one
            while it runs; empty while there are none.
        kept: The scores of those weights on the dev set.
        highest: The best scores on the dev set.
        mixes: Share of the tuned weights, 0 (the base) to 1, to nDCG@10 of the mix on the dev set.
        share: The share that is in the model, one of those that are as good as the best; 1 without a dev set.
    """

    def __init__(
        self,
        model: Any,
        dev: Questions | None,
        base: ModelScores | None = None,
        probe: Questions | None = None,
    ) -> None:
        self._model = model
        self._dev = dev
        self._probe = probe
        self._base_scores = base
        self._base = self._weights()
        self.weights: dict[str, torch.Tensor] = {}
        self.kept: ModelScores | None = None
        self.highest: ModelScores | None = None
        self._last = self._base
        self._curve_steps: dict[int, float] = {}
        self._first_epoch = 0
        self.scores: list[float] = []
        self.curve: dict[float, ModelScores] = {}
        self.best = 0
        self.mixes: dict[float, float] = {}
        self.share = 1.0

    @property
    def found(self) -> bool:
        """Whether there are tuned weights worth keeping."""
        return bool(self.weights)

    @property
    def device(self) -> str:
        """Where the weights are."""
        return str(self._model.device)

    @property
    def latest(self) -> float | None:
        """The last score on the dev set."""
        if len(self.scores) > 1 or not self.curve:
            return self.scores[-1] if self.scores else None
        return list(self.curve.values())[-1].mean()

    def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        if self._dev is None:
            return
        if not self.scores:  # a run that goes on from a checkpoint has been here
            self.curve[0.0] = self._base_scores or self._judge()
            self.scores.append(self.curve[0.0].mean())
        steps = max(state.max_steps // int(args.num_train_epochs), 1)
        self._curve_steps = {round(steps * share): share for share in CURVE if round(steps * share)}
        self._first_epoch = steps

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        if state.global_step in self._curve_steps:
            self.curve[self._curve_steps[state.global_step]] = scores = self._judge()
            self._keep(scores, 1)

    def on_epoch_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        epoch = math.ceil(state.epoch - 1e-6)  # one that was stopped counts as well
        if self._dev is None:
            self.best, self.weights = epoch, self._weights()
            return
        scores = self._judge()
        self.scores.append(scores.mean())
        if state.global_step == self._first_epoch:
            self.curve[1.0] = scores
            self.highest = None  # what was kept on the way was only for lack of this
        self._keep(scores, epoch)

    def keep_best(self) -> None:
        """Leave the model with the weights that are as good as the best, mixed with the base's where that is clearly
        better; without a dev set with the last."""
        self._last = self._weights()
        if self.kept is not None:
            judged = sweep(self._model, self._base, self.weights, self._judge, self.scores[0], self.kept)
            self.mixes = {0.0: self.scores[0]} | {share: found.mean() for share, found in judged.items()}
            known = self._known(0.0)
            self.share = best_share(judged, lambda share: known - self._known(share))
        self._model.load_state_dict(self._chosen())

    @property
    def chose_the_last(self) -> bool:
        """Whether the model has the weights that training ended with, unmixed."""
        chosen = self._chosen()
        return all(torch.equal(weights, chosen[name]) for name, weights in self._last.items())

    @contextmanager
    def as_trained(self) -> Iterator[Encode]:
        """Embed with the weights that training ended with; the model is left as it was."""
        self._model.load_state_dict(self._last)
        try:
            yield self.encode
        finally:
            self._model.load_state_dict(self._chosen())

    def _chosen(self) -> dict[str, torch.Tensor]:
        return self.weights if self.share == 1 else mix(self._base, self.weights, self.share)

    def _known(self, share: float) -> float:
        """nDCG@10 of a mix on the probe; 0 without one."""
        if self._probe is None:
            return 0.0
        self._model.load_state_dict(mix(self._base, self.weights, share))
        return judge(self.encode, self._probe).mean()

    def _keep(self, scores: ModelScores, epoch: int) -> None:
        if self.highest is None or scores.mean() > self.highest.mean():
            self.highest = scores
        if as_good(scores, self.highest):
            self.kept, self.best, self.weights = scores, epoch, self._weights()

    def _judge(self) -> ModelScores:
        assert self._dev is not None
        return judge(self.encode, self._dev)

    def _weights(self) -> dict[str, torch.Tensor]:
        return {name: value.clone() for name, value in self._model.state_dict().items()}

    def encode(self, texts: Sequence[str], role: Role) -> Vectors:
        encode = self._model.encode_query if role == "query" else self._model.encode_document
        with packed(self._model):
            vectors: Vectors = encode(
                list(texts), batch_size=AT_ONCE, normalize_embeddings=True, show_progress_bar=False
            )
        return vectors
