"""Texts to unit vectors, without torch."""

from __future__ import annotations

from pathlib import Path

from simsearch.embedding.folders import find_model, fingerprint
from simsearch.errors import ModelError
from simsearch.registry import Registry
from simsearch.settings import Settings, load_settings
from simsearch.types import Embedder, Observer

__all__ = ["find_model", "fingerprint", "load_embedder", "open_engine"]


def load_embedder(
    model: str | Path,
    *,
    settings: Settings | None = None,
    runs: Path | None = None,
    registry: Registry | None = None,
    observe: Observer | None = None,
    download: bool = False,
) -> Embedder:
    """A model that is ready to embed; one without an ONNX graph is exported first, in a process of its own.

    Args:
        model: A name, a folder, a run under `runs`, or the component string of an embedder plugin.
        settings: In place of those of the current folder.
        runs: Where runs are kept, normally .simsearch/models/.
        observe: Hears when a model is exported.
        download: Allow fetching the model from the hub.

    Raises:
        ModelNotFound: No place has the model.
        ExportRefused: Its graph doesn't agree with the model.
    """
    from simsearch.embedding.engine import OnnxEmbedder
    from simsearch.embedding.exports import ensure_exported

    if registry and any(
        o.component.name == str(model).partition(":")[0] for o in registry.offers("embedders")
    ):
        return registry.embedder(str(model)).value
    settings = settings or load_settings(Path.cwd())
    folder = find_model(str(model), settings=settings, runs=runs, download=download)
    return OnnxEmbedder(str(model), ensure_exported(folder, settings, runs, observe), settings.threads)


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
    if (kept / "embedder.json").is_file():
        return OnnxEmbedder(model, kept, settings.threads)
    embedder = load_embedder(model, settings=settings, runs=runs, registry=registry, observe=observe)
    if embedder.fingerprint != wanted:
        raise ModelError(
            f"The index was made with {model} {wanted[:12]}, and {model} is {embedder.fingerprint[:12]} now: "
            "run `simsearch index` to make the index anew."
        )
    return embedder
