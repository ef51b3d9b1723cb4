"""Searching as a person does: with the keyboard, with filters, and by address."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage


def test_the_keyboard_is_enough(page: Page) -> None:
    page.locator("body").press("Tab")
    page.keyboard.press("/")
    expect(page.get_by_label("Question or words")).to_be_focused()
    page.keyboard.type("how long does tea brew")
    first = page.get_by_role("link", name="Boil the water")
    expect(first).to_be_visible()  # while typing, without Enter
    expect(page).to_have_url(re.compile(r"\?q=how\+long\+does\+tea\+brew$"))
    expect(page.get_by_role("status")).to_have_text("10 results")
    links = page.locator(".hits h3 a")
    page.keyboard.press("ArrowDown")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(links.nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(page.get_by_label("Question or words")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(page.get_by_label("Question or words")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Boil the water")
    page.keyboard.press("Escape")
    expect(first).to_be_visible()


def test_words_of_the_question_are_marked(open_page: NewPage) -> None:
    page = open_page("/?q=kneading+doughs&mode=lexical")
    hit = page.locator("#result-1")
    assert [word.lower() for word in hit.locator("mark").all_text_contents()] == ["knead", "dough"]
    expect(hit.locator(".place")).to_contain_text("guide/kitchen/bread.md · line")


def test_filters_have_counts_and_stay_in_the_address(open_page: NewPage) -> None:
    page = open_page("/?q=bake")
    choice = page.get_by_label(re.compile("^de in 2 documents$"))
    choice.check()
    expect(page.get_by_role("list", name="Chosen filters")).to_have_text(re.compile("language: de"))
    expect(page.locator(".hits .path").filter(has_not_text="küche")).to_have_count(0)
    address = page.url
    page.reload()
    expect(page.locator(".hits > li")).to_have_count(2)
    expect(choice).to_be_checked()
    page.get_by_label(re.compile("^en in 4 documents$")).check()
    expect(page.locator(".hits > li")).to_have_count(6)  # of one field, any value
    page.get_by_label(re.compile("^draft in 3 documents$")).check()
    expect(page.locator(".hits > li")).to_have_count(3)  # of several fields, all
    page.go_back()
    page.go_back()
    expect(page).to_have_url(address)
    expect(page.locator(".hits > li")).to_have_count(2)
    page.get_by_role("link", name="language: de").click()
    expect(page.get_by_role("list", name="Chosen filters")).to_have_count(0)


def test_a_folder_is_a_filter(open_page: NewPage) -> None:
    page = open_page("/?q=plant")
    page.get_by_label(re.compile("^guide/garden in 2 files$")).check()
    expect(page.locator(".hits > li")).to_have_count(2)


def test_a_filter_that_is_wrong_is_explained(open_page: NewPage) -> None:
    page = open_page("/?q=tea")
    page.get_by_label("Filter", exact=True).fill("colour:red")
    page.get_by_label("Filter", exact=True).press("Enter")
    expect(page.locator(".note.bad")).to_contain_text("names a field that no document has")
    expect(page.get_by_label("Filter", exact=True)).to_have_value("colour:red")


def test_scores_are_explained_on_request(open_page: NewPage) -> None:
    page = open_page("/?q=brew+tea")
    expect(page.get_by_text("Meaning (cosine)")).to_have_count(0)
    page.get_by_role("link", name="Explain scores").click()
    expect(page.locator("#result-1 .scores")).to_have_text(
        re.compile(
            r"Score\s*\d\.\d+.*Meaning \(cosine\)\s*0\.\d+, rank 1.*Words \(BM25\)\s*\d+\.\d+, rank 1",
            re.DOTALL,
        )
    )
    expect(page.get_by_role("heading", name="How these results were found")).to_be_visible()


def test_no_good_match_is_said(open_page: NewPage) -> None:
    page = open_page("/?q=quarterly+revenue+of+the+submarine+division")
    expect(page.locator(".note")).to_contain_text("No good match")
    expect(page.locator(".hits > li")).not_to_have_count(0)


def test_words_that_no_document_has(open_page: NewPage) -> None:
    page = open_page("/?q=xylophone&mode=lexical")
    expect(page.get_by_role("heading", name="Nothing found")).to_be_visible()


def test_more_results(open_page: NewPage) -> None:
    page = open_page("/?q=about")
    expect(page.locator(".hits > li")).to_have_count(10)
    page.get_by_role("link", name="More results").click()
    expect(page.locator(".hits > li")).to_have_count(12)


def test_odd_addresses_are_answered(open_page: NewPage) -> None:
    for address in (
        "/?k=x&mode=none&filter=z&explain=7",
        "/?q=" + "%F0%9F%A6%93" * 50,
        "/?q=%00%ED%A0%80",
        "/?q=tea&k=999999",
    ):
        expect(open_page(address).get_by_label("Question or words")).to_be_visible()
