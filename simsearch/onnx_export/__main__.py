"""`python -m simsearch.onnx_export SOURCE TARGET FINGERPRINT [PRECISION]`: the graph of the model in SOURCE or, with a
precision, the engine in SOURCE in fewer bits. Exit 3 where the model itself stands in the way; the reason is
the last line of stderr.
"""

import sys
from pathlib import Path
from typing import cast

from simsearch.embedding.precision import Precision
from simsearch.errors import ExportRefused

MOST_SAID = 300


def main(source: str, target: str, fingerprint: str, precision: str | None = None) -> None:
    if precision:
        from simsearch.onnx_export.reduced_precision import reduce

        reduce(Path(source), Path(target), fingerprint, cast(Precision, precision))
    else:
        from simsearch.onnx_export.export import export

        export(Path(source), Path(target), fingerprint)


try:
    main(*sys.argv[1:])
except (OSError, MemoryError, ImportError):  # these say nothing of the model
    raise
except Exception as error:
    if "allocate memory" in str(error):  # as torch says it
        raise
    said = str(error) if isinstance(error, ExportRefused) else f"{type(error).__name__}: {error}"
    print(" ".join(said.split())[:MOST_SAID], file=sys.stderr)
    sys.exit(3)
