"""What training works on: the columns of texts and labels, and the loss around the model.

Imports torch.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from sentence_transformers.util import batch_to_device

from simsearch.plugins.registry import Registry
from simsearch.tuning.pairs.classes import classes_of, labelled
from simsearch.tuning.plan import Plan
from simsearch.types import Pair, Scores

Columns = dict[str, list[Any]]


def training_columns(pairs: Sequence[Pair], negative_scores: Scores | None, plan: Plan) -> Columns:
    """The columns that sentence-transformers feeds the loss; `label` holds the scores, or the numbers of classes."""
    columns: Columns = {
        "anchor": [pair.anchor for pair in pairs],
        "positive": [pair.positive for pair in pairs],
    }
    for i in range(plan.negatives):
        columns[f"negative_{i + 1}"] = [pair.negatives[i] for pair in pairs]
    if plan.kind == "binary":
        columns["label"] = [int(pair.score or 0) for pair in pairs]
    elif plan.kind == "graded":
        columns["label"] = [float(pair.score or 0) for pair in pairs]
    elif plan.kind == "margins":
        assert negative_scores is not None
        columns["label"] = [
            [float(pair.score or 0), *map(float, scores)]
            for pair, scores in zip(pairs, negative_scores, strict=True)
        ]
    elif labelled(pairs):
        numbers = {label: number for number, label in enumerate(classes_of(pairs))}
        columns["label"] = [numbers[pair.label] for pair in pairs if pair.label is not None]
    return columns


def spread(columns: Columns, count: int | None) -> Columns:
    """At most `count` rows, evenly spread: files are often sorted."""
    rows = len(columns["anchor"])
    if count is None or count >= rows:
        return columns
    return {name: [values[i * rows // count] for i in range(count)] for name, values in columns.items()}


def make_loss(plan: Plan, model: Any, registry: Registry) -> Any:
    """The plan's loss around the model."""
    with plan.loss.guarded():
        loss = plan.loss.value(model, registry.training_data(plan.kind, plan.negatives))
    if not isinstance(loss, torch.nn.Module):
        raise plan.loss.blame(f"gave a {type(loss).__name__}, not a torch module")
    return loss


def loss_of(loss: Any, model: Any, columns: Columns, rows: Sequence[int]) -> Any:
    """The loss on some rows, as one batch."""
    picked = {name: [values[row] for row in rows] for name, values in columns.items()}
    labels = torch.tensor(picked.pop("label"), device=model.device) if "label" in picked else None
    return loss([batch_to_device(model.preprocess(texts), model.device) for texts in picked.values()], labels)
