"""Errors: fields a program can read, one message for a person, and a docstring that shows them all."""

import pickle
import re
from pathlib import Path

from simsearch import errors
from simsearch.errors import DeviceMissing, InputError, SimsearchError


def test_the_message_says_where_and_what_to_do() -> None:
    error = InputError("The score is not a number.", path=Path("pairs.csv"), row=3, fix="Remove the row.")
    assert str(error) == "pairs.csv, row 3: The score is not a number. Remove the row."
    assert (error.path, error.row, error.fix) == (Path("pairs.csv"), 3, "Remove the row.")


def test_an_error_needs_only_a_sentence() -> None:
    error = InputError("Nothing to do.")
    assert (str(error), error.path, error.row, error.fix) == ("Nothing to do.", None, None, "")


def test_an_error_survives_the_way_between_processes() -> None:
    error = pickle.loads(pickle.dumps(InputError("It is empty.", path="a.csv", row=1, fix="Fill it.")))
    assert (str(error), error.row) == ("a.csv, row 1: It is empty. Fill it.", 1)
    missing = DeviceMissing("cuda", "there is none")  # its arguments are not those of the base
    again = pickle.loads(pickle.dumps(missing))
    assert (str(again), again.device, again.fix) == (str(missing), "cuda", missing.fix)


def test_the_docstring_draws_the_tree() -> None:
    drawn = re.findall(r"^ {4}([│├└─ ]*)(\w+)", errors.__doc__ or "", re.MULTILINE)
    assert [(len(lead) // 4, name) for lead, name in drawn] == list(tree(SimsearchError, 0))


def tree(error: type[SimsearchError], depth: int) -> list[tuple[int, str]]:
    below = [child for child in vars(errors).values() if isinstance(child, type) and error in child.__bases__]
    return [(depth, error.__name__), *(row for child in below for row in tree(child, depth + 1))]
