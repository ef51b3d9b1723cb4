"""What `simsearch tune` says before it trains."""

import json
from pathlib import Path

from tests.conftest import Run

ROWS = [(f"question {i} {i**5}", f"answer {i**7}", i % 5 + 1) for i in range(80)]
SAME = [("the same text", "The same text", 5)]


def write(path: Path, rows: list[tuple[str, str, int]]) -> None:
    lines = [json.dumps({"anchor": a, "positive": p, "score": s}) for a, p, s in rows]
    path.write_text("\n".join(lines) + "\n")


def test_a_dry_run_tells_findings_and_plan_and_writes_nothing(run: Run, tmp_path: Path) -> None:
    write(tmp_path / "pairs.jsonl", ROWS + SAME)
    ran = run("tune", "pairs.jsonl", "--dry-run")
    assert ran.status == 0, ran.err
    assert max(map(len, ran.out.splitlines())) <= 80
    said = " ".join(ran.out.split())
    assert "1 pair has the same text on both sides (pairs.jsonl:81)" in said
    assert "Scores from 1 to 5 in the file are rescaled to 0..1, and 3 or more counts as similar" in said
    assert "Loss cosent: it fits pairs scored between 0 and 1." in said
    assert "the model reads 254" in said
    assert not (tmp_path / ".simsearch").exists()


def test_a_dry_run_says_what_is_wrong_with_the_budget_and_that_it_counts(run: Run, tmp_path: Path) -> None:
    write(tmp_path / "pairs.jsonl", ROWS)
    assert (
        "--budget 10x is not a valid duration"
        in run("tune", "pairs.jsonl", "--dry-run", "--budget", "10x").err
    )
    ran = run("tune", "pairs.jsonl", "--dry-run", "--budget", "10m")
    assert "Budget 10m: the plan is fitted to it" in " ".join(ran.out.split())


def test_strict_stops_after_the_dry_run_has_said_all(run: Run, tmp_path: Path) -> None:
    write(tmp_path / "pairs.jsonl", ROWS + SAME)
    ran = run("tune", "pairs.jsonl", "--dry-run", "--strict")
    assert ran.status == 1
    assert "Loss cosent" in ran.out
    assert "--strict stops here because of 1 finding." in ran.err
