"""The tools, asked by the SDK's own client in this process."""

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import mcp_types as types
import pytest
from mcp import Client
from mcp_types.version import HANDSHAKE_PROTOCOL_VERSIONS
from simsearch_mcp.opening import VERSIONS, answer_initialize
from simsearch_mcp.server import create_server
from simsearch_mcp.tools import get as get_tool
from simsearch_mcp.tools import index as index_tool

from simsearch import Workspace
from simsearch.querying.open_index import OpenIndex
from simsearch.testing import CommandContract
from tests.support.hashed_words import indexed, open_workspace

T = TypeVar("T")

FILES = {
    "docs/goat.txt": "the goat eats grass on the hill\n",
    "docs/sheep.txt": "the sheep eats grass on the hill\n",
    "docs/lines.txt": "one\ntwo\nthree\nfour\n",
    "rows.jsonl": '{"_id": "7", "text": "an engine burns fuel"}\n{"_id": "8", "text": "a lamp burns oil"}\n',
}


class TestCommandContract(CommandContract):
    spec = "mcp"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return indexed(tmp_path / "work", FILES)


class Here:
    """Runs every tool at once, in the thread of the server."""

    def __init__(self, workspace: Workspace) -> None:
        self._resident = workspace.keep_open()

    async def run(self, work: Callable[[OpenIndex], T]) -> T:
        return work(self._resident.open())

    async def run_without_index(self, work: Callable[[], T]) -> T:
        return work()


def talk(
    workspace: Workspace, ask: Callable[[Client], Awaitable[Any]], writable: bool = False, **how: Any
) -> Any:
    """What a client gets that is connected to a server of its own."""

    async def main() -> Any:
        server = create_server(workspace, Here(workspace), writable=writable)
        async with Client(server, **how) as client:
            return await ask(client)

    return asyncio.run(main())


def call(workspace: Workspace, tool: str, writable: bool = False, **arguments: Any) -> types.CallToolResult:
    result: types.CallToolResult = talk(workspace, lambda client: client.call_tool(tool, arguments), writable)
    return result


def text_of(result: types.CallToolResult) -> str:
    (content,) = result.content
    assert isinstance(content, types.TextContent)
    return content.text


def value_of(result: types.CallToolResult) -> dict[str, Any]:
    assert not result.is_error and isinstance(result.structured_content, dict), text_of(result)
    return result.structured_content


def refusal(result: types.CallToolResult) -> str:
    """The one sentence that says what is wrong."""
    assert result.is_error and result.structured_content is None
    text = text_of(result)
    assert text.endswith(".") and "\n" not in text and "Traceback" not in text
    return text


def test_the_light_answer_to_initialize_is_that_of_the_sdk(workspace: Workspace) -> None:
    assert VERSIONS == HANDSHAKE_PROTOCOL_VERSIONS

    async def hello(client: Client) -> dict[str, Any]:
        about = {"capabilities": client.server_capabilities, "serverInfo": client.server_info}
        plain = {name: found.model_dump(by_alias=True, exclude_none=True) for name, found in about.items()}
        return {"protocolVersion": client.protocol_version, **plain, "instructions": client.instructions}

    said = talk(workspace, hello, mode="legacy")
    wanted = {
        "protocolVersion": VERSIONS[-1],
        "capabilities": {},
        "clientInfo": {"name": "me", "version": "1"},
    }
    line = json.dumps({"jsonrpc": "2.0", "id": 3, "method": "initialize", "params": wanted}).encode()
    answer = answer_initialize(line)
    assert answer and json.loads(answer) == {"jsonrpc": "2.0", "id": 3, "result": said}
    unknown = answer_initialize(line.replace(VERSIONS[-1].encode(), b"1999-01-01"))
    assert unknown and json.loads(unknown)["result"]["protocolVersion"] == VERSIONS[-1]


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"\xff",
        b"[]",
        b'{"jsonrpc": "2.0", "id": 1, "method": "ping"}',
        b'{"jsonrpc": "2.0", "method": "initialize"}',
        b'{"jsonrpc": "2.0", "id": true, "method": "initialize", "params": {"protocolVersion": "1", "capabilities": {},'
        b' "clientInfo": {"name": "", "version": ""}}}',
        b'{"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"protocolVersion": 1}}',
    ],
)
def test_any_other_line_is_left_to_the_sdk(line: bytes) -> None:
    assert answer_initialize(line) is None


def test_schemas_are_simple_enough_for_every_client(workspace: Workspace) -> None:
    tools = talk(workspace, lambda client: client.list_tools(), writable=True).tools
    assert [tool.name for tool in tools] == ["search", "get", "similar", "status", "index", "judge"]
    for tool in tools:
        assert tool.input_schema["type"] == "object" and tool.output_schema["type"] == "object"
        text = json.dumps(tool.input_schema)
        assert not any(word in text for word in ("anyOf", "oneOf", "allOf", "$ref")), tool.name
        for name, about in tool.input_schema["properties"].items():
            assert about["description"] and about["type"], name
    assert [tool.name for tool in tools if not tool.annotations.read_only_hint] == ["index", "judge"]


