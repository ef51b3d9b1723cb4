"""One server, one browser, and pages that fail a test if anything goes wrong in them."""

import json
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from simsearch import Workspace
from tests.browser.documents import FILES, QUESTIONS
from tests.support.serving import Server, running_server

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync")  # fmt: skip

NewPage = Callable[..., Page]


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """An index of the base model, with a run next to it."""
    folder = tmp_path_factory.mktemp("browsed")
    for path, text in FILES.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    (folder / "guide" / "broken.pdf").write_bytes(b"%PDF-1.4 and nothing else")
    workspace = Workspace(folder)
    workspace.index(folder / "guide", folder / "rows.jsonl")
    rows = [json.dumps({"anchor": question, "positive": answer}) for question, answer in QUESTIONS]
    random.Random(0).shuffle(rows)
    (folder / "pairs.jsonl").write_text("\n".join(rows))
    workspace.tune(folder / "pairs.jsonl", quick=True)
    return workspace


@pytest.fixture(scope="session")
def server(workspace: Workspace) -> Iterator[Server]:
    with running_server(workspace.folder, "--write", SIMSEARCH_USE_NAME="ada") as server:
        yield server


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's chromium; without it the tests fail, because the page would be untested."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.fail(
            "There is no browser: `apt-get install chromium` (or `make install` as root) installs it."
        )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Browser, server: Server) -> Iterator[NewPage]:
    """Open an address of the server. Whatever a page says on the console, an error, a dialog, or a request to another
    host fails the test."""
    problems: list[str] = []
    contexts: list[BrowserContext] = []

    def open_address(address: str = "/", **options: Any) -> Page:
        context = browser.new_context(base_url=server.url, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)

        def tell(message: ConsoleMessage) -> None:
            # A page that tells of a mistake, such as an unknown document, has the status of an error.
            if "Failed to load resource" not in message.text or "422" not in message.text:
                problems.append(f"console: {message.text}")

        page.on("console", tell)
        page.on("pageerror", lambda error: problems.append(f"error: {error}"))
        page.on("dialog", lambda dialog: (problems.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on("request", lambda request: request.url.startswith((server.url, "data:"))
                or problems.append(f"request: {request.url}"))  # fmt: skip
        page.goto(address)
        return page

    yield open_address
    for context in contexts:
        context.close()
    assert problems == []


@pytest.fixture
def page(open_page: NewPage) -> Page:
    """The search page."""
    return open_page("/")


@pytest.fixture
def judged(workspace: Workspace) -> Path:
    """The log of judgements."""
    return workspace.home / "judgements.jsonl"
