"""examples/standard_library.py says how many questions got better and worse, and never hides the worse ones."""

import importlib.util
from types import ModuleType

import pytest

from tests.conftest import PROJECT


@pytest.fixture(scope="module")
def demo() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "standard_library", PROJECT / "examples" / "standard_library.py"
    )
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_demo_counts_and_shows_both_kinds(demo: ModuleType) -> None:
    first, second, third, *rest = demo.QUESTIONS
    before = {first: 4, second: 1, third: None, **dict.fromkeys(rest, 2)}
    after = {first: 1, second: None, third: 10, **dict.fromkeys(rest, 2)}
    lines = demo.compare(before, after)
    assert "2 find their answer earlier than before, 1 later, 17 at the same rank" in lines[0]
    assert f"   4 → 1   {first}" in lines and f"   – → 10  {third}" in lines
    assert (
        lines[lines.index("Later, by the rank of the answer (– is beyond 10):") + 1] == f"   1 → –   {second}"
    )


def test_the_answers_of_the_demo_are_documents_that_it_writes(demo: ModuleType) -> None:
    from pydoc_data.topics import topics

    modules = {module for module, _, _ in demo.documented_names()}
    known = {f"library/{module}.md" for module in modules} | {f"reference/{topic}.txt" for topic in topics}
    assert {question for question, answers in demo.QUESTIONS.items() if not known & set(answers)} == set()
