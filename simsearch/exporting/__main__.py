"""`python -m simsearch.exporting MODEL TARGET FINGERPRINT`."""

import sys
from pathlib import Path

from simsearch.errors import SimsearchError
from simsearch.exporting.export import export

try:
    export(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
except SimsearchError as error:
    sys.exit(str(error))
