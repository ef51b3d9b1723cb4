"""The word index in memory: languages, compounds, names of files and prefixes."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from benchmarks.languages import LANGUAGES, measure, read_language
from simsearch.storage import open_store
from simsearch.storage.words import word_files
from simsearch.storage.words.analysis import matched_spans
from simsearch.storage.words.compounds import split_compound
from simsearch.storage.words.languages import language_of
from simsearch.storage.words.passages import Passage
from simsearch.storage.words.words_index import WordsIndex
from simsearch.testing.stores.examples import fill, identity


def index_of(*texts: str, names: tuple[str, ...] = ()) -> WordsIndex:
    index = WordsIndex(None)
    index.add(
        Passage(number, text, name=names[number - 1] if names else "", language=language_of(text))
        for number, text in enumerate(texts, 1)
    )
    index.commit()
    return index


def found(index: WordsIndex, question: str) -> list[int]:
    return index.search(question, 10)[1].tolist()


@pytest.mark.parametrize(
    ("language", "least"), [("ar", 0.79), ("de", 0.95), ("ja", 0.99), ("ko", 0.97), ("zh", 0.99)]
)
def test_five_languages(language: str, least: float) -> None:
    assert measure(read_language(LANGUAGES / f"{language}.tsv")) >= least


def test_documents_of_several_languages_are_stemmed_each_by_its_own() -> None:
    index = index_of(
        "The invoices were sent to the customers.",
        "Die Rechnungen wurden an die Kunden verschickt.",
        "Les factures ont été envoyées aux clients.",
    )
    assert index.languages() == ("de", "en", "fr")
    assert [found(index, word) for word in ("invoice", "Rechnung", "facture")] == [[1], [2], [3]]


def test_a_question_that_is_asked_again_sees_what_came_since() -> None:
    index = index_of("The organ of the church.")
    assert found(index, "org*") == [1]
    index.add([Passage(2, "They organise it.", language="en")])
    index.commit()
    assert sorted(found(index, "org*")) == [1, 2]


def test_compounds_and_their_parts() -> None:
    index = index_of(
        "Die Zahnarztrechnung ist da und sie ist hoch.",
        "Das ist die Rechnung von dem Zahnarzt und von der Klinik.",
        "Der Garten ist schön und die Bäume sind grün.",
    )
    assert found(index, "Rechnung") == [2, 1]
    assert found(index, "Zahnarzt") == [2, 1]
    assert found(index, "Zahnarztrechnungen") == [1, 2]
    text = "Die Zahnarztrechnung ist da und sie ist hoch."
    assert [text[start:end] for start, end in matched_spans("Rechnungen", text)] == ["Zahnarztrechnung"]


def test_english_words_are_not_looked_for_within_others() -> None:
    index = index_of("The reorganisation of the office is over.", "The organ of the church was repaired.")
    assert found(index, "organ") == [2]


def test_a_compound_is_split_where_both_parts_are_words() -> None:
    words = {"kindergart": 3, "platz": 2, "gart": 1, "arbeit": 1, "vertrag": 1}
    assert split_compound("kindergartenplatz", "de", lambda word: words.get(word, 0)) == (
        "kindergart",
        "platz",
    )
    assert split_compound("arbeitsvertrag", "de", lambda word: words.get(word, 0)) == ("arbeit", "vertrag")
    assert split_compound("arbeit", "de", lambda word: words.get(word, 0)) == ()
    assert split_compound("книга", "de", lambda word: 1) == ()


def test_words_of_the_name_of_a_file() -> None:
    index = index_of(
        "nothing here", "nothing there", names=("meeting_notes_kraftwerk", "Zahnarzt Rechnung 2023")
    )
    assert found(index, "kraftwerk") == [1]
    assert found(index, "Zahnarzt") == [2]


def test_the_beginning_of_a_word() -> None:
    index = index_of("The organ plays.", "They organise a fair.", "The morgue is closed.")
    assert sorted(found(index, "org*")) == [1, 2]
    assert found(index, "orga") == []
    assert found(index, "zzz*") == []


def test_an_index_of_another_analysis_is_rebuilt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str] = []
    store = open_store(tmp_path, observe=lambda event: heard.append(getattr(event, "text", "")))
    fill(store)
    monkeypatch.setattr(word_files, "TERMS", "terms-of-another-version")
    with closing(store.read()) as snapshot:
        assert not snapshot.finished
        assert len(snapshot.search_words("hen", 5).chunks)
    with store.write(identity()) as writer:
        writer.finish()
    assert "another version" in heard[-1]
    with closing(store.read()) as snapshot:
        assert snapshot.finished
        assert len(snapshot.search_words("hen", 5).chunks)
