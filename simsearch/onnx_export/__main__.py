"""`python -m simsearch.onnx_export SOURCE TARGET FINGERPRINT [--precision NAME | --map MODEL]`: see `export_engine`.

Exit 3 if the model itself can't be exported; the reason is the last line of stderr.
"""

import sys
from pathlib import Path

from simsearch.embedding.onnx_models import REFUSED_STATUS
from simsearch.errors import ExportRefused
from simsearch.onnx_export.exporting import export_engine

source, target, fingerprint, *options = sys.argv[1:]
try:
    export_engine(Path(source), Path(target), fingerprint, *options)
except ExportRefused as refused:
    print(" ".join(str(refused).split()), file=sys.stderr)
    sys.exit(REFUSED_STATUS)
