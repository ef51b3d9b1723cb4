"""Questions to answers: fused, filtered, folded, highlighted, explained, and exactly k of them."""

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simsearch import InputError, Workspace, hookimpl
from simsearch.errors import PluginError
from simsearch.home import Home
from simsearch.models import Models
from simsearch.plugins.discovery import Found, Origin
from simsearch.querying.calibration import Calibration, read_calibration, write_calibration
from simsearch.querying.dense_weight import MANY_WORDS, ONE_WORD, keep_learned_weight, weigh_question
from simsearch.querying.folding import EqualTexts
from simsearch.querying.fusion import fuse, fuse_ranks
from simsearch.querying.learn_dense_weight import choose_weight, make_grid
from simsearch.querying.no_good_match import (
    FEWEST_WORDS,
    calibrate,
    find_words,
    judge_match,
)
from simsearch.querying.reranking import RERANKED
from simsearch.storage.protocols import ChunkRecord
from simsearch.testing.stores.examples import every_chunk
from simsearch.types import Component, Notice
from tests.support.hashed_words import HashedWords, indexed, open_workspace

ANIMALS = ("ant", "bear", "cat", "dog", "eel", "fox", "goat", "hen", "ibis", "jay")
FOOD = ("leaves", "honey", "mice", "bones", "shrimps", "berries", "grass", "corn", "crabs", "acorns")


