"""The tool `search`."""

from __future__ import annotations

from pydantic import Field

from simsearch import Workspace
from simsearch.querying.open_index import OpenIndex
from simsearch.settings import Mode
from simsearch_mcp.tools.hits import Found, as_result, make_searcher
from simsearch_mcp.tools.tool import Arguments, IndexTool, Result

LONGEST_QUERY = 4_000
MOST_RESULTS = 100

DESCRIPTION = """\
Search the user's own indexed documents and return the best passages, each with its path and lines. Use this first \
whenever the answer may be in these documents, before you answer from memory. It compares meaning and words, so ask in \
a full sentence or with key words, as people would write it. If nothing fits, ask once more in other words."""


class SearchArguments(Arguments):
    query: str = Field(
        min_length=1,
        max_length=LONGEST_QUERY,
        description='What to look for, as a sentence or key words. Words in "double quotes" must occur as written.',
    )
    k: int = Field(10, ge=1, le=MOST_RESULTS, description="How many documents to return.")
    where: str = Field(
        "",
        max_length=LONGEST_QUERY,
        description="A filter, such as `path:docs/*`, `language:en and year>=2020` or `not path:drafts`. Empty: all.",
    )
    mode: Mode = Field(
        "hybrid",
        description="hybrid: by meaning and words (best); dense: by meaning only; lexical: by words only, as for names "
        "and error codes.",
    )


def search(workspace: Workspace, index: OpenIndex, arguments: SearchArguments) -> Result:
    """Ask the index."""
    searcher, notices = make_searcher(
        workspace, index, k=arguments.k, where=arguments.where.strip() or None, mode=arguments.mode
    )
    return as_result(workspace.ask(arguments.query, searcher).hits, notices)


TOOL = IndexTool("search", "Search documents", DESCRIPTION, SearchArguments, Found, search)
