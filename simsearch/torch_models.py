"""Models that sentence-transformers runs, opened safely: from the files of their own folder alone, without running
code of theirs and without unpickling weights."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from simsearch.devices import Device
from simsearch.errors import ModelError


def open_sentence_transformer(folder: Path, device: Device = "cpu", **options: Any) -> Any:
    """The SentenceTransformer in a folder. Imports torch.

    Args:
        options: For the transformer in it, such as attn_implementation="eager".

    Raises:
        ModelError: It can't be loaded.
    """
    from sentence_transformers import SentenceTransformer

    return _open(SentenceTransformer, folder, device, options)


def open_cross_encoder(folder: Path) -> Any:
    """The CrossEncoder in a folder, on the CPU: it gives two texts one score. Imports torch.

    Raises:
        ModelError: It can't be loaded, or gives several scores.
    """
    if not (folder / "config.json").is_file():
        raise ModelError(f"{folder} holds no cross-encoder: there is no config.json in it.")
    from sentence_transformers import CrossEncoder

    model = _open(CrossEncoder, folder, "cpu", {})
    if model.num_labels != 1:
        raise ModelError(
            f"The model in {folder} gives {model.num_labels} scores for two texts; use a model that gives one."
        )
    return model


def _open(kind: Any, folder: Path, device: Device, options: dict[str, Any]) -> Any:
    from transformers.utils.logging import disable_progress_bar, set_verbosity_error

    disable_progress_bar()
    set_verbosity_error()
    try:
        return kind(
            str(folder),
            device=device,
            local_files_only=True,
            trust_remote_code=False,
            model_kwargs={**options, "use_safetensors": True},
        )
    except MemoryError:
        raise
    except Exception as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
        raise ModelError(
            f"The model in {folder} can't be loaded: {reason}. It must be complete, with safetensors weights."
        ) from error
