"""What the first bytes and the name of a file say of its format."""

from __future__ import annotations

import re

HEAD = 8192
"""Bytes that are looked at."""

SIGNATURES = (
    (b"%PDF-", ".pdf"),
    (b"{\\rtf", ".rtf"),
    (b"PAR1\x15", ".parquet"),  # the byte begins a page; without it, this is a word
    (b"\x89PNG", ""),
    (b"\xff\xd8\xff", ""),
    (b"\x1f\x8b", ""),
)
"""How some formats begin, whatever their file is called; no reader takes those without an ending."""

ARCHIVE = b"PK\x03\x04"
ARCHIVED = (
    (b"mimetypeapplication/epub+zip", ".epub"),
    (b"mimetypeapplication/vnd.oasis.opendocument.text", ".odt"),
    (b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet", ".ods"),
    (b"mimetypeapplication/vnd.oasis.opendocument.presentation", ".odp"),
    (b"word/", ".docx"),
    (b"ppt/", ".pptx"),
    (b"xl/", ".xlsx"),
)
"""What the first entries of archives say, for formats that are archives."""

NEEDED = {
    ending: f"needs {package}: pip install {package}"
    for package, endings in {
        "simsearch-office": (
            ".pdf", ".docx", ".docm", ".pptx", ".pptm", ".xlsx", ".xlsm", ".odt", ".ods", ".odp", ".rtf",
        ),
    }.items()
    for ending in endings
}  # fmt: skip
"""What to install for formats that a package of its own reads."""

MORK = b"// <!-- <mdb:mork"
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OLD_FORMATS = {
    ".doc": "Word document from before 2007 (.doc): save it as .docx",
    ".dot": "Word template from before 2007 (.dot): save it as .docx",
    ".xls": "Excel workbook from before 2007 (.xls): save it as .xlsx",
    ".ppt": "PowerPoint presentation from before 2007 (.ppt): save it as .pptx",
    ".msg": "Outlook message (.msg): save it as .eml",
    ".pub": "Publisher document (.pub): save it as .pdf",
    ".vsd": "Visio drawing (.vsd): save it as .pdf",
}
"""Formats that are named by what they are, because no reader takes them."""

OTHER_FORMATS = {
    "Excel binary workbook (.xlsb): save it as .xlsx": (".xlsb",),
    "Apple iWork document: export it as PDF": (".pages", ".numbers", ".key"),
    "Visio drawing (.vsdx): save it as .pdf": (".vsdx",),
    "OneNote section (.one): export it as PDF": (".one",),
    "Kindle book: convert it to .epub": (".mobi", ".azw", ".azw3"),
    "DjVu scan: convert it to PDF": (".djvu", ".djv"),
    "XPS document: print it to PDF": (".xps", ".oxps"),
    "WordPerfect document: save it as .docx": (".wpd",),
    "Works document: save it as .docx": (".wps",),
    "Hangul document: save it as .docx": (".hwp", ".hwpx"),
    "StarOffice document: save it as OpenDocument": (".sxw", ".sxc", ".sxi"),
    "compiled help file (.chm): unpack it to index its pages": (".chm",),
    "archive: unpack it to index its files": (
        ".zip", ".7z", ".rar", ".tar", ".tgz", ".gz", ".bz2", ".xz", ".zst", ".jar", ".war",
    ),
    "database": (".sqlite", ".sqlite3", ".db", ".mdb", ".accdb"),
    "Outlook mailbox: export its mail as .mbox or .eml": (".pst", ".ost"),
}  # fmt: skip
"""What other files are that are not text, by how their names end."""

_ENTRY = re.compile(rb"PK\x03\x04.{26}", re.DOTALL)
_PAGES = (b"<!doctype html", b"<html")
_MAILBOX = re.compile(rb"From \S.*\d{1,2}:\d\d.*\d{4}.*\r?\n[!-9;-~]+:")
_HEADER = re.compile(rb"([!-9;-~]+):.*(?:\n[ \t].*)*\n")
_PAGE_WITH_PARTS = re.compile(rb"^content-type:\s*multipart/related\b", re.IGNORECASE | re.MULTILINE)
_ENCODED = re.compile(
    rb"^content-(?:transfer-encoding:\s*(?:base64|quoted-printable)|type:\s*multipart/)",
    re.IGNORECASE | re.MULTILINE,
)
TRANSPORT = frozenset((b"received", b"message-id", b"mime-version", b"return-path", b"delivered-to"))
DESCRIPTION = frozenset((b"from", b"to", b"subject", b"date"))
PLAIN_ENDINGS = (".txt", ".text", ".log")
PATCH_ENDINGS = (".patch", ".diff")


def ending_by_signature(head: bytes) -> str | None:
    """The ending of the format that a file's first bytes declare; empty if nothing reads that format, None if they
    declare none."""
    for signature, ending in SIGNATURES:
        if head.startswith(signature):
            return ending
    if head.startswith(ARCHIVE):
        entries = _entries(head)
        return next((ending for mark, ending in ARCHIVED if any(e.startswith(mark) for e in entries)), None)
    return None


def _entries(head: bytes) -> list[bytes]:
    """The names of the first entries of an archive, with what follows each of them."""
    return [head[found.end() :][:100] for found in _ENTRY.finditer(head)]


def ending_by_text(name: str, head: bytes) -> str | None:
    """The ending of a text format that shows in how a file begins whose name says nothing."""
    if head[:512].lstrip().lower().startswith(_PAGES):
        return ".html"
    if name.lower().endswith(PATCH_ENDINGS):
        return None
    if _MAILBOX.match(head):
        return ".mbox"
    if _is_saved_page(head):
        return ".mht"
    return ".eml" if _is_mail(head, name.lower().endswith(PLAIN_ENDINGS)) else None


def name_format(name: str) -> str:
    """What a file is that is not text, as far as its name tells."""
    found = (what for what, endings in OTHER_FORMATS.items() if name.lower().endswith(endings))
    return next(found, "binary")


def refusal(name: str, head: bytes) -> str:
    """Why a file that no reader takes can't be read; empty if it may be text."""
    if head.startswith(COMPOUND):
        ending = next((ending for ending in OLD_FORMATS if name.lower().endswith(ending)), "")
        return OLD_FORMATS.get(ending, "Office file from before 2007: save it in a newer format")
    return "index of a Thunderbird folder; its mail is read" if head.startswith(MORK) else ""


def _is_saved_page(head: bytes) -> bool:
    """Whether a file begins as a web archive does, which some programs call a Word document."""
    header = head.replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    return header.lower().startswith(b"mime-version:") and _PAGE_WITH_PARTS.search(header) is not None


def _is_mail(head: bytes, is_called_text: bool) -> bool:
    """Whether a file begins with the header of a message; one that is called text must need decoding as well."""
    names, place = set(), 0
    text = head.replace(b"\r\n", b"\n")
    while line := _HEADER.match(text, place):
        names.add(line[1].lower())
        place = line.end()
    if is_called_text and not _ENCODED.search(text, 0, place):
        return False
    sent = len(names & TRANSPORT)
    return sent >= 2 or (len(names & DESCRIPTION) >= 3 and (sent > 0 or text[place : place + 1] == b"\n"))
