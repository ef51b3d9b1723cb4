"""The tools as a server of the MCP SDK, whatever it is reached over."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar

import mcp_types as types
from mcp.server.lowlevel import Server
from pydantic import ValidationError

from simsearch import SimsearchError, Workspace, __version__
from simsearch.querying.open_index import OpenIndex
from simsearch_mcp.opening import INSTRUCTIONS, NAME, TITLE
from simsearch_mcp.tools import READING, WRITING
from simsearch_mcp.tools.tool import AnyTool, IndexTool, Schema

T = TypeVar("T")


class Runner(Protocol):
    """Runs what takes a while in a thread, so that other requests are answered meanwhile."""

    async def run(self, work: Callable[[OpenIndex], T]) -> T:
        """Do something with the open index."""

    async def run_without_index(self, work: Callable[[], T]) -> T:
        """Do something else."""


log = logging.getLogger("simsearch_mcp")


def create_server(workspace: Workspace, runner: Runner, *, writable: bool) -> Server[Any]:
    """A server with all tools, or with those that only read."""
    tools = {tool.name: tool for tool in (*READING, *(WRITING if writable else ()))}
    refused = {tool.name for tool in WRITING} - set(tools)

    async def list_tools(context: object, parameters: object) -> types.ListToolsResult:
        return types.ListToolsResult(tools=[_describe(tool) for tool in tools.values()])

    async def call_tool(context: object, parameters: types.CallToolRequestParams) -> types.CallToolResult:
        name, given = parameters.name, parameters.arguments or {}
        if name in refused:
            return _failure(
                f"The tool '{name}' changes the workspace, and this server only reads: it needs --write."
            )
        if name not in tools:
            return _failure(f"There is no tool '{name}'. The tools are: {', '.join(tools)}.")
        return await _call(tools[name], workspace, given, runner)

    return Server(
        NAME,
        title=TITLE,
        version=__version__,
        instructions=INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


async def _call(
    tool: AnyTool, workspace: Workspace, given: dict[str, Any], runner: Runner
) -> types.CallToolResult:
    """What a tool says; if it fails, one sentence that says what to do."""
    try:
        arguments = tool.arguments.model_validate(given)
        if isinstance(tool, IndexTool):
            result = await runner.run(lambda index: tool.run(workspace, index, arguments))
        else:
            result = await runner.run_without_index(lambda: tool.run(workspace, arguments))
    except ValidationError as error:
        return _failure(_describe_invalid(tool, error))
    except (SimsearchError, OSError) as error:
        return _failure(str(error))
    except Exception as error:
        log.exception("the tool %s failed", tool.name)
        return _failure(
            f"The tool '{tool.name}' failed ({type(error).__name__}); the log of the server says why."
        )
    return types.CallToolResult(
        content=[types.TextContent(text=result.text)],
        structured_content=result.value.model_dump(mode="json"),
    )


def _failure(message: str) -> types.CallToolResult:
    return types.CallToolResult(content=[types.TextContent(text=message)], is_error=True)


def _describe(tool: AnyTool) -> types.Tool:
    return types.Tool(
        name=tool.name,
        title=tool.title,
        description=tool.description,
        input_schema=tool.arguments.model_json_schema(schema_generator=Schema),
        output_schema=tool.value.model_json_schema(schema_generator=Schema, mode="serialization"),
        annotations=types.ToolAnnotations(
            title=tool.title,
            read_only_hint=not tool.writes,
            destructive_hint=False,
            idempotent_hint=True,
            open_world_hint=False,
        ),
    )


def _describe_invalid(tool: AnyTool, error: ValidationError) -> str:
    first: Any = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(map(str, first["loc"]))
    known: Sequence[str] = list(tool.arguments.model_fields)
    if first["type"] == "extra_forbidden":
        return (
            f"The tool '{tool.name}' has no argument '{place[:100]}'. Its arguments are: "
            f"{', '.join(known) or 'none'}."
        )
    return f"The argument '{place}' of '{tool.name}' can't be used: {first['msg'][:1].lower()}{first['msg'][1:]}."
