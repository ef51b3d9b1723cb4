"""Packages with an entry point, written into a folder as an installer would leave them."""

from pathlib import Path

START = "from simsearch import Component, hookimpl\n"


def install(folder: Path, package: str, source: str, version: str = "1.0", module: str = "") -> None:
    """A package of one module that answers to the group `simsearch`, in a folder for PYTHONPATH."""
    module = module or package.replace("-", "_")
    (folder / f"{module}.py").write_text(START + source, encoding="utf-8")
    metadata = folder / f"{package.replace('-', '_')}-{version}.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n")
    (metadata / "entry_points.txt").write_text(f"[simsearch]\n{package} = {module}\n")
