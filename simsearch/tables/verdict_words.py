"""Words that say whether two texts belong together, in small letters without spaces and punctuation."""

from __future__ import annotations

import re

_SIMILAR = {
    "agreement": "yes y true t ok okay correct right iscorrect good valid accept accepted pass positive pos ✓ ✔ ✅ 👍",
    "yes in other languages": "ja j oui si sí sim da да так tak ano áno igen kyllä jah taip jā ναι evet ya có نعم כן "
    "हाँ 是 はい 예 네",
    "true in other languages": "wahr richtig vrai juste verdadero correcto cierto vero corretto verdadeiro correto "
    "juist goed waar rätt sant riktig rigtigt prawda верно правда doğru 对 正确",
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
    "agreement": "no n false f incorrect notcorrect wrong bad invalid reject rejected fail negative neg ✗ ✘ ❌ 👎",
    "no in other languages": "nein nee nej nei non não nao nu нет ні nie ne nem ei ne nē όχι hayır tidak không لا לא "
    "नहीं 否 不 不是 いいえ 아니요 아니오",
    "false in other languages": "falsch faux falso incorrecto errado incorreto sbagliato onjuist fout fel falskt feil "
    "forkert fałsz неверно ложь yanlış 错 错误",
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
    "doubt": "unsure notsure maybe unclear undecided cantsay dontknow idk skip skipped ignore ignored",
}


def _words(subjects: dict[str, str]) -> frozenset[str]:
    return frozenset(word for words in subjects.values() for word in words.split())


SIMILAR, DISSIMILAR = _words(_SIMILAR), _words(_DISSIMILAR)
NEITHER = _words(_NEITHER)
"""Words of rows that teach nothing: they are left out and counted."""
ALL = SIMILAR | DISSIMILAR | NEITHER
LONGEST = 40
"""Characters; a longer value is not such a word, and texts are not searched through for them."""


def is_verdict_word(value: object) -> bool:
    """Whether a value is a word for similar, dissimilar or neither."""
    return isinstance(value, str) and len(value) <= LONGEST and plain_word(value) in ALL


def plain_word(value: str) -> str:
    """A word as it is listed here: `not_duplicate` and `Not duplicate` are `notduplicate`."""
    word = value.strip().lower().replace("\ufe0f", "")  # which only asks for a coloured sign
    return re.sub(r"[\s_'’./-]+", "", word) or word
