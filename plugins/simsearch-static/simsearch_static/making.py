"""Distils a sentence-transformers model into a table of token vectors. Imports torch.

The way of model2vec (Tulkens and van Dongen 2024, doi:10.5281/zenodo.17270888): each token goes through the model by
itself, the vectors are turned to their principal components, and frequent tokens weigh less, by smooth inverse
frequency (Arora et al. 2017, openreview SyK00v5xx) with frequencies that Zipf's law gives the ranks.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.numpy import save_file
from sentence_transformers.sentence_transformer.modules import Normalize
from tokenizers import Tokenizer

from simsearch import InputError
from simsearch.torch_models import open_sentence_transformer
from simsearch.types import Observer, Progress
from simsearch_static.places import FACTS, TOKENIZER, VECTORS

SMOOTHING = 1e-4
BATCH = 1024
UNSTATED_LIMIT = 512


@dataclass(frozen=True, slots=True)
class Facts:
    """What a table's folder says of it.

    Args:
        source: What the user calls the model that it was distilled from.
        longest: Most tokens of a text that it reads: as many as the model.
        unknown: The token that stands for what the tokenizer doesn't know.
        fingerprint: sha256 over vectors, tokenizer, limit and unknown token.
    """

    source: str
    tokens: int
    dimensions: int
    longest: int
    unknown: int
    fingerprint: str


def make_table(source: str, model: Path, target: Path, dimensions: int, observe: Observer) -> Facts:
    """Distil a model into the folder `target`, which is there whole or not at all.

    Args:
        source: What the user calls the model.
        model: Its folder.
        dimensions: Length of the vectors; at most the model's.

    Raises:
        InputError: The model can't be distilled.
        ModelError: It can't be loaded.
    """
    network = open_sentence_transformer(model)
    tokenizer = _tokenizer(network, model)
    vectors = token_vectors(network, tokenizer, observe)
    if not 1 <= dimensions <= vectors.shape[1]:
        raise InputError(
            f"{source} has vectors of {vectors.shape[1]} numbers; --dimensions can't be {dimensions}."
        )
    table = principal(vectors, dimensions) * frequency_weights(_idle(tokenizer))[:, None]
    unknown = next(
        (i for i in (network.tokenizer.unk_token_id, network.tokenizer.cls_token_id) if i is not None), 0
    )
    longest = min(network.max_seq_length or UNSTATED_LIMIT, 1_000_000)
    tokenizer.post_processor = None  # special tokens have no meaning here
    return _keep(target, table.astype(np.float16), tokenizer.to_str(), source, longest, unknown)


def token_vectors(network: Any, tokenizer: Tokenizer, observe: Observer) -> NDArray[np.float32]:
    """float32 [tokens, d]: what the model makes of each token between the special ones, before it is brought to
    unit length."""
    before, after = _special_around(tokenizer)
    count, rows = tokenizer.get_vocab_size(), []
    modules = [module.eval() for module in network if not isinstance(module, Normalize)]
    for start in range(0, count, BATCH):
        ids = torch.arange(start, min(start + BATCH, count))[:, None]
        around = [torch.tensor(special).expand(len(ids), -1) for special in (before, after)]
        features = {"input_ids": torch.cat([around[0], ids, around[1]], dim=1)}
        features["attention_mask"] = torch.ones_like(features["input_ids"])
        with torch.inference_mode():
            for module in modules:
                features = module(features)
        rows.append(features["sentence_embedding"].numpy())
        observe(Progress("Reading tokens", min(start + BATCH, count), count))
    return np.concatenate(rows).astype(np.float32)


def principal(vectors: NDArray[np.float32], dimensions: int) -> NDArray[np.float64]:
    """The vectors [n, d] on their first principal components, most varied first."""
    centred = vectors.astype(np.float64) - vectors.mean(axis=0, dtype=np.float64)
    _, axes = np.linalg.eigh(centred.T @ centred)
    projected: NDArray[np.float64] = centred @ axes[:, ::-1][:, :dimensions]
    return projected


def frequency_weights(idle: NDArray[np.bool_]) -> NDArray[np.float64]:
    """a / (a + p) for each token, where p is what Zipf's law gives its rank: vocabularies are in that order.

    Args:
        idle: Which entries stand for no text, and have no share in the frequencies.
    """
    shares = np.where(idle, 0, 1 / (1 + np.cumsum(~idle)))
    weights: NDArray[np.float64] = SMOOTHING / (SMOOTHING + shares / shares.sum())
    return weights


def _idle(tokenizer: Tokenizer) -> NDArray[np.bool_]:
    """Special tokens, and the places that a vocabulary keeps free."""
    special = {token.content for token in tokenizer.get_added_tokens_decoder().values()}
    words = [tokenizer.id_to_token(i) or "" for i in range(tokenizer.get_vocab_size())]
    return np.array([word in special or word.startswith("[unused") for word in words])


def _tokenizer(network: Any, folder: Path) -> Tokenizer:
    """A copy, whole texts and nothing filled up."""
    backend = getattr(network.tokenizer, "backend_tokenizer", None)
    if backend is None:
        raise InputError(f"The model in {folder} has no tokenizer.json, which a table needs.")
    tokenizer = Tokenizer.from_str(backend.to_str())
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def _special_around(tokenizer: Tokenizer) -> tuple[list[int], list[int]]:
    """The special tokens that the model sees before a text, and those after it."""
    encoded = tokenizer.encode("a")
    ordinary = [i for i, special in enumerate(encoded.special_tokens_mask) if not special]
    return encoded.ids[: ordinary[0]], encoded.ids[ordinary[-1] + 1 :]


def _keep(
    target: Path, table: NDArray[np.float16], tokenizer: str, source: str, longest: int, unknown: int
) -> Facts:
    digest = hashlib.sha256(
        table.tobytes() + tokenizer.encode() + f"{table.shape} {longest} {unknown}".encode()
    )
    tokens, dimensions = table.shape
    facts = Facts(source, tokens, dimensions, longest, unknown, digest.hexdigest())
    making = target.with_name(f".making-{target.name}")
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(parents=True)
    try:
        save_file({"table": np.ascontiguousarray(table)}, making / VECTORS)
        (making / TOKENIZER).write_text(tokenizer, encoding="utf-8")
        (making / FACTS).write_text(json.dumps(asdict(facts), indent=2), encoding="utf-8")
        shutil.rmtree(target, ignore_errors=True)
        making.rename(target)
    finally:
        shutil.rmtree(making, ignore_errors=True)
    return facts