@pytest.fixture(scope="module")
def zoo(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    files = {
        f"docs/{animal}.md": f"# The {animal}\n\nFeeding and housing of the {animal}.\n\n## Food\n\nIt eats {food}.\n"
        for animal, food in zip(ANIMALS, FOOD, strict=True)
    }
    files["docs/copy/fox.md"] = files["docs/fox.md"]
    files["docs/long.txt"] = "\n\n".join(f"Part {i} tells of the zebra and its {word} stripes " * 12
                                         for i, word in enumerate(FOOD))  # fmt: skip
    files["docs/ids.txt"] = "Look at pg_stat_activity, then run git push --no-verify."
    return indexed(tmp_path_factory.mktemp("zoo"), files)


def paths(workspace: Workspace, text: str, **tune_settings: object) -> list[str]:
    return [hit.path for hit in workspace.query(text, **tune_settings)]


@pytest.mark.parametrize("mode", ["hybrid", "dense", "lexical"])
def test_every_mode_finds_the_document(zoo: Workspace, mode: str) -> None:
    (best, *_) = zoo.query("what does the goat eat", mode=mode)
    assert best.path == "docs/goat.md"
    assert set(best.scores) == set(best.ranks) == ({"dense", "lexical"} if mode == "hybrid" else {mode})
    assert best.ranks[next(iter(best.ranks))] == 1


def test_a_document_is_shown_once_with_its_best_chunk(zoo: Workspace) -> None:
    (best, *others) = zoo.query("zebra shrimps stripes", k=5)
    assert best.path == "docs/long.txt"
    assert "shrimps" in best.text
    ranked = zoo.query("zebra shrimps stripes", k=50, chunks=True)
    assert best.others == sum(hit.path == best.path for hit in ranked) - 1 > 0
    assert {hit.others for hit in ranked} == {0}
    assert "docs/long.txt" not in [hit.path for hit in others]
    assert paths(zoo, "zebra shrimps stripes", k=3, chunks=True) == ["docs/long.txt"] * 3


def test_equal_texts_are_folded(zoo: Workspace) -> None:
    (best, *others) = zoo.query("berries for the fox")
    assert {best.path, *best.duplicates} == {"docs/fox.md", "docs/copy/fox.md"}
    assert [(other.path, other.id, other.lines) for other in best.folded] == [
        (best.duplicates[0], best.duplicates[0], best.lines)
    ]
    assert not {"docs/fox.md", "docs/copy/fox.md"} & {hit.path for hit in others}


BILL = "Invoice number {}\n\nFor the maintenance of your heating in Mill Lane we charge two hundred pounds, as agreed."


def test_texts_that_differ_in_a_digit_fold_only_if_asked(tmp_path: Path) -> None:
    workspace = indexed(tmp_path, {f"bills/{n}.txt": BILL.format(n) for n in (101, 102, 103)})
    assert sorted(paths(workspace, "heating invoice")) == [f"bills/{n}.txt" for n in (101, 102, 103)]
    (best,) = workspace.query("heating invoice", fold=True)
    assert len(best.folded) == 2 and {best.path, *best.duplicates} == {
        f"bills/{n}.txt" for n in (101, 102, 103)
    }


words = st.text("ab1 \n", min_size=1, max_size=8)


@given(st.lists(words, min_size=1, max_size=6))
def test_whatever_is_folded_is_equal_and_nothing_is_lost(texts: list[str]) -> None:
    folding, shown = EqualTexts(), []
    for text in texts:
        record = ChunkRecord(0, "a.txt", "a", "", text, 0, len(text), None, "")
        at = folding.find(record)
        if at is None:
            folding.add(record)
            shown.append(text.split())
        else:
            assert shown[at] == text.split()
    assert all(text.split() in shown for text in texts) and len(shown) == len(set(map(tuple, shown)))


def test_a_hit_whose_file_is_gone_is_marked_and_a_copy_goes_before_it(tmp_path: Path) -> None:
    workspace = indexed(
        tmp_path, {"docs/a.txt": "the heron", "docs/b.txt": "the heron", "docs/c.txt": "the zebra"}
    )
    heard: list[Notice] = []
    workspace.registry.listen("test", Listener(heard))
    (tmp_path / "docs/a.txt").unlink()
    (hit,) = workspace.query("heron", mode="lexical")
    assert (hit.path, hit.missing, hit.folded[0].path, hit.folded[0].missing) == (
        "docs/b.txt", False, "docs/a.txt", True
    )  # fmt: skip
    assert not heard
    (tmp_path / "docs/c.txt").unlink()
    (hit,) = workspace.query("zebra", mode="lexical")
    assert hit.missing and "docs/c.txt" in heard[0].text and "no longer exists" in heard[0].text


@pytest.mark.parametrize("k", [1, 5, 12])
@pytest.mark.parametrize("mode", ["hybrid", "dense"])
def test_k_counts_what_is_shown(zoo: Workspace, k: int, mode: str) -> None:
    hits = zoo.query("zebra", k=k, mode=mode)
    assert [hit.rank for hit in hits] == list(range(1, k + 1))
    assert len(zoo.query("zebra", k=50, mode=mode)) == 12


def test_k_are_found_though_one_document_has_the_hundred_best_chunks(tmp_path: Path) -> None:
    rows = [{"_id": f"short{i}", "text": f"a word of {i}"} for i in range(6)]
    rows.append({"_id": "long", "text": "\n\n".join("zebra " * 100 + str(i) for i in range(150))})
    (tmp_path / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)))
    workspace = open_workspace(tmp_path)
    workspace.index(tmp_path / "rows.jsonl")
    assert len(workspace.query("zebra", k=5)) == 5


def test_the_words_of_the_question_are_marked(zoo: Workspace) -> None:
    (best, *_) = zoo.query("how are goats fed: feed and houses", mode="lexical")
    marked = {best.text[start:end] for start, end in best.matched}
    assert {"goat", "Feeding", "housing"} <= marked
    assert not {"and", "of", "the"} & marked


def test_a_phrase_in_quotes_must_be_found(zoo: Workspace) -> None:
    assert paths(zoo, '"housing of the goat"') == ["docs/goat.md"]
    assert paths(zoo, 'shrimps "housing of the goat"', mode="lexical") == ["docs/goat.md"]
    heard: list[Notice] = []
    zoo.registry.listen("test", Listener(heard))
    assert paths(zoo, '"goat housing the of"', k=1) == ["docs/goat.md"]
    assert 'contains "goat housing the of" as written' in heard[0].text


