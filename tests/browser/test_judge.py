"""Right and wrong, next to each hit."""

from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, expect

from simsearch import Workspace
from tests.browser.conftest import NewPage
from tests.support.serving import Server


def test_a_judgement_is_kept_changed_and_taken_back(open_page: NewPage, workspace: Workspace) -> None:
    question = "how do I prune roses"
    page = open_page("/?q=how+do+I+prune+roses")
    first = page.get_by_role("form", name="Judge result 1", exact=True)
    first.get_by_role("button", name="Right").click()
    expect(first.get_by_role("button", name="Right")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#result-1")).to_be_in_viewport()
    (kept,) = [judged for judged in workspace.judgements.read().judgements if judged.question == question]
    assert (kept.path, kept.right, kept.rank, kept.by) == ("guide/garden/roses.txt", True, 1, "ada")
    assert "Prune the roses" in kept.passage
    first.get_by_role("button", name="Wrong").click()
    expect(first.get_by_role("button", name="Wrong")).to_have_attribute("aria-pressed", "true")
    expect(first.get_by_role("button", name="Right")).to_have_attribute("aria-pressed", "false")
    first.get_by_role("button", name="Wrong").click()
    expect(first.get_by_role("button", name="Wrong")).to_have_attribute("aria-pressed", "false")
    assert question not in {judged.question for judged in workspace.judgements.read().judgements}


def test_another_site_cannot_judge(browser: Browser, server: Server, judged: Path) -> None:
    before = judged.read_bytes() if judged.exists() else b""
    form = f"""<form method=post action="{server.url}/judge"><input name=question value=q>
        <input name=document value=guide/garden/roses.txt><button name=verdict value=right>go</button></form>"""
    context = browser.new_context()
    page = context.new_page()
    page.route("http://evil.example/", lambda route: route.fulfill(body=form, content_type="text/html"))
    page.goto("http://evil.example/")
    with page.expect_response(lambda response: urlsplit(response.url).path == "/judge") as response:
        page.get_by_role("button").click()
    assert response.value.status == 403
    context.close()
    assert (judged.read_bytes() if judged.exists() else b"") == before


def test_it_leads_back_to_this_server_only(open_page: NewPage) -> None:
    page = open_page("/")
    for back in ("//evil.example/", "https://evil.example/", "/\\evil.example"):
        form = {"question": "tea", "document": "guide/kitchen/tea.md", "verdict": "none", "back": back}
        found = page.request.post("/judge", form=form, max_redirects=0)
        assert (found.status, found.headers["location"]) == (303, "/")


def test_what_is_no_judgement_is_refused(open_page: NewPage) -> None:
    page = open_page("/")
    for form in ({}, {"question": "tea", "document": "guide/kitchen/tea.md", "verdict": "maybe"},
                 {"question": "tea", "document": "guide/none.md", "verdict": "right"}):  # fmt: skip
        assert page.request.post("/judge", form=form).status == 422
