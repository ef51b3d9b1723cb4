"""The contracts themselves: each kind of mistake is caught, and said in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from simsearch import (
    Chunk,
    Component,
    Document,
    Heading,
    Hit,
    InputError,
    MiningData,
    Pair,
    Split,
    TrainingData,
    View,
    hookimpl,
)
from simsearch.errors import PluginError
from simsearch.plugins.discovery import Found, Origin
from simsearch.plugins.registry import Registry
from simsearch.testing import CONTRACTS, CheckResult, check_components


def verdicts(kind: str, value: Any, accepts: tuple[str, ...] = ()) -> dict[str, CheckResult]:
    """What the check says of a component that is `value`, by law."""

    def build() -> Any:
        return value

    return check(kind, build, accepts)


def check(
    kind: str, build: Callable[..., Any], accepts: tuple[str, ...] = (), name: str = "it"
) -> dict[str, CheckResult]:
    class Plugin:
        pass

    def answer(self: Plugin) -> list[Component]:
        return [Component("it", "A component under test", build, accepts)]

    setattr(Plugin, f"simsearch_{kind}", hookimpl(answer))
    registry = Registry.load(only=())
    registry.add(Found(Origin("acme", "simsearch-acme", "1", "acme"), Plugin))
    assert registry.problems == []
    return {verdict.contract: verdict for verdict in check_components(registry, name)}


def failures(found: dict[str, CheckResult]) -> str:
    return "\n".join(v.reason for v in found.values() if v.outcome == "failed")


def scores(value: Callable[[Sequence[Pair], np.random.Generator], Any]) -> str:
    return failures(verdicts("score_generators", value))


def good_scores(pairs: Sequence[Pair], random: np.random.Generator) -> Any:
    return random.random(len(pairs), dtype=np.float32)


def test_a_good_score_generator_passes() -> None:
    found = verdicts("score_generators", good_scores)
    assert {verdict.outcome for verdict in found.values()} == {"passed"}
    assert len(found) == 5


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (lambda pairs, random: [0.5] * len(pairs), "gave a list, not a numpy array"),
        (lambda pairs, random: random.random(len(pairs)), "gave scores of type float64, not float32"),
        (lambda pairs, random: good_scores(pairs, random)[1:], r"gave scores of shape (0,) for 1 pairs"),
        (lambda pairs, random: good_scores(pairs, random) + 1, "gave scores outside 0 to 1"),
        (lambda pairs, random: good_scores(pairs, random) * np.float32("nan"), "not finite"),
        (
            lambda pairs, random: good_scores(pairs, np.random.default_rng()),
            "gave different scores the second time",
        ),
        (
            lambda pairs, random: np.full(len(pairs) or 1, 0.5, np.float32),
            "an empty list of pairs gave scores of shape (1,)",
        ),
        (lambda pairs, random: 1 / 0, "ZeroDivisionError: division by zero"),
    ],
)
def test_a_score_generator_that_breaks_its_contract_fails_with_the_reason(value: Any, reason: str) -> None:
    assert reason in scores(value)


def test_a_score_generator_that_changes_the_pairs_fails() -> None:
    def value(pairs: Sequence[Pair], random: np.random.Generator) -> Any:
        for pair in pairs:
            pair.columns["seen"] = True  # type: ignore[index]
        return good_scores(pairs, random)

    assert "the pairs themselves were changed" in scores(value)


def good_split(pairs: Sequence[Pair], random: np.random.Generator) -> Split:
    order = random.permutation(len(pairs))
    cut = len(pairs) // 5
    return Split(train=order[2 * cut :], dev=order[:cut], test=order[cut : 2 * cut])


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (lambda pairs, random: (1, 2, 3), "gave a tuple, not a Split"),
        (
            lambda pairs, random: replace(good_split(pairs, random), dev=np.arange(2)),
            "train, dev and test don't contain every pair exactly once",
        ),
        (
            lambda pairs, random: replace(good_split(pairs, random), test=np.empty(0)),
            "gave a part of float64",
        ),
        (
            lambda pairs, random: Split(*(part.tolist() for part in (np.arange(len(pairs)),) * 3)),
            "gave a list, not a numpy array",
        ),
        (
            lambda pairs, random: Split(np.empty(0, int), np.empty(0, int), np.arange(len(pairs))),
            "nothing is left to train on",
        ),
        (
            lambda pairs, random: good_split(pairs, np.random.default_rng()),
            "gave a different split the second time",
        ),
    ],
)
def test_a_splitter_that_breaks_its_contract_fails_with_the_reason(value: Any, reason: str) -> None:
    assert reason in failures(verdicts("splitters", value))


def test_a_splitter_may_refuse_few_pairs_but_not_many() -> None:
    def few(pairs: Sequence[Pair], random: np.random.Generator) -> Split:
        if len(pairs) < 30:
            raise InputError("Too few pairs.")
        return good_split(pairs, random)

    def all_of_them(pairs: Sequence[Pair], random: np.random.Generator) -> Split:
        raise InputError("example.csv, row 2: there is no column 'shop'.")

    assert {verdict.outcome for verdict in verdicts("splitters", few).values()} == {"passed"}
    refused = verdicts("splitters", all_of_them)
    assert {verdict.outcome for verdict in refused.values()} == {"skipped"}
    assert "it refuses the examples (example.csv, row 2: there is no column 'shop'.)" in str(refused)


def loss(forward: Callable[..., Any]) -> Callable[[Any, TrainingData], Any]:
    def make(model: Any, data: TrainingData) -> Any:
        import torch

        class Loss(torch.nn.Module):
            def forward(self, features: Any, labels: Any) -> Any:
                vectors = [model(column)["sentence_embedding"] for column in features]
                return forward(vectors, labels)

        return Loss()

    return make


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (
            loss(lambda vectors, labels: 1 - (vectors[0] * vectors[1]).sum(1)),
            "has shape (8,), not one number",
        ),
        (loss(lambda vectors, labels: (vectors[0] * vectors[1]).sum() / 0), "graded: the loss is "),
        (loss(lambda vectors, labels: 0.5), "gave a float, not a tensor"),
        (loss(lambda vectors, labels: (vectors[0] * vectors[1]).sum() * 0), "every gradient is zero"),
        (
            loss(lambda vectors, labels: (((vectors[0] * vectors[1]).sum(1) + labels) ** 2).mean()),
            "after 40 steps the model agrees less with the data than before",
        ),
        (lambda model, data: None, "gave a NoneType, not a torch module"),
    ],
)
def test_a_loss_that_breaks_its_contract_fails_with_the_reason(value: Any, reason: str) -> None:
    assert reason in failures(verdicts("losses", value, accepts=("graded",)))


def test_a_loss_inside_another_must_take_the_data() -> None:
    def make(model: Any, data: TrainingData) -> Any:
        return data.loss("multiple-negatives")(model, data)

    found = verdicts("losses", make, accepts=("graded",))
    assert "it accepts pairs or triplets, but the data is graded" in str(found)


PLAIN = (".txt",)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (lambda path, content: [Document(content.decode())], "UnicodeDecodeError"),
        (lambda path, content: [content], "gave a bytes, not a Document"),
        (
            lambda path, content: [Document("a", headings=(Heading(9, 1, "x"),))],
            "a heading is outside the text",
        ),
        (
            lambda path, content: [Document("abc", headings=(Heading(2, 1, "x"), Heading(1, 1, "y")))],
            "the headings are out of order",
        ),
        (lambda path, content: [Document("a", metadata={"day": object()})], "the metadata is not JSON"),
        (lambda path, content: [Document("a", metadata={"n": float("nan")})], "the metadata is not JSON"),
        (lambda path, content: [Document("other", verbatim=True)], "does not have as many lines"),
        (lambda path, content: [Document("a"), Document("b")], "one of several documents has no id"),
        (lambda path, content: [Document("\ud800")], "UnicodeEncodeError"),
    ],
)
def test_a_reader_that_breaks_its_contract_fails_with_the_reason(value: Any, reason: str) -> None:
    assert reason in failures(verdicts("readers", value, PLAIN))


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (lambda path: [Pair(path.read_text() + "a", "b", source=str(path), row=1)], "UnicodeDecodeError"),
        (lambda path: [("a", "b")], "gave a tuple, not a Pair"),
        (lambda path: [Pair("a", " ", source=str(path), row=1)], "has ' ' instead of a text"),
        (lambda path: [Pair("a", "b", row=1)], "the source is ''"),
        (lambda path: [Pair("a", "b", source=str(path))], "rows are counted from 1"),
        (lambda path: [Pair("a", "b", source=str(path), row=r) for r in (2, 1)], "the rows are not in order"),
        (lambda path: [Pair("a", "b", source=str(path), row=1, score=float("nan"))], "the score is nan"),
    ],
)
def test_a_pair_reader_that_breaks_its_contract_fails_with_the_reason(value: Any, reason: str) -> None:
    assert reason in failures(verdicts("pair_readers", value, PLAIN))


def test_a_pair_reader_must_name_the_file_it_refuses() -> None:
    def value(path: object) -> list[Pair]:
        raise InputError("This is not my kind of file.")

    assert "the error doesn't name the file" in failures(verdicts("pair_readers", value, PLAIN))


def words(document: Document, tokens: Any) -> list[Chunk]:
    return [Chunk(start, end) for start, end in tokens.spans(document.text)]


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (words, ""),
        (lambda document, tokens: words(document, tokens)[1:], "these characters are in no chunk"),
        (lambda document, tokens: words(document, tokens)[::-1], "the chunks start out of order"),
        (lambda document, tokens: [Chunk(0, len(document.text) + 1)], "is not within 0 to 0"),
        (lambda document, tokens: [Chunk(0, max(len(document.text), 1))] , "is not within 0 to 0"),
        (
            lambda document, tokens: [Chunk(0, len(document.text))] if document.text else [],
            "tokens, but the model reads 8",
        ),
        (lambda document, tokens: [*words(document, tokens), document.text], "gave a str, not a Chunk"),
        (
            lambda document, tokens: [Chunk(i, i + 1) for i in range(len(document.text))],
            "holds only white space",
        ),
    ],
)  # fmt: skip
def test_a_chunker_that_breaks_its_contract_fails_with_the_reason(value: Any, reason: str) -> None:
    reported = failures(verdicts("chunkers", value))
    assert reason in reported if reason else reported == ""


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (lambda hits, view: [hit.text for hit in hits], "gave a list for 0 hits"),
        (lambda hits, view: "\x1b[1mbold", "there are escape codes in a view without colour"),
        (lambda hits, view: hits[0].text, "IndexError"),
        (lambda hits, view: "-" * (80 // (view.width - 1)), "ZeroDivisionError"),
    ],
)
def test_a_formatter_that_breaks_its_contract_fails_with_the_reason(value: Any, reason: str) -> None:
    assert reason in failures(verdicts("formatters", value))


def test_a_component_that_needs_arguments_is_checked_with_them() -> None:
    def build(low: float) -> Any:
        return lambda pairs, random: np.full(len(pairs), low, np.float32)

    without = check("score_generators", build)
    assert [(v.outcome, v.contract) for v in without.values()] == [("skipped", "is built")]
    assert "'it' needs low=…, as in 'it:low=VALUE'" in str(without)
    assert {v.outcome for v in check("score_generators", build, name="it:low=0.5").values()} == {"passed"}
    assert "outside 0 to 1" in failures(check("score_generators", build, name="it:low=2"))


def test_a_build_that_raises_fails_the_check() -> None:
    def build() -> Any:
        raise RuntimeError("no licence")

    (verdict,) = check("score_generators", build, name="simsearch-acme").values()
    assert (verdict.outcome, verdict.contract) == ("failed", "is built")
    assert "no licence" in verdict.reason


def test_a_disabled_plugin_fails_the_check() -> None:
    def load() -> object:
        raise RuntimeError("no licence")

    registry = Registry.load(only=())
    registry.add(Found(Origin("acme", "simsearch-acme", "1", "acme"), load))
    (verdict,) = check_components(registry, "simsearch-acme")
    assert (verdict.outcome, verdict.kind) == ("failed", "plugin")
    assert "no licence" in verdict.reason


def test_an_unknown_name_is_refused_with_the_nearest() -> None:
    with pytest.raises(PluginError, match=r"Nothing installed is called 'randm' \(did you mean 'random'\?\)"):
        check_components(Registry.load(only=()), "randm")


def test_a_contract_is_a_test_class_as_it_stands() -> None:
    class TestRandom(CONTRACTS["splitters"]):  # type: ignore[misc,name-defined]
        spec = "random:dev=0.1"

    laws = TestRandom().laws()
    assert "every pair is on one side" in laws
    for law in laws.values():
        law()


def test_hits_for_formatters_are_real_hits() -> None:
    def value(hits: Sequence[Hit], view: View) -> str:
        assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
        assert all(hit.end - hit.start == len(hit.text) for hit in hits)
        return ""

    assert failures(verdicts("formatters", value)) == ""


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (lambda documents: [(found.path, "b") for found in documents], "gave a tuple, not a Pair"),
        (
            lambda documents: [Pair(found.path, " ", source=found.path) for found in documents],
            "has ' ' instead of a",
        ),
        (
            lambda documents: [Pair(found.path, "b") for found in documents],
            "which is not the path of a document",
        ),
        (
            lambda documents: [
                Pair(str(np.random.default_rng().random()), "b", source=f.path) for f in documents
            ],
            "the same folder gave different pairs the second time",
        ),
        (lambda documents: documents[0], "IndexError"),
    ],
)
def test_a_pair_generator_that_breaks_its_contract_fails_with_the_reason(value: Any, reason: str) -> None:
    assert reason in failures(verdicts("pair_generators", value))


def test_a_pair_generator_may_find_nothing() -> None:
    assert failures(verdicts("pair_generators", lambda documents: [])) == ""


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (lambda pairs, data, random: [], "gave negatives for 0 of them"),
        (lambda pairs, data, random: ["near" for _ in pairs], "gave a text instead of a list of texts"),
        (lambda pairs, data, random: [["near", "near"] for _ in pairs], "gave a text twice for one pair"),
        (lambda pairs, data, random: [[" "] for _ in pairs], "instead of texts"),
        (
            lambda pairs, data, random: [[pair.positive.upper()] for pair in pairs],
            "is a positive of its anchor",
        ),
        (lambda pairs, data, random: [[pair.anchor] for pair in pairs], "or the anchor itself"),
        (
            lambda pairs, data, random: [[str(np.random.default_rng().random())] for _ in pairs],
            "gave different negatives the second time",
        ),
    ],
)
def test_a_negative_miner_that_breaks_its_contract_fails_with_the_reason(value: Any, reason: str) -> None:
    assert reason in failures(verdicts("negative_miners", value))


def test_a_negative_miner_may_use_the_models_and_the_search_it_is_given() -> None:
    def mine(pairs: Sequence[Pair], data: MiningData, random: np.random.Generator) -> list[list[str]]:
        documents = data.load("teacher").encode([pair.positive for pair in pairs])
        scores, rows = data.search(documents, data.embedder.encode([p.anchor for p in pairs], "query"), 3)
        assert scores.shape == rows.shape
        return [[] for _ in pairs]

    assert failures(verdicts("negative_miners", mine)) == ""
