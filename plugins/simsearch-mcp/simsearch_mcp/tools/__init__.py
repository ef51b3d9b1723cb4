"""The tools that an agent has: one file each."""

from __future__ import annotations

from simsearch_mcp.tools import get, index, judge, search, similar, status
from simsearch_mcp.tools.tool import AnyTool

READING: tuple[AnyTool, ...] = (search.TOOL, get.TOOL, similar.TOOL, status.TOOL)
WRITING: tuple[AnyTool, ...] = (index.TOOL, judge.TOOL)
