"""/compare: what two models find for one question, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simsearch import InputError, Workspace
from simsearch.querying.open_index import OpenIndex
from simsearch.types import Rows
from simsearch_serve.pages.comparing import (
    Candidates,
    Move,
    OtherModels,
    find_candidates,
    find_moves,
    rank_by_other,
    rank_by_own,
)
from simsearch_serve.pages.hits import Passage, show_passage
from simsearch_serve.pages.responding import page_route, respond
from simsearch_serve.pages.runs import Run, read_runs
from simsearch_serve.resident import Resident

SHOWN = 10
LONGEST_TEXT = 220


@dataclass(frozen=True, slots=True)
class Model:
    """A model to compare.

    Args:
        run: What it has proven; None for a model that was not tuned here.
    """

    name: str
    label: str
    run: Run | None = None


@dataclass(frozen=True, slots=True)
class Ranked:
    """A passage in one of the lists."""

    move: Move
    passage: Passage


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two rankings of the same passages.

    Args:
        moved: How many of the first of the right list are at another rank in the left one.
        entered: How many of them are not among the first of the left one.
    """

    candidates: Candidates
    left: tuple[Ranked, ...]
    right: tuple[Ranked, ...]
    moved: int
    entered: int


def make_routes(resident: Resident) -> list[Route]:
    others = OtherModels(resident.workspace.models.load)

    async def show(request: Request) -> Response:
        given = request.query_params
        models, indexed = await resident.run(partial(_list_models, resident.workspace))
        left, right = _choose(given, models, indexed)
        question = given.get("q", "").strip()[: resident.limits.query]
        comparison = None
        if question and left is not right:
            comparison = await resident.run(
                partial(_compare, question, left.name, right.name, resident, others)
            )
        return respond(
            "compare.html",
            question=question,
            models=models,
            indexed=indexed,
            left=left,
            right=right,
            comparison=comparison,
        )

    return [page_route("/compare", show)]


def _list_models(workspace: Workspace, index: OpenIndex) -> tuple[list[Model], str]:
    """The base, the runs, and the model of the index if it is another; and the name of that."""
    indexed, base = index.snapshot.identity.model, workspace.settings.tune.base
    runs = [
        Model(run.name, f"{run.name}{', promoted' if run.promoted else ''}", run)
        for run in read_runs(workspace)
    ]
    models = [Model(base, f"{base} (base)"), *runs]
    known = {model.name for model in models}
    return models if indexed in known else [*models, Model(indexed, f"{indexed} (index)")], indexed


def _choose(given: QueryParams, models: Sequence[Model], indexed: str) -> tuple[Model, Model]:
    """The models that the address names; else the base, and the promoted run, the index's model or the newest run."""
    known = {model.name: model for model in models}
    for name in (given.get("left"), given.get("right")):
        if name and name not in known:
            raise InputError(f"There is no model '{name}' here. The models are: {', '.join(known)}.")
    left = known[given.get("left") or models[0].name]
    promoted = next((model for model in models if model.run and model.run.promoted), None)
    others = [model for model in (promoted, known[indexed], *models) if model and model is not left]
    right = known[given["right"]] if given.get("right") else next(iter(others), left)
    return left, right


def _compare(
    question: str, left: str, right: str, resident: Resident, others: OtherModels, index: OpenIndex
) -> Comparison:
    snapshot = index.snapshot
    own = resident.load(snapshot.identity)
    candidates = find_candidates(question, snapshot, own)

    def rank(name: str) -> Rows:
        if name == snapshot.identity.model:
            return rank_by_own(question, candidates, snapshot, own)
        return rank_by_other(name, question, candidates, others)

    one, other = rank(left), rank(right)
    before = find_moves(one, other, candidates, SHOWN)
    after = find_moves(other, one, candidates, SHOWN)
    return Comparison(
        candidates=candidates,
        left=tuple(Ranked(move, show_passage(move.record, question, LONGEST_TEXT)) for move in before),
        right=tuple(Ranked(move, show_passage(move.record, question, LONGEST_TEXT)) for move in after),
        moved=sum(move.gain != 0 for move in after),
        entered=sum(move.other > SHOWN for move in after),
    )
