"""What is printed above and below each page of a sheet."""

from __future__ import annotations

import re

from simsearch_office.flow import one_line

_CODES = re.compile(r'&(?:"[^"]*"|K[0-9A-F]{6}|K\d{2}[+-]\d{3}|\d{1,3}|[LCR])|&[A-Z]', re.IGNORECASE)


def page_edge(text: str) -> str:
    """The words of a header or footer, without codes for fonts, sides and page numbers."""
    return one_line(_CODES.sub(" ", text.replace("&&", "\0")).replace("\0", "&"))