def test_search_gives_what_query_gives(workspace: Workspace) -> None:
    result = call(workspace, "search", query="goat on the hill", k=2)
    hits = workspace.query("goat on the hill", k=2)
    found = value_of(result)["results"]
    assert [(hit["path"], hit["text"], hit["first_line"]) for hit in found] == [
        (hit.path, hit.text, 1) for hit in hits
    ]
    assert text_of(result).startswith("1. docs/goat.txt:1-1") and "the goat eats grass" in text_of(result)


def test_filters_and_modes_are_those_of_query(workspace: Workspace) -> None:
    found = value_of(call(workspace, "search", query="hill", where="path:docs/sheep.txt", mode="lexical"))
    assert [hit["path"] for hit in found["results"]] == ["docs/sheep.txt"]
    refused = call(workspace, "search", query="hill", where="colour:red")
    assert refused.is_error and "The fields are: path, id, title." in text_of(refused)


def test_notices_reach_the_agent(workspace: Workspace) -> None:
    result = call(workspace, "search", query='"goat grass"')
    assert any('"goat grass"' in notice for notice in value_of(result)["notices"]) and "Note: " in text_of(
        result
    )


def test_every_result_can_be_read_and_compared(workspace: Workspace) -> None:
    for hit in value_of(call(workspace, "search", query="burns grass one", k=10))["results"]:
        (document,) = value_of(call(workspace, "get", path=hit["path"]))["documents"]
        assert hit["text"] in document["text"] and document["path"] == hit["path"]
        similar = value_of(call(workspace, "similar", path=hit["path"]))["results"]
        assert similar and hit["path"] not in [other["path"] for other in similar]


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ({"path": "docs/lines.txt", "lines": "2-3"}, "two\nthree\n"),
        ({"path": "docs/lines.txt", "lines": "3-"}, "three\nfour\n"),
        ({"path": "docs/lines.txt:2"}, "two\n"),
        ({"path": "docs/lines.txt"}, "one\ntwo\nthree\nfour\n"),
    ],
)
def test_lines_may_be_asked_for(workspace: Workspace, arguments: dict[str, str], text: str) -> None:
    (document,) = value_of(call(workspace, "get", **arguments))["documents"]
    assert document["text"] == text and document["line_count"] == 4