def test_words_are_found_by_their_beginning(zoo: Workspace) -> None:
    (best, *_) = zoo.query("hous*", mode="lexical")
    assert any(best.text[start:end].lower().startswith("hous") for start, end in best.matched)


def test_keyword_search_says_that_a_question_has_no_words(tmp_path: Path) -> None:
    workspace = indexed(tmp_path, {"docs/fox.txt": "The 🦊 sleeps.", "docs/hen.txt": "The hen is awake."})
    heard: list[Notice] = []
    workspace.registry.listen("test", Listener(heard))
    assert not workspace.query('"🦊"', mode="lexical")
    assert heard[0].text.startswith("The query has no words") and "--mode hybrid" in heard[0].text
    heard.clear()
    assert [hit.path for hit in workspace.query('"🦊"', mode="hybrid")] == ["docs/fox.txt"]
    assert [hit.path for hit in workspace.query("hen", mode="lexical")] == ["docs/hen.txt"]
    assert not heard


class Listener:
    def __init__(self, heard: list[Notice]) -> None:
        self._heard = heard

    @hookimpl
    def simsearch_observe(self, event: Notice) -> None:
        if isinstance(event, Notice):
            self._heard.append(event)


@pytest.mark.parametrize("text", ["pg_stat_activity", "--no-verify", "PG_STAT_ACTIVITY"])
def test_identifiers_are_found(zoo: Workspace, text: str) -> None:
    assert paths(zoo, text)[0] == "docs/ids.txt"


@pytest.mark.parametrize("text", ["docs/copy/fox.md", "copy/fox.md", "what is in copy/fox.md"])
def test_paths_are_found(zoo: Workspace, text: str) -> None:
    best = zoo.query(text)[0]
    assert "docs/copy/fox.md" in (best.path, *best.duplicates)


def test_filters_leave_k_results(zoo: Workspace) -> None:
    assert set(paths(zoo, "zebra stripes", where="path:goat.md or path:hen.md")) == {
        "docs/goat.md",
        "docs/hen.md",
    }
    assert paths(zoo, "zebra", where=["path:docs", "path:hen.md"]) == ["docs/hen.md"]
    assert paths(zoo, "zebra", where="path:nowhere") == []


def test_what_an_answer_was_made_of_is_explained(zoo: Workspace) -> None:
    with zoo.open_searcher(where=("path:docs/*.md",)) as searcher:
        explanation = searcher.ask("what does the goat eat").explanation
    assert (explanation.mode, explanation.fusion, explanation.index) == ("hybrid", "convex", "exact")
    assert explanation.weight == weigh_question("what does the goat eat")
    assert explanation.allowed == explanation.candidates["dense"] == 11
    assert {"embed", "filter", "dense", "lexical", "fuse", "results"} <= set(explanation.milliseconds)


def test_a_learned_weight_is_used_shown_and_taken_back(zoo: Workspace) -> None:
    with closing(zoo.store.read()) as reader:
        fingerprint = reader.identity.fingerprint
    default = np.full(40, 0.5)
    grid = make_grid(lambda weight: np.where(np.arange(40) % 4 < 3, 1 - abs(weight - 0.6), 0.4).tolist())
    learned = choose_weight(grid, default, fingerprint)
    assert (learned.weight, learned.kept, learned.queries) == (0.6, True, 40)
    keep_learned_weight(zoo.home, learned)
    assert zoo.status().learned == learned
    assert weight_of(zoo) == (0.6, "learned")
    assert weight_of(zoo, weight=0.2) == (0.2, "asked")
    assert weight_of(zoo, fusion="rrf") == weight_of(zoo, mode="dense") == (None, None)
    assert zoo.unlearn() and not zoo.unlearn()
    assert zoo.status().learned is None
    assert weight_of(zoo) == (weigh_question("the goat"), "question")


