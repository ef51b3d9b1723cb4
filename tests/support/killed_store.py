"""A writer that tests kill: python -m tests.support.killed_store SPEC VERSION brings an index to a version."""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing
from pathlib import Path

from simsearch.plugins.registry import Registry
from simsearch.storage.opening import StoreContext
from simsearch.storage.protocols import Store
from simsearch.testing.stores.examples import ExampleModel, View, identity, put, view, view_of

PROJECT = Path(__file__).parent.parent.parent
FILES = 12
MODELS = (ExampleModel(), ExampleModel(seed=1))


def open_store(spec: str) -> Store:
    return Registry.load().store(spec).value(StoreContext(Path("unused")))


def model_of(version: int) -> ExampleModel:
    """Every third version has another model than the one before it."""
    return MODELS[version // 3 % 2]


def index(store: Store, version: int) -> None:
    """Bring an index to a version, whatever a killed run has left."""
    model = model_of(version)
    with store.write(identity(model)) as writer:
        writer.remove([path for path in writer.files() if path not in map(_path_of, range(FILES))])
        for number in range(FILES):
            put(writer, _path_of(number), _text_of(number, version), model=model)
            if number % 5 == 4:
                writer.commit()
        writer.finish()


def start_run(spec: str, version: int) -> subprocess.Popen[str]:
    """A process that brings an index to a version; it has just begun."""
    (run,) = start_runs(spec, version, 1)
    return run


def start_runs(
    spec: str, version: int, count: int, *, stderr: int = subprocess.DEVNULL
) -> list[subprocess.Popen[str]]:
    """Processes that bring an index to a version; they have just begun, at the same moment."""
    words = [sys.executable, "-m", "tests.support.killed_store", spec, str(version)]
    runs = [
        subprocess.Popen(
            words, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stderr, text=True
        )
        for _ in range(count)
    ]
    for run in runs:
        assert run.stdout
        run.stdout.readline()
        run.stdout.close()
    for run in runs:
        assert run.stdin
        run.stdin.close()
    return runs


def demand_an_answer(store: Store, version: int) -> None:
    """Every file is there once, as it was before a version or as it is to be."""
    found = view_of_its_model(store)
    texts = {path: [document.text for document in documents] for path, documents in found.documents.items()}
    assert set(texts) == {_path_of(number) for number in range(FILES)}
    for number in range(FILES):
        assert texts[_path_of(number)] in ([_text_of(number, version)], [_text_of(number, version - 1)])
    assert len({(chunk["path"], chunk["start"]) for chunk in found.chunks}) == len(found.chunks)
    assert found.dense["red fox"] and found.lexical["red fox"]


def view_of_its_model(store: Store) -> View:
    with closing(store.read()) as snapshot:
        (model,) = [model for model in MODELS if model.fingerprint == snapshot.identity.fingerprint]
        return view_of(snapshot, model)


def left_alone(store: Store, version: int) -> View:
    """What an index of a version holds that was made from nothing, in a store that is removed again."""
    try:
        index(store, version)
        return view(store, model_of(version))
    finally:
        store.remove()  # type: ignore[attr-defined]


def _path_of(number: int) -> str:
    return f"docs/{number:02}.md"


def _text_of(number: int, version: int) -> str:
    """A third of the files change from one version to the next."""
    changed = max((v for v in range(version + 1) if v % 3 == number % 3), default=-1)
    return f"the red fox {number} sees version{changed}. an owl sleeps. number{number} ends"


if __name__ == "__main__":
    store = open_store(sys.argv[1])
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.read()  # until all that are to begin at once are ready
    index(store, int(sys.argv[2]))
