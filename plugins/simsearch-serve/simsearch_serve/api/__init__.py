"""The JSON API: one file a subject."""

from __future__ import annotations

from fastapi import APIRouter

from simsearch_serve.api import (
    documents,
    embeddings,
    evaluation,
    health,
    indexing,
    judgements,
    metrics,
    models,
    search,
    status,
)
from simsearch_serve.metrics import Metrics
from simsearch_serve.resident import Resident

SUBJECTS = (search, documents, status, models, evaluation, embeddings, judgements, indexing, health)


def routers(resident: Resident, measured: Metrics) -> list[APIRouter]:
    """All routes of the API."""
    return [*(subject.make_router(resident) for subject in SUBJECTS), metrics.make_router(measured)]
