"""Words that say whether two texts belong together, in small letters without spaces and punctuation."""

from __future__ import annotations

import re

_SIMILAR = {
    "agreement": "yes y true t ok okay correct right iscorrect good valid accept accepted pass positive pos ✓ ✔",
    "other languages": "ja j oui si sí sim да tak wahr vrai verdadero vero evet 是 对 正确 はい 예 네",
    "identity": "match matched matches matching amatch ismatch same thesame samemeaning identical equal equivalent "
    "isequivalent duplicate duplicates duplicated dup dupe isduplicate aduplicate synonym synonyms linked 相同 匹配 "
    "gleich identisch doublon identique duplikat",
    "similarity": "similar issimilar verysimilar paraphrase paraphrased isparaphrase paraphrases related isrelated "
    "相似 ähnlich",
    "answers": "relevant isrelevant highlyrelevant veryrelevant perfectlyrelevant answer answers isanswer "
    "correctanswer 相关",
    "inference": "entailment entails entailed entail support supported supports",
}
_DISSIMILAR = {
    "agreement": "no n false f incorrect notcorrect wrong bad invalid reject rejected fail negative neg ✗ ✘",
    "other languages": "nein non não nao нет nie hayır falsch faux falso 否 不 错 错误 不是 いいえ 아니요 아니오",
    "identity": "nomatch notmatch nonmatch notamatch mismatch mismatched unmatched notmatched notmatching doesntmatch "
    "notthesame notsame notequal unequal notidentical notequivalent nonequivalent inequivalent notduplicate "
    "notduplicated nonduplicate nonduplicates noduplicate notaduplicate notdup nondup notdupe unique distinct "
    "different differs antonym unlinked 不同 不匹配 ungleich verschieden différent",
    "similarity": "dissimilar notsimilar unsimilar nonsimilar unlike notparaphrase nonparaphrase noparaphrase "
    "notaparaphrase unrelated notrelated nonrelated 不相似 unähnlich",
    "answers": "irrelevant notrelevant nonrelevant noanswer notanswer notananswer wronganswer incorrectanswer 不相关 "
    "irrelevante",
    "inference": "contradiction contradicts contradicted contradictory contradict notentailment nonentailment "
    "notentailed noentailment refutes refuted notsupported unsupported",
}
_NEITHER = {
    "inference": "neutral - notenoughinfo nei",
    "doubt": "unsure notsure maybe unclear undecided cantsay dontknow idk skip",
}


def _words(subjects: dict[str, str]) -> frozenset[str]:
    return frozenset(word for words in subjects.values() for word in words.split())


SIMILAR, DISSIMILAR = _words(_SIMILAR), _words(_DISSIMILAR)
NEITHER = _words(_NEITHER)
"""Words of rows that teach nothing: they are left out and counted."""


def plain_word(value: str) -> str:
    """A word as it is listed here: `not_duplicate` and `Not duplicate` are `notduplicate`."""
    word = value.strip().lower()
    return re.sub(r"[\s_'’./-]+", "", word) or word
