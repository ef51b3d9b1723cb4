"""The document that a hit leads to."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import NewPage


def test_the_lines_of_the_hit_are_marked(open_page: NewPage) -> None:
    page = open_page("/?q=when+are+roses+pruned")
    page.get_by_role("link", name="roses.txt").click()
    hit = page.locator(".lines .hit", has_text="Prune the roses in late winter")
    expect(hit).to_be_in_viewport()
    expect(hit).to_have_attribute("value", "700")
    expect(hit.locator("mark").first).to_have_text("Prune")
    expect(page.get_by_text("1,399 lines")).to_be_visible()
    page.get_by_role("link", name="Lines after").click()
    expect(page.locator(".lines li").last).to_have_attribute("value", "1399")
    page.get_by_role("link", name="Results for").click()
    expect(page.locator("#result-1")).to_contain_text("roses.txt")


def test_other_passages_and_similar_documents(open_page: NewPage) -> None:
    page = open_page("/document?name=guide/kitchen/bread.md&q=knead+the+dough")
    others = page.get_by_role("region", name="Other passages for this question")
    expect(others.get_by_role("link").first).to_have_text(re.compile("lines? \\d+"))
    similar = page.get_by_role("region", name="Similar documents")
    expect(similar.get_by_role("link")).to_have_count(5)
    expect(similar.get_by_text("bread.md")).to_have_count(0)
    similar.get_by_role("link", name="Das Brot backen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Das Brot backen")


def test_a_row_of_a_table_is_a_document(open_page: NewPage) -> None:
    page = open_page("/?q=seven+sides")
    page.get_by_role("link", name="Seven").click()
    expect(page.locator(".lines")).to_have_text(re.compile("A heptagon has seven sides"))
    expect(page.get_by_role("region", name="Similar documents")).to_contain_text("Eight")


def test_an_unknown_document_is_one_sentence(open_page: NewPage) -> None:
    for name in ("guide/kitchen/te.md", "../pairs.jsonl", "/etc/passwd", ""):
        page = open_page(f"/document?name={name}")
        expect(page.locator(".note.bad")).to_contain_text("The index has no document")
