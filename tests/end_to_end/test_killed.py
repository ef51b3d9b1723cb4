"""Index runs killed with SIGKILL at random moments lose nothing: `make torture` kills a hundred, `make test` ten."""

from pathlib import Path

import pytest

from tests.torture import Torture


@pytest.mark.parametrize("kills", [10, pytest.param(100, marks=pytest.mark.slow)])
def test_a_killed_run_loses_nothing(shared_data: Path, tmp_path: Path, kills: int) -> None:
    """Every 40th file of real documentation, an embedder of hashed words."""
    torture = Torture(tmp_path, shared_data / "docs_tree", step=40, seed=kills)
    torture.run(kills, say=print)
    assert torture.killed == kills
