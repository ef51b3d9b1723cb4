"""On a processor with half precision, OpenVINO runs the exported graph for many texts, if the vectors stay the same."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simsearch.embedding import Places, load_embedder, moving
from simsearch.embedding.engine import GRAPH, OnnxEmbedder
from simsearch.embedding.fallback import TorchEmbedder
from simsearch.embedding.moving import FEW, SAME, MovingEmbedder, halve
from simsearch.embedding.openvino_session import HALF, OpenVinoSession
from simsearch.errors import ModelError
from simsearch.types import Truncation
from tests.support.tiny_models import save_tiny_model

TEXTS = ["how do i undo the last commit", "word", "a list of files", "word " * 100, "the file"]


@pytest.fixture(scope="module")
def on_cpu(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("halving")
    places = Places(folder / "cache", folder / "hub")
    return load_embedder(save_tiny_model(folder / "model"), places=places, threads=2)


@pytest.fixture
def any_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    """What OpenVINO computes in counts as half precision, also where the processor has none."""
    monkeypatch.setitem(HALF, "f32", "float32")


def through_openvino(on_cpu: OnnxEmbedder) -> OnnxEmbedder:
    session = OpenVinoSession(on_cpu.folder / GRAPH, on_cpu.threads)
    return OnnxEmbedder(on_cpu.name, on_cpu.folder, on_cpu.threads, session)


def test_openvino_gives_the_vectors_of_onnxruntime(on_cpu: OnnxEmbedder) -> None:
    ours = through_openvino(on_cpu)
    assert ((ours.encode(TEXTS) * on_cpu.encode(TEXTS)).sum(axis=1) >= SAME).all()
    queries = ours.encode(TEXTS, "query"), on_cpu.encode(TEXTS, "query")
    assert ((queries[0] * queries[1]).sum(axis=1) >= SAME).all()


def test_threads_do_not_mix_their_vectors(on_cpu: OnnxEmbedder) -> None:
    ours = through_openvino(on_cpu)
    texts = [f"word {'a ' * (i % 9)}file {i}" for i in range(300)]
    with ThreadPoolExecutor(4) as pool:
        parts = list(pool.map(lambda first: ours.encode(texts[first : first + 30]), range(0, 300, 30)))
    assert ((np.concatenate(parts) * on_cpu.encode(texts)).sum(axis=1) >= SAME).all()


@pytest.mark.usefixtures("any_processor")
def test_many_texts_move_to_half_precision_and_it_is_said_once(on_cpu: OnnxEmbedder, tmp_path: Path) -> None:
    said: list[Any] = []
    embedder = MovingEmbedder(on_cpu, tmp_path, "auto", said.append)
    few = embedder.encode(TEXTS)
    assert not said and np.array_equal(few, on_cpu.encode(TEXTS))
    texts = [f"word {'a ' * (i % 9)}" for i in range(FEW + 1)]
    for _ in range(2):
        vectors = embedder.encode(texts)
    assert ((vectors * on_cpu.encode(texts)).sum(axis=1) >= SAME).all()
    (notice,) = said
    assert "by OpenVINO. The lowest cosine with vectors of full precision is " in notice.text
    assert embedder.device == "cpu"


@pytest.mark.usefixtures("any_processor")
def test_what_is_cut_off_is_counted_once(on_cpu: OnnxEmbedder) -> None:
    halved = halve(on_cpu, TEXTS)
    assert halved is not None
    embedder, cosine, _ = halved
    assert embedder.truncation == Truncation() and cosine >= SAME
    embedder.encode(TEXTS)
    assert embedder.truncation == Truncation(1, 70)


@pytest.mark.usefixtures("any_processor")
def test_other_vectors_are_refused(on_cpu: OnnxEmbedder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moving, "SAME", 1.1)  # which no vectors reach
    with pytest.raises(ModelError, match=r"gives other vectors in \w+ by OpenVINO \(lowest cosine "):
        halve(on_cpu, TEXTS)
    said: list[Any] = []
    embedder = MovingEmbedder(on_cpu, Path(), "auto", said.append)
    texts = ["word"] * (FEW + 1)
    assert np.array_equal(embedder.encode(texts), on_cpu.encode(texts))
    assert said[0].warning and said[0].text.startswith("The CPU embeds in full precision: ")


def test_a_processor_without_half_precision_stays_with_onnxruntime(
    on_cpu: OnnxEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in list(HALF):
        monkeypatch.delitem(HALF, name)
    assert halve(on_cpu, TEXTS) is None


def test_a_model_without_a_graph_stays_with_torch(tmp_path: Path) -> None:
    assert halve(TorchEmbedder("tiny", save_tiny_model(tmp_path / "model"), "fingerprint"), TEXTS) is None


def test_a_graph_that_openvino_cannot_read_is_named(tmp_path: Path) -> None:
    (tmp_path / GRAPH).write_bytes(b"no graph")
    with pytest.raises(ModelError, match=r"OpenVINO can't run .*model\.onnx: "):
        OpenVinoSession(tmp_path / GRAPH, 1)


AT_ONCE = """
import os, sys, threading
from pathlib import Path
import numpy as np
from simsearch.embedding.openvino_session import OpenVinoSession
sys.setswitchinterval(1e-6)
session, barrier = OpenVinoSession(Path(sys.argv[1]), 8), threading.Barrier(8)
tokens = np.ones((1, 3), np.int64)
def run():
    barrier.wait()
    session.run(["embedding"], {"input_ids": tokens, "attention_mask": tokens})
threads = [threading.Thread(target=run) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
"""


def test_the_first_calls_of_several_threads_do_not_wait_for_each_other(on_cpu: OnnxEmbedder) -> None:
    python = [sys.executable, "-c", AT_ONCE, str(on_cpu.folder / GRAPH)]
    subprocess.run(python, check=True, timeout=60)


SILENT = """
import os, sys
events = []
hook = lambda event, arguments: events.append((event, arguments)) if event in (
    "socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.mkdir") else None
sys.addaudithook(hook)
from pathlib import Path
from simsearch.embedding.openvino_session import OpenVinoSession
OpenVinoSession(Path(sys.argv[1]), 1)
assert not events, events
"""


def test_openvino_contacts_no_one_and_keeps_nothing(on_cpu: OnnxEmbedder, tmp_path: Path) -> None:
    """The package brings a module that can report its use; running a graph doesn't."""
    python = [sys.executable, "-c", SILENT, str(on_cpu.folder / GRAPH)]
    done = subprocess.run(python, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert not list(tmp_path.iterdir())
