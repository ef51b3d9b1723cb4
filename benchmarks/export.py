"""What exporting an index as Parquet parts and restoring it takes: time, peak memory and disk.

    python benchmarks/export.py 10000 40000 160000       a table, as Markdown

The chunks are those of store.py. Each step is a process of its own, so that its peak memory is its own. Restoring is
measured with and without the store's own work: `read` goes through an export as restoring does, and stores nothing.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).parent.parent
sys.path.insert(0, str(PROJECT))


def build(folder: Path, count: int) -> dict[str, Any]:
    from benchmarks.store import build

    return build(folder, count)


def export(folder: Path, _: int) -> dict[str, Any]:
    from simsearch.indexing.dump import dump_index

    with closing(_store(folder).read()) as snapshot:
        dump_index(snapshot, folder / "out", layout="parts")
    files = [path for path in (folder / "out").rglob("*") if path.is_file()]
    return {"parts": len(files) - 1, "MB": round(sum(path.stat().st_size for path in files) / 1e6)}


def read(folder: Path, _: int) -> dict[str, Any]:
    from simsearch.indexing.parts import read_files, read_vectors

    documents, chunks = (sorted((folder / "out" / kind).iterdir()) for kind in ("documents", "chunks"))
    files = sum(1 for _ in read_files(documents, chunks))
    return {"files": files, "vectors": sum(len(block) for block in read_vectors(chunks))}


def restore(folder: Path, _: int) -> dict[str, Any]:
    from simsearch.indexing.model import Model
    from simsearch.indexing.restore import restore_index

    with closing(_store(folder).read()) as snapshot:
        wanted, model = snapshot.counts(), snapshot.identity
    copy = _store(folder / "copy")
    restore_index(folder / "out", store=copy, model=Model(model.model, lambda: model.fingerprint, _refuse))
    with closing(copy.read()) as snapshot:
        found = snapshot.counts()
    return {
        "same counts": (found.files, found.documents, found.chunks)
        == (wanted.files, wanted.documents, wanted.chunks)
    }


STEPS: dict[str, Callable[[Path, int], dict[str, Any]]] = {
    "build": build,
    "export": export,
    "read": read,
    "restore": restore,
}


def _refuse() -> Any:
    raise AssertionError("nothing may be embedded")


def _store(folder: Path) -> Any:
    from benchmarks.store import open_local

    return open_local(folder)


def main() -> None:
    if sys.argv[1] in STEPS:
        from benchmarks.store import peak

        began = time.perf_counter()
        found = STEPS[sys.argv[1]](Path(sys.argv[2]), int(sys.argv[3]))
        seconds = round(time.perf_counter() - began, 1)
        print(json.dumps({"seconds": seconds, "peak MB": peak()} | found))
        return
    print("| chunks | step | seconds | peak MB | |\n| --- | --- | --- | --- | --- |")
    for count in sys.argv[1:]:
        folder = tempfile.mkdtemp()
        try:
            for step in STEPS:
                words = [sys.executable, __file__, step, folder, count]
                done = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True)
                found = json.loads(done.stdout)
                more = ", ".join(
                    f"{name} {value}" for name, value in found.items() if name not in ("seconds", "peak MB")
                )
                print(f"| {count} | {step} | {found['seconds']} | {found['peak MB']} | {more} |", flush=True)
        finally:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
