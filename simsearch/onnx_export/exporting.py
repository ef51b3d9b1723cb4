"""One export, of whatever kind. The process that does it is `__main__`'s, or one that works with torch anyway."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from simsearch.embedding.precision import Precision
from simsearch.errors import ExportRefused

MOST_SAID = 300


def export_engine(source: Path, target: Path, fingerprint: str, *options: str) -> None:
    """Export the model in `source`; or, by an option, derive an engine from the one in `source`.

    Args:
        target: The engine's folder; replaced as a whole, or not at all.
        options: `--precision` and its name for an engine in fewer bits; `--map` and the folder of a model with a linear
            map for an engine with that map behind it.

    Raises:
        ExportRefused: The model itself can't be exported. Whatever else is raised says nothing about the model.
    """
    try:
        _export(source, target, fingerprint, *options)
    except (OSError, MemoryError, ImportError, ExportRefused):
        raise
    except Exception as error:
        if "allocate memory" in str(error):  # the words of torch
            raise
        raise ExportRefused(" ".join(f"{type(error).__name__}: {error}".split())[:MOST_SAID]) from error


def _export(source: Path, target: Path, fingerprint: str, option: str = "", value: str = "") -> None:
    if option == "--precision":
        from simsearch.onnx_export.reduced_precision import reduce

        reduce(source, target, fingerprint, cast(Precision, value))
    elif option == "--map":
        from simsearch.onnx_export.mapping import add_map

        add_map(source, target, fingerprint, Path(value))
    else:
        from simsearch.onnx_export.export import export

        export(source, target, fingerprint)
