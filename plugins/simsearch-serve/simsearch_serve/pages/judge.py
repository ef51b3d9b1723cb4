"""POST /judge: keep that a result is right or wrong for a question. The guard of the server refuses posts of other
sites, and no other site can show this one in a frame."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from simsearch import InputError
from simsearch.home import Home
from simsearch.judgements.judgements import Judgements
from simsearch.near_duplicates import normalise
from simsearch.querying.open_index import OpenIndex
from simsearch.querying.searcher import Searcher
from simsearch_serve.pages.links import read_number
from simsearch_serve.pages.responding import page_route
from simsearch_serve.resident import Resident

VERDICTS = ("right", "wrong", "none")


def make_routes(resident: Resident) -> list[Route]:
    async def judge(request: Request) -> Response:
        form = dict(parse_qsl((await request.body()).decode("utf-8", "replace"), max_num_fields=10))
        by = _user_of(request)
        await resident.run(partial(_judge, resident, form, by))
        return RedirectResponse(_own_address(form.get("back", "")), HTTPStatus.SEE_OTHER)

    return [page_route("/judge", judge, methods=["POST"])]


def read_verdicts(resident: Resident, question: str) -> dict[str, bool]:
    """What was judged for a question: whether it is right, by a document's id."""
    wanted = normalise(question)
    judgements = resident.workspace.judgements.read().judgements
    return {judged.id: judged.right for judged in judgements if normalise(judged.question) == wanted}


def _judge(resident: Resident, form: Mapping[str, str], by: str | None, index: OpenIndex) -> None:
    question, document, verdict = (form.get(name, "") for name in ("question", "document", "verdict"))
    if not question or not document or verdict not in VERDICTS:
        raise InputError("A judgement needs a question, a document, and right, wrong or none as the verdict.")
    judgements = _judgements(resident, index)
    if verdict == "none":
        judgements.remove(question, document)
    else:
        line = read_number(form.get("line"))
        judgements.add(question, document, line=line, right=verdict == "right", by=by)


def _judgements(resident: Resident, index: OpenIndex) -> Judgements:
    """The judgements of the workspace, on the index that is open already."""
    workspace = resident.workspace

    @contextmanager
    def open_searcher(**overrides: Any) -> Iterator[Searcher]:
        yield index.searcher(workspace.query_settings(**overrides))

    return Judgements(workspace.folder, Home(workspace.home), open_searcher, workspace.settings.use.name)


def _user_of(request: Request) -> str | None:
    """The name that a browser gave together with the token, if it gave one."""
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name = base64.b64decode(value, validate=True).partition(b":")[0].decode("utf-8", "replace")
    except binascii.Error:
        return None
    return name or None


def _own_address(back: str) -> str:
    """An address of this server; nothing that could lead elsewhere."""
    return back if back.startswith("/") and not back.startswith(("//", "/\\")) and back.isprintable() else "/"
