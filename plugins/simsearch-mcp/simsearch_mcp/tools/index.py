"""The tool `index`, with --write only."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from threading import Thread
from typing import TYPE_CHECKING

from pydantic import Field

from simsearch import InputError, Workspace
from simsearch.locations import locate
from simsearch.wording import suggestion
from simsearch_mcp.tools.tool import Arguments, Result, Value, WorkspaceTool

if TYPE_CHECKING:
    from simsearch.indexing import IndexReport

DESCRIPTION = """\
Bring the index up to date with folders that the user has indexed before. Use it after you have changed files there, \
so that `search` finds the new text. It can't index other folders: only the user can add one, with \
`simsearch index FOLDER`."""

NAMED_SKIPPED = 3

PATIENCE = 20.0
"""Seconds that a client waits for a run; most give up after a minute or less."""


class IndexArguments(Arguments):
    roots: list[str] = Field(
        [], description="Which of the indexed folders, as `status` names them. Empty: all of them."
    )


class IndexRun(Value):
    """What an index run did, in files."""

    running: bool = Field(description="Whether it goes on; then the numbers are not known yet.")
    added: int = 0
    changed: int = 0
    removed: int = 0
    unchanged: int = 0
    skipped: int = 0
    chunks: int = 0
    seconds: float = 0.0


def update_index(workspace: Workspace, arguments: IndexArguments) -> Result:
    """Index known roots again."""
    known = [root.root for root in workspace.status().roots]
    for root in arguments.roots:
        if root not in known:
            raise InputError(
                f"'{root}' is not indexed{suggestion(root, known)}. The indexed folders are: "
                f"{', '.join(known) or 'none'}. "
                "Only the user can add a folder, with `simsearch index FOLDER`."
            )
    if not known:
        raise InputError("Nothing is indexed yet; ask the user to run `simsearch index FOLDER`.")
    report = _run(workspace, arguments.roots or known)
    if report is None:
        return Result(
            "The run goes on; `status` says when it is done. New text is found as soon as it is read.",
            IndexRun(running=True),
        )
    value = IndexRun(
        running=False,
        added=report.added,
        changed=report.changed,
        removed=report.removed,
        unchanged=report.unchanged,
        skipped=len(report.skipped),
        chunks=report.chunks,
        seconds=report.seconds,
    )
    text = f"{value.added} files added, {value.changed} changed, {value.removed} removed, {value.unchanged} unchanged."
    skipped = [f"Skipped {skipped.path}: {skipped.reason}." for skipped in report.skipped[:NAMED_SKIPPED]]
    if value.skipped > NAMED_SKIPPED:
        skipped.append(f"{value.skipped - NAMED_SKIPPED} more were skipped.")
    return Result("\n".join([text, *skipped]), value)


def _run(workspace: Workspace, roots: Sequence[str]) -> IndexReport | None:
    """Index in a thread that goes on if it takes longer than a client waits; None then."""
    future: Future[IndexReport] = Future()

    def run() -> None:
        try:
            future.set_result(workspace.index(*(locate(root, workspace.folder) for root in roots)))
        except BaseException as error:
            future.set_exception(error)

    Thread(target=run, name="index", daemon=True).start()
    try:
        return future.result(PATIENCE)
    except TimeoutError:
        return None


TOOL = WorkspaceTool(
    "index", "Update the index", DESCRIPTION, IndexArguments, IndexRun, update_index, writes=True
)
