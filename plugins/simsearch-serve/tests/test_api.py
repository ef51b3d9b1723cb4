"""The JSON API as a client meets it: a server in a process of its own."""

import html
import json
import shutil

import httpx2
import pytest

from simsearch import Workspace
from simsearch.testing import CommandContract
from tests.support.serving import error_of


class TestCommandContract(CommandContract):
    spec = "serve"


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
        ({"query": "x", "rerank": "cross-encoder:folder=/"}, "is not offered here. The rerankers are: none."),
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


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/nothing<b>", 404), ("POST", "/status", 405)]
)
def test_a_browser_is_told_by_a_page_and_a_program_by_json(
    method: str, path: str, status: int, client: httpx2.Client
) -> None:
    page = client.request(method, path, headers={"accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert page.status_code == status and page.headers["content-type"].startswith("text/html")
    assert html.escape(path) in page.text and "<b>" not in page.text
    told = client.request(method, path)
    assert told.status_code == status and path in error_of(told)
    assert told.headers.get("allow") == page.headers.get("allow")


def test_documents_are_read_from_the_index_whole_or_by_lines(client: httpx2.Client) -> None:
    (whole,) = client.get("/api/v1/documents", params={"name": "docs/undo.md"}).json()
    assert whole["text"].startswith("# Undo\n") and whole["line_count"] == 3
    (part,) = client.get("/api/v1/documents", params={"name": "docs/undo.md", "first": 3, "last": 3}).json()
    assert part["text"].startswith("To undo") and part["lines"] == [3, 3]


@pytest.mark.parametrize(
    "name", ["/etc/passwd", "docs/../../etc/passwd", "docs/missing.md", "", "\x00", "docs"]
)
def test_nothing_but_indexed_documents_can_be_read(name: str, client: httpx2.Client) -> None:
    refused = client.get("/api/v1/documents", params={"name": name})
    assert refused.status_code == 422 and "no document" in error_of(refused)


def test_hostile_documents_are_text_in_json(client: httpx2.Client) -> None:
    found = client.get("/api/v1/documents", params={"name": "docs/hostile.md"})
    assert found.headers["content-type"] == "application/json"
    assert "<script>alert(1)</script>" in found.json()[0]["text"]


def test_similar_documents_are_others(client: httpx2.Client) -> None:
    found = client.get("/api/v1/similar", params={"name": "docs/undo.md", "k": 1}).json()
    assert [hit["path"] for hit in found["hits"]] == ["docs/branch.md"]


def test_questions_with_known_answers_measure_the_index(client: httpx2.Client) -> None:
    asked = {
        "queries": {"q": "undo a commit"},
        "judgements": {"q": {"docs/undo.md": 1, "docs/gone.md": 1}},
        "measures": "RR R@10",
        "mode": "dense",
    }
    found = client.post("/api/v1/evaluate", json=asked).json()
    assert found["measures"] == {"RR": 1.0, "R@10": 0.5} and found["queries"] == 1
    assert "1 of the 2 relevant documents" in found["notices"][0]
    refused = client.post("/api/v1/evaluate", json={**asked, "measures": "nonsense"})
    assert refused.status_code == 422 and "'nonsense' is not a measure" in error_of(refused)


def test_a_workspace_without_runs_has_its_base_model(client: httpx2.Client) -> None:
    assert client.get("/api/v1/models").json() == {
        "current": "all-MiniLM-L6-v2", "base": "all-MiniLM-L6-v2", "runs": []
    }  # fmt: skip
    for path in ("/api/v1/models/none", "/api/v1/models/none/report", "/api/v1/models/..%2f..%2fx"):
        refused = client.get(path)
        assert refused.status_code == 404 and error_of(refused)


def test_what_a_run_recorded_is_given_with_its_report(workspace: Workspace, client: httpx2.Client) -> None:
    record = {
        "run": "20260101-000000", "base": {"nDCG@10": 0.5}, "tuned": {"nDCG@10": 0.6}, "gain": {"nDCG@10": 0.1},
        "interval": [0.05, 0.15], "promoted": False, "reason": "It is better.",
    }  # fmt: skip
    folder = workspace.home / "models" / record["run"]
    folder.mkdir(parents=True)
    (folder / "run.json").write_text(json.dumps(record))
    (folder / "report.html").write_text("<!doctype html><title>Report</title>")
    try:
        (run,) = client.get("/api/v1/models").json()["runs"]
        assert (run["run"], run["tuned"], run["interval"], run["promoted"]) == (
            record["run"],
            0.6,
            [0.05, 0.15],
            False,
        )
        assert client.get(f"/api/v1/models/{record['run']}").json() == record
        report = client.get(f"/api/v1/models/{record['run']}/report")
        assert "<title>Report" in report.text
        assert "script" not in report.headers["content-security-policy"]
    finally:
        shutil.rmtree(folder)


def test_metrics_count_requests_by_route(client: httpx2.Client) -> None:
    client.get("/api/v1/search", params={"query": "commit"})
    client.get("/api/v1/made-up-by-a-client")
    lines = client.get("/api/v1/metrics").text.splitlines()
    counted = {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines if "_count{" in line}
    assert counted['simsearch_request_seconds_count{route="/api/v1/search",status="200"}'] >= 1
    assert not any("made-up" in name for name in counted)


def test_reading_is_all_that_a_server_allows_by_default(client: httpx2.Client) -> None:
    verdict = {"question": "undo", "document": "docs/undo.md"}
    assert client.post("/api/v1/judgements", json=verdict).status_code == 405
    assert client.post("/api/v1/index").status_code == 404
    assert client.get("/api/v1/judgements").json() == []
