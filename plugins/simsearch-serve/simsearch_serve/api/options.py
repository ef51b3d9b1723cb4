"""The options of a search, and its results, as the API has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from simsearch.settings import Fusion, Mode
from simsearch.storage.protocols import Coverage
from simsearch.types import Explanation, Hit
from simsearch_serve.resident import Answered


class RankingOptions(BaseModel):
    """How to rank. What is left out is as the workspace's settings have it."""

    model_config = ConfigDict(extra="forbid")

    mode: Mode | None = Field(None, description="Search by meaning (dense), by words (lexical), or by both.")
    where: list[str] | None = Field(
        None, description="Filters that must all hold, such as `language:en and year>=2020`."
    )
    fusion: Fusion | None = Field(None, description="Method to combine both rankings.")
    weight: float | None = Field(None, ge=0, le=1, description="Weight of the dense score in hybrid mode.")


class SearchOptions(RankingOptions):
    """What to show, and how to rank: the options of `simsearch query`."""

    k: int | None = Field(None, ge=1, description="Number of results.")
    chunks: bool | None = Field(None, description="Every matching chunk, not each document once.")
    fold: bool | None = Field(None, description="Group results that are nearly the same.")
    rerank: str | None = Field(None, description="One of the rerankers that the server offers.")
    explain: bool = Field(False, description="Explain how the results were found.")

    @property
    def overrides(self) -> Mapping[str, Any]:
        """As fields of QuerySettings."""
        return {name: getattr(self, name) for name in _OVERRIDES}


_OVERRIDES = [name for name in SearchOptions.model_fields if name != "explain"]


class Results(BaseModel):
    """The hits of a search.

    Args:
        coverage: How many chunks have vectors; the others are found by their words only.
        notices: What a person should know about the answer, a sentence each.
        explanation: If it was asked for.
    """

    hits: list[Hit]
    coverage: Coverage
    notices: list[str]
    explanation: Explanation | None = None


def respond(found: Answered, explain: bool) -> Response:
    """The response; checking again what the core's own types guarantee would take longer than the rest."""
    explanation = found.answer.explanation
    results = Results.model_construct(
        hits=list(found.answer.hits),
        coverage=Coverage(explanation.chunks, explanation.with_vectors),
        notices=list(found.notices),
        explanation=explanation if explain else None,
    )
    return Response(results.model_dump_json(), media_type="application/json")
