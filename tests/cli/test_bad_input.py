"""What a user gets for bad input: one sentence with the file and row, exit 1 or 2, and nothing written."""

import json
from pathlib import Path

import pytest

from tests.conftest import Ran, Run

GOOD = "".join(
    json.dumps({"anchor": f"question {i} {i**5}", "positive": f"answer {i**7}"}) + "\n" for i in range(80)
)


def refused(ran: Ran, folder: Path, *said: str) -> None:
    assert ran.status == 1
    assert ran.out == ""
    assert ran.err.startswith("error: ")
    assert "Traceback" not in ran.err
    assert len(ran.err.strip().splitlines()) == 1
    for words in said:
        assert words in ran.err
    assert not (folder / ".simsearch").exists()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.csv", b"", "has no pairs"),
        (
            "one.jsonl",
            b'{"anchor": "a"}\n',
            "no columns 'anchor' and 'positive', under these or other usual names. Its columns are: anchor",
        ),
        ("half.csv", b"anchor,positive\na,b\nc,\n", "row 3: 'positive' is empty"),
        ("latin.csv", b"anchor,positive\nca\xe9,b\n", "row 2: this is not UTF-8"),
        ("names.csv", b"foo,bar\na,b\n", "Its columns are: foo, bar"),
        (
            "nan.jsonl",
            b'{"anchor": "a", "positive": "b", "score": NaN}\n',
            "row 1: the score in 'score' is nan",
        ),
        ("range.csv", b"anchor,positive,score\na,b,1.5\n", "row 2: the score 1.5 is outside 0 to 1"),
        ("few.jsonl", GOOD.split("\n")[0].encode() + b"\n", "Too few pairs to split"),
    ],
)
def test_bad_pairs(run: Run, tmp_path: Path, name: str, content: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(content)
    refused(run("tune", name), tmp_path, name if "few" not in name else "split", said)


def test_a_missing_file(run: Run, tmp_path: Path) -> None:
    refused(run("tune", "gone.csv"), tmp_path, "gone.csv does not exist")


def test_no_pairs_at_all(run: Run, tmp_path: Path) -> None:
    refused(run("tune"), tmp_path, "simsearch tune pairs.csv", "simsearch.toml")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--loss", "cosine"), "--loss multiple-negatives"),
        (("--loss", "cosentt"), "did you mean 'cosent'"),
        (("--split", "groupd"), "did you mean 'grouped'"),
        (("--split", "grouped:tset=0.1"), "did you mean 'test'"),
        (("--scores", "random:mean=high"), "mean=high is not a number"),
        (("--scores", "given"), "row 1: there is no score"),
        (("--recipe", "clasic"), "did you mean 'classic'"),
        (("--base", "no-such-model"), "no-such-model"),
    ],
)
def test_bad_wishes(run: Run, tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    (tmp_path / "pairs.jsonl").write_text(GOOD)
    refused(run("tune", "pairs.jsonl", *words), tmp_path, said)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--learn", "--weight", "0"), "--learn does not use --weight"),
        (("--learn", "--run-file", "run.trec"), "--learn does not use --run-file"),
        (("--judged",), "--judged does not use QUERIES"),
    ],
)
def test_an_option_that_would_change_nothing(
    run: Run, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    (tmp_path / "queries.jsonl").write_text('{"_id": "1", "text": "fox"}\n')
    (tmp_path / "qrels.tsv").write_text("1\ta.md\t1\n")
    ran = run("evaluate", "queries.jsonl", "qrels.tsv", *words)
    assert ran.status == 2 and said in ran.err


def test_a_query_without_an_index(run: Run, tmp_path: Path) -> None:
    refused(run("query", "anything"), tmp_path, "simsearch index")


def test_a_misspelt_command(run: Run) -> None:
    ran = run("indx", "docs")
    assert ran.status == 2
    assert "did you mean 'index'" in ran.err


def test_a_misspelt_setting(run: Run, tmp_path: Path) -> None:
    (tmp_path / "simsearch.toml").write_text("[tune]\nepoch = 2\n")
    refused(run("tune"), tmp_path, "tune.epoch", "did you mean 'epochs'")
