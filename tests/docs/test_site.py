"""The documentation site builds without a warning, its links work, and it loads nothing from other hosts."""

import os
import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from simsearch.cli.main import COMMANDS
from simsearch.plugins.declarations import HOOKS
from simsearch.settings import IndexSettings, QuerySettings, Settings, TuneSettings, UseSettings
from tests.conftest import PROJECT

LOADED = re.compile(r"<(?:script|link|img|iframe)[^>]*(?:src|href)=\"?(https?:)?//", re.IGNORECASE)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as `make docs` builds it: strict, so that a broken link fails."""
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict", "--site-dir", str(folder)],
        cwd=PROJECT, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return folder


def test_no_page_loads_anything_from_another_host(site: Path) -> None:
    pages = list(site.rglob("*.html"))
    assert len(pages) > 25
    assert [page.name for page in pages if LOADED.search(page.read_text(encoding="utf-8"))] == []


def test_every_setting_is_listed(site: Path) -> None:
    page = (site / "reference" / "settings.html").read_text(encoding="utf-8")
    for section, settings in (
        ("", Settings),
        ("tune_", TuneSettings),
        ("index_", IndexSettings),
        ("query_", QuerySettings),
        ("use_", UseSettings),
    ):
        for field in fields(settings):
            if field.name not in ("tune", "index", "query", "use"):
                assert f"<code>SIMSEARCH_{section}{field.name}</code>".upper() in page.upper(), field.name


def test_every_setting_is_described(site: Path) -> None:
    page = (site / "reference" / "settings.html").read_text(encoding="utf-8")
    assert "<td></td>" not in page


def test_every_command_and_hook_has_a_section(site: Path) -> None:
    commands = (site / "reference" / "commands.html").read_text(encoding="utf-8")
    assert [name for name in COMMANDS if f'id="simsearch-{name}"' not in commands] == []
    hooks = (site / "reference" / "hooks.html").read_text(encoding="utf-8")
    assert [name for name in HOOKS if f'id="simsearch.hooks.{name}"' not in hooks] == []


def test_the_files_that_the_architecture_names_exist() -> None:
    page = (PROJECT / "docs" / "architecture.md").read_text(encoding="utf-8")
    named = re.findall(r"`([a-z_/]+(?:\.py|/))`", page)
    roots = [PROJECT, PROJECT / "simsearch"]
    assert len(named) > 25
    assert [name for name in named if not any((root / name).exists() for root in roots)] == []


def test_every_room_is_in_the_diagram() -> None:
    page = (PROJECT / "docs" / "architecture.md").read_text(encoding="utf-8")
    diagram = page.partition("## The rooms")[2].partition("```text")[2].partition("```")[0]
    rooms = [
        room.name
        for room in (PROJECT / "simsearch").iterdir()
        if room.is_dir() and (room / "__init__.py").exists()
    ]
    assert [room for room in rooms if f"{room}/" not in diagram] == []
