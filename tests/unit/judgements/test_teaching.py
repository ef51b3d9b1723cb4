"""What `teach` learns changes the next query, and is kept only if it is proven."""

import math
import random
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from simsearch import Workspace, hookimpl
from simsearch.errors import StorageError
from simsearch.home import Home
from simsearch.judgements.log import JudgementLog
from simsearch.judgements.trial import LEAST_PROBABLE, log_probability
from simsearch.querying.teaching import read_teaching
from simsearch.types import Event, Judgement, Notice
from tests.support.hashed_words import HashedWords, indexed, open_workspace

NAMES = [f"{first}{second}" for first in "abcd" for second in "wxyz"]
ASKED = ("how {}", "show {}", "about {}")
LATER = "explain {}"


def code_word(name: str) -> str:
    """What people call a document; its text does not have the words."""
    return f"{name[::-1]}qq {name[::-1]}xx"


def judged(folder: Path, names: Sequence[str] = NAMES, forms: Sequence[str] = ASKED) -> Workspace:
    """A workspace whose people ask for documents by words that only they use."""
    files = {
        f"docs/{name}.md": f"# The {name}\n\nAll about the {name * 2} and its house.\n" for name in NAMES
    }
    workspace = indexed(folder, files)
    judge(workspace, {form.format(code_word(name)): f"docs/{name}.md" for form in forms for name in names})
    return workspace


def judge(workspace: Workspace, right: Mapping[str, str]) -> None:
    """Put judgements into the log at once, which is quicker than one by one."""
    digests = {path: file.digest for path, file in workspace.store.read().files().items()}
    log = JudgementLog(Home(workspace.home).judgements)
    log.add([Judgement(text, path, path, True, digest=digests[path]) for text, path in right.items()])


def first(workspace: Workspace, text: str, **overrides: object) -> str:
    return workspace.query(text, **overrides)[0].path


def right_firsts(workspace: Workspace, **overrides: object) -> int:
    """How many documents a later question finds first."""
    with workspace.open_searcher(**overrides) as searcher:
        answers = {name: searcher.ask(LATER.format(code_word(name))) for name in NAMES}
    return sum(answer.hits[0].path == f"docs/{name}.md" for name, answer in answers.items())


