"""`python -m simsearch.exporting MODEL TARGET FINGERPRINT`: exit 3 where the model itself can't be exported."""

import sys
from pathlib import Path

from simsearch.exporting.export import export

try:
    export(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
except (OSError, MemoryError):
    raise
except Exception as error:
    print(" ".join(str(error).split()) or type(error).__name__, file=sys.stderr)
    sys.exit(3)
