"""The process: it notices what others do to the index, shares an address, and ends when it is told to."""

import asyncio
import contextlib
import os
import re
import shutil
import signal
import socket
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
import pytest
from simsearch_serve.running import listen

from simsearch import Workspace
from tests.support.serving import Server, error_of, make_workspace, running_server, workers_of


def ask(client: httpx2.Client, text: str = "undo a commit") -> list[str]:
    found = client.get("/api/v1/search", params={"query": text})
    assert found.status_code == 200, found.text
    return [hit["path"] for hit in found.json()["hits"]]


@pytest.fixture
def own(tmp_path: Path) -> Workspace:
    """A workspace that a test may change."""
    return make_workspace(tmp_path)


def test_an_index_that_another_process_changes_is_noticed(own: Workspace) -> None:
    with running_server(own.folder) as server, server.client() as client:
        assert ask(client, "zebra stripes")[0] != "docs/zebra.md"
        (own.folder / "docs/zebra.md").write_text("The zebra has stripes.")
        own.index(own.folder / "docs")
        assert ask(client, "zebra stripes")[0] == "docs/zebra.md"
        shutil.rmtree(own.home)
        gone = client.get("/api/v1/search", params={"query": "zebra"})
        assert gone.status_code == 503 and "no index" in error_of(gone)
        own.index(own.folder / "docs")
        assert ask(client, "zebra stripes")[0] == "docs/zebra.md"


def test_the_page_searches_as_the_workspace_is_set(workspace: Workspace) -> None:
    variables = {"SIMSEARCH_QUERY_MODE": "lexical", "SIMSEARCH_QUERY_K": "1"}
    with running_server(workspace.folder, **variables) as server, server.client() as client:
        page = client.get("/", params={"q": "commit"}).text
        assert re.findall(r'value="(\w*)" checked><span>(\w+)', page) == [("", "Words")]
        assert "1 result<" in page and 'href="/?q=commit&amp;k=11#result-2"' in page
        assert "Nothing found" in client.get("/", params={"q": "xylophone", "mode": ""}).text
        page = client.get("/", params={"q": "commit", "mode": "dense", "k": "2"}).text
        assert re.findall(r'value="(\w*)" checked><span>(\w+)', page) == [("dense", "Meaning")]
        assert "2 results<" in page


def test_a_damaged_index_is_told_to_the_client_and_to_the_log(own: Workspace) -> None:
    with running_server(own.folder) as server, server.client() as client:
        (own.home / "index.db").write_bytes(b"damaged" * 1000)
        failed = client.get("/api/v1/search", params={"query": "zebra"})
        assert failed.status_code == 500 and "is damaged" in error_of(failed)
        assert server.stop() == 0 and server.process.stderr
        log = server.process.stderr.read()
        assert "GET /api/v1/search" in log and "Traceback" in log and "is damaged" in log


def test_a_workspace_without_an_index_has_a_model_and_a_status(tmp_path: Path) -> None:
    with running_server(tmp_path) as server, server.client() as client:
        refused = client.get("/api/v1/search", params={"query": "x"})
        assert (
            refused.status_code == 503 and refused.headers["retry-after"] and "no index" in error_of(refused)
        )
        assert client.get("/api/v1/status").json()["index"] is None
        body = {"model": "all-MiniLM-L6-v2", "input": "x"}
        assert len(client.post("/v1/embeddings", json=body).json()["data"][0]["embedding"]) == 384


def test_a_server_with_write_keeps_judgements_and_indexes_known_folders(own: Workspace) -> None:
    with running_server(own.folder, "--write") as server, server.client() as client:
        verdict = {"question": "undo a commit", "document": "docs/undo.md", "by": "Ann"}
        kept = client.post("/api/v1/judgements", json=verdict)
        assert kept.status_code == 201 and kept.json()["by"] == "Ann"
        assert [judgement.path for judgement in own.judgements.read().judgements] == ["docs/undo.md"]
        for name in ("docs/none.md", "docs/undo.md\0"):
            unknown = client.post("/api/v1/judgements", json={**verdict, "document": name})
            assert unknown.status_code == 422 and "no document" in error_of(unknown)
        gone = {"question": verdict["question"], "document": verdict["document"]}
        assert client.post("/api/v1/judgements/withdraw", json=gone).json() == {"removed": True}
        (own.folder / "docs/zebra.md").write_text("The zebra has stripes.")
        assert client.post("/api/v1/index").status_code == 202
        while (state := client.get("/api/v1/index").json())["state"] == "running":
            assert ask(client)[0] == "docs/undo.md"
        assert state["report"]["added"] == 1 and state["error"] == ""
        assert ask(client, "zebra stripes")[0] == "docs/zebra.md"


def start(work: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=work)
    thread.start()
    return thread


