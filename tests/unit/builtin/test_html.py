"""Pages: nothing that people read is lost, whatever it is called, and navigation is left out."""

from __future__ import annotations

import io
import zipfile
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from simsearch.builtin.readers.names import names
from tests.support.file_samples import book
from tests.unit.builtin.test_readers import read

NAV = '<nav><a href="/">Imprint and contact</a></nav>'
FOOTER = "<footer>All rights reserved</footer>"

WRAPS = ["<main>{}</main>", "<div role=main>{}</div>", "<div>{}</div>", '<div class="sidebar">{}</div>']
PLACES = [
    "<p>{}</p>",
    "<h2>{}</h2>",
    "<h3><button>{}</button></h3>",
    '<button aria-expanded="false">{}</button><div>x</div>',
    "<button>What about the {} here?</button>",
    "<details><summary>{}</summary></details>",
    "<details><summary>x</summary><p>{}</p></details>",
    '<aside class="sidebar"><p>{}</p></aside>',
    '<div class="menu"><p>{}, 14 euros</p></div>',
    '<div class="toc related nav header footer">{} and other text</div>',
    "<ul><li>{}</li></ul>",
    "<ol><li>x</li><li>{}</li></ol>",
    "<dl><dt>{}</dt><dd>x</dd></dl>",
    "<dl><dt>x</dt><dd>{}</dd></dl>",
    "<table><caption>{}</caption><tr><td>x</td></tr></table>",
    "<table><tr><th>{}</th><th>x</th></tr><tr><td>x</td><td>y</td></tr></table>",
    "<table><tr><th>y</th><th>x</th></tr><tr><td>x</td><td>{}</td></tr></table>",
    "<table><tr><td><h3>x</h3>{}</td></tr></table>",
    "<table>{}<tr>x<td>y</td></tr></table>",
    "<table><tr>{}<td>y</td></tr></table>",
    "<blockquote>{}<footer>someone</footer></blockquote>",
    "<blockquote>x<footer>{}</footer></blockquote>",
    "<article><header>{}</header><p>x</p></article>",
    "<article><p>x</p><footer>{}</footer></article>",
    "<pre>{}</pre>",
    "<p>x <code>{}</code> <b>y</b></p>",
    "<figure><img src='a.png'><figcaption>{}</figcaption></figure>",
    "<img src='a.png' alt='A {} in the harbour'>",
    "<img src='a.png' alt='{}'>",
    "<form><label>{}</label><input></form>",
    "<fieldset><legend>{}</legend></fieldset>",
    "<textarea>{}</textarea>",
    "<select><option>x</option><option>{}</option></select>",
    "<noscript><p>{}</p></noscript>",
    "<p>x <abbr title='{}'>y</abbr></p>",
    "<div hidden id='panel'>Behind a tab is the {} for you</div>",
    "<custom-card>{}</custom-card><custom-card>x</custom-card>",
    "<svg><text>{}</text></svg>",
    "<center>{}</center>",
    "<address>{}</address>",
    "<p>caf&eacute; {} &#223;</p>",
]


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32))
@example(834)  # a sidebar with nothing but an image that has a description
def test_every_marked_word_of_a_page_is_found_and_its_navigation_is_not(seed: int) -> None:
    random = Random(seed)
    words = [f"mark{random.getrandbits(40):x}" for _ in range(random.randint(1, 8))]
    inside, outside = [], []
    for word in words:
        place = random.choice(PLACES)
        home = (
            inside
            if random.random() < 0.7 or "sidebar" in place or "menu" in place or "toc" in place
            else outside
        )
        home.append(place.format(word))
    wrap = random.choice(
        ["<main>{}</main>", "<div role=main>{}</div>", "<div>{}</div>", '<div class="sidebar">{}</div>']
    )
    page = f"<html><body>{NAV}{wrap.format(''.join(inside))}{''.join(outside)}{FOOTER}</body></html>"
    [document] = read("html", page)
    assert [word for word in words if word not in document.text] == []
    assert "Imprint" not in document.text
    assert "rights" not in document.text
    for heading in document.headings:
        assert document.text[heading.start :].startswith(heading.text)


