"""/mcp: the tools of simsearch-mcp, where that is installed; the server's guards and limits hold for them too."""

from __future__ import annotations

import importlib.util

from starlette.routing import Route

from simsearch_serve.resident import Resident


def agent_routes(resident: Resident) -> list[Route]:
    """The route of the tools; none without simsearch-mcp."""
    if importlib.util.find_spec("simsearch_mcp") is None:
        return []
    from simsearch_mcp.http import HttpApplication

    tools = HttpApplication(
        resident.workspace, resident, writable=resident.writable, body=resident.limits.body
    )
    return [Route("/mcp", tools, methods=["POST"])]