def test_learning_again_compares_with_the_default(zoo: Workspace, tmp_path: Path) -> None:
    ids = [f"q{number}" for number in range(20)]
    queries, qrels = tmp_path / "queries.jsonl", tmp_path / "qrels.tsv"
    with closing(zoo.store.read()) as reader:
        answers = sorted({record.id for record in every_chunk(reader)})
    texts = [f"the {answer} {answers[place - 1]}" for place, answer in enumerate(answers)]
    queries.write_text(
        "".join(json.dumps({"_id": id, "text": texts[i % len(texts)]}) + "\n" for i, id in enumerate(ids))
    )
    qrels.write_text("".join(f"{id}\t{answers[i % len(answers)]}\t1\n" for i, id in enumerate(ids)))
    first = zoo.learn(queries, qrels)
    keep_learned_weight(zoo.home, replace(first, weight=0.0, kept=True))
    assert zoo.learn(queries, qrels) == first


def weight_of(workspace: Workspace, **tune_settings: object) -> tuple[float | None, str | None]:
    with workspace.open_searcher(**tune_settings) as searcher:
        explanation = searcher.ask("the goat").explanation
    return explanation.weight, explanation.weight_by


def test_a_weight_that_may_be_chance_is_not_kept(zoo: Workspace) -> None:
    chance = np.random.default_rng(0)
    noise = make_grid(lambda weight: chance.random(40).tolist())
    found = choose_weight(noise, chance.random(40), "a model")
    assert not found.kept
    keep_learned_weight(zoo.home, replace(found, kept=True))
    keep_learned_weight(zoo.home, found)
    assert not zoo.unlearn()
    with pytest.raises(InputError, match="at least 20 are needed"):
        choose_weight(make_grid(lambda weight: [1.0]), np.ones(1), "a model")


def test_modes_side_by_side_are_told_once_of_a_newer_model(
    zoo: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "queries.tsv").write_text("1\twhat does the goat eat\n2\tzebra stripes\n")
    (tmp_path / "qrels.tsv").write_text("1\tdocs/goat.md\t1\n2\tdocs/long.txt\t1\n")
    heard: list[object] = []

    class Listener:
        @hookimpl
        def simsearch_observe(self, event: object) -> None:
            heard.append(event)

    workspace = open_workspace(zoo.folder)
    workspace.registry.listen("test", Listener())
    monkeypatch.setattr(Models, "newer_than", lambda self, indexed: "a newer one")
    found = workspace.evaluate_modes(tmp_path / "queries.tsv", tmp_path / "qrels.tsv", "RR")
    assert {mode: evaluation.measures["RR"] for mode, evaluation in found.items()} == {
        "lexical": 1.0, "dense": 1.0, "hybrid": 1.0,
    }  # fmt: skip
    assert ["the current model is a newer one" in str(event) for event in heard] == [True]


def test_a_file_finds_what_is_like_it(zoo: Workspace, tmp_path: Path) -> None:
    hits = zoo.like(zoo.folder / "docs" / "fox.md")
    assert hits[0].path == "docs/copy/fox.md"
    assert all(hit.path != "docs/fox.md" for hit in hits)
    outside = tmp_path / "outside.txt"
    outside.write_text("the eel eats shrimps " * 200)
    assert zoo.like(outside, k=1)[0].path == "docs/eel.md"
    with pytest.raises(InputError, match="no text"):
        (tmp_path / "empty.txt").write_text(" ")
        zoo.like(tmp_path / "empty.txt")


def test_a_good_match_is_told_from_none(zoo: Workspace) -> None:
    def good(text: str) -> bool | None:
        return zoo.query(text, k=1)[0].good_match

    assert good("feeding and housing of the goat") is True
    assert good("quantum chromodynamics lattice") is False
    assert good("--no-verify") is True  # it has every word
    assert zoo.query("goat", mode="lexical")[0].good_match is None


