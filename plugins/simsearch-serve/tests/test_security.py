"""Who may ask: other sites' pages, other machines, and clients that send too much, too slowly or too often."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from simsearch import Workspace
from tests.support.serving import Server, error_of, running_server

TOKEN = "correct-horse-battery-staple"
HALF_REQUEST = b"GET /api/v1/health HTTP/1.1\r\nHost: 127.0.0.1\r\n"
HALF_BODY = b"POST /api/v1/search HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\n{"


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "evil.example:80", "", "[::1", "localhost@x"]
)
def test_a_name_that_was_made_to_point_here_is_refused(host: str, client: httpx2.Client) -> None:
    refused = client.get("/api/v1/status", headers={"host": host})
    assert refused.status_code in (400, 403)


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1", "https://localhost"])
def test_a_page_of_another_site_is_refused(origin: str, client: httpx2.Client) -> None:
    refused = client.get("/api/v1/status", headers={"origin": origin})
    assert refused.status_code == 403 and "another site" in error_of(refused)


def test_its_own_page_is_answered(server: Server, client: httpx2.Client) -> None:
    assert client.get("/api/v1/status", headers={"origin": server.url}).status_code == 200


def test_a_form_of_another_site_changes_nothing(client: httpx2.Client) -> None:
    refused = client.post("/api/v1/search", json={"query": "x"}, headers={"sec-fetch-site": "cross-site"})
    assert refused.status_code == 403 and "another site" in error_of(refused)


def test_every_response_forbids_scripts_in_the_page(client: httpx2.Client) -> None:
    for path in ("/api/v1/health", "/nowhere", "/api/v1/search"):
        headers = client.get(path).headers
        assert "script-src 'self'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert "access-control-allow-origin" not in headers


def test_no_page_loads_scripts_from_elsewhere(client: httpx2.Client) -> None:
    assert [client.get(path).status_code for path in ("/docs", "/redoc")] == [404, 404]


@pytest.fixture(scope="module")
def guarded(workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Needs a token, and has low limits."""
    token = tmp_path_factory.mktemp("token") / "token"
    token.write_text(f"{TOKEN}\n")
    limits = ("body=1000", "seconds_to_send=2", "waiting_each=2", "query=50", "k=5")
    with running_server(
        workspace.folder, "--token-file", str(token), *(f"--limit={limit}" for limit in limits)
    ) as server:
        yield server


@pytest.fixture
def holder(guarded: Server) -> Iterator[httpx2.Client]:
    """A client that knows the token."""
    with guarded.client(headers={"authorization": f"Bearer {TOKEN}"}) as client:
        yield client


@pytest.mark.parametrize(
    "authorization", ["", "Bearer", "Bearer wrong", f"Bearer {TOKEN}x", "Basic !", "Basic eDp5"]
)
def test_nobody_is_answered_without_the_token(authorization: str, guarded: Server) -> None:
    with guarded.client() as client:
        for path in ("/api/v1/status", "/api/v1/openapi.json", "/", "/v1/models"):
            refused = client.get(path, headers={"authorization": authorization})
            assert refused.status_code == 401 and "needs its token" in error_of(refused)
        assert client.get("/api/v1/health").json() == {"status": "ok"}


def test_the_token_is_taken_as_a_programs_and_as_a_browsers(guarded: Server, holder: httpx2.Client) -> None:
    assert holder.get("/api/v1/status").status_code == 200
    with guarded.client(auth=("anybody", TOKEN)) as browser:
        assert browser.get("/api/v1/status").status_code == 200


def test_a_large_body_is_refused(holder: httpx2.Client) -> None:
    stated = holder.post("/api/v1/search", json={"query": "x" * 2000})
    unstated = holder.post("/api/v1/search", content=iter([b"x" * 600] * 3))
    for refused in (stated, unstated):
        assert refused.status_code == 413 and "more than 1000 bytes" in error_of(refused)


def test_limits_of_a_question_are_as_the_options_say(holder: httpx2.Client) -> None:
    for asked, said in (({"query": "x" * 51}, "at most 50"), ({"query": "x", "k": 6}, "at most 5 results")):
        refused = holder.get("/api/v1/search", params=asked)
        assert refused.status_code == 422 and said in error_of(refused)


def test_half_a_body_is_waited_for_no_longer_than_allowed(guarded: Server) -> None:
    answer = send(
        guarded, HALF_BODY.replace(b"\r\n\r\n", f"\r\nAuthorization: Bearer {TOKEN}\r\n\r\n".encode())
    )
    assert answer.startswith(b"HTTP/1.1 408") and b"was not sent within 2 seconds" in answer


def test_endless_headers_are_refused(guarded: Server) -> None:
    answer = send(guarded, b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Long: " + b"x" * 70_000)
    assert answer.startswith(b"HTTP/1.1 400") and b"headers are too large" in answer


def test_half_the_headers_hold_a_connection_no_longer_than_allowed(guarded: Server) -> None:
    assert send(guarded, HALF_REQUEST) == b""
    assert send(guarded, b"") == b""
    assert send(guarded, HALF_REQUEST + b"\r\n" + HALF_REQUEST).count(b"HTTP/1.1") == 1


def test_a_client_with_many_requests_waits_its_turn(guarded: Server, holder: httpx2.Client) -> None:
    half = HALF_BODY.replace(b"\r\n\r\n", f"\r\nAuthorization: Bearer {TOKEN}\r\n\r\n".encode())
    with connect(guarded) as one, connect(guarded) as other:
        one.sendall(half)
        other.sendall(half)
        statuses = {holder.get("/api/v1/status").status_code for _ in range(20)}
        assert 429 in statuses
    # The server notices a moment later that both are gone.
    assert any(holder.get("/api/v1/status").status_code == 200 for _ in range(1000))


def send(server: Server, request: bytes) -> bytes:
    """All that is answered until the server closes the connection."""
    with connect(server) as connection:
        connection.sendall(request)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def connect(server: Server) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), 30)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--host", "0.0.0.0"], "can be reached from other machines"),
        (["--host", "0.0.0.0", "--token-file", "short"], "at least 16 characters"),
        (["--limit", "q=1"], "There is no limit 'q'"),
        (["--limit", "k=none"], "must be a number above 0, not 'none'"),
        (["--rerank", "none"], "No reranker is called 'none'"),
        (["--host", "192.0.2.1", "--token-file", "long"], "can't be used"),
    ],
)
def test_a_server_that_would_be_open_or_wrong_does_not_start(
    options: list[str], said: str, tmp_path: Path
) -> None:
    (tmp_path / "short").write_text("abc")
    (tmp_path / "long").write_text(TOKEN)
    done = subprocess.run(
        [sys.executable, "-m", "simsearch", "serve", "--port", "0", *options],
        cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 1 and said in done.stderr and "Traceback" not in done.stderr
