"""All settings, their defaults and the values that they can have.

docs/reference/settings.md is made from the docstrings here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, get_args

from simsearch.devices import DeviceSetting
from simsearch.errors import SettingsError

LATENCY = 50.0
"""Milliseconds that a search for the nearest chunks may take by default."""

LARGEST_FILE = 50_000_000
"""Bytes; by default, larger files are not indexed."""
DEFAULT_MODEL = "all-MiniLM-L6-v2"

Promote = Literal["auto", "always", "never"]
Mode = Literal["hybrid", "dense", "lexical"]
Fusion = Literal["convex", "rrf"]

_LEAST = {
    "epochs": 1,
    "batch_size": 2,
    "limit": 1,
    "rows": 1,
    "warmup": 0,
    "weight_decay": 0,
    "freeze": 0,
    "seed": 0,
}
"""The lowest value of each number in [tune] that has one."""


@dataclass(frozen=True, slots=True)
class TuneSettings:
    """How to tune. None leaves the choice to the plan, which explains it.

    Args:
        pairs: Files of pairs, relative to the workspace's folder.
        test: A file of pairs used only to judge.
        recipe: A named set of settings: `classic`.
        base: The model to start from: a name, a folder or a run.
        scores: The score generator, as a component string.
        split: The splitter, as a component string; `grouped` by default.
        loss: The loss, as a component string.
        epochs: Maximum number of epochs; the best one on the dev set is kept.
        batch_size: Pairs in each training batch.
        learning_rate: The peak learning rate.
        warmup: Steps in which the learning rate rises: a share of all steps if below 1, else a number of steps.
        weight_decay: The weight decay of AdamW.
        columns: Names of the columns, as `anchor=NAME,positive=NAME,score=NAME`.
        strict: Stop if something serious is wrong with the pairs.
        limit: Use a seeded sample of that many pairs.
        rows: Train on that many pairs of the train set, evenly spread over it.
        freeze: Freeze the embeddings and that many of the lowest layers.
        budget: Fit epochs, layers and pairs to a time limit, such as `10m`.
        negatives: The negative miner, as a component string.
        seed: The random seed.
        quick: Stop after the linear map on the base's vectors, without training.
        promote: When to promote a model: `auto` if it is proven better, `always` or `never`.
        device: The device to train on: `cpu`, `cuda` or `mps`; `auto` takes CUDA, else MPS, else the CPU.
    """

    pairs: tuple[str, ...] = ()
    test: str | None = None
    recipe: str | None = None
    base: str = DEFAULT_MODEL
    scores: str | None = None
    split: str | None = None
    loss: str | None = None
    epochs: int | None = None
    batch_size: int | None = None
    learning_rate: float | None = None
    warmup: float | None = None
    weight_decay: float | None = None
    columns: str = ""
    strict: bool = False
    limit: int | None = None
    rows: int | None = None
    freeze: int = 0
    budget: str | None = None
    negatives: str | None = None
    quick: bool = False
    seed: int = 0
    promote: Promote = "auto"
    device: DeviceSetting = "auto"

    def __post_init__(self) -> None:
        _demand_device("tune.device", self.device)
        for name, bound in _LEAST.items():
            value = getattr(self, name)
            _demand(value is None or value >= bound, f"tune.{name}", value, f"at least {bound}")
        _demand(
            self.learning_rate is None or self.learning_rate > 0,
            "tune.learning_rate",
            self.learning_rate,
            "above 0",
        )


@dataclass(frozen=True, slots=True)
class IndexSettings:
    """What to index, and how.

    Args:
        paths: Folders and files to index, relative to the workspace's folder.
        include: Glob patterns; only files that match one are indexed.
        exclude: Glob patterns; files that match one are left out.
        chunker: The chunker, as a component string.
        readers: Readers to use instead of the defaults, as component strings such as `csv:text=body`.
        largest_file: Size in bytes above which a file is skipped.
        latency: Milliseconds that a search for the nearest chunks may take. An exact index that takes longer becomes
            an approximate one, with a recall@10 of at least 0.95.
        model: The model to embed with. None means the promoted model, or the base if none is promoted.
        store: Where the index is kept, as a component string; `local` is the workspace's own folder.
        device: The device to embed on: `cpu`, `cuda` or `mps`; `auto` takes CUDA, else MPS, else the CPU.
        engine: Where files are read, cut and embedded, as a component string; `local` is this process.
    """

    paths: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    chunker: str = "structure"
    readers: tuple[str, ...] = ()
    largest_file: int = LARGEST_FILE
    latency: float = LATENCY
    model: str | None = None
    store: str = "local"
    device: DeviceSetting = "auto"
    engine: str = "local"

    def __post_init__(self) -> None:
        _demand_device("index.device", self.device)
        _demand(self.largest_file >= 1, "index.largest_file", self.largest_file, "at least 1")
        _demand(self.latency >= 0, "index.latency", self.latency, "0 or more")


@dataclass(frozen=True, slots=True)
class QuerySettings:
    """How to search.

    Args:
        k: Number of results.
        mode: `hybrid` (meaning and words), `dense` (meaning) or `lexical` (words).
        where: Filters that must all hold.
        chunks: Show every matching chunk, instead of each document once.
        fold: Fold results whose texts are nearly the same; otherwise only equal texts are folded.
        fusion: How hybrid combines its two lists: `convex` (a weighted sum of scores) or `rrf` (reciprocal ranks).
        weight: Weight of the dense score in a convex sum, 0 to 1. None chooses it for each question.
        rerank: The reranker, as a component string.
        taught: Use what `teach` learned from judgements.
    """

    k: int = 10
    mode: Mode = "hybrid"
    where: tuple[str, ...] = ()
    chunks: bool = False
    fold: bool = False
    fusion: Fusion = "convex"
    weight: float | None = None
    rerank: str | None = None
    taught: bool = True

    def __post_init__(self) -> None:
        _demand(self.k >= 1, "query.k", self.k, "at least 1")
        _demand(self.weight is None or 0 <= self.weight <= 1, "query.weight", self.weight, "within 0 to 1")


@dataclass(frozen=True, slots=True)
class UseSettings:
    """What is kept of the use of the index.

    Args:
        name: The person whom a judgement is attributed to; by default the user of the system.
        keep_questions: Keep every question with the hits that were shown, so that `judge --next` can propose some.
    """

    name: str = ""
    keep_questions: bool = False


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of one workspace.

    Args:
        plugins: Names of the installed plugins to load; None loads all. A name that ends in `.py` is a file in
            the workspace's folder, loaded once the user trusts that folder.
        strict_plugins: Stop because of a broken plugin instead of disabling it.
        threads: Threads to compute with; 0 means the cores that this process may use.
        cache: Folder that keeps exported models; empty for the user's own cache.
        hub_cache: Folder in which the Hugging Face hub keeps models on this machine.
        tune: The section [tune].
        index: The section [index].
        query: The section [query].
        use: The section [use].
    """

    plugins: tuple[str, ...] | None = None
    strict_plugins: bool = False
    threads: int = 0
    cache: str = ""
    hub_cache: str = ""
    tune: TuneSettings = field(default_factory=TuneSettings)
    index: IndexSettings = field(default_factory=IndexSettings)
    query: QuerySettings = field(default_factory=QuerySettings)
    use: UseSettings = field(default_factory=UseSettings)


def _demand(holds: bool, name: str, value: object, wanted: str) -> None:
    if not holds:
        raise SettingsError(f"The setting {name} must be {wanted}, not {value}.")


def _demand_device(name: str, value: str) -> None:
    known = get_args(DeviceSetting)
    _demand(value in known, name, value, f"one of {', '.join(known)}")
