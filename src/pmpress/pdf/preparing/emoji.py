"""Emoji made of several characters: set so that the engine shows, and names, each as the one sign it is.

It asks the font for emoji where a sequence calls for it, but not for keycaps, and finds no meaning for the glyph of a
sequence whose parts have a variation selector between them. (Unicode Technical Standard 51, 1.4.5 and 2.7)
"""

from __future__ import annotations

import re

from lxml import etree

from pmpress import xhtml

_JOINED_SELECTOR = re.compile("\ufe0f(?=\u200d)")
_KEYCAP = re.compile("([0-9#*])\ufe0f?\u20e3")
_STYLE = "font-family: emoji"  # the name by which the fonts know the family of that kind


def join(body: etree._Element) -> None:
    """Set the emoji sequences of a tree, in place."""
    for element in list(body.iter(etree.Element)):
        if etree.QName(element).namespace != xhtml.XHTML:  # drawings bring their own fonts
            continue
        for child in list(element):
            if child.tail:
                child.tail, keycaps = _set(child.tail)
                place = element.index(child) + 1
                element[place:place] = keycaps
        if element.text:
            element.text, element[0:0] = _set(element.text)


def _set(text: str) -> tuple[str, list[etree._Element]]:
    """The text before the first keycap, and the keycaps, each with the text behind it."""
    before, *pieces = _KEYCAP.split(_JOINED_SELECTOR.sub("", text))
    return before, [_keycap(sign, behind) for sign, behind in zip(pieces[::2], pieces[1::2], strict=True)]


def _keycap(sign: str, behind: str) -> etree._Element:
    keycap = etree.Element(xhtml.tag("span"), {"style": _STYLE})
    keycap.text, keycap.tail = f"{sign}\u20e3", behind
    return keycap
