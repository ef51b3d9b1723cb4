"""The language of --where: what it means, and where it points when it can't be read."""

import json
import unicodedata
from collections.abc import Iterator
from contextlib import closing

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from simsearch.errors import InputError
from simsearch.querying.where_filter import parse_filter, parse_filters
from simsearch.storage.comparisons import path_test
from simsearch.storage.conditions import And, FieldComparison, Not, Or
from simsearch.storage.protocols import Snapshot
from tests.support.hashed_words import open_workspace

ROWS = {
    "ann": {"lang": "en", "year": 2019, "tags": ["red", "blue"], "date": "2019-03-05", "draft": True},
    "bea": {"lang": "EN", "year": 2020, "tags": ["red"], "date": "2020-02-28", "draft": False},
    "cem": {"lang": "de", "year": "2021", "date": "2020-12-31T10:00:00", "size": 9.5, "two words": "x y"},
    "dee": {"lang": "fr-CA", "year": "1e", "size": "10", "note": "straße"},
    "eve": {"when": "2024-03-05T23:30:00-05:00", "cafe\u0301": "Cafe\u0301"},
    "fay": {"when": "09.03.2024", "since": 2022},
    "gil": {"when": "Mon, 11 Mar 2024 08:00:00 GMT", "since": "2021-05"},
    "hal": {"when": "in spring"},
}


DRAFT = "docs/U\u0308ber/Drafts/four.md"


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    folder = tmp_path_factory.mktemp("where")
    workspace = open_workspace(folder)
    rows = [
        json.dumps({"_id": name, "title": name.title(), "text": f"{name}.", **row})
        for name, row in ROWS.items()
    ]
    (folder / "rows.jsonl").write_text("\n".join(rows))
    for path in ("docs/deep/one.md", "docs/two.txt", "old docs/three.md", "docs/U\u0308ber/Drafts/four.md"):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(path)
    workspace.index(folder / "rows.jsonl", folder / "docs", folder / "old docs")
    with closing(workspace.store.read()) as snapshot:
        yield snapshot


def found(snapshot: Snapshot, text: str) -> str:
    """The documents that a filter allows, by their first words."""
    texts = (
        record.text.split("\n")[0].rstrip(".") for record in snapshot.chunks(list(matching(snapshot, text)))
    )
    return " ".join(sorted(texts))


def matching(snapshot: Snapshot, text: str) -> set[int]:
    condition = parse_filters([text], snapshot)
    found = snapshot.search(np.zeros((1, snapshot.identity.dimension), np.float32), 100, condition)[0]
    assert condition is not None and snapshot.count(condition) == len(found.chunks)
    return set(found.chunks.tolist())


