"""Formulas, which are drawings in the line: their words are for the tags and never printed, whatever the fonts have."""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree

SIGN = "\uf8ff"
"""What the title of a formula's drawing begins with, so that the tags can say what it is (see `pmpress.pdf.tags`). It
is a character for private use, which is in no formula."""

_SVG = "{http://www.w3.org/2000/svg}"


def is_formula(element: etree._Element) -> bool:
    """Whether it is the drawing of a formula."""
    parent = element.getparent()
    return element.tag == f"{_SVG}svg" and parent is not None and parent.get("class", "").startswith("math ")


def take_titles(body: etree._Element) -> list[tuple[etree._Element, str]]:
    """Take the words out of all formulas, and return them with the elements they stood in."""
    titles = [svg.find(f"{_SVG}title") for svg in body.iter(f"{_SVG}svg") if is_formula(svg)]
    taken = [(title, title.text or "") for title in titles if title is not None]
    for title, _ in taken:
        title.text = None
    return taken


def give_back(titles: Iterable[tuple[etree._Element, str]]) -> None:
    """Put the words back, with the sign that they are a formula's."""
    for title, text in titles:
        title.text = f"{SIGN}{text}"
