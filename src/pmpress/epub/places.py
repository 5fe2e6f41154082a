"""From an element or a picture back to the lines it was written in."""

from __future__ import annotations

from lxml import etree

from pmpress import xhtml
from pmpress.diagnostics import Span
from pmpress.model import Book
from pmpress.xhtml import SPAN


def place_of(element: etree._Element) -> Span | None:
    """Where in the sources the element's block was written (`data-src="file:first-last"`)."""
    blocks = (block.get(SPAN) for block in (element, *element.iterancestors()))
    file, _, lines = next(filter(None, blocks), "").rpartition(":")
    first = lines.partition("-")[0]
    return Span(file, int(first) if first.isdigit() else 0) if file else None


def place_of_picture(book: Book, name: str) -> Span | None:
    """Where in the book the picture of that name is shown first."""
    for chapter in book.chapters:
        if name in chapter.xhtml:
            for image in xhtml.elements(xhtml.parse(chapter.xhtml), "img"):
                if image.get("src") == name:
                    return place_of(image)
    return None
