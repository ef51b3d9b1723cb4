"""The web page at /: HTML that works without JavaScript, and one script that makes it quicker."""

from __future__ import annotations

from pathlib import Path

from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

from simsearch_serve.pages import compare, document, judge, points, reports, search, status
from simsearch_serve.pages.responding import tell_http as tell_http
from simsearch_serve.resident import Resident

STATIC = Path(__file__).parent / "static"


def routes(resident: Resident) -> list[BaseRoute]:
    """Everything that a browser asks for."""
    subjects = (search, document, compare, points, reports, status, *([judge] if resident.writable else []))
    views = [route for subject in subjects for route in subject.make_routes(resident)]
    return [*views, Mount("/static", StaticFiles(directory=STATIC))]
