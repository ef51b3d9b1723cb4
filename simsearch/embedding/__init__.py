"""Texts to unit vectors, without torch."""

from __future__ import annotations

from pathlib import Path

from simsearch.devices import DeviceSetting, has_openvino, refuse_missing, sign_of_gpu
from simsearch.embedding.fingerprints import fingerprint
from simsearch.embedding.folders import find_model
from simsearch.embedding.onnx_models import (
    Export,
    engine_folder,
    ensure_exported,
    export_in_own_process,
    is_ready,
    refusal,
)
from simsearch.embedding.places import Places
from simsearch.embedding.precision import PRECISIONS, fingerprint_in, split_precision, with_precision
from simsearch.errors import ExportRefused, ModelError
from simsearch.plugins.registry import Registry
from simsearch.settings import load_settings
from simsearch.types import Embedder, Notice, Observer

__all__ = [
    "PRECISIONS",
    "Export",
    "Places",
    "export_in_own_process",
    "find_model",
    "identify",
    "load_embedder",
    "open_indexed",
    "split_precision",
    "why_slow",
    "with_precision",
]


def load_embedder(
    model: str | Path,
    *,
    places: Places | None = None,
    threads: int | None = None,
    registry: Registry | None = None,
    observe: Observer | None = None,
    download: bool = False,
    name: str | None = None,
    export: Export = export_in_own_process,
    device: DeviceSetting = "cpu",
) -> Embedder:
    """Load a model. One without an ONNX graph is exported first.

    sentence-transformers runs a model that can't be exported, with a warning each time.

    Args:
        model: A name, a folder or a run, each with @int8 or @fp16 for a lower precision, or the component string of an
            embedder plugin.
        places: Folders to search; by default those in the settings of the current folder.
        threads: Threads to compute with, 0 for all cores; by default the number in the settings of the current folder.
        registry: Plugins that may provide the model.
        observe: Receives a notice if the model is exported, or can't be.
        download: Allow fetching the model from the hub.
        name: The name to show, if `model` is not one that a person knows.
        export: Exports it.
        device: What embeds many texts; `auto` is decided once there are many.

    Raises:
        ModelNotFound: No place has the model.
        ModelError: The model can't be used on that device.
        DeviceMissing: The device is not on this machine.
    """
    refuse_missing(device)
    if registry and registry.has("embedders", str(model)):
        from simsearch.embedding.guarded import GuardedEmbedder

        _refuse_device(str(model), device, "its plugin chooses the device")
        return GuardedEmbedder(registry.embedder(str(model)))
    if places is None or threads is None:
        settings = load_settings(Path.cwd())
        places = places or Places.of(settings)
        threads = settings.threads if threads is None else threads
    folder = find_model(split_precision(str(model))[0], places, download)
    embedder = _load(name or str(model), folder, places, threads, observe, export)
    if device == "cpu" or (device == "auto" and sign_of_gpu() is None and not has_openvino()):
        return embedder
    if split_precision(str(model))[1]:
        _refuse_device(str(model), device, "models in int8 and fp16 run only on the CPU")
        return embedder
    from simsearch.embedding.moving import MovingEmbedder

    return MovingEmbedder(embedder, folder, device, observe)


def open_indexed(
    model: str,
    fingerprint: str,
    *,
    places: Places,
    threads: int,
    registry: Registry | None = None,
    observe: Observer | None = None,
) -> Embedder:
    """Load the model that an index was built with, by its fingerprint.

    Raises:
        ModelError: Another model has that name now; the message gives both fingerprints.
    """
    from simsearch.embedding.engine import OnnxEmbedder

    kept = places.cache / fingerprint
    if is_ready(kept, fingerprint):
        return OnnxEmbedder(model, kept, threads)
    embedder = load_embedder(model, places=places, threads=threads, registry=registry, observe=observe)
    if embedder.fingerprint != fingerprint:
        raise ModelError(
            f"The index was built with {model} {fingerprint[:12]}, but {model} is now {embedder.fingerprint[:12]}: "
            "run `simsearch index` to rebuild the index."
        )
    return embedder


def identify(model: str, places: Places, download: bool = False) -> str:
    """The fingerprint of a model, without loading it."""
    name, precision = split_precision(model)
    folder = find_model(name, places, download)
    return fingerprint_in(fingerprint(folder, places.cache), precision)


def why_slow(model: str, places: Places) -> str | None:
    """Why sentence-transformers has to run a model; None if it is exported or was not tried yet."""
    folder = find_model(split_precision(model)[0], places)
    identity = fingerprint(folder, places.cache)
    return refusal(engine_folder(folder, identity, places), identity)


def _refuse_device(model: str, device: DeviceSetting, reason: str) -> None:
    if device in ("cuda", "mps"):
        raise ModelError(f"{model} can't run on {device}: {reason}. Use --device auto.")


def _load(
    model: str, folder: Path, places: Places, threads: int, observe: Observer | None, export: Export
) -> Embedder:
    from simsearch.embedding.engine import OnnxEmbedder

    name, precision = split_precision(model)
    try:
        engine = ensure_exported(name, folder, places, observe, precision, export)
        return OnnxEmbedder(model, engine, threads)
    except ExportRefused as refused:
        if precision:
            raise ModelError(f"{name} can't be used in {precision}: {refused}") from refused
        if observe:
            text = f"{model} can't be exported to ONNX, so sentence-transformers runs it, which is slower: {refused}"
            observe(Notice(text, warning=True))
    from simsearch.embedding.fallback import TorchEmbedder

    return TorchEmbedder(model, folder, fingerprint(folder, places.cache), threads)
