"""From an element back to the lines it was written in."""

from __future__ import annotations

from xml.etree import ElementTree

from lxml import etree

from pmpress import xhtml
from pmpress.diagnostics import Span


def place_of(element: etree._Element) -> Span | None:
    """Where an element was written, by the nearest source lines on it or around it."""
    return next(filter(None, map(_span, (element, *element.iterancestors()))), None)


def place_in(element: ElementTree.Element) -> Span | None:
    """Where an element of the engine's tree was written, by the first source lines on it or in it."""
    return next(filter(None, map(_span, element.iter())), None)


def place_near(element: ElementTree.Element, root: ElementTree.Element) -> Span | None:
    """Where an element of the engine's tree was written, by the first source lines on it, in it or around it."""
    parents = {child: parent for parent in root.iter() for child in parent}
    found, around = place_in(element), element
    while found is None and around in parents:
        around = parents[around]
        found = _span(around)
    return found


def _span(element: etree._Element | ElementTree.Element) -> Span | None:
    file, _, lines = (element.get(xhtml.SPAN) or "").rpartition(":")
    first = lines.partition("-")[0]
    return Span(file, int(first)) if file and first.isdecimal() else None
