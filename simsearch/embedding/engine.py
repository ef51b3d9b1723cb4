"""A sentence-transformers model on onnxruntime and tokenizers alone."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from simsearch.devices import Device
from simsearch.embedding.places import FACTS
from simsearch.embedding.precision import Precision
from simsearch.embedding.tokens import Counter, Tokenised, Tokenizer
from simsearch.errors import ModelError
from simsearch.threads import allowed_threads, in_parallel
from simsearch.types import Role, TokenCounter, Truncation, Vectors

GRAPH = "model.onnx"
OUTPUT = "embedding"
TOKENIZER = "tokenizer.json"
TOKEN_BUDGET = 512
"""Tokens of a batch, with padding. Of 256 to 4096, this is the fastest or nearly so for texts of 20, 100 and 180 tokens
(benchmarks/). Larger batches don't fit into the processor's cache."""

BLOCK = 2048
"""Texts in one block, which are sorted by length together."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the engine must know about a model, in addition to its graph and its tokenizer.

    Args:
        dimension: Length of its vectors.
        longest: Maximum number of tokens that it reads, including special tokens.
        padding: The token id that fills shorter rows.
        prompts: The text to put before a text, by role.
        precision: The precision of the weights; None means full precision.
        outputs: The graph's output for each role; they differ where a linear map moves the questions alone.
    """

    fingerprint: str
    dimension: int
    longest: int
    padding: int
    prompts: dict[str, str]
    precision: Precision | None = None
    outputs: dict[str, str] = field(default_factory=lambda: {"query": OUTPUT, "document": OUTPUT})

    @classmethod
    def read(cls, folder: Path) -> Facts:
        return cls(**json.loads((folder / FACTS).read_text(encoding="utf-8")))

    def write(self, folder: Path) -> None:
        (folder / FACTS).write_text(json.dumps(asdict(self), indent=2), encoding="utf-8")


class OnnxEmbedder:
    """The engine in a folder of model.onnx, tokenizer.json and embedder.json.

    Args:
        name: The name that the user knows the model by.
        threads: Batches to compute at the same time, each in one thread; 0 means one for each core that this process
            may use. Threads that share a batch would wait for each other at every layer, which took 1.5 times the
            processor time.
        session: Runs the graph, with a method `run` like that of onnxruntime's session, which is the default.

    Raises:
        ModelError: A file is damaged or missing; that of a damaged graph comes with the first vectors.
    """

    def __init__(self, name: str, folder: Path, threads: int = 0, session: Any = None) -> None:
        with _explain_damage(folder):
            facts = Facts.read(folder)
            self.size = (folder / GRAPH).stat().st_size
        self.name = name
        self.folder = folder
        self.fingerprint = facts.fingerprint
        self.dimension = facts.dimension
        self.truncation = Truncation()
        self.device: Device = "cpu"
        self.tokens: TokenCounter = Counter(folder / TOKENIZER, facts.longest, facts.prompts["document"])
        self._facts = facts
        # This takes most of the time and none of Python's, so that what needs no vector yet goes on.
        opening = ThreadPoolExecutor(1)
        self._session = opening.submit(lambda: session or _open_session(folder, facts.precision))
        opening.shutdown(wait=False)
        with _explain_damage(folder):
            self._tokenizer = Tokenizer(folder / TOKENIZER, facts.longest)
        self.threads = allowed_threads(threads)

    def encode(self, texts: Sequence[str], role: Role = "document") -> Vectors:
        """float32 [n, d] of unit length, in input order; equal texts are embedded once."""
        places = {text: i for i, text in enumerate(dict.fromkeys(texts))}
        vectors = np.empty((len(places), self.dimension), dtype=np.float32)
        begin = 0
        for block in self.stream(places, role):
            vectors[begin : begin + len(block)] = block
            begin += len(block)
        return vectors if len(places) == len(texts) else vectors[[places[text] for text in texts]]

    def stream(self, texts: Iterable[str], role: Role = "document") -> Iterator[Vectors]:
        """Like encode, one block of rows at a time; the next block is tokenised while one is embedded."""
        remaining = iter(texts)
        block = list(itertools.islice(remaining, BLOCK))
        following = list(itertools.islice(remaining, BLOCK))
        if not following:  # a thread would cost more than it saves
            if block:
                yield self._embed(self._tokenise(block, role), role)
            return
        with ThreadPoolExecutor(1) as tokenising:
            tokenised = self._tokenise(block, role)
            while following:
                waiting = tokenising.submit(self._tokenise, following, role)
                following = list(itertools.islice(remaining, BLOCK))
                yield self._embed(tokenised, role)
                tokenised = waiting.result()
            yield self._embed(tokenised, role)

    def _tokenise(self, texts: Sequence[str], role: Role) -> Tokenised:
        prompt = self._facts.prompts[role]
        return self._tokenizer.rows([prompt + text for text in texts] if prompt else texts)

    def _embed(self, tokenised: Tokenised, role: Role) -> Vectors:
        self.truncation += tokenised.truncation
        vectors = np.empty((len(tokenised.rows), self.dimension), dtype=np.float32)

        def fill(batch: list[int]) -> None:
            vectors[batch] = self._run([tokenised.rows[i] for i in batch], self._facts.outputs[role])

        in_parallel(fill, list(batches([len(row) for row in tokenised.rows])), self.threads)
        return vectors

    def _run(self, rows: Sequence[Sequence[int]], output: str) -> Vectors:
        width = max(1, *map(len, rows))
        ids = np.full((len(rows), width), self._facts.padding, dtype=np.int64)
        mask = np.zeros((len(rows), width), dtype=np.int64)
        for place, row in enumerate(rows):
            ids[place, : len(row)] = row
            mask[place, : len(row)] = 1
        vectors: Vectors = self._session.result().run([output], {"input_ids": ids, "attention_mask": mask})[0]
        return vectors


@contextmanager
def _explain_damage(folder: Path) -> Iterator[None]:
    """onnxruntime and tokenizers have no exceptions of their own for files that they can't read.

    Raises:
        ModelError: Whatever went wrong.
    """
    try:
        yield
    except Exception as error:
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise ModelError(
            f"The exported model in {folder} can't be used ({reason}). "
            "Delete the folder; the model is exported again then."
        ) from error


def _open_session(folder: Path, precision: Precision | None) -> Any:
    """The onnxruntime session of the graph in a folder."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # The graph was optimised when it was exported; doing it again would double the time of a query.
    # fp16 weights are widened here, once.
    levels = onnxruntime.GraphOptimizationLevel
    halved = precision == "fp16"
    options.graph_optimization_level = levels.ORT_ENABLE_BASIC if halved else levels.ORT_DISABLE_ALL
    with _explain_damage(folder):
        return onnxruntime.InferenceSession(str(folder / GRAPH), options, providers=["CPUExecutionProvider"])


def batches(lengths: Sequence[int], budget: int = TOKEN_BUDGET) -> Iterator[list[int]]:
    """Batches of rows of similar length, longest first, each within the budget of tokens, with padding.

    Args:
        lengths: Number of tokens of each row.
        budget: Maximum number of tokens; only a single row that is longer exceeds it.
    """
    order = sorted(range(len(lengths)), key=lambda i: lengths[i], reverse=True)
    begin = 0
    while begin < len(order):
        end = begin + max(budget // max(lengths[order[begin]], 1), 1)
        yield order[begin:end]
        begin = end