def test_a_long_document_is_read_in_pieces(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(get_tool, "LONGEST_TEXT", 10)
    read, lines = "", "1-"
    while lines:
        value = value_of(call(workspace, "get", path="docs/lines.txt", lines=lines))
        (document,) = value["documents"]
        read += document["text"]
        lines = f"{document['last_line'] + 1}-" if value["notices"] else ""
        assert not lines or lines in value["notices"][0]
    assert read == FILES["docs/lines.txt"]


def test_a_line_that_is_too_long_is_cut_and_that_is_said(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(get_tool, "LONGEST_TEXT", 2)
    value = value_of(call(workspace, "get", path="docs/lines.txt"))
    assert value["documents"][0]["text"] == "on" and "only its first 2 characters" in value["notices"][0]


def test_parts_that_are_left_out_are_named(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(get_tool, "LONGEST_TEXT", 20)
    value = value_of(call(workspace, "get", path="rows.jsonl"))
    assert len(value["documents"]) == 1 and "rows.jsonl#8" in value["notices"][0]


def test_the_status_says_what_is_indexed_and_how_fresh_it_is(workspace: Workspace) -> None:
    result = call(workspace, "status")
    value = value_of(result)
    assert value["files"] == 4 and value["model"] == "hashed-words" and value["gains"] == []
    assert [root["path"] for root in value["roots"]] == ["docs", "rows.jsonl"]
    assert all(root["indexed"] in text_of(result) for root in value["roots"])


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("search", {}, "'query' of 'search' can't be used: field required"),
        ("search", {"query": " "}, "The query is empty"),
        ("search", {"query": "x", "k": 101}, "less than or equal to 100"),
        ("search", {"query": "x" * 4001}, "at most 4000"),
        (
            "search",
            {"query": "x", "limit": 3},
            "has no argument 'limit'. Its arguments are: query, k, where, mode",
        ),
        ("search", {"query": "x", "mode": "fuzzy"}, "'hybrid', 'dense' or 'lexical'"),
        ("get", {"path": "docs/lines.txt", "lines": "x"}, "'lines' of 'get'"),
        ("get", {"path": "docs/lines.txt", "lines": "9"}, "4 lines"),
        ("get", {"path": "docs/goats.txt"}, "did you mean 'docs/goat.txt'?"),
        ("similar", {"path": "docs/goats.txt"}, "did you mean 'docs/goat.txt'?"),
        ("find", {}, "There is no tool 'find'. The tools are: search, get, similar, status"),
        ("index", {}, "it needs --write"),
        ("judge", {"question": "x", "path": "docs/goat.txt", "right": True}, "it needs --write"),
    ],
)
def test_what_cant_be_done_is_said_in_a_sentence(
    workspace: Workspace, name: str, arguments: dict[str, Any], said: str
) -> None:
    assert said in refusal(call(workspace, name, **arguments))


def test_nothing_outside_the_index_is_read(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    (workspace.folder / "docs" / "new.txt").write_text("secret")
    (workspace.folder / "docs" / "link.txt").symlink_to(tmp_path / "secret.txt")
    for path in (
        str(tmp_path / "secret.txt"),
        "../secret.txt",
        "docs/../../secret.txt",
        "docs/new.txt",
        "docs/link.txt",
        "/etc/passwd",
        "file:///etc/passwd",
        "docs/lines.txt\0",
        "docs\\..\\..\\secret.txt",
        "%2e%2e/secret.txt",
        "\u2025/secret.txt",
        "docs/go\u0430t.txt",
    ):
        for name in ("get", "similar"):
            assert "The index has no document" in refusal(call(workspace, name, path=path)), path
        judged = call(workspace, "judge", True, question="what", path=path, right=True)
        assert "The index has no document" in refusal(judged), path


def test_with_write_known_folders_are_indexed_again(workspace: Workspace, tmp_path: Path) -> None:
    (workspace.folder / "docs" / "new.txt").write_text("a new lamp")
    (tmp_path / "secret").mkdir()
    for root in ("docs/new.txt", "..", "../secret", str(tmp_path / "secret"), "/", "doc"):
        assert "Only the user can add a folder" in refusal(call(workspace, "index", True, roots=[root]))
    assert value_of(call(workspace, "index", True))["added"] == 1
    found = value_of(call(workspace, "search", query="new lamp", k=1))
    assert found["results"][0]["path"] == "docs/new.txt"


def test_a_run_that_takes_long_goes_on_in_the_background(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_go_on, begun = threading.Event(), threading.Event()
    run = Workspace.index

    def wait(self: Workspace, *paths: Path) -> Any:
        begun.set()
        may_go_on.wait()
        return run(self, *paths)

    monkeypatch.setattr(index_tool, "PATIENCE", 0.0)
    monkeypatch.setattr(Workspace, "index", wait)
    result = call(workspace, "index", True)
    assert value_of(result)["running"] and "goes on" in text_of(result)
    assert begun.wait(60)
    may_go_on.set()


def test_with_write_judgements_are_kept(workspace: Workspace) -> None:
    judged = value_of(
        call(workspace, "judge", True, question="what eats grass", path="docs/goat.txt", right=True)
    )
    assert judged["path"] == "docs/goat.txt"
    row = value_of(
        call(workspace, "judge", True, question="what burns", path="rows.jsonl#7", right=False, note="no")
    )
    assert row["passage"] == "an engine burns fuel"
    kept = workspace.judgements.read().judgements
    assert {(one.question, one.id, one.right, one.by) for one in kept} == {
        ("what eats grass", "docs/goat.txt", True, "agent"),
        ("what burns", "7", False, "agent"),
    }


def test_without_an_index_every_tool_says_what_to_do_and_then_works(tmp_path: Path) -> None:
    workspace = open_workspace(tmp_path)

    async def ask(client: Client) -> None:
        for name, arguments in (
            ("search", {"query": "x"}),
            ("get", {"path": "x"}),
            ("similar", {"path": "x"}),
        ):
            assert "`simsearch index PATH` creates one" in refusal(await client.call_tool(name, arguments))
        assert "Nothing is indexed yet" in text_of(await client.call_tool("status", {}))
        indexed(tmp_path, FILES)
        assert value_of(await client.call_tool("get", {"path": "docs/goat.txt"}))["documents"]

    talk(workspace, ask)


def test_a_damaged_index_is_said_in_a_sentence(workspace: Workspace) -> None:
    for damaged in (workspace.home / "index.db", workspace.home / "index.db-wal"):
        damaged.write_bytes(b"not a database " * 1000)
    for name, arguments in (("search", {"query": "x"}), ("get", {"path": "docs/goat.txt"}), ("status", {})):
        assert "is damaged" in refusal(call(workspace, name, **arguments))


def test_a_bug_in_a_tool_is_logged_and_told(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr(Workspace, "ask", fail)
    said = refusal(call(workspace, "search", query="x"))
    assert "ZeroDivisionError" in said and "secret" not in said
