"""Built-in readers: files to documents. Each format's own work is in the file named after it, which is imported only
where the reader is built, so that declaring stays cheap."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from simsearch import Component, hookimpl
from simsearch.builtin.readers.languages import LANGUAGES

if TYPE_CHECKING:
    from simsearch.types import Reader


@hookimpl
def simsearch_readers() -> list[Component]:
    return [
        Component("text", "Any text; its encoding is guessed if undeclared", make_text_reader, accepts=("*",)),
        Component("markdown", "Markdown with front matter", make_markdown_reader, accepts=(".md", ".markdown", ".mdx")),
        Component("restructuredtext", "reStructuredText", make_restructuredtext_reader, accepts=(".rst", ".rest")),
        Component("org", "Org with its headlines and fields", make_org_reader, accepts=(".org",)),
        Component("asciidoc", "AsciiDoc", make_asciidoc_reader, accepts=(".adoc", ".asciidoc", ".asc")),
        Component("latex", "LaTeX without its commands", make_latex_reader, accepts=(".tex", ".ltx", ".latex")),
        Component("bibtex", "Bibliographies", make_bibtex_reader, accepts=(".bib",)),
        Component(
            "subtitles", "What is said in subtitles and lyrics", make_subtitles_reader,
            accepts=(".srt", ".vtt", ".ass", ".ssa", ".sbv", ".sub", ".lrc"),
        ),
        Component("properties", "Java properties", make_properties_reader, accepts=(".properties",)),
        Component(
            "quoted-values", "YAML and TOML with their escapes resolved", make_quoted_values_reader,
            accepts=(".yaml", ".yml", ".toml"),
        ),
        Component(
            "json", "The values of JSON", make_json_reader,
            accepts=(".json", ".jsonc", ".json5", ".geojson", ".topojson", ".jsonld", ".webmanifest", ".arb", ".har"),
        ),
        Component(
            "xml", "The text of XML", make_xml_reader,
            accepts=(
                ".xml", ".rss", ".atom", ".opml", ".dbk", ".docbook", ".dita", ".ditamap", ".fb2", ".tei", ".nxml",
                ".jats", ".xliff", ".xlf", ".tmx", ".ttml", ".dfxp", ".resx", ".plist", ".kml", ".gpx",
                ".svg", ".xsd", ".wsdl",
            ),
        ),
        Component("html", "The main content of web pages", make_html_reader, accepts=(".html", ".htm", ".xhtml")),
        Component(
            "jsonl", "One JSON object per line, each a document", _make_rows_reader("jsonl"),
            accepts=(".jsonl", ".ndjson"),
        ),
        Component("code", "Source code; definitions as headings", make_code_reader, accepts=tuple(LANGUAGES)),
        Component("notebook", "Cells of Jupyter notebooks", make_notebook_reader, accepts=(".ipynb",)),
        Component("mail", "E-mail messages", make_mail_reader, accepts=(".eml",)),
        Component("apple-mail", "Messages of Apple Mail", make_apple_mail_reader, accepts=(".emlx",)),
        Component("mailbox", "Mailboxes, a document per message", make_mailbox_reader, accepts=(".mbox", ".mbx")),
        Component("web-archive", "Pages that a browser saved", make_web_archive_reader, accepts=(".mhtml", ".mht")),
        Component("calendar", "Events of calendars", make_calendar_reader, accepts=(".ics", ".ical", ".ifb")),
        Component("contacts", "Contacts (vCard)", make_contacts_reader, accepts=(".vcf", ".vcard")),
        Component("epub", "Books, a document per chapter", make_epub_reader, accepts=(".epub",)),
        Component("parquet", "Tables, a document per row", make_parquet_reader, accepts=(".parquet",)),
        Component("csv", "Tables, a document per row", _make_rows_reader("csv"), accepts=(".csv", ".psv")),
        Component("tsv", "Tab-separated, a document per row", _make_rows_reader("tsv"), accepts=(".tsv", ".tab")),
    ]  # fmt: skip


def make_text_reader() -> Reader:
    """A file as it is, without terminal codes."""

    from simsearch.builtin.readers.verbatim import read_text

    return read_text


def make_markdown_reader() -> Reader:
    """A file as it is, with its headings and what its front matter says."""
    from simsearch.builtin.readers.front_matter import read_front_matter
    from simsearch.builtin.readers.markup import markdown_headings
    from simsearch.builtin.readers.verbatim import verbatim_reader

    return verbatim_reader(markdown_headings, read_front_matter)


def make_restructuredtext_reader() -> Reader:
    """A file as it is, with its section titles and the fields it starts with."""
    from simsearch.builtin.readers.front_matter import FrontMatter, fields
    from simsearch.builtin.readers.markup import restructuredtext_headings
    from simsearch.builtin.readers.verbatim import verbatim_reader

    return verbatim_reader(restructuredtext_headings, lambda text: FrontMatter(fields(text)))


def make_org_reader() -> Reader:
    """A file as it is, with its headlines and fields."""
    from simsearch.builtin.readers.plain_markup import org_fields, org_headings
    from simsearch.builtin.readers.verbatim import verbatim_reader

    return verbatim_reader(org_headings, org_fields)


def make_asciidoc_reader() -> Reader:
    """A file as it is, with its section titles and attributes."""
    from simsearch.builtin.readers.plain_markup import asciidoc_fields, asciidoc_headings
    from simsearch.builtin.readers.verbatim import verbatim_reader

    return verbatim_reader(asciidoc_headings, asciidoc_fields)


def make_latex_reader() -> Reader:
    """A file's text on its own lines, with its sections."""
    from simsearch.builtin.readers.latex import read_latex

    return read_latex


