"""Index runs killed with SIGKILL at random moments lose nothing: `make torture` kills a hundred, `make test` seven."""

from pathlib import Path

import pytest

from tests.support.marked_run import PHASES, START
from tests.support.torture import Torture


def test_a_killed_run_loses_nothing(shared_data: Path, tmp_path: Path) -> None:
    """Every 60th file of real documentation, an embedder of hashed words."""
    torture = Torture(tmp_path, shared_data / "docs_tree", step=60, seed=10)
    for action, kills in (("index", 1), ("change", 2), ("lists", 2), ("model", 2)):
        torture.round(action, kills)
    assert torture.killed.total() == 7


@pytest.mark.slow
def test_a_hundred_killed_runs_lose_nothing(shared_data: Path, tmp_path: Path) -> None:
    """Every fourth file of the documentation; every phase of writing is met."""
    torture = Torture(tmp_path, shared_data / "docs_tree", step=4, seed=100)
    rounds = (("index", 14), ("change", 18), ("lists", 18), ("model", 18), ("change", 16), ("lists", 16))
    for action, kills in rounds:
        torture.round(action, kills)
        print(
            dict(torture.killed),
            f"; {torture.killed_again} killed again, {torture.ended_before} ended before",
        )
    assert torture.killed.total() == 100
    assert torture.killed.keys() == set(PHASES) - {START}
