"""The doctor finds what is wrong with pairs, and says where."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simsearch.errors import InputError
from simsearch.near_duplicates import normalise
from simsearch.tuning.doctor.checks import usable
from simsearch.tuning.doctor.examining import examine, refuse
from simsearch.tuning.doctor.languages import language_of
from simsearch.types import Pair


@dataclass(frozen=True)
class Words:
    """Counts words, and reads ten of them."""

    limit: int = 10

    def count(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]

    def spans(self, text: str) -> list[tuple[int, int]]:
        raise NotImplementedError


CLEAN = [
    Pair(f"question {i**3} about {chr(97 + i) * 5}", f"reply {i**5} {chr(97 + i) * 7}", row=i + 1)
    for i in range(9)
]


def found(pairs: list[Pair]) -> str:
    return "\n".join(map(str, examine(pairs, Words())))


def test_clean_pairs_have_no_findings() -> None:
    assert found(CLEAN) == ""


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (
            Pair("Same text", "same  TEXT", source="p.csv", row=12),
            "1 pair has the same text on both sides (p.csv:12)",
        ),
        (
            Pair(CLEAN[0].anchor, CLEAN[0].positive, source="p.csv", row=12),
            "1 pair occurs more than once (p.csv:12)",
        ),
        (Pair(CLEAN[0].anchor, CLEAN[0].positive, score=1.0), "2 rows give the same pair different scores"),
        (Pair("another question", CLEAN[0].positive), "2 pairs share their positive with another anchor"),
        (Pair("word " * 30, "answer", source="p.csv", row=12), "1 anchor is longer than the 10 tokens"),
        (
            Pair("вопрос", "answer", source="p.csv", row=12),
            "1 pair has its sides in two scripts (p.csv:12)",
        ),
        (Pair(CLEAN[0].anchor + "!", "wholly different"), "2 texts are nearly the same as another"),
        (Pair(CLEAN[0].positive, CLEAN[0].anchor), "2 rows also occur with their sides swapped"),
        (
            Pair("asked", "found", negatives=("Found",), source="p.csv", row=12),
            "1 row has a negative that is a positive of the same anchor (p.csv:12)",
        ),
    ],
)
def test_each_fault_is_found(row: Pair, said: str) -> None:
    assert said in found([*CLEAN, row])


def test_a_text_as_long_as_the_model_reads_is_not_too_long() -> None:
    assert "longer than" not in found([*CLEAN, Pair("word " * 10, "answer")])
    assert "longer than" in found([*CLEAN, Pair("word " * 11, "answer")])


def test_a_column_that_is_always_the_same_is_found() -> None:
    assert "9 of 9 pairs have the same anchor" in found([Pair("one", pair.positive) for pair in CLEAN])


def test_labels_in_place_of_texts_are_found() -> None:
    choices = [replace(pair, positive="ABCD"[i % 2]) for i, pair in enumerate(CLEAN)]
    assert "The positives look like labels, not like texts: A, B" in found(choices)


def test_ids_in_place_of_negatives_are_found() -> None:
    ids = [replace(pair, negatives=(f"doc-{i}",)) for i, pair in enumerate(CLEAN)]
    assert "The negatives look like identifiers (ids)" in found(ids)


def test_scores_that_are_all_the_same_are_found() -> None:
    assert "All scores are 0.9" in found([replace(pair, score=0.9) for pair in CLEAN])


def test_a_text_of_two_classes_is_found() -> None:
    classed = [replace(pair, label=f"class {i}", source="p.csv") for i, pair in enumerate(CLEAN)]
    assert "more than one label" not in found(classed)
    twice = replace(classed[0], positive="as well", label="class 1", row=12)
    assert "1 text has more than one label (p.csv:1, 12)" in found([*classed, twice])


def test_columns_that_may_be_the_wrong_way_round_are_found() -> None:
    long = [replace(pair, anchor=f"{pair.anchor} " + "word " * 60) for pair in CLEAN]
    assert "The columns may be swapped" in found(long)


def test_a_mix_of_languages_is_found() -> None:
    german = [
        Pair("wie kann ich das Passwort ändern", "so", source="p.csv", row=12),
        Pair("how can i change the password", "thus"),
        Pair("what is the time in the office", "late"),
    ]
    said = found([*CLEAN, *german])
    assert "The anchors are in several languages: 2 English, 1 German (p.csv:12)" in said


def test_texts_that_the_base_cant_tell_apart_are_found() -> None:
    def encode(texts: Sequence[str], role: str) -> np.ndarray:
        """All texts about the same letter are one vector."""
        return np.eye(26, dtype=np.float32)[[ord(text[-1]) - 97 for text in texts]]

    repeated = Pair("one more question", "reply in other words aaa", source="p.csv", row=12)
    findings = examine([*CLEAN, repeated], Words(), encode)
    assert [f.what for f in findings] == [
        "To the base model, the positives of 2 pairs are nearly the same as another pair's (cosine from 0.95)"
    ]
    assert "p.csv:12" in findings[0].rows


def test_scores_that_are_the_wrong_way_round_are_found() -> None:
    def encode(texts: Sequence[str], role: str) -> np.ndarray:
        """Texts of the same number are one vector."""
        return np.eye(50, dtype=np.float32)[[int(text.split()[0]) for text in texts]]

    pairs = [Pair(f"{i} asked", f"{i if i % 2 else i + 1} found", score=float(i % 2)) for i in range(40)]
    swapped = [replace(pair, score=1 - pair.score) for pair in pairs if pair.score is not None]
    assert not any(finding.decisive for finding in examine(pairs, Words(), encode))
    (finding,) = [finding for finding in examine(swapped, Words(), encode) if finding.decisive]
    assert "scored below 0.5 nearer" in finding.what
    assert not any(finding.decisive for finding in examine(swapped[:10], Words(), encode))


def test_strict_stops_for_what_is_serious_only() -> None:
    refuse(examine([*CLEAN, Pair("another question", CLEAN[0].positive)], Words()))
    with pytest.raises(InputError, match="the same text on both sides"):
        refuse(examine([*CLEAN, Pair("same", "same")], Words()))


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc"))))
def test_what_is_usable_is_distinct_and_complete(rows: list[tuple[str, str]]) -> None:
    pairs = [Pair(anchor, positive) for anchor, positive in rows]
    kept = [(normalise(pair.anchor), normalise(pair.positive)) for pair in usable(pairs)]
    assert sorted(kept) == sorted({row for row in rows if row[0] != row[1]})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("გამარჯობა", "Georgian"),
        ("パスワードを変える方法", "Japanese"),
        ("如何更改密码", "Chinese"),
        ("12 : 30", ""),
    ],
)
def test_a_script_is_named_as_people_call_it(text: str, said: str) -> None:
    assert language_of(text) == said


def test_commands_and_code_have_no_language() -> None:
    for text in (
        "ls -la | grep das",
        "find . -name 'los *.py'",
        "for (i = 0; i < la; i++) { un = le[i]; }",
        "rm -rf il",
    ):
        assert language_of(text) == ""
    assert language_of("comment est-ce que je change le mot de passe ?") == "French"
