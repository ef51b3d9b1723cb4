"""The tool `judge`, with --write only."""

from __future__ import annotations

from pydantic import Field

from simsearch import Workspace
from simsearch.querying.indexed_documents import find_documents, names_in_index
from simsearch.querying.open_index import OpenIndex
from simsearch_mcp.tools.tool import Arguments, IndexTool, Result, Value

BY = "agent"
"""Who judged; people have their own names."""

DESCRIPTION = """\
Record that a document is a right or a wrong answer to a question, so that the user can test and tune the search with \
it. Use it only when the user says so, or after you have read the document with `get` and are sure."""


class JudgeArguments(Arguments):
    question: str = Field(min_length=1, max_length=4_000, description="The question, in the user's words.")
    path: str = Field(min_length=1, description="The document's path, as `search` returned it.")
    right: bool = Field(description="true if the document answers the question, false if it does not.")
    line: int = Field(
        0, ge=0, description="A line of the passage that is meant. 0: the passage nearest to the question."
    )
    note: str = Field("", max_length=1_000, description="Why, in a sentence.")


class Judged(Value):
    """The judgement that was kept."""

    question: str
    path: str
    right: bool
    passage: str


def judge(workspace: Workspace, index: OpenIndex, arguments: JudgeArguments) -> Result:
    """Keep a judgement."""
    snapshot = index.snapshot
    found = find_documents(snapshot, names_in_index(arguments.path, workspace.folder))
    own = found.documents[0].id if len(found.documents) == 1 else ""
    kept = workspace.judgements.add(
        arguments.question,
        found.path if own.startswith("#") or not own else own,
        line=arguments.line or None,
        right=arguments.right,
        note=arguments.note,
        by=BY,
    )
    value = Judged(question=kept.question, path=kept.path, right=kept.right, passage=kept.passage)
    verdict = "right" if kept.right else "wrong"
    return Result(f"Kept: {kept.path} is {verdict} for “{kept.question}”.", value)


TOOL = IndexTool("judge", "Judge a result", DESCRIPTION, JudgeArguments, Judged, judge, writes=True)
