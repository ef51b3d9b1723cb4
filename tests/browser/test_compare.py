"""Two models side by side."""

import re

from playwright.sync_api import expect

from simsearch import Workspace
from tests.browser.conftest import NewPage


def test_base_and_tuned_are_compared(open_page: NewPage, workspace: Workspace) -> None:
    (run,) = workspace.runs.names()
    page = open_page("/compare")
    page.get_by_label("Question or words").fill("how do I knead dough")
    page.get_by_label("Question or words").press("Enter")
    expect(page.locator(".note")).to_contain_text(re.compile(r"Both models ranked the same \d+ passages"))
    expect(page.locator(".summary")).to_have_text(
        re.compile(r"\d+ of the first 10 moved, \d+ of them from below rank 10")
    )
    left, right = (page.locator(".sides > section").nth(number) for number in (0, 1))
    expect(left.get_by_role("heading", level=2)).to_contain_text("(base)")
    expect(right.get_by_role("heading", level=2)).to_contain_text(run)
    expect(left.get_by_role("listitem")).to_have_count(10)
    tops = {
        text: rank for rank, text in enumerate(left.locator("h3 + .place + .text").all_text_contents(), 1)
    }
    for rank, item in enumerate(right.get_by_role("listitem").all(), 1):
        before = tops.get(item.locator(".text").inner_text())
        if before:
            moved = before - rank
            words = "same rank" if moved == 0 else f"{abs(moved)} {'higher' if moved > 0 else 'lower'}"
            expect(item.locator(".move")).to_contain_text(words)
    right.get_by_role("link", name="Report").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Run {run}")


def test_the_ranking_of_the_base_is_that_of_its_index(open_page: NewPage, workspace: Workspace) -> None:
    page = open_page("/compare?q=how+do+I+knead+dough")
    hits = workspace.query("how do I knead dough", mode="dense", chunks=True, k=5)
    places = page.locator(".sides > section").first.locator(".place").all_text_contents()
    assert [place.split(" · ")[0] for place in places[:5]] == [hit.path for hit in hits]


def test_models_are_chosen_by_the_address(open_page: NewPage, workspace: Workspace) -> None:
    (run,) = workspace.runs.names()
    base = workspace.settings.tune.base
    page = open_page(f"/compare?q=tea&left={run}&right={base}")
    expect(page.locator(".sides h2").first).to_contain_text(run)
    page.get_by_label("Left").select_option(base)
    expect(page.locator(".note")).to_have_text("Choose two different models.")
    expect(open_page("/compare?q=tea&left=nothing").locator(".note.bad")).to_contain_text(
        "no model 'nothing'"
    )
