"""Where tables lie, and what is in their folders."""

from __future__ import annotations

from pathlib import Path

from simsearch import InputError
from simsearch.settings import cache_folder, load_settings

VECTORS = "table.safetensors"
TOKENIZER = "tokenizer.json"
FACTS = "table.json"


def tables() -> Path:
    """The folder of this user's tables."""
    return cache_folder(load_settings(Path.cwd())) / "static"


def find_table(name: str) -> Path:
    """The folder of a table, by its name or as a path.

    Raises:
        InputError: There is none; names those there are.
    """
    for folder in (tables() / name, Path(name)):
        if (folder / FACTS).is_file():
            return folder
    known = sorted(path.parent.name for path in tables().glob(f"*/{FACTS}"))
    raise InputError(
        f"'static' has no table '{name}'. The tables are: {', '.join(known) or 'none'}. `simsearch static make MODEL` "
        "makes one."
    )