@pytest.mark.parametrize(
    "body",
    [
        '<div class="navbar"><p>The estuary pilot boards at buoy seven.</p></div>',
        '<body class="sidebar"><p>The estuary pilot boards.</p></body>',
        "<main></main><article><p>The estuary pilot boards.</p></article>",
        '<main id="app">Loading</main><article><p>The estuary pilot boards at buoy seven.</p></article>',
        "<nav><p>The estuary pilot boards.</p></nav>",
        "<footer>The estuary pilot boards.</footer>",
        '<div role="navigation">The estuary pilot boards.</div>',
        "<noscript>The estuary pilot boards.</noscript>",
        "<div hidden>The estuary</div>",
        "<meta name='description' content='The estuary'><div id='app'></div>",
        "<header class='site-header' role='banner'><h1>The estuary</h1></header><main><p>Results follow.</p></main>",
    ],
)
def test_a_page_is_never_empty_for_what_its_elements_are_called(body: str) -> None:
    assert "The estuary" in read("html", f"<html><body>{body}</body></html>")[0].text


BORDERS = names(
    "article aside blockquote button caption dd details dialog div dl dt fieldset figcaption figure footer form h1"
    " iframe label legend li main menu my-card nav noscript object ol option p pre search section select summary svg"
    " table td textarea th tr ul video"
)


@pytest.mark.parametrize("tag", sorted(BORDERS))
def test_elements_keep_the_words_around_them_apart(tag: str) -> None:
    page = f"<p>The estuary pilot boards.</p>before<{tag}>some words within</{tag}>behind"
    words = read("html", page)[0].text.split()
    assert {"before", "behind"} <= set(words)


def test_letters_and_small_pictures_stay_in_their_line() -> None:
    page = "<p>See <svg><path/></svg> the w<b>or</b>d <img src='a.png'> here.</p>"
    assert read("html", page)[0].text == "See the word here."


def test_a_request_to_switch_scripts_on_is_left_out() -> None:
    page = "<p>The estuary pilot</p><noscript>You need to enable JavaScript to run this app.</noscript>"
    assert read("html", page)[0].text == "The estuary pilot"


def test_what_follows_the_end_of_a_page_is_read() -> None:
    page = "<html><body><li>The estuary pilot</body></html>list footer</html><p>second page</p>"
    assert read("html", page)[0].text == "The estuary pilot\nlist footer\n\nsecond page"


def test_short_buttons_are_no_text() -> None:
    page = "<main><p>Pay in cash.</p><button>Copy</button><button>Sign up</button></main>"
    assert read("html", page)[0].text == "Pay in cash."


def test_an_empty_element_of_xhtml_does_not_swallow_the_page() -> None:
    head = '<html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head>'
    page = f'<?xml version="1.0"?>{head}<body><a id="p1"/><p>Text<br/><![CDATA[a < b]]></p></body></html>'
    [document] = read("html", page)
    assert document.text == "Text\na < b"


@pytest.mark.parametrize("encoding", ["iso-8859-1", "windows-1251", "utf-16", "shift_jis", "utf-8"])
def test_chapters_are_decoded_as_they_declare(encoding: str) -> None:
    words = {"windows-1251": "мельница", "shift_jis": "水車小屋"}.get(encoding, "Mühle")
    page = f'<?xml version="1.0" encoding="{encoding}"?><html><body><p>{words}</p></body></html>'
    assert read("epub", book({"a.xhtml": page.encode(encoding)}))[0].text == words


def test_a_missing_chapter_costs_a_book_no_other() -> None:
    whole = book({"a.xhtml": "<p>First</p>", "b.xhtml": "<p>Second</p>"})
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(content, "w") as new:
        for name in old.namelist():
            if not name.endswith("a.xhtml"):
                new.writestr(name, old.read(name))
    [document] = read("epub", content.getvalue())
    assert document.text == "Second"
    assert "a page was not read" in document.notices[0]


def test_the_title_of_a_picture_is_not_that_of_the_page() -> None:
    page = "<body><svg><title>Logo</title><text>a</text></svg><h1>Ripe cheese</h1><p>In a cellar.</p></body>"
    assert read("html", page)[0].title == "Ripe cheese"
