"""Texts to unit vectors, without torch."""

from __future__ import annotations

from pathlib import Path

from simsearch.embedding.fingerprints import fingerprint
from simsearch.embedding.folders import find_model
from simsearch.embedding.onnx_models import engine_folder, ensure_exported, is_ready, refusal
from simsearch.embedding.precision import PRECISIONS, fingerprint_in, split_precision, with_precision
from simsearch.errors import ExportRefused, ModelError
from simsearch.plugins.registry import Registry
from simsearch.settings import Settings, load_settings
from simsearch.types import Embedder, Notice, Observer

__all__ = [
    "PRECISIONS",
    "find_model",
    "identify",
    "load_embedder",
    "open_engine",
    "split_precision",
    "why_slow",
    "with_precision",
]


def load_embedder(
    model: str | Path,
    *,
    settings: Settings | None = None,
    runs: Path | None = None,
    registry: Registry | None = None,
    observe: Observer | None = None,
    download: bool = False,
    name: str | None = None,
) -> Embedder:
    """A model that is ready to embed; one without an ONNX graph is exported first, in a process of its own.

    A model that can't be exported is run by sentence-transformers, with a warning each time.

    Args:
        model: A name, a folder or a run under `runs`, each with @int8 or @fp16 for a graph in fewer bits, or the
            component string of an embedder plugin.
        settings: In place of those of the current folder.
        runs: Where runs are kept, normally .simsearch/models/.
        observe: Hears when a model is exported, or can't be.
        download: Allow fetching the model from the hub.
        name: What to call it, where `model` is no name that a person knows.

    Raises:
        ModelNotFound: No place has the model.
    """
    if registry and registry.has("embedders", str(model)):
        from simsearch.embedding.guarded import GuardedEmbedder

        return GuardedEmbedder(registry.embedder(str(model)))
    settings = settings or load_settings(Path.cwd())
    folder = find_model(split_precision(str(model))[0], settings=settings, runs=runs, download=download)
    return _load(name or str(model), folder, settings, runs, observe)


def open_engine(
    model: str,
    wanted: str,
    *,
    settings: Settings,
    runs: Path | None = None,
    registry: Registry | None = None,
    observe: Observer | None = None,
) -> Embedder:
    """The model that an index was made with, found by its fingerprint.

    Raises:
        ModelError: The model of that name is another one by now; names both fingerprints.
    """
    from simsearch.embedding.engine import OnnxEmbedder

    kept = Path(settings.cache) / wanted
    if is_ready(kept, wanted):
        return OnnxEmbedder(model, kept, settings.threads)
    embedder = load_embedder(model, settings=settings, runs=runs, registry=registry, observe=observe)
    if embedder.fingerprint != wanted:
        raise ModelError(
            f"The index was made with {model} {wanted[:12]}, and {model} is {embedder.fingerprint[:12]} now: "
            "run `simsearch index` to make the index anew."
        )
    return embedder


def identify(model: str, *, settings: Settings, runs: Path | None = None, download: bool = False) -> str:
    """A model's fingerprint, without loading it."""
    name, precision = split_precision(model)
    folder = find_model(name, settings=settings, runs=runs, download=download)
    return fingerprint_in(fingerprint(folder, Path(settings.cache)), precision)


def why_slow(model: str, *, settings: Settings, runs: Path | None = None) -> str | None:
    """Why a model is run by sentence-transformers; None for one that is (or may yet be) exported."""
    folder = find_model(split_precision(model)[0], settings=settings, runs=runs)
    identity = fingerprint(folder, Path(settings.cache))
    return refusal(engine_folder(folder, identity, settings, runs), identity)


def _load(
    model: str, folder: Path, settings: Settings, runs: Path | None, observe: Observer | None
) -> Embedder:
    from simsearch.embedding.engine import OnnxEmbedder

    name, precision = split_precision(model)
    try:
        engine = ensure_exported(name, folder, settings, runs, observe, precision)
        return OnnxEmbedder(model, engine, settings.threads)
    except ExportRefused as refused:
        if precision:
            raise ModelError(f"{name} can't be used in {precision}: {refused}") from refused
        if observe:
            text = f"{model} can't be exported to ONNX, so sentence-transformers runs it, slowly: {refused}"
            observe(Notice(text, warning=True))
    from simsearch.embedding.fallback import TorchEmbedder

    identity = fingerprint(folder, Path(settings.cache))
    return TorchEmbedder(model, folder, identity, settings.threads)
