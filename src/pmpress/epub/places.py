"""From an element back to the lines it was written in."""

from __future__ import annotations

from lxml import etree

from pmpress.diagnostics import Span
from pmpress.xhtml import SPAN


def place_of(element: etree._Element) -> Span | None:
    """Where in the sources the element's block was written (`data-src="file:first-last"`)."""
    blocks = (block.get(SPAN) for block in (element, *element.iterancestors()))
    file, _, lines = next(filter(None, blocks), "").rpartition(":")
    first = lines.partition("-")[0]
    return Span(file, int(first) if first.isdigit() else 0) if file else None
