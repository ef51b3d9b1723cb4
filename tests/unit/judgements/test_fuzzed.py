"""Logs and files of judgements with anything in them: they are read, or refused in one sentence."""

import json
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from simsearch.errors import SimsearchError
from simsearch.judgements.files import read_judgement_file
from simsearch.judgements.log import JudgementLog
from simsearch.judgements.questions import QuestionLog
from simsearch.judgements.regression import read_evaluation
from simsearch.types import Judgement

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
NAMES = st.sampled_from(
    ["question", "query", "id", "path", "right", "grade", "rank", "when", "judgement", "removed"]
)
OBJECTS = st.dictionaries(NAMES, VALUES, max_size=6).map(lambda value: json.dumps(value).encode())
LINES = st.lists(st.binary(max_size=40) | OBJECTS, max_size=6).map(b"\n".join)

ADD = """
import sys; from pathlib import Path
from simsearch.judgements.log import JudgementLog; from simsearch.types import Judgement
for number in range(100_000):
    JudgementLog(Path(sys.argv[1])).add([Judgement("q", str(number), str(number), True)])
    print(number, flush=True)
"""


@settings(max_examples=60, deadline=None)
@given(LINES)
@example(b'{"judgement": {"question": "q", "path": "a", "id": "a", "right": true, "rank": 1e400}}')
def test_any_log_is_read(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("log") / "log.jsonl"
    path.write_bytes(content)
    logged = JudgementLog(path).read()
    assert all(isinstance(judgement, Judgement) for judgement in logged.judgements)
    QuestionLog(path).read(days=3)
    JudgementLog(path).add([Judgement("how", "a.md", "a.md", True)])
    assert "a.md" in {judgement.id for judgement in JudgementLog(path).read().judgements}


@settings(max_examples=60, deadline=None)
@given(LINES, st.sampled_from([".jsonl", ".csv", ".tsv"]))
def test_any_file_is_read_or_refused_in_one_sentence(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, ending: str
) -> None:
    path = tmp_path_factory.mktemp("files") / f"judged{ending}"
    path.write_bytes(content)
    readers: list[Any] = [read_judgement_file, read_evaluation, lambda path: read_judgement_file(path, path)]
    for read in readers:
        try:
            read(path)
        except SimsearchError as error:
            assert str(error).endswith(".") and "\n" not in str(error)


@pytest.mark.parametrize("milliseconds", [3, 40])
def test_a_killed_process_loses_and_doubles_no_judgement(tmp_path: Path, milliseconds: int) -> None:
    path = tmp_path / "log.jsonl"
    process = subprocess.Popen([sys.executable, "-c", ADD, path], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None and process.stdout.readline() == "0\n"
    time.sleep(milliseconds / 1000)  # any moment will do
    process.send_signal(signal.SIGKILL)
    told = ["0", *process.communicate()[0].split()]
    kept = Counter(
        line.split(b'"id": "')[1].split(b'"')[0].decode()
        for line in path.read_bytes().split(b"\n")
        if b'"id"' in line
    )
    assert set(kept.values()) == {1}
    assert {judgement.id for judgement in JudgementLog(path).read().judgements} >= set(told)
