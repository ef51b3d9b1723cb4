"""The control words of RTF that say where text goes and what characters it has (RTF specification 1.9.1)."""

from __future__ import annotations

CHARACTERS = {
    "tab": "\t", "emdash": "—", "endash": "–", "emspace": " ", "enspace": " ", "qmspace": " ", "bullet": "•",
    "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "line": "\n", "lbr": "\n",
    "~": "\u00a0", "_": "-", "-": "", "zwj": "", "zwnj": "", "zwbo": "", "zwnbo": "", "{": "{", "}": "}", "\\": "\\",
}  # fmt: skip
"""Control words and symbols that are characters."""

BEHIND = frozenset(("footnote", "annotation", "shptxt", "mmathPict", "docshape"))
"""Groups whose text follows the paragraph that they are in."""

EDGES = frozenset(
    ("header", "headerl", "headerr", "headerf", "footer", "footerl", "footerr", "footerf", "ftncn")
)
INFORMATION = frozenset(("title", "author", "operator", "subject", "keywords", "category", "doccomm"))
NAMED = frozenset(("atnauthor", "sn", "sv"))
"""Groups whose words are kept for what comes after them."""

DATES = ("revtim", "creatim")
"""Groups that say when the file was saved and made, the one to prefer first."""

HIDDEN = frozenset(
    (
        "fonttbl", "colortbl", "stylesheet", "info", "pict", "objdata", "objclass", "objname", "themedata", "fldinst",
        "colorschememapping", "datastore", "latentstyles", "generator", "listtable", "listoverridetable", "rsidtbl",
        "xmlnstbl", "filetbl", "revtbl", "listtext", "pntext", "nonshppict", "shprslt", "nesttableprops",
        "nonesttables", "bkmkstart", "bkmkend", "template", "atnid", "atnref", "atntime", "atndate", "atnparent",
        "ftnsep", "ftnsepc", "aftnsep", "aftnsepc", "wgrffmtfilter", "mmathPr", "xe", "tc", "private", "pgptbl",
        *DATES, "printim", "buptim",
    )
)  # fmt: skip
"""Groups without displayed text."""

TRANSPARENT = frozenset(
    ("shpinst", "shppict", "moMath", "moMathPara", "mmath", "ud", "do", "dptxbxtext", "shp", "shpgrp", "pn")
)
"""Groups that are marked as optional, and hold groups with text."""

CODE_PAGES = {
    77: "mac_roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "cp936", 136: "cp950", 161: "cp1253", 162: "cp1254",
    163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250",
}  # fmt: skip
"""Encodings by the character set of a font."""

MAC_CODE_PAGES = {
    10000: "mac_roman", 10001: "cp932", 10006: "mac_greek", 10007: "mac_cyrillic", 10029: "mac_latin2",
    10079: "mac_iceland", 10081: "mac_turkish",
}  # fmt: skip
"""Those of the Macintosh by their number as code pages."""

SYMBOL = 2
"""The character set of symbol fonts."""
