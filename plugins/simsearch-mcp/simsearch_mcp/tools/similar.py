"""The tool `similar`."""

from __future__ import annotations

from pydantic import Field

from simsearch import Workspace
from simsearch.querying.open_index import OpenIndex
from simsearch_mcp.tools.hits import Found, as_result, make_searcher
from simsearch_mcp.tools.search import MOST_RESULTS
from simsearch_mcp.tools.tool import Arguments, IndexTool, Result

DESCRIPTION = """\
Find indexed documents that are about the same as a document that you know from `search` or `get`. Use it to find \
related material, earlier versions or duplicates. To look for a text or a topic, use `search`."""


class SimilarArguments(Arguments):
    path: str = Field(min_length=1, description="The document's path, as `search` returned it.")
    k: int = Field(10, ge=1, le=MOST_RESULTS, description="How many documents to return.")


def find_similar(workspace: Workspace, index: OpenIndex, arguments: SimilarArguments) -> Result:
    """Ask the index with one of its documents."""
    searcher, notices = make_searcher(workspace, index, k=arguments.k)
    return as_result(workspace.ask_similar(arguments.path, searcher).hits, notices)


TOOL = IndexTool("similar", "Find similar documents", DESCRIPTION, SimilarArguments, Found, find_similar)
