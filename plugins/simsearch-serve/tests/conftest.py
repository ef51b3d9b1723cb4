"""What the tests of the server share: a small workspace, and a server for it."""

from collections.abc import Iterator

import httpx2
import pytest

from simsearch import Workspace
from tests.support.serving import Server, make_workspace, running_server


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return make_workspace(tmp_path_factory.mktemp("served"))


@pytest.fixture(scope="session")
def server(workspace: Workspace) -> Iterator[Server]:
    """Read-only, as by default."""
    with running_server(workspace.folder) as server:
        yield server


@pytest.fixture
def client(server: Server) -> Iterator[httpx2.Client]:
    with server.client() as client:
        yield client
