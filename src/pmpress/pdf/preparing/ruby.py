"""Readings over words (`ruby`), which the engine does not know: each made a box that the style sheet sets one over."""

from __future__ import annotations

from lxml import etree

from pmpress import xhtml


def set_over(body: etree._Element) -> None:
    """Put each reading, with the letters that it is for, into a span of the class `ruby`; the brackets for readers who
    cannot show it go."""
    for ruby in xhtml.elements(body, "ruby"):
        for bracket in xhtml.elements(ruby, "rp"):
            xhtml.remove(bracket)
        for base in xhtml.elements(ruby, "rb"):
            xhtml.unwrap(base)
        waiting, (letters, ruby.text) = list(ruby), (ruby.text, None)
        box = _box(letters)
        for child in waiting:
            box.append(child)
            if xhtml.local(child) == "rt":
                ruby.append(box)
                letters, child.tail = child.tail, None
                box = _box(letters)
        if len(box) or box.text:
            ruby.append(box)
            box.attrib.pop("class")
        ruby.tag = xhtml.tag("span")


def _box(letters: str | None) -> etree._Element:
    box = etree.Element(xhtml.tag("span"), {"class": "ruby"})
    box.text = (letters or "").strip() or None
    return box
