"""The first letter of a chapter, in an element of its own: the engine floats none that `::first-letter` names.

That parts the letter from what it would be kerned with, so it is done only where a layout's template asks for it, by
the class `drop-caps` on the chapter.
"""

from __future__ import annotations

import re

from lxml import etree

from pmpress import xhtml

_FIRST = re.compile(r"\s*([\"'\u00a1\u00ab\u00bf\u2018-\u201f\u2039]*(\w))")
_INLINE = ("a", "b", "cite", "em", "i", "q", "span", "strong")
_LEAST = 180
"""How many characters a paragraph has at least that is as high as its first letter."""


def set_drop_caps(body: etree._Element) -> None:
    """Set the first letters of the chapters that ask for it apart. A chapter that opens with a figure, with a letter
    that is no capital, or with a paragraph of one line or two keeps its own."""
    for chapter in xhtml.elements(body, "section"):
        if "drop-caps" in chapter.get("class", "").split():
            opening = _opening(chapter)
            if opening is not None and len(xhtml.text_of(opening)) >= _LEAST:
                _set_apart(opening)


def _opening(chapter: etree._Element) -> etree._Element | None:
    """The paragraph right behind the title, or behind the motto that stands there."""
    behind = [child for child in chapter if child.tag != xhtml.tag("h1")][:2]
    if behind and "epigraph" in behind[0].get("class", "").split():
        behind = behind[1:]
    return behind[0] if behind and behind[0].tag == xhtml.tag("p") else None


def _set_apart(paragraph: etree._Element) -> None:
    inner = paragraph
    while not (inner.text or "").strip():
        if len(inner) == 0 or xhtml.local(inner[0]) not in _INLINE:
            return
        inner = inner[0]
    found = _FIRST.match(inner.text or "")
    if found and found[2].isupper():
        letter = etree.Element(xhtml.tag("span"), {"class": "drop-cap"})
        letter.text, letter.tail = found[1], (inner.text or "")[found.end() :]
        inner.text = None
        inner.insert(0, letter)
