"""The JSON API under /api/v1: one file a subject."""

from __future__ import annotations

from fastapi import APIRouter

from simsearch_serve.api import health, search, status
from simsearch_serve.resident import Resident


def routers(resident: Resident) -> list[APIRouter]:
    """All routes of the API."""
    return [subject.make_router(resident) for subject in (search, status, health)]
