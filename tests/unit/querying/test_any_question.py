"""Whatever is typed is a question or a sentence that says why not: never a traceback, never a syntax error."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simsearch import InputError, Workspace
from tests.support.hashed_words import indexed

OPERATORS = ['"', "'", "AND", "OR", "NOT", "+", "-", "*", "?", "~2", "^3",
             ":", "(", ")", "[1 TO 5]", "{", "}", "/", "\\", "..", "\x00",
             "👩‍👩‍👧", "日本", "goat", "pg_stat", "a.b/c", "--x",
             "\ud800", "\n", "x" * 5000, "é", "#", "|", "&&"]  # fmt: skip
questions = st.lists(st.sampled_from(OPERATORS) | st.text(max_size=8), max_size=12).flatmap(
    lambda parts: st.sampled_from(["".join(parts), " ".join(parts), " ".join(parts) * 200])
)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    files = {
        f"docs/{name}.md": f"# {name}\n\nThe {name} eats pg_stat and x.y too.\n"
        for name in ("goat", "hen", "日本")
    }
    folder: Path = tmp_path_factory.mktemp("any")
    return indexed(folder, files)


def answered(workspace: Workspace, text: str, where: str) -> None:
    with workspace.open_searcher(k=2) as searcher:
        if text.strip():
            searcher.ask(text)
        else:
            with pytest.raises(InputError, match="query is empty"):
                searcher.ask(text)
    try:
        workspace.query("goat", where=where, mode="lexical")
    except InputError as error:
        assert str(error).startswith("The filter ")


@given(questions, questions)
def test_any_question_is_answered(workspace: Workspace, text: str, where: str) -> None:
    answered(workspace, text, where)


@pytest.mark.slow
@given(questions, questions)
@settings(max_examples=10_000)
def test_ten_thousand_questions_are_answered(workspace: Workspace, text: str, where: str) -> None:
    answered(workspace, text, where)
