"""Judgements from the first question to a promoted model, on text that comes with Python: every command of the worked
example in docs/judgements.md, with its output.

    python examples/judgements.py FOLDER

Documents are functions of the standard library with their parameters. Questions are the first sentences of their
docstrings, which documents don't have; nine in ten are known from the beginning, as golden questions.
"""

from __future__ import annotations

import csv
import json
import shlex
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from standard_library import documented_names, first_sentence

EVERY = 3
"""Which functions are documents: each third, so that it takes minutes."""

COMMANDS = """
simsearch index docs/
simsearch query "{question}" -k 3
simsearch judge "{question}" "{right}"
simsearch judge "{question}" "{wrong}" --wrong
simsearch judge --import golden.csv
simsearch evaluate --judged
simsearch teach
simsearch query "{again}" -k 3 --explain
simsearch judge --export judgements.jsonl
simsearch tune --judged
simsearch index docs/
simsearch evaluate --judged --against last --fail-if-worse
"""


def main(folder: Path) -> int:
    """Write documents and golden questions into the folder, and run the commands there; the exit status of the last."""
    entries = write_documents(folder)
    write_golden(folder / "golden.csv", [entry for place, entry in enumerate(entries) if place % 10 != 1])
    asked, again = entries[101], entries[1]
    names = {
        "question": first_sentence(asked[2]).replace('"', ""),
        "right": asked[1],
        "wrong": entries[103][1],
        "again": first_sentence(again[2]).replace('"', ""),
    }
    status = 0
    for line in COMMANDS.strip().splitlines():
        status = run(line.format(**names), folder)
    return status


def write_documents(folder: Path) -> list[tuple[str, str, str]]:
    """A table of functions in docs/; the functions that it has."""
    (folder / "docs").mkdir(parents=True, exist_ok=True)
    entries = list({first_sentence(entry[2]): entry for entry in documented_names()}.values())[::EVERY]
    rows = [json.dumps({"_id": name, "text": name}) for _, name, _ in entries]
    (folder / "docs" / "functions.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return entries


def write_golden(path: Path, entries: list[tuple[str, str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["question", "id", "right"])
        table.writerows([first_sentence(text), name, "true"] for _, name, text in entries)


def run(line: str, folder: Path) -> int:
    """Show a command and run it in the folder."""
    print(f"\n$ {line}", flush=True)
    command = [sys.executable, "-m", *shlex.split(line)]
    return subprocess.run(command, cwd=folder, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else ".demo-judgements")))
