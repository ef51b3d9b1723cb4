"""A writer for test_postgres_killed.py to kill: python killed_run.py SPEC VERSION."""

from __future__ import annotations

import sys
from pathlib import Path

from simsearch.plugins.registry import Registry
from simsearch.storage.opening import StoreContext
from simsearch.storage.protocols import Store
from simsearch.testing.stores.examples import ExampleModel, identity, put

FILES = 12
MODELS = (ExampleModel(), ExampleModel(seed=1))


def open_store(spec: str) -> Store:
    return Registry.load().store(spec).value(StoreContext(Path("unused")))


def model_of(version: int) -> ExampleModel:
    """Every third version has another model than the one before it."""
    return MODELS[version // 3 % 2]


def text_of(number: int, version: int) -> str:
    """A third of the files change from one version to the next."""
    changed = max((v for v in range(version + 1) if v % 3 == number % 3), default=-1)
    return f"the red fox {number} sees version{changed}. an owl sleeps. number{number} ends"


def path_of(number: int) -> str:
    return f"docs/{number:02}.md"


def index(store: Store, version: int) -> None:
    """Bring an index to a version, whatever a killed run has left."""
    model = model_of(version)
    with store.write(identity(model)) as writer:
        known = writer.files()
        writer.remove([path for path in known if path not in map(path_of, range(FILES))])
        for number in range(FILES):
            put(writer, path_of(number), text_of(number, version), model=model)
            if number % 5 == 4:
                writer.commit()
        writer.finish()


if __name__ == "__main__":
    sys.stdout.write("began\n")
    sys.stdout.flush()
    index(open_store(sys.argv[1]), int(sys.argv[2]))
