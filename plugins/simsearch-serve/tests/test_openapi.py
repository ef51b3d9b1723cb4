"""Requests that the API's own document allows, and some that it doesn't, by schemathesis."""

from typing import Any

import httpx2
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.support.serving import Server

FEW, MANY = 60, 5000


def check_requests(server: Server, count: int) -> None:
    """Every response is one that the document describes, and none is a failure of the server."""
    schema = schemathesis.openapi.from_url(f"{server.url}/api/v1/openapi.json")
    operations = [found.ok() for found in schema.get_all_operations()]
    cases = st.one_of([operation.as_strategy() for operation in operations])

    @given(case=cases)
    @settings(
        max_examples=count, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
    )
    def check(case: Any) -> None:
        # That a filter or an empty question can't be used, no schema says.
        response = case.call_and_validate(excluded_checks=[positive_data_acceptance])
        assert response.status_code < 500
        assert "Traceback" not in response.text

    check()


def test_a_few_requests_of_each_kind(server: Server) -> None:
    check_requests(server, FEW)


@pytest.mark.slow
def test_thousands_of_requests(server: Server) -> None:
    check_requests(server, MANY)


def test_the_document_describes_every_route(client: httpx2.Client) -> None:
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    assert {"/api/v1/search", "/api/v1/similar", "/api/v1/documents", "/v1/embeddings"} <= paths.keys()
    for path, methods in paths.items():
        for described in methods.values():
            assert described.get("description"), f"{path} has no description"
