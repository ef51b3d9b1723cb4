"""Built-in formatters of hits; what a format needs is imported only where its formatter is built."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simsearch import Component, hookimpl

if TYPE_CHECKING:
    from simsearch.types import Formatter


@hookimpl
def simsearch_formatters() -> list[Component]:
    return [
        Component("text", "For people: path:lines, score, and the text", text),
        Component("json", "One JSON list", json_list),
        Component("jsonl", "One JSON object per line", json_lines),
        Component("csv", "One row per hit, for spreadsheets", table),
        Component("paths", "Only the paths, each once, for other programs", paths),
        Component("grep", "path:line:text, like grep", grep),
        Component("markdown", "A numbered list with quotations", markdown),
        Component("html", "A self-contained page", html),
    ]


def text() -> Formatter:
    """For people: path and lines, score, headings, and the part of the text that matches best."""
    from simsearch.builtin.formatters.cards import cards

    return cards


def json_list() -> Formatter:
    """A list; with --explain an object with `hits` and `explanation`."""
    from simsearch.builtin.formatters.json_hits import show_list

    return show_list


def json_lines() -> Formatter:
    """One JSON object on each line, with the same keys as the format json."""
    from simsearch.builtin.formatters.json_hits import show_lines

    return show_lines


def table(formulas: bool = False) -> Formatter:
    """Rows with a header.

    Args:
        formulas: Keep texts that a spreadsheet would take for formulas as they are; otherwise they are prefixed with '.
    """
    from simsearch.builtin.formatters.spreadsheet import rows_formatter

    return rows_formatter(formulas)


def paths() -> Formatter:
    """Those of folded results follow the hit that they are folded into."""
    from simsearch.builtin.formatters.lines import show_paths

    return show_paths


def grep() -> Formatter:
    """The line of each hit with the first matching word, or its first line; one for each folded result too."""
    from simsearch.builtin.formatters.lines import show_matching_lines

    return show_matching_lines


def markdown() -> Formatter:
    """A numbered list with the texts as quotations."""
    from simsearch.builtin.formatters.markdown_list import show_markdown

    return show_markdown


def html() -> Formatter:
    """One page without scripts that loads nothing."""
    from simsearch.builtin.formatters.html_page import show_page

    return show_page