def is_working(server: Server) -> bool:
    """Whether one of its processes has a request besides this one; each connection may reach another of them."""
    with server.client() as client:
        return "simsearch_waiting_requests 1.0" in client.get("/api/v1/metrics").text


@pytest.mark.parametrize(
    ("signal_number", "options"),
    [(signal.SIGTERM, ()), (signal.SIGINT, ()), (signal.SIGTERM, ("--workers", "2"))],
)
def test_running_requests_are_finished_before_it_ends(
    workspace: Workspace, signal_number: int, options: tuple[str, ...]
) -> None:
    answers: list[int] = []
    with running_server(workspace.folder, *options) as server:
        ask_until_answered(server)

        def embed() -> None:
            body = {"model": "all-MiniLM-L6-v2", "input": ["a text of some words to embed"] * 200}
            with server.client() as client:
                answers.append(client.post("/v1/embeddings", json=body).status_code)

        asking = start(embed)
        while not is_working(server):
            if not asking.is_alive():  # it was over before it was seen
                asking = start(embed)
        assert server.stop(signal_number) == 0
        asking.join()
    assert set(answers) == {200}


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_request_that_goes_on_for_long_is_cut_when_it_ends(workspace: Workspace, workers: str) -> None:
    """Without that, the server would wait ten minutes for the rest of the request."""
    options = ("--limit", "seconds_to_send=600", "--workers", workers)
    half = (
        "POST /api/v1/search HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        "Content-Length: 100\r\nExpect: 100-continue\r\n\r\n"
    )
    with (
        running_server(workspace.folder, *options) as server,
        socket.create_connection(("127.0.0.1", server.port)) as connection,
    ):
        connection.sendall(half.encode())
        assert b" 100 " in connection.recv(100)  # it waits for the body now
        assert server.stop() == 0
        with contextlib.suppress(ConnectionResetError):
            assert b" 200 " not in connection.recv(1000)


@pytest.mark.parametrize("signal_number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("workers", ["1", "2"])
def test_it_ends_while_it_is_still_starting(workspace: Workspace, signal_number: int, workers: str) -> None:
    with running_server(workspace.folder, "--workers", workers) as server:
        assert server.stop(signal_number) == 0
        assert server.process.stderr and server.process.stderr.read() == ""


def test_a_worker_that_cant_start_leaves_the_others(own: Workspace) -> None:
    with running_server(own.folder, "--workers", "2") as server:
        ask_until_answered(server)
        (own.folder / "simsearch.toml").write_text("query = 1")
        killed, other = workers_of(server)
        os.kill(killed, signal.SIGKILL)
        assert server.process.stderr
        while "can't start" not in server.process.stderr.readline():
            pass
        assert ask_until_answered(server)[0] == "docs/undo.md"
        os.kill(other, signal.SIGKILL)
        *_, last = server.process.stderr
        assert "none is left" in last and server.process.wait() == 1


def test_a_question_that_takes_too_long_is_given_up(workspace: Workspace) -> None:
    with running_server(workspace.folder, "--limit", "seconds=0.001") as server, server.client() as client:
        refused = client.get("/api/v1/search", params={"query": "undo"})
        assert refused.status_code == 503 and "within 0.001 seconds" in error_of(refused)


def test_workers_share_an_address_and_a_killed_one_is_replaced(workspace: Workspace) -> None:
    with running_server(workspace.folder, "--workers", "2") as server:
        with server.client() as client:
            assert ask(client)[0] == "docs/undo.md"
        killed = workers_of(server)[0]
        os.kill(killed, signal.SIGKILL)
        while len(workers := workers_of(server)) < 2 or killed in workers:
            assert server.process.poll() is None
        assert ask_until_answered(server)[0] == "docs/undo.md"
        with server.client() as client:
            assert "simsearch_request_seconds_count" in client.get("/api/v1/metrics").text


def ask_until_answered(server: Server) -> list[str]:
    """A connection that a killed worker had accepted is lost with it."""
    while True:
        try:
            with server.client() as client:
                return ask(client)
        except httpx2.TransportError:
            continue


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_an_answer_does_not_wait_for_an_acknowledgement(host: str) -> None:
    """With Nagle's algorithm, the second packet of an answer left 40 ms after the first."""

    async def find_delay() -> int:
        found: asyncio.Future[int] = asyncio.get_running_loop().create_future()

        def connected(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            found.set_result(
                writer.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
            )
            writer.close()

        with listen(host, 0) as listening:
            async with await asyncio.start_server(connected, sock=listening):
                _, writer = await asyncio.open_connection(*listening.getsockname()[:2])
                without_delay = await found
                writer.close()
        return without_delay

    with ThreadPoolExecutor(1) as another:  # the browser's tests leave this thread a loop that runs
        assert another.submit(lambda: asyncio.run(find_delay())).result() == 1
