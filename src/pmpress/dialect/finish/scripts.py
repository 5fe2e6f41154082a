"""Words in Latin letters among others: told apart where they are stressed, as only they have italics."""

from __future__ import annotations

import unicodedata

from lxml import etree

from pmpress import xhtml

_UPRIGHT = frozenset({"ar", "fa", "ja", "ur", "yue", "zh"})
"""The languages whose own letters are never slanted."""
_SLANTED = ("cite", "dfn", "em", "i")


def mark(body: etree._Element, language: str) -> None:
    """Give what is stressed, and all in Latin letters, the class `latin`."""
    if language.split("-", maxsplit=1)[0].lower() not in _UPRIGHT:
        return
    for element in xhtml.elements(body, *_SLANTED):
        letters = [letter for letter in "".join(element.itertext()) if letter.isalpha()]
        if letters and all(unicodedata.name(letter, "").startswith("LATIN ") for letter in letters):
            xhtml.set_classes(element, [*xhtml.classes_of(element), "latin"])
