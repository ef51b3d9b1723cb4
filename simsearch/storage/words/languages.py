"""The language of a text, told by its script and its most frequent words; and the stemmer of a language.

Languages are named by ISO 639-1 codes. `en` is also assumed of a short text in plain Latin letters that shows no
language, since code, tables and lists mostly have English words; nothing is assumed of other texts.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from functools import cache, lru_cache

from simsearch.storage.words.normalisation import compatible, fold
from simsearch.storage.words.scripts import script_of
from simsearch.storage.words.stop_words import STOP_WORDS

SAMPLE = 4000
"""Characters of a text that tell its language."""

FEWEST_SIGNS = 2
"""Frequent words of a language that a text must have."""

UNKNOWN = "und"
"""ISO 639-2 for an undetermined language: its words are not stemmed."""

STEMMERS = {
    "ar": "arabic", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish", "fi": "finnish",
    "fr": "french", "hu": "hungarian", "it": "italian", "nl": "dutch", "no": "norwegian", "pt": "portuguese",
    "ro": "romanian", "ru": "russian", "sv": "swedish", "ta": "tamil", "tr": "turkish",
}  # fmt: skip
"""Snowball stemmers, by the names that tantivy gives them."""

LANGUAGE_NAMES = {
    "cs": "Czech",
    "fa": "Persian",
    "he": "Hebrew",
    "hi": "Hindi",
    "pl": "Polish",
    "uk": "Ukrainian",
}
"""The languages whose words have endings but no stemmer here."""

_BY_SCRIPT = {
    "latin": ["en", "da", "de", "es", "fi", "fr", "hu", "it", "nl", "no", "pl", "cs", "pt", "ro", "sv", "tr"],
    "cyrillic": ["ru", "uk"],
    "arabic": ["ar", "fa"],
}
_ONE_LANGUAGE = {
    "greek": "el", "hebrew": "he", "kana": "ja", "han": "zh", "hangul": "ko", "thai": "th", "lao": "lo",
    "khmer": "km", "myanmar": "my", "tamil": "ta", "devanagari": "hi",
}  # fmt: skip
_WORD = re.compile(r"(?<![\w./\\=@:~$%&|+#-])[^\W\d_]{2,}(?![\w/\\=@$%]|\.\w|:\S)")
"""A word that stands by itself. In commands and code, parts of paths, names and options look like words of any
language: `/etc`, `/var`, `example.com`, `-il`."""

_DEFINITE = re.compile(r"([وفبك]?ال|و?لل)(\w{3,})ه")
"""An Arabic word with the article that ends with heh: as such words have no possessive ending, it is a teh marbuta,
which `fold` made of it, and which the stemmer cuts off."""


def language_of(text: str) -> str:
    """The language of a text."""
    return _language_of_sample(text[:SAMPLE])


@lru_cache(maxsize=1024)
def _language_of_sample(sample: str) -> str:
    script = script_of(sample)
    if script in _ONE_LANGUAGE:
        return _ONE_LANGUAGE[script]
    signs = count_signs(sample, _BY_SCRIPT[script])
    language, count = signs.most_common(1)[0] if signs else (UNKNOWN, 0)
    if count >= FEWEST_SIGNS or (count and len(sample) < 80):
        return language
    return {"cyrillic": "ru", "arabic": "ar"}.get(script, "en" if sample.isascii() else UNKNOWN)


def count_signs(text: str, languages: list[str]) -> Counter[str]:
    """How many of a text's words are frequent ones of each language; single letters are of every language."""
    found: Counter[str] = Counter()
    of_word = _languages_of_frequent_words()
    for word in _WORD.findall(folded_text(text)):
        for language in of_word.get(word, ()):
            found[language] += 1
    return Counter({language: found[language] for language in languages if found[language]})


@cache
def _languages_of_frequent_words() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for language, words in STOP_WORDS.items():
        for word in words:
            found.setdefault(word, []).append(language)
    return found


def folded_text(text: str) -> str:
    """A text as its words are compared."""
    return fold(compatible(text))


def stop_words_of(text: str, languages: list[str]) -> frozenset[str]:
    """The stop words of a question: those of the language that it shows, among those of an index."""
    return frozenset().union(*(STOP_WORDS[language] for language in shown_languages(text, languages)))


def shown_languages(text: str, languages: list[str]) -> list[str]:
    """The languages, among those of an index, whose frequent words a question has most of; several if they are equal,
    none if it has no such word."""
    known = [language for language in languages if language in STOP_WORDS] or ["en"]
    signs = count_signs(text, known)
    best = max(signs.values(), default=0)
    return [language for language, count in signs.items() if count == best]


def stem(word: str, language: str) -> str:
    """The stem of a folded word.

    Args:
        language: Of the document; a word in another script is stemmed by that of its script.
    """
    spoken = _language_of_word(word, language)
    stemmer = _stemmer(spoken)
    if spoken == "ar" and (definite := _DEFINITE.fullmatch(word)):
        word = f"{definite[1]}{definite[2]}ة"
    return stemmer(word) if stemmer else word


def _language_of_word(word: str, language: str) -> str:
    first = word[0]
    if first < "\u0250":
        # Latin words in texts of other scripts are mostly English.
        return language if language in _LATIN_LANGUAGES else "en"
    if "\u0370" <= first < "\u0400":
        return "el"
    if "\u0400" <= first < "\u0530":
        return language if language in _BY_SCRIPT["cyrillic"] else "ru"
    if "\u0600" <= first < "\u0780":
        return language if language in _BY_SCRIPT["arabic"] else "ar"
    return "ta" if "\u0b80" <= first < "\u0c00" else UNKNOWN


_LATIN_LANGUAGES = frozenset([*_BY_SCRIPT["latin"], UNKNOWN])


@cache
def _stemmer(language: str) -> Callable[[str], str] | None:
    if language not in STEMMERS:
        return None
    import tantivy

    analyzer = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.raw())
    analyze = analyzer.filter(tantivy.Filter.stemmer(STEMMERS[language])).build().analyze
    return lambda word: str(analyze(word)[0])
