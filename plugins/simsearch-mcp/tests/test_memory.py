"""What the server keeps in memory: it does not grow with questions, and is given back when nobody asks."""

import asyncio
import gc
import random
import subprocess
import sys
import weakref
from pathlib import Path

import pytest
from raw_client import RawClient
from simsearch_mcp.memory import Memory

from simsearch import Workspace
from tests.conftest import PROJECT
from tests.support.hashed_words import indexed

MEGABYTE = 1 << 20


def test_the_model_is_loaded_at_once_freed_when_idle_and_loaded_again(tmp_path: Path) -> None:
    workspace = indexed(tmp_path, {"docs/goat.txt": "the goat eats grass"})

    async def main() -> None:
        memory = Memory(workspace.keep_open(), idle=0.01)
        model = await memory.run(lambda index: weakref.ref(memory.resident.load(index.snapshot.identity)))
        freeing = asyncio.create_task(memory.free_when_idle())
        while model():
            await asyncio.sleep(0.01)
            gc.collect()
        assert await memory.run(lambda index: list(index.snapshot.files())) == ["docs/goat.txt"]
        freeing.cancel()

    asyncio.run(asyncio.wait_for(main(), 60))


def resident_bytes(client: RawClient) -> int:
    status = Path(f"/proc/{client.process.pid}/status").read_text()
    (line,) = (line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) * 1024


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_ten_thousand_questions_take_no_more_memory_than_a_hundred(tmp_path: Path) -> None:
    """`make memory`; with the default model, on the documentation of this project."""
    workspace = Workspace(tmp_path)
    workspace.index(PROJECT / "docs")
    words = (PROJECT / "docs" / "searching.md").read_text().split()
    draw = random.Random(0)
    client = RawClient(tmp_path, log=subprocess.DEVNULL)
    client.hello()

    def ask(count: int) -> int:
        for _ in range(count):
            question = " ".join(draw.choices(words, k=draw.randint(1, 30)))
            hits = client.call("search", query=question, k=draw.randint(1, 20))["structuredContent"][
                "results"
            ]
            if hits and draw.random() < 0.1:
                client.call("get", path=hits[0]["path"])
                client.call("similar", path=hits[0]["path"])
        return resident_bytes(client)

    first, last = ask(100), ask(9_900)
    sys.stdout.write(
        f"after 100 questions {first / MEGABYTE:.1f} MB, after 10,000 {last / MEGABYTE:.1f} MB\n"
    )
    assert last - first < 20 * MEGABYTE
    assert client.finish()[0] == 0
