"""Characters of symbol fonts, which Word stores by their place in the font."""

from __future__ import annotations

_PRIVATE = range(0xF000, 0xF100)
_GREEK = dict(
    zip(
        "ABCDEFGHIKLMNOPQRSTUWXYZabcdefghiklmnopqrstuwxyz",
        "ΑΒΧΔΕΦΓΗΙΚΛΜΝΟΠΘΡΣΤΥΩΞΨΖαβχδεφγηικλμνοπθρστυωξψζ",
        strict=True,
    )
)
"""The Greek letters of the font Symbol, by the letters in their place."""


def symbol(font: str, code: str) -> str:
    """The character; empty for pictograms of fonts such as Wingdings.

    Args:
        code: Hexadecimal.
    """
    try:
        number = int(code, 16)
        character = chr(number - 0xF000 if number in _PRIVATE else number)
    except (ValueError, OverflowError):
        return ""
    if font.lower() == "symbol":
        return _GREEK.get(character, character)
    return "" if number in _PRIVATE or 0xD800 <= number < 0xE000 else character