@pytest.mark.parametrize(
    ("text", "documents"),
    [
        ("lang:en", "ann bea"),
        ("lang=EN", "ann bea"),
        ("lang:fr*", "dee"),
        ("lang:??", "ann bea cem"),
        ("year>=2020", "bea cem"),
        ("year<2020", "ann"),
        ("year:2021", "cem"),
        ("year>2019.5 year<2020.5", "bea"),
        ("size>9", "cem dee"),
        ("size>9.5", "dee"),
        ("tags:red", "ann bea"),
        ("tags:blue", "ann"),
        ("not tags:blue tags:red", "bea"),
        ("date>=2020", "bea cem"),
        ("date<=2020", "ann bea cem"),
        ("date>2019-03-05", "bea cem"),
        ("date>2020", ""),
        ("date:2020-02", "bea"),
        ("date<2020-12-31", "ann bea"),
        ("draft:true", "ann"),
        ("draft:false", "bea"),
        ("note:STRASSE", "dee"),
        ('"two words":"x y"', "cem"),
        ("'two words' : 'x y'", "cem"),
        ("lang!=en lang:*", "cem dee"),
        ("title:bea", "bea"),
        ("id:cem or id:dee", "cem dee"),
        ("lang:en (year:2019 or year:2021)", "ann"),
        ("lang:en and not (year:2019)", "bea"),
        ("LANG:x OR lang:de".replace("LANG", "lang"), "cem"),
        ("not not lang:de", "cem"),
        ("path:rows.jsonl year>=2021", "cem"),
        ("path:deep", "docs/deep/one.md"),
        ("path:deep/", "docs/deep/one.md"),
        ("path:deep/*", "docs/deep/one.md"),
        ("path:DEEP/*.MD", "docs/deep/one.md"),
        ("path:dee*", "docs/deep/one.md"),
        ("path:docs/**/two.txt or path:docs/**/one.md", "docs/deep/one.md docs/two.txt"),
        ("path:?o.txt", ""),
        ("path:t?o.txt", "docs/two.txt"),
        ("path:docs?two.txt", ""),
        ("path:drafts/*", DRAFT),
        ("path:Drafts", DRAFT),
        ("path:über", DRAFT),
        ("path:U\u0308BER/*", DRAFT),
        ("not path:drafts/* path:four.md", ""),
        ("title:TWO.txt", "docs/two.txt"),
        ("when>=2024-03-06", "eve fay gil"),
        ("when<2024-03-06", ""),
        ("when>=2024-03-06T05:00:00Z", "fay gil"),
        ("when<='6 March 2024'", "eve"),
        ("when:2024-03", "eve fay gil"),
        ("when:2024-03-09", "fay"),
        ("when:09.03.2024", "fay"),
        ("when>2024-03-11", ""),
        ("when>=2024-03-11T09:00+01:00", "gil"),
        ("when:'in spring'", "hal"),
        ("since>2021-05", "fay"),
        ("since>=2021", "fay gil"),
        ("LANG:en", "ann bea"),
        ("café:CAFÉ", "eve"),
        ("cafe\u0301:caf*", "eve"),
        ("path:./docs/two.txt", "docs/two.txt"),
        ("path:*.md not path:drafts", "docs/deep/one.md old docs/three.md"),
        ("path:deep/one.md", "docs/deep/one.md"),
        ('path:"old docs"', "old docs/three.md"),
        ("path:doc", ""),
        ("path:ocs/two", ""),
        ("path>docs path<e not path:deep not path:drafts", "docs/two.txt"),
    ],
)
def test_what_a_filter_allows(snapshot: Snapshot, text: str, documents: str) -> None:
    assert found(snapshot, text) == documents


def test_and_binds_before_or() -> None:
    a, b, c = (FieldComparison(name, ":", "1", column) for name, column in (("a", 1), ("b", 8), ("c", 12)))
    assert parse_filter("a:1 or b:1 c:1") == Or((a, And((b, c))))
    assert parse_filter("not a:1") == Not(FieldComparison("a", ":", "1", 5))
    assert parse_filter("notes:1") == FieldComparison("notes", ":", "1", 1)


@pytest.mark.parametrize(
    ("text", "marked", "said"),
    [
        ("lang", "lang\n      ^", "needs :"),
        ("year>=", "year>=\n        ^", "no value after '>='"),
        ("lang:en)", "lang:en)\n         ^", "never opened"),
        ("(lang:en", "(lang:en\n  ^", "never closed"),
        ("lang:en or", "lang:en or\n            ^", "ends where a comparison"),
        ("", "\n  ^", "ends where a comparison"),
        ("=3", "=3\n  ^", "no field name"),
        ('lang:"en', 'lang:"en\n       ^', "quotation mark"),
        ("lagn:en", "lagn:en\n  ^", "did you mean 'lang'?"),
        (
            "lang:en and not lagn:en",
            "lagn:en\n                  ^",
            "The fields are: path, id, title, ",
        ),
        ("yr>3", "yr>3\n  ^", "did you mean 'year'?"),
        ("YAER>3", "YAER>3\n  ^", "did you mean 'year'?"),
        ("lan:en", "lan:en\n  ^", "did you mean 'lang'?"),
        ("when>03/04/2024", "when>03/04/2024\n  ^", "such as 2024-05-31"),
        ("when<2024-13-01", "when<2024-13-01\n  ^", "such as 2024-05-31"),
        ("(" * 60, "^", "nested more than 50 deep"),
        (" ".join(["a:1"] * 300), "^", "more than 200 comparisons"),
        ("lang:" + "x" * 2000, "^", "more than 1000 characters"),
    ],
)
def test_an_error_points_at_what_is_wrong(snapshot: Snapshot, text: str, marked: str, said: str) -> None:
    with pytest.raises(InputError) as error:
        parse_filters([text], snapshot)
    assert marked in str(error.value)
    assert said in str(error.value)
    assert max(map(len, str(error.value).splitlines())) < 200


