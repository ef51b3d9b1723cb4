"""Numbers as a spreadsheet displays them: `0.0%` makes 0.075 `7.5%`, `00000` makes 1067 `01067`.

The format codes are those of ECMA-376, part 1, section 18.8.31. Decimal points, digit groups and names of months
are shown as in English.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

from simsearch_office.sheets.dates import is_date, shown_date
from simsearch_office.sheets.tokens import Token, tokens_of

GENERAL = "General"
BUILT_IN = {
    0: GENERAL, 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?",
    13: "# ??/??", 14: "yyyy-mm-dd", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy-mm-dd h:mm", 37: "#,##0 ;(#,##0)",
    38: "#,##0 ;(#,##0)", 39: "#,##0.00;(#,##0.00)", 40: "#,##0.00;(#,##0.00)", 45: "mm:ss", 46: "[h]:mm:ss",
    47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
}  # fmt: skip
"""Formats that have a number only. Those whose order of day and month depends on the reader's country are ISO dates."""

_SECTIONS = re.compile(r';(?=(?:[^"]*"[^"]*")*[^"]*$)')
_CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)(-?\d+(?:\.\d+)?)\]")
_MOST_DIGITS = 15


def shown_number(value: float, code: str, *, since_1904: bool = False) -> str:
    """A number as its cell shows it.

    Args:
        value: A date is the number of days since 1899-12-30, or since 1904-01-01.
        code: The cell's number format.
    """
    if code == GENERAL:
        return general(value)
    section, negated = _section(value, code)
    tokens = tokens_of(section)
    if is_date(section, tokens):
        return shown_date(value, tokens, since_1904=since_1904)
    places = [token for token in tokens if not token.literal]
    if not any(token.text in "0#?" for token in places):
        return _around(tokens, general(abs(value) if negated else value))
    sign = "-" if value < 0 and not negated else ""
    return sign + _number(abs(value), tokens).strip()


def shown_text(text: str, code: str) -> str:
    """A text as its cell shows it: formats may add words around `@`."""
    if code == GENERAL:
        return text
    sections = _SECTIONS.split(code)
    section = sections[3] if len(sections) > 3 else sections[0] if "@" in sections[0] else "@"
    if section == "@":
        return text
    return "".join(text if token == Token("@", False) else token.text for token in tokens_of(section)).strip()


def general(value: float) -> str:
    """A number without a format: up to 15 digits, as many as a spreadsheet keeps."""
    if value == int(value) and abs(value) < 10**_MOST_DIGITS:
        return str(int(value))
    return f"{value:.{_MOST_DIGITS}g}".replace("e", "E")


def _section(value: float, code: str) -> tuple[str, bool]:
    """The section that a value is shown by, and whether it shows the sign itself."""
    sections = _SECTIONS.split(code)
    if conditions := [_CONDITION.search(section) for section in sections if _CONDITION.search(section)]:
        for section in sections:
            condition = _CONDITION.search(section)
            if condition is None or _holds(value, condition[1], float(condition[2])):
                return section, False
        return sections[len(conditions) - 1], False
    if value < 0 and len(sections) > 1 and sections[1]:
        return sections[1], True
    if value == 0 and len(sections) > 2 and sections[2]:
        return sections[2], False
    return sections[0], False


def _holds(value: float, sign: str, limit: float) -> bool:
    equal, less = value == limit, value < limit
    return {"=": equal, "<>": not equal, "<": less, "<=": less or equal, ">": not less and not equal}.get(
        sign, not less
    )


def _around(tokens: tuple[Token, ...], number: str) -> str:
    """Words around a number without digits of its own, as in `General" kg"`."""
    if not any(token.text.lower() == "general" or token.text == "@" for token in tokens if not token.literal):
        return "".join(token.text for token in tokens if token.literal or token.text in "()-+ ") or number
    return "".join(
        number if not token.literal and token.text.lower() in ("general", "@") else token.text
        for token in tokens
    ).strip()


