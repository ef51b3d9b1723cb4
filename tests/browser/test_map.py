"""The map of the index."""

import re
from io import BytesIO

from PIL import Image
from playwright.sync_api import Page, expect

from simsearch import Workspace
from tests.browser.conftest import NewPage

INK = (29, 35, 43)


def rings(page: Page) -> int:
    """How many pixels the rings around hits have."""
    page.locator("#map[data-drawn]").wait_for()
    picture = Image.open(BytesIO(page.locator("#map").screenshot())).convert("RGB")
    return sum(count for count, colour in picture.getcolors(1 << 24) or () if colour == INK)


def test_every_passage_is_a_point(open_page: NewPage, workspace: Workspace) -> None:
    page = open_page("/map")
    expect(page.locator("#map")).to_have_attribute("data-drawn", str(chunks(workspace)))
    groups = page.get_by_role("group", name="Groups").get_by_role("button")
    counts = [int(re.sub(r"\D", "", button.locator(".soft").inner_text())) for button in groups.all()]
    assert sum(counts) == chunks(workspace)
    page.get_by_label("Language").check()
    expect(groups.first).to_have_text(re.compile(r"en \d+"))


def test_a_group_can_be_hidden(open_page: NewPage, workspace: Workspace) -> None:
    page = open_page("/map")
    button = page.get_by_role("group", name="Groups").get_by_role("button").first
    count = int(re.sub(r"\D", "", button.locator(".soft").inner_text()))
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")
    expect(page.locator("#map")).to_have_attribute("data-drawn", str(chunks(workspace) - count))


def test_what_is_selected_is_listed(open_page: NewPage, workspace: Workspace) -> None:
    page = open_page("/map")
    page.locator("#map[data-drawn]").wait_for()
    page.get_by_label("Select an area by dragging").check()
    edge = page.locator("#map").bounding_box()
    assert edge
    # Inside its round corners; from the lower right, as the head of the page may cover the upper end.
    page.mouse.move(edge["x"] + edge["width"] - 10, edge["y"] + edge["height"] - 10)
    page.mouse.down()
    page.mouse.move(edge["x"] + 10, edge["y"] + 10, steps=3)
    page.mouse.up()
    here = page.get_by_role("region", name="Passages")
    expect(here.get_by_role("heading")).to_have_text(f"{chunks(workspace)} passages here; the first 50")
    expect(here.get_by_role("link")).to_have_count(50)
    here.get_by_role("link").first.click()
    expect(page.locator(".lines .hit").first).to_be_in_viewport()


def test_a_question_highlights_what_it_finds(open_page: NewPage, workspace: Workspace) -> None:
    page = open_page("/map")
    assert rings(page) == 0
    page.get_by_label("Question or words").fill("brewing green tea")
    page.get_by_label("Question or words").press("Enter")
    expect(page.get_by_role("region", name="Passages").get_by_role("link").first).to_have_text(
        "Boil the water"
    )
    assert rings(page) > 0
    hits = page.locator("#map").get_attribute("data-hits") or ""
    assert 0 < len(hits.split()) <= max(10, chunks(workspace) // 10)


def test_a_click_and_the_keyboard_list_what_is_there(open_page: NewPage) -> None:
    page = open_page("/map?q=heptagon")
    page.locator("#map[data-drawn]").wait_for()
    canvas = page.locator("#map")
    canvas.focus()
    for _ in range(3):
        page.keyboard.press("-")
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Passages").get_by_role("heading")).to_have_text(
        re.compile(r"\d+ passages? here")
    )
    for key in ("ArrowLeft", "ArrowUp", "+", "+"):
        page.keyboard.press(key)
    expect(canvas).to_be_focused()
    canvas.click()
    expect(page.get_by_role("region", name="Passages").get_by_role("heading")).to_have_text(
        re.compile(r"\d+ passages? here")
    )


def test_the_map_is_kept(open_page: NewPage, workspace: Workspace) -> None:
    open_page("/map").locator("#map[data-drawn]").wait_for()
    kept = workspace.home / "map.npz"
    before = kept.stat().st_mtime_ns
    open_page("/map").locator("#map[data-drawn]").wait_for()
    assert kept.stat().st_mtime_ns == before


def chunks(workspace: Workspace) -> int:
    """How many the index has."""
    status = workspace.status()
    assert status.index is not None
    return status.index.chunks