pieces = st.sampled_from(
    ["lang", "year", "path", ":", ">=", "<", "!=", "(", ")", " or ", " and ", " not ", '"', "'"]
)
filters = st.lists(pieces | st.text(max_size=5), max_size=12).map("".join)


@given(filters)
@example('path:"\x00"')
@example("\x00:x")
@example("\ud800:x")
@example("'a\"b':x")
@example('"\\":x')
@example("path:[*")
@example("year:" + "9" * 900)
def test_any_text_is_a_filter_or_a_sentence(snapshot: Snapshot, text: str) -> None:
    try:
        matching(snapshot, text)
    except InputError as error:
        assert str(error).startswith("The filter ")


@given(filters)
def test_a_filter_and_its_opposite_share_nothing(snapshot: Snapshot, text: str) -> None:
    try:
        yes, no = matching(snapshot, text), matching(snapshot, f"not ({text})")
    except InputError:
        return
    assert sorted([*yes, *no]) == list(range(1, 13))


@pytest.mark.parametrize("text", ["when>=2024", "when<'6 March 2024'", "not when:2024-03-09"])
def test_values_that_are_not_dates_are_told(snapshot: Snapshot, text: str) -> None:
    said: list[str] = []
    parse_filters([text], snapshot, said.append)
    assert len(said) == 1 and "1 value of 'when' can't be read as dates" in said[0] and "in spring" in said[0]


def test_a_word_compared_with_numbers_alone_is_told(snapshot: Snapshot) -> None:
    said: list[str] = []
    parse_filters(["size>abc"], snapshot, said.append)
    assert said == ["'abc' is neither a number nor a date, but all values of 'size' are."]


def test_dates_compared_with_a_number_are_told(snapshot: Snapshot) -> None:
    said: list[str] = []
    parse_filters(["date>5.5"], snapshot, said.append)
    (sentence,) = said
    assert sentence.startswith("3 values of 'date' can't be read as numbers and were not compared with 5.5")


def test_numbers_compared_with_a_date_are_told(snapshot: Snapshot) -> None:
    said: list[str] = []
    parse_filters(["size>2024-01-31"], snapshot, said.append)
    assert len(said) == 1 and "can't be read as dates" in said[0]


def test_words_compared_with_a_number_are_told(snapshot: Snapshot) -> None:
    said: list[str] = []
    parse_filters(["year>=2020.5"], snapshot, said.append)
    assert said == [
        "1 value of 'year' can't be read as numbers and was not compared with 2020.5, such as '1e'."
    ]


@pytest.mark.parametrize(
    "text", ["date>=2020", "lang:en", "lang>c", "size>=9.5", "year:2020", "path>2020", "since<2023-01-01"]
)
def test_nothing_is_told_where_nothing_is_passed_over(snapshot: Snapshot, text: str) -> None:
    said: list[str] = []
    parse_filters([text], snapshot, said.append)
    assert not said


segments = st.text("abÄß.*", min_size=1, max_size=3).filter(lambda part: set(part) - {".", "*"})


@given(st.lists(segments, min_size=1, max_size=4), st.data())
def test_any_run_of_path_parts_finds_the_path(parts: list[str], data: st.DataObject) -> None:
    path = "/".join(part.replace("*", "x") for part in parts)
    first = data.draw(st.integers(0, len(parts) - 1))
    asked = "/".join(parts[first : data.draw(st.integers(first + 1, len(parts)))])
    spelt = data.draw(
        st.sampled_from([asked, asked.upper(), asked + "/", unicodedata.normalize("NFD", asked)])
    )
    assert path_test(FieldComparison("path", ":", spelt))(path)
    assert not path_test(FieldComparison("path", ":", f"{spelt.rstrip('/')}q"))(path)
