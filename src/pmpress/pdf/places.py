"""From an element back to the lines it was written in."""

from __future__ import annotations

from lxml import etree

from pmpress import xhtml
from pmpress.diagnostics import Span


def place_of(element: etree._Element) -> Span | None:
    """Where an element was written, by the nearest source lines on it or around it."""
    for around in (element, *element.iterancestors()):
        file, _, lines = around.get(xhtml.SPAN, "").rpartition(":")
        first = lines.partition("-")[0]
        if file and first.isdecimal():
            return Span(file, int(first))
    return None