def test_words_alone_tell_a_good_match_where_the_model_cannot_read(zoo: Workspace) -> None:
    [hit] = zoo.query("goat", k=1)
    near, far = Calibration("", 1, -1.0), Calibration("", 1, 1.0)
    assert judge_match(hit, "quantum chromodynamics", near).good_match
    assert not judge_match(hit, "quantum chromodynamics", near, is_legible=False).good_match
    assert not judge_match(hit, "goat chromodynamics", far).good_match
    assert judge_match(hit, "goat chromodynamics", far, is_legible=False).good_match


@pytest.mark.parametrize(
    "text",
    ["西湖位于杭州市中心，湖面开阔，四周群山环绕，春天的桃花和夏天的荷花都很有名。游客可以乘船游览三潭印月，"
     "也可以沿着苏堤散步，欣赏断桥残雪的美景，品尝龙井茶。",
     "แมวดำนั่งอยู่บนโต๊ะไม้เก่าในห้องครัวและมองออกไปนอกหน้าต่าง ฝนตกหนักตลอดทั้งวันทำให้ถนนเต็มไปด้วยน้ำ "
     "เด็กๆเล่นกันอย่างสนุกสนานในสวนหลังบ้านจนถึงเวลาอาหารเย็นแล้วจึงกลับเข้าบ้าน",
     "أكلت القطة السوداء سمكة كبيرة في المطبخ ثم نامت على الكرسي القديم قرب النافذة المفتوحة بينما كان المطر يهطل "
     "بغزارة على حديقة البيت وكان الأطفال يلعبون بكرة حمراء صغيرة تحت شجرة الزيتون العالية منذ الصباح الباكر"],
)  # fmt: skip
def test_words_to_measure_by_are_found_in_every_script(text: str) -> None:
    words = list(find_words(text))
    assert len(set(words)) >= FEWEST_WORDS // 2
    assert max(map(len, words)) <= 12


def test_a_calibration_belongs_to_its_index(zoo: Workspace, tmp_path: Path) -> None:
    with closing(zoo.store.read()) as snapshot:
        measured = calibrate(snapshot, HashedWords())
        assert measured is not None and measured == read_calibration(zoo.home, snapshot)
        for damaged in ("", "{}", '{"fingerprint": 1, "chunks": "x", "cosine": 3}'):
            Home(tmp_path).calibration.write_text(damaged)
            assert read_calibration(tmp_path, snapshot) is None
        write_calibration(tmp_path, measured)
        assert read_calibration(tmp_path, snapshot) == measured


class Reranks:
    def __init__(self, score: object) -> None:
        self._score = score

    @hookimpl
    def simsearch_rerankers(self) -> list[Component]:
        return [Component("mine", "A test's own", lambda: self._score)]


@pytest.fixture
def reranked(zoo: Workspace) -> Iterator[object]:
    def with_score(score: object, folder: Path = zoo.folder) -> Workspace:
        workspace = open_workspace(folder)
        workspace.registry.add(Found(Origin("mine", "mine", "1", "mine"), lambda: Reranks(score)))
        return workspace

    yield with_score


def test_a_reranker_decides_the_order(reranked) -> None:  # type: ignore[no-untyped-def]
    workspace = reranked(lambda question, texts: np.array(["jay" in text for text in texts], np.float32))
    (best, *_) = workspace.query("what does the goat eat", rerank="mine")
    assert best.path == "docs/jay.md"
    assert (best.score, best.ranks["rerank"]) == (1.0, 1)
    assert best.ranks["lexical"] > 1


def test_what_a_reranker_does_not_read_is_measured_behind_it(tmp_path: Path, reranked) -> None:  # type: ignore[no-untyped-def]
    rows = [{"_id": f"{i:02}", "text": "zebra" + f" word{i}" * i} for i in range(RERANKED + 10)]
    (tmp_path / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)))
    open_workspace(tmp_path).index(tmp_path / "rows.jsonl")
    (tmp_path / "queries.tsv").write_text("1\tzebra\n")
    (tmp_path / "qrels.tsv").write_text("".join(f"1\t{row['_id']}\t1\n" for row in rows))

    def found(**tune_settings: str) -> tuple[str, ...]:
        workspace = reranked(
            lambda question, texts: np.array([-len(text) for text in texts], np.float32), tmp_path
        )
        files = (tmp_path / "queries.tsv", tmp_path / "qrels.tsv")
        return workspace.evaluate(*files, "R@100", mode="dense", **tune_settings).documents["1"]

    plain, reordered = found(), found(rerank="mine")
    assert len(plain) == len(rows)
    assert reordered == (*sorted(plain[:RERANKED]), *plain[RERANKED:])


