"""A real server for the tests: milvus-lite on a free port, once a session."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator

import pytest

from tests.support.milvus_server import running_milvus

_numbers = itertools.count()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the running server; MILVUS_URI names it."""
    with (
        running_milvus(tmp_path_factory.mktemp("milvus") / "data") as running,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setenv("MILVUS_URI", running.address)
        yield running.address


@pytest.fixture
def name(server: str) -> str:
    """The name of an index that is not there yet."""
    return f"index{os.getpid()}x{next(_numbers)}"
