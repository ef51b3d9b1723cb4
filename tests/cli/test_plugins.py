"""`simsearch plugins` as a person sees it."""

from tests.conftest import Run


def test_each_component_is_listed_with_its_package(run: Run) -> None:
    ran = run("plugins", SIMSEARCH_PLUGINS="")
    assert (ran.status, ran.err) == (0, "")
    assert "score generators" in ran.out
    assert "  lexical             Share of words that the two texts have in common\n" in ran.out


def test_the_list_fits_eighty_columns(run: Run) -> None:
    ran = run("plugins")
    assert max(map(len, ran.out.splitlines())) <= 80
    assert "(simsearch-temporal 0.1.0)" in ran.out


def test_the_list_is_json_too_and_needs_no_name(run: Run) -> None:
    named, bare = run("plugins", "list", "--format", "json").json, run("plugins", "--format", "json").json
    assert named == bare
    (random,) = (c for c in named["components"] if (c["kind"], c["name"]) == ("splitters", "random"))
    assert random["package"] == "simsearch"
    assert random["module"] == "simsearch.builtin.splitters"
    assert random["arguments"][0] == {"name": "test", "type": "float", "required": False, "default": 0.2}
    assert named["problems"] == []


def test_show_gives_arguments_and_documentation(run: Run) -> None:
    ran = run("plugins", "show", "stratified")
    assert "  by: str = 'label'" in ran.out
    assert "the class; `score` stands for the pair's own score" in ran.out


def test_show_gives_the_documentation_as_json_too(run: Run) -> None:
    (shown,) = run("plugins", "show", "stratified", "--format", "json").json["components"]
    assert shown["documentation"].startswith("Random within each class")


def test_show_of_a_command_gives_its_help(run: Run) -> None:
    assert "Remove what was indexed under each PATH" in run("plugins", "show", "forget").out


def test_show_says_what_data_a_loss_accepts(run: Run) -> None:
    assert "accepts graded, binary\n" in run("plugins", "show", "cosent").out


def test_show_takes_a_package(run: Run) -> None:
    names = {c["name"] for c in run("plugins", "show", "splitters", "--format", "json").json["components"]}
    assert names == {"grouped", "random", "column", "stratified"}


def test_check_gives_a_verdict_a_law(run: Run) -> None:
    ran = run("plugins", "check", "grouped")
    assert (ran.status, ran.err) == (0, "")
    assert "grouped (splitters)" in ran.out
    assert "  passed   every pair is on one side" in ran.out
    assert ran.out.splitlines()[-1] == "5 passed"


def test_check_takes_arguments(run: Run) -> None:
    verdicts = run("plugins", "check", "constant:value=0.5", "--format", "json").json
    assert {(v["component"], v["outcome"]) for v in verdicts} == {("constant:value=0.5", "passed")}


def test_an_unknown_name_is_an_error_with_the_nearest(run: Run) -> None:
    for command in ("show", "check"):
        ran = run("plugins", command, "gruoped")
        assert (ran.status, ran.out) == (1, "")
        assert "Nothing installed is called 'gruoped' (did you mean 'grouped'?)." in ran.err


def test_verdicts_fit_eighty_columns(run: Run) -> None:
    ran = run("plugins", "check", "teacher", SIMSEARCH_PLUGINS="simsearch-teacher")
    assert "skipped  is built: 'teacher' needs model=" in ran.out
    assert max(map(len, ran.out.splitlines())) <= 80
