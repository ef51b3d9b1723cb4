"""Starting up costs little: nothing heavy is imported before it is needed."""

import subprocess
import sys

import pytest

HEAVY = {
    "torch",
    "transformers",
    "sentence_transformers",
    "datasets",
    "faiss",
    "onnxruntime",
    "tantivy",
    "numpy",
}


def imported_by(code: str) -> set[str]:
    listing = subprocess.run(
        [sys.executable, "-c", f"import sys\n{code}\nprint(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(listing.stdout.split())


@pytest.mark.parametrize(
    "code",
    [
        "import simsearch",
        "from simsearch import Workspace",
        "from simsearch.registry import Registry; Registry.load()",
        "from simsearch.cli.main import cli, COMMANDS; [cli.get_command(None, name) for name in COMMANDS]",
    ],
)
def test_nothing_heavy_is_imported(code: str) -> None:
    assert imported_by(code).isdisjoint(HEAVY)
