"""The files of a new plugin package."""

from __future__ import annotations

import importlib.metadata
import importlib.resources
import importlib.util
import json
import keyword
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from string import Template
from urllib.parse import urlsplit
from urllib.request import url2pathname

from simsearch import __version__
from simsearch.cli.plugin_package.kinds import KINDS
from simsearch.errors import InputError
from simsearch.plugins.registry import Registry
from simsearch.wording import suggestion

LINE = 88
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def make_package(folder: Path, name: str, hooks: Sequence[str], registry: Registry) -> list[Path]:
    """Write a package with a working component of each hook.

    Args:
        folder: The folder in which the folder of the package is created.
        name: The name of the distribution and of its folder; its components have the same name without `simsearch-`.
        hooks: Names of hooks without `simsearch_`.
        registry: The installed plugins, whose names the new components may not have.

    Returns:
        The files written, relative to `folder`.

    Raises:
        InputError: The name or a hook can't be used, or the folder exists. Nothing is written then.
    """
    kinds = _parse_hooks(hooks)
    target = folder / name
    if target.exists():
        raise InputError(f"{target} already exists; choose another name, or move it away.")
    _refuse_name(name, kinds, registry)
    files = _files(name, kinds)
    for path, text in files.items():
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        (target / path).write_text(text, encoding="utf-8")
    return [Path(name, path) for path in files]


def _parse_hooks(hooks: Sequence[str]) -> list[str]:
    kinds = list(dict.fromkeys(hook.strip().removeprefix("simsearch_").replace("-", "_") for hook in hooks))
    for kind in kinds:
        if kind not in KINDS:
            raise InputError(
                f"There is no hook '{kind}'{suggestion(kind, KINDS)}; --hooks takes: {', '.join(KINDS)}."
            )
    return kinds


def _refuse_name(name: str, kinds: Sequence[str], registry: Registry) -> None:
    if not _NAME.fullmatch(name):
        raise InputError(f"'{name}' is not a package name; use lower case letters, digits and hyphens.")
    module, component = name.replace("-", "_"), _component(name)
    if keyword.iskeyword(module) or module in sys.stdlib_module_names or importlib.util.find_spec(module):
        raise InputError(
            f"Python already has a module '{module}'; choose another name, such as simsearch-{name}."
        )
    for offer in registry.offers():
        if offer.kind in kinds and offer.component.name == component:
            raise InputError(
                f"{offer.origin} already has a '{component}' among its {offer.kind}; choose another name."
            )


def _component(name: str) -> str:
    return name.removeprefix("simsearch-")


def _files(name: str, kinds: Sequence[str]) -> dict[str, str]:
    module, component = name.replace("-", "_"), _component(name)
    source = _source()
    words = {
        "name": name,
        "module": module,
        "component": component,
        "version": __version__,
        "hooks": ", ".join(kind.replace("_", " ") for kind in kinds),
        "source": source,
        # a folder of this machine exists nowhere else
        "ci_source": f"simsearch>={__version__}" if Path(source).is_absolute() else source,
        "uses": "\n".join(f"    {KINDS[kind].use.format(name=component)}" for kind in kinds),
    }
    files = {
        "pyproject.toml": _fill("pyproject", words),
        "README.md": _fill("readme", words),
        ".github/workflows/test.yml": _fill("ci", words),
        f"{module}/__init__.py": _declarations(module, component, kinds),
        **{f"{module}/{kind}.py": _fill(kind, words) for kind in kinds},
        "tests/test_contracts.py": _tests(module, component, kinds),
    }
    for kind in kinds:
        if KINDS[kind].sample:
            files[f"tests/{kind}/sample.{component}"] = KINDS[kind].sample
    return files


def _fill(template: str, words: dict[str, str]) -> str:
    path = importlib.resources.files("simsearch.cli.plugin_package") / "templates" / f"{template}.txt"
    return Template(path.read_text(encoding="utf-8")).substitute(words)


def _declarations(module: str, component: str, kinds: Sequence[str]) -> str:
    names = ["Component", *(["Event"] if "observe" in kinds else []), "hookimpl"]
    if list(kinds) == ["observe"]:
        names.remove("Component")
    lines = [
        f'"""The components that {module} adds to simsearch."""',
        "",
        f"from simsearch import {', '.join(names)}",
        "",
    ]
    lines += _import(module, kinds)
    for kind in kinds:
        lines += ["", "", "@hookimpl", *_declaration(kind, component)]
    return "\n".join(lines) + "\n"


def _declaration(kind: str, component: str) -> list[str]:
    if kind == "observe":
        return ["def simsearch_observe(event: Event) -> None:", "    observe.observe(event)"]
    accepts = [ending.format(name=component) for ending in KINDS[kind].accepts]
    listed = ", ".join(map(json.dumps, accepts)) + ("," if len(accepts) == 1 else "")
    taken = f", accepts=({listed})" if accepts else ""
    call = f'Component("{component}", "{KINDS[kind].summary}", {kind}.build{taken})'
    return [f"def simsearch_{kind}() -> list[Component]:", f"    return [{call}]"]


def _tests(module: str, component: str, kinds: Sequence[str]) -> str:
    contracts = sorted(KINDS[kind].contract for kind in kinds if KINDS[kind].contract)
    lines = [f'"""{module} fulfils the contracts of its hooks."""', ""]
    if any(KINDS[kind].sample for kind in kinds):
        lines += ["from pathlib import Path", ""]
    if "observe" in kinds:
        lines += ["from simsearch import Notice, Progress"]
    if contracts:
        lines += _import("simsearch.testing", contracts)
    if "observe" in kinds:
        lines += ["", f"from {module} import simsearch_observe"]
    for kind in kinds:
        lines += ["", "", *_test(kind, component)]
    return "\n".join(lines) + "\n"


def _test(kind: str, component: str) -> list[str]:
    if kind == "observe":
        return [
            "def test_any_event_is_heard() -> None:",
            '    for event in (Notice("text"), Notice("text", warning=True), Progress("task", 1)):',
            "        assert simsearch_observe(event) is None",
        ]
    title = "".join(word.capitalize() for word in kind.split("_"))
    lines = [f"class Test{title}({KINDS[kind].contract}):", f'    spec = "{component}"']
    if KINDS[kind].sample:
        lines.append(f'    files = (Path(__file__).parent / "{kind}" / "sample.{component}",)')
    return lines


def _import(module: str, names: Sequence[str]) -> list[str]:
    line = f"from {module} import {', '.join(sorted(names))}"
    if len(line) <= LINE:
        return [line]
    return [f"from {module} import (", *(f"    {name}," for name in sorted(names)), ")"]


def _source() -> str:
    """Where pip installed simsearch from; only its name if that was a package index."""
    text = importlib.metadata.distribution("simsearch").read_text("direct_url.json")
    if not text:
        return f"simsearch>={__version__}"
    value = json.loads(text)
    url = value["url"]
    if "vcs_info" in value:
        return f"{value['vcs_info']['vcs']}+{url}"
    return url2pathname(urlsplit(url).path) if url.startswith("file:") else url
