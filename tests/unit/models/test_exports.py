"""Where a model is exported: in the process that works with sentence-transformers anyway, or in one of its own."""

import os
import subprocess
import sys
from pathlib import Path

from tests.support.tiny_models import save_tiny_model

LOAD = """
import subprocess, sys
from pathlib import Path
{first}
started = []
sys.addaudithook(lambda event, _: started.append(event) if event == "subprocess.Popen" else None)
from simsearch import Workspace
vectors = Workspace(Path({workspace!r})).models.load({model!r}).encode(["list the files"])
print(len(started), "torch" in sys.modules, vectors.shape)
"""


def load_in_new_process(tmp_path: Path, first: str) -> str:
    model = save_tiny_model(tmp_path / "model")
    code = LOAD.format(first=first, workspace=str(tmp_path), model=str(model))
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "SIMSEARCH_CACHE": str(tmp_path / "cache")},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stderr == ""
    return done.stdout.strip()


def test_a_process_without_torch_starts_another_to_export(tmp_path: Path) -> None:
    assert load_in_new_process(tmp_path, "") == "1 False (1, 32)"


def test_a_process_with_sentence_transformers_exports_by_itself(tmp_path: Path) -> None:
    assert load_in_new_process(tmp_path, "import sentence_transformers") == "0 True (1, 32)"
