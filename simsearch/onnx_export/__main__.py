"""`python -m simsearch.onnx_export SOURCE TARGET FINGERPRINT [--precision NAME | --map MODEL]`.

Exports the model in SOURCE to ONNX; or writes the engine in SOURCE in fewer bits, or with the linear map of MODEL
behind it. Exit 3 if the model itself can't be exported; the reason is the last line of stderr.
"""

import sys
from pathlib import Path
from typing import cast

from simsearch.embedding.precision import Precision
from simsearch.errors import ExportRefused

MOST_SAID = 300


def main(source: str, target: str, fingerprint: str, option: str = "", value: str = "") -> None:
    if option == "--precision":
        from simsearch.onnx_export.reduced_precision import reduce

        reduce(Path(source), Path(target), fingerprint, cast(Precision, value))
    elif option == "--map":
        from simsearch.onnx_export.mapping import add_map

        add_map(Path(source), Path(target), fingerprint, Path(value))
    else:
        from simsearch.onnx_export.export import export

        export(Path(source), Path(target), fingerprint)


try:
    main(*sys.argv[1:])
except (OSError, MemoryError, ImportError):  # these say nothing about the model
    raise
except Exception as error:
    if "allocate memory" in str(error):  # the words of torch
        raise
    said = str(error) if isinstance(error, ExportRefused) else f"{type(error).__name__}: {error}"
    print(" ".join(said.split())[:MOST_SAID], file=sys.stderr)
    sys.exit(3)
