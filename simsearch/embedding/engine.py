"""A sentence-transformers model on onnxruntime and tokenizers alone."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np

from simsearch.embedding.precision import Precision
from simsearch.embedding.tokens import Counter, Tokenised, Tokenizer
from simsearch.threads import allowed_threads
from simsearch.types import Role, TokenCounter, Truncation, Vectors

FACTS = "embedder.json"
GRAPH = "model.onnx"
OUTPUT = "embedding"
TOKENIZER = "tokenizer.json"
TOKEN_BUDGET = 512
"""Tokens of a batch, padding counted: of 256 to 4096 the quickest or next to it with texts of 20, 100 and 180 tokens
(benchmarks/); larger ones leave the processor's cache, smaller ones leave it idle."""

BLOCK = 2048
"""Texts that are sorted by length together."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the engine has to know of a model besides its graph and its tokenizer.

    Args:
        dimension: Length of its vectors.
        longest: Most tokens that it reads, special tokens included.
        padding: The token id that fills up shorter rows.
        prompts: What goes before a text, by role.
        precision: What the weights are kept in; None means in full.
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
        name: What the user calls the model.
        threads: Threads to compute with; 0 means the cores that this process may use.
    """

    def __init__(self, name: str, folder: Path, threads: int = 0) -> None:
        import onnxruntime

        facts = Facts.read(folder)
        self.name = name
        self.fingerprint = facts.fingerprint
        self.dimension = facts.dimension
        self.truncation = Truncation()
        self.size = (folder / GRAPH).stat().st_size
        self.tokens: TokenCounter = Counter(folder / TOKENIZER, facts.longest, facts.prompts["document"])
        self._facts = facts
        self._tokenizer = Tokenizer(folder / TOKENIZER, facts.longest)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = allowed_threads(threads)
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # Threads that wait for the next batch must not spin while FAISS computes.
        options.add_session_config_entry("session.force_spinning_stop", "1")
        # The graph was optimised when it was exported; doing so again would double the time of a query.
        # Weights in half the bytes are widened here, once.
        levels = onnxruntime.GraphOptimizationLevel
        halved = facts.precision == "fp16"
        options.graph_optimization_level = levels.ORT_ENABLE_BASIC if halved else levels.ORT_DISABLE_ALL
        self._session = onnxruntime.InferenceSession(
            str(folder / GRAPH), options, providers=["CPUExecutionProvider"]
        )

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
        """As encode, a block of rows at a time; the next block is tokenised while one is embedded."""
        remaining = iter(texts)
        block = list(itertools.islice(remaining, BLOCK))
        following = list(itertools.islice(remaining, BLOCK))
        if not following:  # a thread would cost more than it saves
            if block:
                yield self._embed(self._tokenised(block, role), role)
            return
        with ThreadPoolExecutor(1) as beside:
            tokenised = self._tokenised(block, role)
            while following:
                waiting = beside.submit(self._tokenised, following, role)
                following = list(itertools.islice(remaining, BLOCK))
                yield self._embed(tokenised, role)
                tokenised = waiting.result()
            yield self._embed(tokenised, role)

    def _tokenised(self, texts: Sequence[str], role: Role) -> Tokenised:
        prompt = self._facts.prompts[role]
        return self._tokenizer.rows([prompt + text for text in texts] if prompt else texts)

    def _embed(self, tokenised: Tokenised, role: Role) -> Vectors:
        self.truncation += tokenised.truncation
        vectors = np.empty((len(tokenised.rows), self.dimension), dtype=np.float32)
        for batch in batches([len(row) for row in tokenised.rows]):
            vectors[batch] = self._run([tokenised.rows[i] for i in batch], self._facts.outputs[role])
        return vectors

    def _run(self, rows: Sequence[Sequence[int]], output: str) -> Vectors:
        width = max(1, *map(len, rows))
        ids = np.full((len(rows), width), self._facts.padding, dtype=np.int64)
        mask = np.zeros((len(rows), width), dtype=np.int64)
        for place, row in enumerate(rows):
            ids[place, : len(row)] = row
            mask[place, : len(row)] = 1
        vectors: Vectors = self._session.run([output], {"input_ids": ids, "attention_mask": mask})[0]
        return vectors


def batches(lengths: Sequence[int], budget: int = TOKEN_BUDGET) -> Iterator[list[int]]:
    """Rows of like length together, longest first, each batch within the budget of tokens, padding counted.

    Args:
        lengths: Tokens of each row.
        budget: Exceeded only by a row that is longer by itself.
    """
    order = sorted(range(len(lengths)), key=lambda i: lengths[i], reverse=True)
    begin = 0
    while begin < len(order):
        end = begin + max(budget // max(lengths[order[begin]], 1), 1)
        yield order[begin:end]
        begin = end
