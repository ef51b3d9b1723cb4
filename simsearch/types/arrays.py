"""Arrays by what they hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]
    Scores = NDArray[np.float32]
    Rows = NDArray[np.int64]
else:  # names to import at run time, without numpy's 70 ms
    Vectors = Scores = Rows = Any
