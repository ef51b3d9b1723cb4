"""The analysis of words: what is the same word, in any script and any way to write it."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simsearch.storage.words.analysis import (
    analyze,
    count_content_words,
    index_terms,
    matched_spans,
    share_of_words,
)
from simsearch.storage.words.languages import LANGUAGE_NAMES, STEMMERS, UNKNOWN, language_of
from simsearch.storage.words.scripts import hide_escapes
from tests.support.languages import documents, questions

LETTERS = {
    "latin": "abcdefghijklmnopqrstuvwxyzäöüßéñçşğıøåł",
    "cyrillic": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
    "greek": "αβγδεζηθικλμνξοπρστυφχψω",
    "arabic": "ابتثجحخدذرزسشصضطظعغفقكلمنهوي",
    "hebrew": "אבגדהוזחטיכלמנסעפצקרשת",
    "devanagari": "कखगघचछजझटठडढतथदधनपफबभमयरलवशषसह",
    "kana": "アイウエオカキクケコサシスセソがぎぐげごさしすせそ",
    "han": "在庫管理会議営業報告東京都市",
    "hangul": "가나다라마바사아자차카타파하영업회의",
    "thai": "กขคงจชซดตถทนบปพฟมยรลวสหอ",
    "lao": "ກຂຄງຈສຊຍດຕຖທນບປຜຝພຟມຢຣລວຫອຮ",
    "khmer": "កខគឃងចឆជឈញដឋឌឍណតថទធន",
}
SURROUNDINGS = {"kana": "のを", "han": "の", "hangul": "에서", "thai": "และ", "lao": "ແລະ", "khmer": "និង"}
LANGUAGES = [*STEMMERS, *LANGUAGE_NAMES, "ja", "zh", "ko", "th", "lo", "km", "my", UNKNOWN]
ARABIC_MARKS, HEBREW_MARKS = "\u064b\u064e\u064f\u0650\u0651\u0652", "\u05b0\u05b4\u05b7\u05b8"


def stems(text: str, language: str | None = None) -> set[str]:
    return set(index_terms(text, language or language_of(text))[0])


@st.composite
def words(draw: st.DrawFn) -> tuple[str, str]:
    """A word of some letters of a script, and the script."""
    script = draw(st.sampled_from(sorted(LETTERS)))
    return draw(st.text(LETTERS[script], min_size=3, max_size=10)), script


@st.composite
def forms(draw: st.DrawFn, word: str, script: str) -> str:
    """Another way to write a word."""
    kind = draw(st.sampled_from(["NFD", "NFC", "upper", "invisible", "colour", "marks", "wide", "as is"]))
    match kind:
        case "NFD" | "NFC":
            return unicodedata.normalize(kind, word)
        case "upper":
            return word.upper()
        case "invisible":
            at = draw(st.integers(1, len(word) - 1))
            return word[:at] + draw(st.sampled_from("\xad\u200b\u200c\u200d\u2060\ufeff")) + word[at:]
        case "colour":
            return f"\x1b[1;31m{word[:2]}\x1b[0m{word[2:]}\x1b[39m"
        case "marks" if script in ("arabic", "hebrew"):
            marks = ARABIC_MARKS if script == "arabic" else HEBREW_MARKS
            return "".join(letter + draw(st.sampled_from(marks)) for letter in word)
        case "wide" if script == "latin":
            return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in word)
    return word


@given(st.data(), words())
def test_a_word_is_found_by_its_other_forms(data: st.DataObject, drawn: tuple[str, str]) -> None:
    word, script = drawn
    written, asked = data.draw(forms(word, script)), data.draw(forms(word, script))
    around = SURROUNDINGS.get(script, " ")
    language = data.draw(st.sampled_from(LANGUAGES))
    assert stems(asked, language) <= stems(f"zzz{around}{written}{around}zzz", language)


@given(st.data(), words())
def test_what_matches_is_marked(data: st.DataObject, drawn: tuple[str, str]) -> None:
    word, script = drawn
    text = f"1. {data.draw(forms(word, script))} 2."
    spans = list(matched_spans(word, text))
    assert spans
    assert all(text[start:end].strip(" .12") for start, end in spans)


@given(st.text(), st.sampled_from(LANGUAGES))
def test_spans_lie_inside_the_text(text: str, language: str) -> None:
    last = 0
    for offset, terms in analyze(text, language):
        for term, _, start, end in terms:
            assert 0 <= offset + start < offset + end <= len(text)
            assert term and not any(character.isspace() for character in term)
    for start, end in matched_spans(text, text):
        assert last <= start < end <= len(text)
        last = end


@given(st.text())
def test_an_index_has_the_same_terms(text: str) -> None:
    found = [term for _, terms in analyze(text, "de") for term in terms]
    for kind, expected in zip(("stem", "whole"), index_terms(text, "de"), strict=True):
        assert expected == [term[0] for term in found if term[1] == kind]


@given(st.text("\x1b[]0123;mK\x07ab c"))
def test_control_sequences_keep_their_place(text: str) -> None:
    assert len(hide_escapes(text)) == len(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("useEffect", {"useeffect", "use", "effect"}),
        ("HTTPServer", {"httpserver", "http", "server"}),
        ("iPhones and PDFs", {"iphon", "and", "pdfs"}),
        ("pg_stat_activity", {"pg", "stat", "activ"}),
        ("src/main.py", {"src", "main", "py"}),
        ("C++, C# and .NET", {"c++", "c#", "and", ".net"}),
        ("Ｃ＋＋ C♯ ASP.NET C++17", {"c++", "c#", "asp", ".net", "17"}),
        ("count++; page#top example.net", {"count", "page", "top", "exampl", "net"}),
        ("nginxの設定", {"nginx", "の設", "設定"}),
        ("ﾃﾞｰﾀ", {"デー", "ータ"}),
        ("İstanbul ISTANBUL ıstanbul", {"istanbul"}),
        ("Straße STRASSE", {"strass"}),
        ("5мл", {"5", "мл"}),
    ],
)
def test_terms(text: str, expected: set[str]) -> None:
    assert stems(text, "en") == expected


def test_whole_identifiers_are_terms() -> None:
    wholes = index_terms("pg_stat_activity CVE-2024-31337 useEffect 在庫", "en")[1]
    assert wholes == ["pg_stat_activity", "cve-2024-31337", "useeffect", "在", "庫"]


def test_words_are_stemmed_by_the_language_of_the_document() -> None:
    assert stems("die Rechnungen", "de") == {"die", "rechnung"}
    assert stems("the invoices", "en") == {"the", "invoic"}
    assert stems("wijzigingen", "und") == {"wijzigingen"}
    assert stems("книгами и The Books", "ru") >= {"книг", "book"}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The house that stands on the hill is old.", "en"),
        ("Das Haus, das auf dem Hügel steht, ist alt.", "de"),
        ("La maison qui est sur la colline est vieille.", "fr"),
        ("La casa que está en la colina es vieja.", "es"),
        ("La casa che si trova sulla collina è vecchia.", "it"),
        ("A casa que está na colina é muito velha.", "pt"),
        ("Het huis dat op de heuvel staat is oud.", "nl"),
        ("Huset som står på kullen är gammalt och det vet jag.", "sv"),
        ("Dom, który stoi na wzgórzu, jest bardzo stary.", "pl"),
        ("Tepedeki ev çok eski ve bu ev için para yok.", "tr"),
        ("Дом, который стоит на холме, старый.", "ru"),
        ("Будинок, що стоїть на пагорбі, старий.", "uk"),
        ("Το σπίτι στον λόφο είναι παλιό.", "el"),
        ("البيت الذي على التل قديم", "ar"),
        ("丘の上に立つ家は古い。", "ja"),
        ("山上的房子很旧。", "zh"),
        ("언덕 위의 집은 오래되었다.", "ko"),
        ("บ้านบนเนินเขาเก่ามาก", "th"),
        ("git commit --amend", "en"),
        ("find /var/log -name '*.log' -print0", "en"),
        ("grep -il nginx /etc/nginx/nginx.conf", "en"),
        ("sudo ln -s /usr/local/bin/am example.com:/um", "en"),
        ("Größe übermäßig", "und"),
        ("", "en"),
    ],
)
def test_the_language_of_a_text(text: str, language: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("المدرسة والمدرسة بالمدرسة للمدرسة", "مدرسة"),
        ("المدرسه", "مدرسة"),
        ("Украї\u0301на ста\u0301рий", "Україна"),
    ],
)
def test_a_word_is_found_with_article_and_stress(text: str, word: str) -> None:
    language = language_of(text)
    assert stems(word, language) <= stems(text, language)


def test_words_of_a_question_are_counted() -> None:
    assert count_content_words("how to configure the nginx server") == 3
    assert count_content_words("在庫管理") == 2
    assert count_content_words("the") == 1


def test_the_words_of_a_question_in_a_text_are_counted() -> None:
    assert share_of_words("how are goats fed", "Goats were fed.") == 1.0
    assert share_of_words("how are goats fed", "Goats were seen.") == 0.5
    bill = "Die Rechnungen von dem Zahnarzt sind da, und ich zahle."
    assert share_of_words("Rechnung für den Zahnarzt", bill) == 1.0
    assert share_of_words("会議はいつですか", "会議は火曜日に行います。") == 1.0
    assert share_of_words("", "anything") == 0.0


@pytest.mark.parametrize("language", ["ja", "zh", "ko", "ar"])
def test_half_of_the_words_tell_an_answer_from_other_texts(language: str) -> None:
    texts = documents(language)
    answers, others = [], []
    for question, right in questions(language):
        shares = {id: share_of_words(question, text) for id, text in texts.items()}
        answers.append(max(shares[id] for id in right) >= 0.5)
        others += [share >= 0.5 for id, share in shares.items() if id not in right]
    assert sum(answers) >= 0.5 * len(answers)
    assert sum(others) <= 0.02 * len(others)
