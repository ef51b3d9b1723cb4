"""The log of judgements: nothing is lost, doubled or half kept."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simsearch.errors import StorageError
from simsearch.judgements.log import JudgementLog
from simsearch.types import Judgement

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
JUDGEMENTS = st.builds(
    Judgement,
    question=st.sampled_from(["how", "How ", "where\nto", "où"]),
    path=TEXTS,
    id=st.sampled_from(["a.md", "b.md", "ü #2"]),
    right=st.booleans(),
    passage=TEXTS,
    by=st.sampled_from(["", "ann", "bo"]),
    rank=st.none() | st.integers(1, 50),
    note=TEXTS,
)


def judged(id: str, right: bool = True, by: str = "", question: str = "how") -> Judgement:
    return Judgement(question, id, id, right, by=by)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.lists(JUDGEMENTS, max_size=4), max_size=5))
def test_what_is_read_is_what_was_said_last(
    tmp_path_factory: pytest.TempPathFactory, batches: list[list[Judgement]]
) -> None:
    log = JudgementLog(tmp_path_factory.mktemp("log") / "judgements.jsonl")
    latest: dict[tuple[str, str], Judgement] = {}
    for batch in batches:
        log.add(batch)
        for judgement in batch:
            latest[" ".join(judgement.question.lower().split()), judgement.id] = judgement
    logged = log.read()
    assert set(logged.judgements) == set(latest.values())
    assert len(logged.judgements) == len(latest) and logged.damaged == 0


def test_a_removed_judgement_is_gone_and_may_come_again(tmp_path: Path) -> None:
    log = JudgementLog(tmp_path / "judgements.jsonl")
    log.add([judged("a.md"), judged("b.md")])
    assert log.remove("HOW", {"a.md"}) and not log.remove("how", {"a.md"})
    assert log.read().judgements == (judged("b.md"),)
    log.add([judged("a.md", right=False)])
    assert set(log.read().judgements) == {judged("b.md"), judged("a.md", right=False)}


def test_a_judgement_is_removed_by_the_path_it_was_given_with(tmp_path: Path) -> None:
    log = JudgementLog(tmp_path / "judgements.jsonl")
    log.add([replace(judged("docs/a.md"), path="notes/docs/a.md"), judged("b.md")])
    assert log.remove("how", {"notes/docs/a.md"})
    assert log.read().judgements == (judged("b.md"),)


def test_people_who_disagree_are_named_and_the_latest_counts(tmp_path: Path) -> None:
    log = JudgementLog(tmp_path / "judgements.jsonl")
    log.add([judged("a.md", True, "ann"), judged("a.md", False, "bo"), judged("a.md", True, "ann")])
    logged = log.read()
    assert logged.judgements == (judged("a.md", True, "ann"),)
    (contradiction,) = logged.contradictions
    assert (contradiction.right, contradiction.wrong) == (("ann",), ("bo",))
    log.add([judged("a.md", True, "bo")])
    assert log.read().contradictions == ()


@pytest.mark.parametrize("kept", range(1, 200, 13))
def test_a_line_that_was_cut_short_takes_no_other_with_it(tmp_path: Path, kept: int) -> None:
    log = JudgementLog(tmp_path / "judgements.jsonl")
    log.add([judged("a.md"), judged("b.md")])
    content = (tmp_path / "judgements.jsonl").read_bytes()
    first = content.index(b"\n") + 1
    (tmp_path / "judgements.jsonl").write_bytes(content[: first + kept])
    log.add([judged("c.md")])
    logged = log.read()
    whole = first + kept >= len(content) - 1
    assert logged.damaged == (not whole)
    assert {judgement.id for judgement in logged.judgements} == {"a.md", "c.md"} | (
        {"b.md"} if whole else set()
    )


@pytest.mark.parametrize(
    "line",
    [
        b"\xff\xfe",
        b"[]",
        b'{"judgement": {"question": 1}}',
        b'{"removed": 3}',
        b'{"judgement": []}',
        b"[" * 9999,
    ],
)
def test_damage_is_counted(tmp_path: Path, line: bytes) -> None:
    path = tmp_path / "judgements.jsonl"
    JudgementLog(path).add([judged("a.md")])
    path.write_bytes(path.read_bytes() + line + b"\n")
    logged = JudgementLog(path).read()
    assert (logged.judgements, logged.damaged) == ((judged("a.md"),), 1)


def test_two_processes_at_once_lose_nothing(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from simsearch.judgements.log import JudgementLog\n"
        "from simsearch.types import Judgement\n"
        "for i in range(30):\n"
        "    name = f'{sys.argv[2]}{i}'\n"
        "    JudgementLog(Path(sys.argv[1])).add([Judgement('q', name, name, True)])"
    )
    path = tmp_path / "judgements.jsonl"
    processes = [subprocess.Popen([sys.executable, "-c", code, path, name]) for name in "xy"]
    assert [process.wait() for process in processes] == [0, 0]
    assert {judgement.id for judgement in JudgementLog(path).read().judgements} == {
        f"{n}{i}" for n in "xy" for i in range(30)
    }


@pytest.mark.skipif(
    not hasattr(os, "fork"), reason="limits a process's file size, which Windows has no call for"
)
def test_a_full_disk_leaves_the_log_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "judgements.jsonl"
    JudgementLog(path).add([judged("a.md")])
    before = path.read_bytes()
    code = (
        "import resource, signal, sys; from pathlib import Path\n"
        "from simsearch.judgements.log import JudgementLog; from simsearch.types import Judgement\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "sys.dont_write_bytecode = True  # Python would leave half a file of byte code\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]),) * 2)\n"
        "JudgementLog(Path(sys.argv[1])).add([Judgement('q' * 1000, 'b', 'b', True)] * 9)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, path, str(len(before) + 4000)], capture_output=True, text=True
    )
    assert StorageError.__name__ in done.stderr and "nothing was saved" in done.stderr
    assert path.read_bytes() == before


def test_a_log_of_a_later_version_is_read(tmp_path: Path) -> None:
    path = tmp_path / "judgements.jsonl"
    path.write_text(
        json.dumps({"judgement": {"question": "how", "path": "a", "id": "a", "right": True, "new": 1}})
    )
    assert JudgementLog(path).read().judgements == (judged("a"),)
