"""The server as a client meets it: a process of its own, asked over HTTP."""

from collections.abc import Iterator

import httpx2
import pytest

from simsearch import Workspace
from simsearch.testing import CommandContract
from tests.support.serving import Server, running_server

FILES = {
    "docs/undo.md": "# Undo\n\nTo undo the last commit, run `git reset --soft HEAD~1`.",
    "docs/branch.md": "# Branches\n\nA branch is a movable name of a commit.",
    "docs/hostile.md": "# <script>alert(1)</script>\n\n<img src=x onerror=alert(1)> \u202eevil marks",
}


class TestCommandContract(CommandContract):
    spec = "serve"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder = tmp_path_factory.mktemp("served")
    for path, text in FILES.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    workspace = Workspace(folder)
    workspace.index(folder / "docs")
    return workspace


@pytest.fixture(scope="module")
def server(workspace: Workspace) -> Iterator[Server]:
    with running_server(workspace.folder) as server:
        yield server


@pytest.fixture
def client(server: Server) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=server.url, timeout=60) as client:
        yield client


def error_of(response: httpx2.Response) -> str:
    message: str = response.json()["error"]["message"]
    assert message.endswith(".") and "Traceback" not in message
    return message


def test_a_search_gives_what_query_gives(workspace: Workspace, client: httpx2.Client) -> None:
    hits = workspace.query("how do I undo a commit", k=2)
    for found in (
        client.get("/api/v1/search", params={"query": "how do I undo a commit", "k": 2}),
        client.post("/api/v1/search", json={"query": "how do I undo a commit", "k": 2}),
    ):
        assert found.status_code == 200
        body = found.json()
        assert [(hit["path"], hit["text"], hit["rank"]) for hit in body["hits"]] == [
            (hit.path, hit.text, hit.rank) for hit in hits
        ]
        assert [hit["score"] for hit in body["hits"]] == pytest.approx([hit.score for hit in hits], abs=1e-5)
        assert body["coverage"] == {"chunks": 3, "with_vectors": 3}


def test_the_status_is_that_of_the_command(workspace: Workspace, client: httpx2.Client) -> None:
    found = client.get("/api/v1/status").json()
    assert found["index"]["documents"] == 3 and found["model"] == workspace.model


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"query": "x", "k": 0}, "k: input should be greater than or equal to 1."),
        ({"query": " "}, "The query is empty"),
        ({"query": "x", "where": "colour:red"}, "no document has"),
        ({"query": "x", "rerank": "cross-encoder:folder=/"}, "is not offered here; there are: none."),
        ({"query": "x", "k": 1_000_000}, "at most 1000 results"),
        ({"query": "word " * 2000}, "at most 4000 are allowed"),
        ({"query": "x", "other": "1"}, "other: "),
        ({}, "query: field required."),
    ],
)
def test_what_cant_be_answered_is_told_in_a_sentence(
    parameters: dict[str, str], said: str, client: httpx2.Client
) -> None:
    refused = client.get("/api/v1/search", params=parameters)
    assert refused.status_code == 422 and said in error_of(refused)


def test_a_page_of_another_site_is_refused(server: Server, client: httpx2.Client) -> None:
    rebound = client.get("/api/v1/status", headers={"host": "evil.example"})
    assert rebound.status_code == 403 and "another name" in error_of(rebound)
    foreign = client.get("/api/v1/status", headers={"origin": "http://evil.example"})
    assert foreign.status_code == 403 and "another site" in error_of(foreign)
    assert client.get("/api/v1/status", headers={"origin": server.url}).status_code == 200


def test_every_response_forbids_scripts_in_the_page(client: httpx2.Client) -> None:
    for path in ("/api/v1/health", "/nowhere", "/api/v1/search"):
        headers = client.get(path).headers
        assert "script-src 'self'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