class Notices:
    """Keeps the texts of notices."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    @hookimpl
    def simsearch_observe(self, event: Event) -> None:
        self.texts += [event.text] if isinstance(event, Notice) else []


def notices(workspace: Workspace) -> list[str]:
    seen = Notices()
    workspace.registry.listen("seen", seen)
    return seen.texts


@pytest.fixture(scope="module")
def taught(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    workspace = judged(tmp_path_factory.mktemp("taught"))
    report = workspace.teach()
    assert report.kept, report
    return workspace


def test_a_proven_teaching_changes_later_questions(taught: Workspace) -> None:
    report = read_teaching(taught.home / "teaching.safetensors").proof
    assert report["interval"][0] > 0 and report["likelier_interval"][0] > 1
    assert report["shuffled"] < report["likelier"]
    assert right_firsts(taught, taught=False) <= 4
    assert right_firsts(taught) >= 14
    assert right_firsts(taught, mode="dense") >= 14
    assert right_firsts(taught, fusion="rrf") >= 8


def test_the_same_question_is_obeyed_in_every_mode(taught: Workspace) -> None:
    text = ASKED[0].format(code_word("aw"))
    for overrides in ({}, {"mode": "dense"}, {"fusion": "rrf"}):
        assert first(taught, text, **overrides) == "docs/aw.md"


def test_an_answer_explains_what_was_taught(taught: Workspace) -> None:
    with taught.open_searcher() as searcher:
        answer = searcher.ask(ASKED[1].format(code_word("bx")))
    assert answer.explanation.taught is not None
    assert answer.explanation.taught.documents["docs/bx.md"] == 1
    assert answer.hits[0].scores["judged"] > 0
    with taught.open_searcher(taught=False) as searcher:
        assert searcher.ask("what").explanation.taught is None


def test_a_filter_holds_for_judged_documents(taught: Workspace) -> None:
    text = ASKED[0].format(code_word("aw"))
    assert all(hit.path != "docs/aw.md" for hit in taught.query(text, where="path:b*"))


def test_similar_documents_are_found_without_it(taught: Workspace) -> None:
    path = taught.folder / "docs" / "aw.md"
    assert all("judged" not in hit.scores for hit in taught.like(path))


def test_wrong_documents_sink(tmp_path: Path) -> None:
    workspace = judged(tmp_path)
    text = "the dzdz and its house"
    workspace.judgements.add(text, "docs/dz.md", right=False)
    assert first(workspace, text) == "docs/dz.md"
    assert workspace.teach().kept
    assert first(workspace, text) != "docs/dz.md"
    assert first(workspace, text, mode="lexical") != "docs/dz.md"


def test_what_is_right_or_not_wrong_has_a_probability() -> None:
    ranked = {"a": 0.5, "b": 0.5, "c": 0.1}
    assert log_probability(ranked, {"a": True}) == pytest.approx(math.log(0.5), abs=0.01)
    assert log_probability(ranked, {"a": True, "b": True}) == pytest.approx(0, abs=0.01)
    assert log_probability(ranked, {"a": False}) == pytest.approx(math.log(0.5), abs=0.01)
    assert log_probability(ranked, {"a": False, "b": True}) == pytest.approx(math.log(0.5), abs=0.01)
    assert (
        log_probability({}, {"a": True})
        == log_probability(ranked, {"z": True})
        == pytest.approx(math.log(LEAST_PROBABLE))
    )


def test_a_map_is_proven_though_no_question_repeats_and_a_harmful_memory_stays_out(tmp_path: Path) -> None:
    """Each document is right for one question only. Its two words have their own names in questions, which others
    share, so that the questions nearest to one are about other documents."""
    names = [f"{first}{second}" for first in "abcdef" for second in "uvwxyz"]
    files = {f"docs/{name}.md": f"All about {name[0] * 3} and {name[1] * 3}.\n" for name in names}
    workspace = indexed(tmp_path, files)
    judge(workspace, {f"how is {name[0]}qq with {name[1]}xx": f"docs/{name}.md" for name in names})
    report = workspace.teach()
    assert report.kept and report.linear_map and not report.memory, report
    assert first(workspace, "how are fqq with zxx", taught=False) != "docs/fz.md"
    assert first(workspace, "how are fqq with zxx") == "docs/fz.md"


@pytest.mark.parametrize("seed", range(3))
def test_random_verdicts_are_refused(tmp_path: Path, seed: int) -> None:
    workspace = judged(tmp_path, forms=())
    chance = random.Random(seed)
    texts = [form.format(code_word(name)) for form in ASKED for name in NAMES]
    with workspace.open_searcher() as searcher:
        judge(workspace, {text: chance.choice(searcher.ask(text).hits).path for text in texts})
    report = workspace.teach()
    assert not report.kept and "not proven" in report.reason
    assert read_teaching(workspace.home / "teaching.safetensors") is None


def test_too_few_questions_are_not_enough(tmp_path: Path) -> None:
    workspace = judged(tmp_path, NAMES[:3], ASKED[:1])
    report = workspace.teach()
    assert (report.kept, report.questions, report.more) == (False, 3, 5)


def test_a_teaching_that_is_no_longer_proven_is_dropped(tmp_path: Path) -> None:
    workspace = judged(tmp_path)
    assert workspace.teach().kept
    for form in ASKED:
        for name in NAMES[2:]:
            workspace.judgements.remove(form.format(code_word(name)), f"docs/{name}.md")
    assert not workspace.teach().kept
    assert workspace.status().taught is None


def test_undo_searches_as_before(tmp_path: Path) -> None:
    workspace = judged(tmp_path)
    before = [hit.path for hit in workspace.query(ASKED[0].format(code_word("cy")))]
    assert workspace.teach().kept and workspace.status().taught == 48
    assert workspace.unteach() and not workspace.unteach()
    assert [hit.path for hit in workspace.query(ASKED[0].format(code_word("cy")))] == before


def test_renamed_documents_are_learned_again_by_index(tmp_path: Path) -> None:
    workspace = judged(tmp_path)
    assert workspace.teach().kept
    (tmp_path / "docs" / "aw.md").rename(tmp_path / "docs" / "moved.md")
    seen = notices(workspace)
    workspace.index(tmp_path / "docs")
    assert any("learned again" in text for text in seen)
    assert first(workspace, ASKED[0].format(code_word("aw"))) == "docs/moved.md"


def test_another_model_never_gets_it(tmp_path: Path) -> None:
    workspace = judged(tmp_path)
    assert workspace.teach().kept
    path = workspace.home / "teaching.safetensors"
    old = path.read_bytes()
    other = open_workspace(tmp_path, HashedWords(seed=1))
    seen = notices(other)
    other.index(tmp_path / "docs")
    assert any("learned again" in text for text in seen)
    assert read_teaching(path).fingerprint == HashedWords(seed=1).fingerprint
    assert right_firsts(other) >= 14
    path.write_bytes(old)
    assert right_firsts(other) <= 4
    assert any("another model" in text for text in seen)


@pytest.mark.parametrize("damage", [b"", b"{}", b"\x00" * 64])
def test_a_damaged_file_costs_only_the_teaching(tmp_path: Path, damage: bytes) -> None:
    workspace = judged(tmp_path)
    (workspace.home / "teaching.safetensors").write_bytes(damage)
    seen = notices(workspace)
    assert workspace.query("the house")
    assert any("can't be read" in text for text in seen)
    with pytest.raises(StorageError, match="can't be read"):
        workspace.judgements.teaching()
    assert workspace.teach().kept and right_firsts(workspace) >= 14
