"""Numbers as a book writes them."""

from __future__ import annotations

from collections.abc import Mapping

DIGITS: Mapping[str, str] = {"western": "0123456789", "arabic-indic": "٠١٢٣٤٥٦٧٨٩", "persian": "۰۱۲۳۴۵۶۷۸۹"}
"""The digits that a book can have, from 0 to 9, by the name that says which."""
ABJAD = (
    "أ", "ب", "ج", "د", "ه\u200d", "و", "ز", "ح", "ط", "ي", "ك", "ل", "م", "ن",
    "س", "ع", "ف", "ص", "ق", "ر", "ش", "ت", "ث", "خ", "ذ", "ض", "ظ", "غ",
)  # fmt: skip
"""The Arabic letters in the order in which they count."""

_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
          (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip


def roman(number: int) -> str:
    """A number above 0 in lower-case roman numerals."""
    text = ""
    for value, letters in _ROMAN:
        times, number = divmod(number, value)
        text += letters * times
    return text


def letters(number: int) -> str:
    """A number above 0 in lower-case letters: a to z, then aa, ab…"""
    text = ""
    while number:
        number, place = divmod(number - 1, 26)
        text = chr(ord("a") + place) + text
    return text


def abjad(number: int) -> str:
    """A number above 0 in Arabic letters, as front matter and appendices are counted: 28 of them, then two each."""
    text = ""
    while number:
        number, place = divmod(number - 1, len(ABJAD))
        text = ABJAD[place] + text
    return text


def in_digits(text: str, digits: str) -> str:
    """The text with its numbers in digits of another kind (a key of `DIGITS`)."""
    return text.translate(str.maketrans(DIGITS["western"], DIGITS[digits]))