def make_bibtex_reader() -> Reader:
    """The entries of a bibliography on their own lines."""
    from simsearch.builtin.readers.latex import read_bibtex

    return read_bibtex


def make_subtitles_reader() -> Reader:
    """What is said, on its own lines."""
    from simsearch.builtin.readers.subtitles import read_subtitles

    return read_subtitles


def make_properties_reader() -> Reader:
    """A file with its escapes resolved."""
    from simsearch.builtin.readers.properties import read_properties

    return read_properties


def make_quoted_values_reader() -> Reader:
    """A file with the escapes in its quotes resolved."""
    from simsearch.builtin.readers.quoted_values import read_quoted_values

    return read_quoted_values


def make_json_reader() -> Reader:
    """The values of a file, each with its key."""
    from simsearch.builtin.readers.json_values import read_json

    return read_json


def make_xml_reader() -> Reader:
    """The text of a file's elements."""
    from simsearch.builtin.readers.xml_text import read_xml

    return read_xml


def make_html_reader() -> Reader:
    """A page's text without its navigation."""
    from simsearch.builtin.readers.html import read_html

    return read_html


def make_code_reader() -> Reader:
    """A file as it is, with its language and its definitions."""
    from simsearch.builtin.readers.code import read_code

    return read_code


def make_notebook_reader() -> Reader:
    """The text of a notebook's cells."""
    from simsearch.builtin.readers.notebooks import read_notebook

    return read_notebook


def make_mail_reader() -> Reader:
    """A message's text, with its subject as title."""
    from simsearch.builtin.readers.mail import read_message
    from simsearch.isolation import in_worker

    return in_worker(read_message)


def make_apple_mail_reader() -> Reader:
    """A message's text, with its subject as title."""
    from simsearch.builtin.readers.mail import read_apple_message
    from simsearch.isolation import in_worker

    return in_worker(read_apple_message)


def make_web_archive_reader() -> Reader:
    """The text of saved pages."""
    from simsearch.builtin.readers.mail import read_web_archive
    from simsearch.isolation import in_worker

    return in_worker(read_web_archive)


def make_calendar_reader() -> Reader:
    """The events of a calendar, with headings."""
    from simsearch.builtin.readers.calendars import read_calendar

    return read_calendar


def make_contacts_reader() -> Reader:
    """The contacts of a file, with headings."""
    from simsearch.builtin.readers.calendars import read_contacts

    return read_contacts


def make_mailbox_reader() -> Reader:
    """The messages of a mailbox."""
    from simsearch.builtin.readers.mail import read_mailbox
    from simsearch.isolation import in_worker

    return in_worker(read_mailbox)


def make_epub_reader() -> Reader:
    """The chapters of a book."""
    from simsearch.builtin.readers.epub import read_epub
    from simsearch.isolation import in_worker

    return in_worker(read_epub)


def make_parquet_reader(text: str = "", title: str = "", id: str = "") -> Reader:
    """The rows of a file; each argument names a column."""
    from simsearch.builtin.readers.parquet import read_parquet
    from simsearch.isolation import in_worker

    return in_worker(read_parquet, {"text": text, "title": title, "id": id})


def _make_rows_reader(form: Literal["jsonl", "csv", "tsv"]) -> Callable[..., Reader]:
    """What builds the reader of a table or corpus."""

    def build(text: str = "", title: str = "", id: str = "", encoding: str = "") -> Reader:
        """The rows of a file, one document each; all other columns become metadata.

        Args:
            text: The column with the text; by default `text`, `body`, `content` or `passage`, followed by the other
                columns with text.
            title: The column with the title; by default `title`.
            id: The column with the id; by default `id` or `_id`, else the number of the row.
            encoding: The encoding of the file; by default declared or guessed.
        """
        from simsearch.builtin.readers.rows import ROWS, DocumentColumns, rows_reader

        return rows_reader(ROWS[form], DocumentColumns(id, title, text), encoding)

    return build
