"""LaTeX and BibTeX as people read them: accents as letters, commands gone, every line where it was."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from simsearch import Document, Heading
from simsearch.builtin.readers.names import names
from simsearch.decoding import decode_with_notices

LEVELS = {
    "part": 1, "chapter": 2, "section": 3, "subsection": 4, "subsubsection": 5, "paragraph": 6, "subparagraph": 6,
    "frametitle": 4,
}  # fmt: skip
ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", '"': "\u0308", "=": "\u0304", ".": "\u0307",
    "u": "\u0306", "v": "\u030c", "H": "\u030b", "c": "\u0327", "k": "\u0328", "r": "\u030a", "d": "\u0323",
    "b": "\u0331", "t": "\u0361",
}  # fmt: skip
LETTERS = {
    "ss": "ß", "SS": "ẞ", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "o": "ø", "O": "Ø", "aa": "å", "AA": "Å",
    "l": "ł", "L": "Ł", "dh": "ð", "DH": "Ð", "th": "þ", "TH": "Þ", "dj": "đ", "DJ": "Đ", "ng": "ŋ", "NG": "Ŋ",
    "i": "ı", "j": "ȷ", "ldots": "…", "dots": "…", "textellipsis": "…", "euro": "€", "texteuro": "€", "EUR": "€",
    "pounds": "£", "copyright": "©", "textregistered": "®", "texttrademark": "™", "S": "§", "P": "¶", "degree": "°",
    "textdegree": "°", "textendash": "–", "textemdash": "—", "textquoteright": "’", "textquoteleft": "‘",
    "textquotedblleft": "“", "textquotedblright": "”", "glqq": "„", "grqq": "“", "flqq": "«", "frqq": "»",
    "textbackslash": "\\", "textasciitilde": "~", "textunderscore": "_", "LaTeX": "LaTeX", "TeX": "TeX",
    "BibTeX": "BibTeX", "quad": " ", "qquad": " ", "newline": " ", "linebreak": " ", "par": " ", "today": "",
}  # fmt: skip
UNSEEN = names(
    "label ref eqref pageref autoref cref Cref cite citep citet citealp citealt citeauthor citeyear"
    " parencite textcite footcite autocite nocite includegraphics input include bibliography"
    " bibliographystyle usepackage documentclass begin end vspace hspace vskip hskip setlength"
    " addtolength pagestyle thispagestyle setcounter addtocounter hypersetup RequirePackage color"
    " textcolor href fontsize selectlanguage newcommand renewcommand def index"
)
"""Commands whose arguments are for LaTeX."""

WITHIN_WORDS = names(
    "emph textbf textit texttt textsc textsf textrm textsl underline uline text mbox it bf tt sc em"
)
"""Commands that change how a part of a word looks."""

LONGEST_ARGUMENT = 500
_ARGUMENTS = r"(?:\s*\[[^\[\]]*\])*(?:\s*\{[^{}]*\})?(?:\s*\[[^\[\]]*\])*"
_TOKEN = re.compile(
    r"\\(?P<accent>[`'^~\"=.]|[uvHckrdbt](?![A-Za-z]))\s*(?:\{\s*(?:\\(?P<dotless>[ij])|(?P<braced>\w))?\s*\}"
    r"|\\(?P<bare_dotless>[ij])(?![A-Za-z])\s?|(?P<bare>\w))"
    r"|\\(?P<name>[A-Za-z]+)\*?[ \t]*"
    r"|\\(?P<hyphen>[-/])|\\(?P<mark>[&%$#_{}])|\\(?P<space>.|\n)"
    r"|(?P<quote>``|'')|(?P<dash>---?)|(?P<tie>~)|(?P<brace>[{}])",
)
_OPTION = re.compile(r"\[([^\[\]]*)\]")
_CAPTION = re.compile(r"\b(?:caption|title)\s*=\s*(?:\{([^{}]*)\}|([^,{}\[\]]*))")
_PLACEMENT = re.compile(r"[!a-zH]*|[^\[\]]*=.*", re.DOTALL)
"""Options that say how something looks: `htbp`, `fragile`, `scale=0.5`."""

_OPENING = r"(?:[ \t]*\[[^\[\]\n]*\]|[ \t]*\{[^{}\n]*\})*+"
_NO_MATH = r"(?:sub)*section\b|chapter\b|item\b|begin\{(?:[vV]erb|lst|mint)"
_INLINE_CODE = r"\\(?:verb\*?|lstinline(?:\[[^\[\]\n]*\])?|mintinline(?:\[[^\[\]\n]*\])?\{\w*\})"
_WHOLE = re.compile(
    r"(?P<skipped>\\[\\$%]|%[^\n]*)"
    r"|\\begin\{(?P<name>verbatim\*?|[BL]?Verbatim\*?|lstlisting|minted|filecontents\*?)\}"
    rf"{_OPENING}(?P<listing>(?:[^\\]|\\(?!begin\{{(?P=name)\}}))*?)(?=\\end\{{(?P=name)\}})"
    rf"|{_INLINE_CODE}(?P<mark>[^\w\s*{{])(?P<code>[^\n]*?)(?P=mark)"
    r"|\\(?:url|path|nolinkurl)[ \t]*\{(?P<address>[^{}]*)\}"
    rf"|(?P<math>\$\$.{{0,5000}}?(?<!\\)\$\$|\$(?:[^$\\\n]|\\(?!{_NO_MATH})[^\n]|\\(?=\n)|\n(?![ \t\r]*\n))*+\$"
    r"|\\\[.{0,5000}?\\\]|\\\(.{0,5000}?\\\))",
    re.DOTALL,
)
"""Not prose: listings, code in a line, addresses and formulas; escapes and comments begin none of them."""

_TITLE = re.compile(r"\\(title|author|date)\b")
_ENTRY = re.compile(r"^[ \t]*@(\w+)\s*[{(]\s*([^,\s]*)\s*,", re.MULTILINE)
_BIB_FIELD = re.compile(r"^\s*(title|author|year|booktitle|journal)\s*=\s*", re.MULTILINE | re.IGNORECASE)
NO_ENTRIES = ("comment", "preamble", "string")


def read_latex(path: Path, content: bytes) -> Iterator[Document]:
    """A LaTeX file with its sections as headings; its title, author and date as metadata."""
    source, notices = decode_with_notices(content)
    plain = _Plain(source, with_headings=True)
    about = _about(source)
    title = str(about.get("title", "")) or (plain.headings[0].text if plain.headings else "")
    yield Document(plain.text, "", title, tuple(plain.headings), about, verbatim=True, notices=notices)


def read_bibtex(path: Path, content: bytes) -> Iterator[Document]:
    """A bibliography with the title of each entry as a heading."""
    source, notices = decode_with_notices(content)
    text, headings, done = "", [], 0
    entries = [found for found in _ENTRY.finditer(source) if found[1].lower() not in NO_ENTRIES]
    for place, entry in enumerate(entries):
        end = entries[place + 1].start() if place + 1 < len(entries) else len(source)
        text += latex_text(source[done : entry.start()])
        title = _bib_title(source[entry.start() : end]) or entry[2]
        headings.append(Heading(len(text), 1, title))
        text += latex_text(source[entry.start() : end])
        done = end
    text += latex_text(source[done:])
    yield Document(text, "", "", tuple(headings), verbatim=True, notices=notices)


def latex_text(source: str) -> str:
    """A piece of LaTeX as text, with as many lines."""
    return _Plain(source).text


class _Plain:
    """LaTeX on its way to text; `headings` are where their sections begin."""

    def __init__(self, source: str, with_headings: bool = False) -> None:
        self._source = source
        self._with_headings = with_headings
        self._parts: list[str] = []
        self._length = 0
        self.headings: list[Heading] = []
        done = 0
        for found in _WHOLE.finditer(source):
            kind = found.lastgroup or ""
            if kind != "skipped":
                # A listing begins behind its options, which may have a caption.
                self._prose(done, found.start(kind if kind == "listing" else 0))
                self._put(found[kind] if kind in ("listing", "code") else found[kind].replace("\\", ""))
                done = found.end()
        self._prose(done, len(source))
        self.text = "".join(self._parts)

    def _put(self, text: str) -> None:
        if text:
            self._parts.append(text)
            self._length += len(text)

    def _prose(self, place: int, end: int) -> None:
        while found := _TOKEN.search(self._source, place, end):
            self._put(self._source[place : found.start()])
            place = self._token(found, end)
        self._put(self._source[place:end])

    def _token(self, found: re.Match[str], end: int) -> int:
        """Put what a token is read as; returns where the source goes on."""
        kind = found.lastgroup
        if found["name"]:
            return self._command(found, end)
        if found["accent"]:
            letter = found["dotless"] or found["bare_dotless"] or found["braced"] or found["bare"] or ""
            self._put(unicodedata.normalize("NFC", letter + ACCENTS[found["accent"]]) if letter else "")
        else:
            is_between = found["brace"] == "}" and self._source[found.end() : found.end() + 1] == "{"
            self._put(" " if is_between else "")
            self._put(
                {"mark": found["mark"], "space": " ", "quote": '"', "tie": " "}.get(str(kind), "")
                or {"---": "—", "--": "–"}.get(found["dash"] or "", "")
            )
        self._put("\n" * found[0].count("\n"))
        return found.end()

    def _command(self, found: re.Match[str], end: int) -> int:
        name = str(found["name"])
        if name in LETTERS:
            self._put(LETTERS[name])
            after = self._source[found.end() : found.end() + 2]
            return found.end() + (2 if after == "{}" else 0)
        if name in LEVELS:
            if self._with_headings:
                self._heading(name, found.end())
        elif name in UNSEEN:
            arguments = re.compile(_ARGUMENTS).match(self._source, found.end(), end)
            assert arguments
            printed = latex_text(_printed_options(name, arguments[0]))
            self._put(printed + "\n" * (arguments[0].count("\n") - printed.count("\n")))
            return arguments.end()
        elif name == "item":
            self._put("- ")
        elif name not in WITHIN_WORDS and self._parts and self._parts[-1][-1:].isalnum():
            self._put(" ")
        return found.end()

    def _heading(self, name: str, start: int) -> None:
        words = _argument_text(self._source, start)
        if words:
            self.headings.append(Heading(self._length, LEVELS[name], words))


def _printed_options(name: str, arguments: str) -> str:
    """What is printed of the options of a command whose arguments are for LaTeX: notes of a citation, a caption, the
    name of a theorem."""
    if "cite" in name:
        return " ".join(_OPTION.findall(arguments))
    if name != "begin":
        return ""
    options = arguments.partition("}")[2]
    captions = [braced or bare for braced, bare in _CAPTION.findall(options)]
    return " ".join(captions or (o for o in _OPTION.findall(options) if not _PLACEMENT.fullmatch(o)))


def _argument_text(source: str, start: int) -> str:
    return " ".join(latex_text(_argument(source[start : start + LONGEST_ARGUMENT])).split())


def _argument(source: str) -> str:
    """What stands in the first braces, after options in brackets."""
    place = source.find("{")
    if place < 0 or re.fullmatch(r"\s*(\[[^\]]*\]\s*)*", source[:place]) is None:
        return ""
    depth = 0
    for found in re.finditer(r"\\.|[{}]", source[place:], re.DOTALL):
        depth += {"{": 1, "}": -1}.get(found[0], 0)
        if depth == 0:
            return source[place + 1 : place + found.start()]
    return ""


def _about(source: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for command in _TITLE.finditer(source):
        words = _argument_text(source, command.end())
        if words:
            found.setdefault(command[1], words)
    return found


def _bib_title(entry: str) -> str:
    for field in _BIB_FIELD.finditer(entry):
        if field[1].lower() == "title":
            rest = entry[field.end() :]
            value = _argument(rest) if rest.startswith("{") else rest[1:].partition('"')[0]
            return " ".join(latex_text(value).split())
    return ""
