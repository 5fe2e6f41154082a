"""Footnotes: numbered from 1 in each chapter, in the order of their first references."""

from __future__ import annotations

from lxml import etree

from pmpress import xhtml
from pmpress.features.galley import Galley


def collect(galley: Galley) -> None:
    """Number references and notes anew and put the notes in that order.

    What was one file may have become several chapters, and several files one chapter, so the numbers that the text
    came with need not hold.
    """
    bodies = {str(body.get("id")): body for body in galley.body.iter(xhtml.tag("aside")) if _is(body, "footnote")}
    order: dict[str, int] = {}
    for root in galley.roots:
        for reference in root.iter(xhtml.tag("a")):
            name = str(reference.get("href", "")).removeprefix("#")
            if _is(reference, "noteref") and name in bodies:
                reference.text = str(order.setdefault(name, len(order) + 1))
    for name, number in order.items():
        body = bodies[name]
        body.set("data-number", str(number))
        parent = body.getparent()
        if parent is not None:
            parent.append(body)


def _is(element: etree._Element, word: str) -> bool:
    return element.get(xhtml.EPUB_TYPE) == word
