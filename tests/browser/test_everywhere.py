"""What holds for every page: narrow, dark, without JavaScript, for everyone, whatever the documents contain."""

import re
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage

PAGES = {
    "start": "/",
    "results": "/?q=how+do+I+brew+tea&explain=1&filter=language:en",
    "nothing": "/?q=xylophone&mode=lexical",
    "hostile": "/?q=zebra+giraffe",
    "document": "/document?name=guide/kitchen/bread.md&q=knead+the+dough",
    "hostile document": "/document?name=guide/hostile.md&q=zebra",
    "long line": "/document?name=guide/long.txt&q=giraffe",
    "compare": "/compare?q=bake+bread",
    "map": "/map?q=tea",
    "status": "/status",
    "error": "/document?name=none",
}


@pytest.mark.parametrize("address", PAGES.values(), ids=PAGES)
def test_nothing_is_wider_than_a_phone(open_page: NewPage, address: str) -> None:
    page = open_page(address, viewport={"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("address", PAGES.values(), ids=PAGES)
def test_it_is_accessible_in_light_and_dark(open_page: NewPage, address: str) -> None:
    page = open_page(address, color_scheme="light")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        violations = Axe().run(page).response["violations"]
        assert [
            (scheme, found["id"], [node["html"] for node in found["nodes"]]) for found in violations
        ] == []


def test_dark_is_dark(open_page: NewPage) -> None:
    def brightness(scheme: Literal["light", "dark"]) -> int:
        page = open_page("/", color_scheme=scheme)
        colour: str = page.evaluate("getComputedStyle(document.body).backgroundColor")
        return sum(map(int, re.findall(r"\d+", colour)[:3]))

    assert brightness("dark") < 150 < 600 < brightness("light")


def test_a_person_without_javascript_can_do_it_all(open_page: NewPage) -> None:
    page = open_page("/", java_script_enabled=False)
    page.get_by_label("Question or words").fill("knead the dough")
    page.get_by_role("button", name="Search").click()
    expect(page.locator("#result-1")).to_contain_text("Bake the loaf")
    page.get_by_label(re.compile("^de in ")).check()
    page.get_by_role("button", name="Apply filters").click()
    expect(page.locator(".hits > li")).to_have_count(2)
    page.get_by_role("form", name="Judge result 1", exact=True).get_by_role("button", name="Right").click()
    expect(page.get_by_role("button", name="Right").first).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Right").first.click()
    page.get_by_role("link", name="Das Brot backen").click()
    expect(page.locator(".lines .hit").first).to_be_visible()
    page.get_by_role("link", name="Compare").click()
    expect(page.locator(".summary")).to_be_visible()
    page.get_by_role("link", name="Map").click()
    expect(page.get_by_role("region", name="Passages").get_by_role("link").first).to_be_visible()
    page.get_by_role("link", name="Status").click()
    expect(page.get_by_role("heading", name="Models")).to_be_visible()


def test_hostile_documents_are_text(open_page: NewPage) -> None:
    page = open_page("/?q=zebra+markup")
    hit = page.locator(".hit", has_text="hostile.md")
    expect(hit.get_by_role("heading")).to_have_text('<script>document.title = "hacked"</script> <b>bold</b>')
    is_untouched(page)
    hit.get_by_role("link").first.click()
    lines = page.locator(".lines")
    for text in (
        "<script>window.hacked = true",
        'onerror="alert(5)"',
        "</textarea></title><style>",
        "{{ 7 * 7 }}",
    ):
        expect(lines).to_contain_text(text)
    for name in ("U+202E", "U+202C", "U+0007", "U+001B"):
        expect(lines.locator(".hidden-character", has_text=name)).to_have_count(1)
    expect(page.locator(".fields")).to_contain_text("<svg onload=alert(2)>")
    is_untouched(page)


def is_untouched(page: Page) -> None:
    """Nothing of a document has become part of the page."""
    assert page.evaluate("window.hacked") is None
    assert "hacked" not in page.title() or "<script>" in page.title()
    assert page.locator("main :is(script, iframe, img, style, svg, b)").count() == 0


def test_a_very_long_line_is_cut_and_says_so(open_page: NewPage) -> None:
    page = open_page("/document?name=guide/long.txt&q=giraffe")
    expect(page.locator(".lines li").first).to_contain_text("more characters in this line")
    assert len(page.locator("main").inner_text()) < 10_000


def test_the_status_tells_what_was_skipped_and_proven(open_page: NewPage) -> None:
    page = open_page("/status")
    expect(page.get_by_role("region", name="Skipped files")).to_contain_text("guide/broken.pdf")
    expect(page.get_by_role("region", name="Index")).to_contain_text("every passage has one")
    models = page.get_by_role("region", name="Models")
    expect(models.get_by_role("row")).to_have_count(2)
    expect(models.get_by_role("row").last).to_have_text(re.compile(r"[+-]\d\.\d{3} to [+-]\d\.\d{3}"))
    models.get_by_role("link", name="Report").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Run "))