@pytest.mark.parametrize(
    "score",
    [
        lambda question, texts: np.zeros(1, np.float32),
        lambda question, texts: [float("nan")] * len(texts),
        lambda q, t: 1 / 0,
    ],
)
def test_a_broken_reranker_is_named(reranked, score: object) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(PluginError, match="'mine' of mine 1"):
        reranked(score).query("goat", rerank="mine")


def test_fusing_keeps_what_both_say() -> None:
    assert [chunk for chunk, _ in fuse({1: 0.9, 2: 0.8, 3: 0.1}, {3: 5.0, 2: 4.0}, 0.5, 10)] == [2, 3, 1]
    assert fuse({1: 0.9}, {}, 0.8, 10) == [(1, pytest.approx(0.72))]
    assert fuse({}, {}, 0.8, 0) == []
    words_alone = dict(fuse({1: 0.9, 2: 0.4}, {7: 2.0}, 0.5, 10))
    assert words_alone[7] - dict(fuse({}, {7: 2.0}, 0.5, 10))[7] == pytest.approx(
        0.5 * 0.9
    )  # with all the words, as near as the nearest
    assert (words_alone[1], words_alone[2]) == (pytest.approx(0.45), pytest.approx(0.2))
    assert [chunk for chunk, _ in fuse_ranks([(1, 2), (2, 3)])] == [2, 1, 3]
    assert fuse_ranks([(1,), (2, 1)]) == [(1, pytest.approx(1 / 61 + 1 / 62)), (2, pytest.approx(1 / 61))]


@given(st.floats(0.1, 50), st.floats(0.1, 50), st.integers(1, 10**7), st.integers(1, 10**7))
def test_the_best_by_words_counts_more_if_its_score_is_high_for_the_index(
    low: float, high: float, few: int, many: int
) -> None:
    (low, high), (few, many) = sorted([low, high]), sorted([few, many])

    def worth(score: float, chunks: int) -> float:
        return fuse({}, {7: score}, 0.0, chunks)[0][1]

    assert 0 < worth(low, few) <= worth(high, few) < 2
    assert worth(low, many) <= worth(low, few)


def test_a_single_word_counts_as_a_word() -> None:
    assert weigh_question("pg_stat_activity") == weigh_question("the goat") == ONE_WORD
    assert (
        weigh_question("goat food") < weigh_question("which food do goats of the mountains eat") == MANY_WORDS
    )
    assert weigh_question("") == weigh_question("?!") == ONE_WORD


@pytest.mark.parametrize(
    "text", ["pg_stat_activity", "goat food", "which food do goats of the mountains eat"]
)
def test_meaning_counts_more_with_a_tuned_model(text: str) -> None:
    assert weigh_question(text) < weigh_question(text, tuned=True) < 1


@pytest.mark.parametrize("text", ["", " \n", "\x00", "?", '"', '""', "a" * 100_000, "word " * 20_000, "\ud800",
                                  "AND OR NOT", '5" disk 3"',
                                  "-", "--", "a:b^2~3", "[1 TO 5]", "/re(/", "👩‍👩‍👧", "C++", "*", '"?!"'])  # fmt: skip
@pytest.mark.parametrize("mode", ["hybrid", "lexical"])
def test_any_text_is_a_question(zoo: Workspace, text: str, mode: str) -> None:
    if text.strip():
        zoo.query(text, mode=mode, k=2)
    else:
        with pytest.raises(InputError, match="query is empty"):
            zoo.query(text, mode=mode)
