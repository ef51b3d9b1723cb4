"""The tool `status`."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from simsearch import SimsearchError, Workspace
from simsearch.status import Status
from simsearch_mcp.tools.tool import Arguments, Result, Value, WorkspaceTool

DESCRIPTION = """\
Say what is indexed, when it was last brought up to date, and with which model. Use it when a search finds nothing \
that you expected, or before you rely on the documents being current. It takes no arguments."""


class StatusArguments(Arguments):
    pass


class Root(Value):
    """A folder or file that is indexed."""

    path: str
    files: int
    exists: bool
    indexed: str = Field(description="When it was last indexed, ISO 8601 in UTC; empty if that is unknown.")


class Gain(Value):
    """What the tuned model was measured to gain over its base, on questions that it had never seen."""

    run: str
    measure: str
    base: float
    tuned: float
    gain: float
    low: float = Field(description="The lower end of the 95 % interval of the gain.")
    high: float


class IndexStatus(Value):
    """What is indexed."""

    indexed: bool = Field(description="Whether there is an index.")
    files: int
    documents: int
    chunks: int
    with_vectors: int = Field(
        description="How many chunks can be found by meaning; the others by their words only."
    )
    roots: list[Root]
    model: str = Field(description="The model of the index; empty if there is no index.")
    current_model: str = Field(description="The model that the next index run uses.")
    gains: list[Gain] = Field(
        description="The proven gain of the index's model; empty for one that was not tuned."
    )


def read_status(workspace: Workspace, arguments: StatusArguments) -> Result:
    """Read the status of the workspace."""
    status = workspace.status()
    gains = _read_gains(workspace, status.index_model)
    counts, coverage = status.index, status.coverage
    value = IndexStatus(
        indexed=counts is not None,
        files=counts.files if counts else 0,
        documents=counts.documents if counts else 0,
        chunks=counts.chunks if counts else 0,
        with_vectors=coverage.with_vectors if coverage else 0,
        roots=[
            Root(path=root.root, files=root.files, exists=root.exists, indexed=root.indexed or "")
            for root in status.roots
        ],
        model=status.index_model or "",
        current_model=status.model,
        gains=gains,
    )
    return Result(_describe(status, value), value)


def _read_gains(workspace: Workspace, model: str | None) -> list[Gain]:
    """The measured gain of a tuned model, on the measure that decided; nothing for any other model."""
    run = (model or "").partition("@")[0]
    if not workspace.models.is_run(run):
        return []
    try:
        record = workspace.runs.record(run)
        return [_as_gain(run, record)]
    except (SimsearchError, KeyError, TypeError, ValueError):
        return []


def _as_gain(run: str, record: dict[str, Any]) -> Gain:
    measure = next(iter(record["gain"]))
    low, high = record["interval"]
    return Gain(
        run=run,
        measure=measure,
        base=record["base"][measure],
        tuned=record["tuned"][measure],
        gain=record["gain"][measure],
        low=low,
        high=high,
    )


def _describe(status: Status, value: IndexStatus) -> str:
    if not value.indexed:
        return f"Nothing is indexed yet in {status.workspace}: ask the user to run `simsearch index FOLDER` there."
    lines = [f"{value.files} files, {value.documents} documents, {value.chunks} chunks."]
    lines += [
        f"{root.path}: {root.files} files, {f'last indexed {root.indexed}' if root.indexed else 'last run unknown'}"
        f"{'' if root.exists else '; it no longer exists'}"
        for root in value.roots
    ]
    lines.append(f"Model: {value.model}.")
    lines += [
        f"It was tuned: {gain.measure} {gain.base:.3f} → {gain.tuned:.3f} on questions that it had never seen "
        f"(gain {gain.gain:+.3f}, 95 % interval {gain.low:+.3f} to {gain.high:+.3f})."
        for gain in value.gains
    ]
    if not status.fresh:
        lines.append(f"The current model is {value.current_model}: `simsearch index` switches to it.")
    if value.with_vectors < value.chunks:
        lines.append(
            f"{value.with_vectors} of {value.chunks} chunks can be found by meaning, the others by words only."
        )
    return "\n".join(lines)


TOOL = WorkspaceTool("status", "Show what is indexed", DESCRIPTION, StatusArguments, IndexStatus, read_status)