def _number(value: float, tokens: tuple[Token, ...]) -> str:
    exact = Decimal(repr(value)).scaleb(2 * sum(token == Token("%", False) for token in tokens))
    if any(token == Token("/", False) for token in tokens):
        return _fraction(exact, tokens)
    exponent = next(
        (i for i, t in enumerate(tokens) if not t.literal and t.text.upper() in ("E+", "E-")), None
    )
    if exponent is not None:
        return _scientific(exact, tokens, exponent)
    point = next((i for i, token in enumerate(tokens) if token == Token(".", False)), len(tokens))
    whole, rest = tokens[:point], tokens[point + 1 :]
    exact = exact.scaleb(-3 * _commas_at_end(tokens))
    places = sum(_is_digit(token) for token in rest)
    rounded = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    digits, _, decimals = f"{rounded:f}".partition(".")
    return _whole(digits, whole) + _decimals(decimals, rest)


def _is_digit(token: Token) -> bool:
    return not token.literal and token.text in "0#?"


def _commas_at_end(tokens: tuple[Token, ...]) -> int:
    """Each comma behind the last digit divides by a thousand."""
    count = 0
    for token in reversed(tokens):
        if _is_digit(token):
            break
        count += token == Token(",", False)
    return count


def _whole(digits: str, tokens: tuple[Token, ...]) -> str:
    """Fill the places before the decimal point from the right; what is left over goes to the leftmost place."""
    places = [i for i, token in enumerate(tokens) if _is_digit(token)]
    grouped = bool(places) and any(t == Token(",", False) for t in tokens[places[0] : places[-1]])
    digits = digits.lstrip("0")
    shown: list[str] = []
    count = 0
    for i in range(len(tokens) - 1, -1, -1):
        if i in places:
            taken = digits if i == places[0] else digits[-1:]
            digits = digits[: len(digits) - len(taken)]
            for digit in reversed(taken or ("0" if tokens[i].text == "0" else "")):
                shown.append("," if grouped and count and count % 3 == 0 else "")
                shown.append(digit)
                count += 1
        elif tokens[i].literal or tokens[i].text != ",":
            shown.append(tokens[i].text[::-1])
    return "".join(shown)[::-1] if places else digits + "".join(shown)[::-1]


def _decimals(digits: str, tokens: tuple[Token, ...]) -> str:
    places = [token.text for token in tokens if _is_digit(token)]
    while places and places[-1] in "#?" and digits.endswith("0"):
        places.pop()
        digits = digits[:-1]
    remaining = iter(digits)
    words = (next(remaining, "") if _is_digit(token) else token.text for token in tokens)
    tail = "".join(word for word, token in zip(words, tokens, strict=True) if token != Token(",", False))
    return f".{tail}" if digits else tail


def _scientific(exact: Decimal, tokens: tuple[Token, ...], place: int) -> str:
    decimals = 0
    for token in reversed(tokens[:place]):
        if token == Token(".", False):
            break
        decimals += _is_digit(token)
    else:
        decimals = 0
    mantissa, _, power = f"{exact:.{decimals}E}".partition("E")
    width = sum(_is_digit(token) for token in tokens[place:])
    sign = "-" if power.startswith("-") else "+" if tokens[place].text.endswith("+") else ""
    return f"{mantissa}E{sign}{power.lstrip('+-').zfill(width)}"


def _fraction(exact: Decimal, tokens: tuple[Token, ...]) -> str:
    """With the nearest denominator of as many digits as the format has behind its stroke, or with the one it names."""
    from fractions import Fraction

    behind = "".join(token.text for token in tokens).partition("/")[2]
    fixed = re.match(r"\d+", behind)
    places = sum(character in "0#?" for character in behind)
    whole = int(exact)
    rest = Fraction(exact - whole)
    if fixed and int(fixed[0]):
        top, bottom = round(rest * int(fixed[0])), int(fixed[0])
    else:
        near = rest.limit_denominator(10 ** min(max(places, 1), 6) - 1)
        top, bottom = near.numerator, near.denominator
    if top == bottom:
        whole, top = whole + 1, 0
    parts = [str(whole)] if whole or not top else []
    return " ".join([*parts, f"{top}/{bottom}"] if top else parts)
