"""Which scripts of an index its model can't read, and which languages it has no stemmer for.

A model reads a script if its tokenizer knows its words: a tokenizer without them falls back to single letters, or to
the token for unknown text. Measured on a sample of the chunks after an index run; kept for `status` and for questions.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from simsearch.querying.legibility_record import Legibility
from simsearch.storage.capabilities import Samples
from simsearch.storage.protocols import Snapshot
from simsearch.storage.words.languages import LANGUAGE_NAMES, language_of
from simsearch.storage.words.scripts import SCRIPT_NAMES, script_of
from simsearch.types import Embedder, UnknownTokenCounter

CHUNKS = 150
LEAST_SHARE = 0.1
"""Scripts and languages of a smaller share of the sample are not mentioned."""

LETTERS_PER_TOKEN = 1.3
"""all-MiniLM-L6-v2 has 0.9 to 1.0 in Arabic, Cyrillic, Greek and Hebrew, and 2.0 to 3.8 in Latin languages."""

MOST_UNKNOWN = 0.1


def measure_legibility(snapshot: Snapshot, embedder: Embedder) -> Legibility:
    """Measure an index; nothing is unread in a store without samples."""
    texts = [record.text for record in snapshot.sample(CHUNKS)] if isinstance(snapshot, Samples) else []
    by_script = defaultdict(list)
    for text in texts:
        by_script[script_of(text)].append(text)
    languages = Counter(map(language_of, texts))
    fewest = max(1.0, LEAST_SHARE * len(texts))
    unread = [
        script
        for script, some in by_script.items()
        if len(some) >= fewest and not _reads(embedder, script, some)
    ]
    unstemmed = [
        language for language, count in languages.items() if count >= fewest and language in LANGUAGE_NAMES
    ]
    fingerprint, chunks = snapshot.identity.fingerprint, snapshot.counts().chunks
    return Legibility(fingerprint, chunks, tuple(sorted(unread)), tuple(sorted(unstemmed)))


def _reads(embedder: Embedder, script: str, texts: Sequence[str]) -> bool:
    """Whether a model knows the words of some texts."""
    if script == "latin":
        return True
    counter, tokens = embedder.tokens, sum(embedder.tokens.count(texts))
    if isinstance(counter, UnknownTokenCounter) and sum(counter.count_unknown(texts)) > MOST_UNKNOWN * tokens:
        return False
    letters = sum(character.isalpha() for text in texts for character in text)
    return script in ("han", "kana") or letters >= LETTERS_PER_TOKEN * tokens


def describe_legibility(legibility: Legibility, model: str) -> Iterator[str]:
    """What can't be read, and what to do, in sentences."""
    if legibility.unread:
        scripts = _listed(legibility.unread, SCRIPT_NAMES)
        yield (
            f"The model {model} can't read {scripts} text, so it is found by its words only. Fetch a multilingual "
            "model (simsearch models fetch NAME) and index again with --model NAME."
        )
    if legibility.unstemmed:
        languages = _listed(legibility.unstemmed, LANGUAGE_NAMES)
        yield (
            f"There is no stemmer for {languages}: keyword search finds words as written. Search for the beginning of "
            "a word with *, as in word*."
        )


def _listed(codes: Sequence[str], names: Mapping[str, str]) -> str:
    words = [names.get(code, code) for code in codes]
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))
