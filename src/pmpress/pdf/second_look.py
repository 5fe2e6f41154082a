"""What only shows once a sheet is laid out, and is mended by laying it out again: tables wider than the page, and notes
longer than it. The engine would let both run out of the paper."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree
from weasyprint.formatting_structure.boxes import FootnoteAreaBox, TableBox

from pmpress import xhtml
from pmpress.diagnostics import Diagnostic, Span, note, warning
from pmpress.pdf.engine import Document
from pmpress.pdf.for_print import TABLE
from pmpress.pdf.notes import NOTE
from pmpress.pdf.places import place_of

WIDE = "table.wide { overflow-wrap: anywhere }"
"""CSS that lets any table fit: its words may be broken anywhere."""

_SLACK = 1.0


def mend(html: str, document: Document, span: Span | None) -> tuple[str, tuple[Diagnostic, ...]]:
    """A sheet's text, so changed that it fits on the pages it was laid out on, and what was changed.

    `span` is the place to name if the text does not know its own.
    """
    tables, notes = set(_wide_tables(document)), set(_long_notes(document))
    if not tables and not notes:
        return html, ()
    body = xhtml.parse(html)
    for table in xhtml.elements(body, "table"):
        if table.get(TABLE) in tables:
            table.set("class", f"{table.get('class', '')} wide".strip())
    found = [_move_to_end(body, element, span) for element in xhtml.elements(body, NOTE) if element.get("id") in notes]
    return xhtml.serialise(body), tuple(found)


def check_tables(html: str, document: Document) -> Iterator[Diagnostic]:
    """The tables that stick out of the page whatever is done."""
    wide = set(_wide_tables(document))
    for table in xhtml.elements(xhtml.parse(html), "table") if wide else ():
        if table.get(TABLE) in wide:
            hint = "Give it fewer columns, or turn it round."
            yield warning("table-too-wide", "a table is wider than the page", place_of(table), hint)


def _move_to_end(body: etree._Element, element: etree._Element, span: Span | None) -> Diagnostic:
    """Set a note at the end of its chapter, in the text."""
    span = place_of(element) or span
    chapter = body[0]
    xhtml.remove(element)
    element.tail = None
    element.set("class", "endnote")
    chapter.append(element)
    return note("note-too-long", "a note is longer than a page: it stands at the end of its chapter", span)


def _wide_tables(document: Document) -> Iterator[str]:
    for page in document.pages:
        box = page._page_box
        left, right = box.content_box_x() - _SLACK, box.content_box_x() + box.width + _SLACK
        for table in (inner for inner in box.descendants() if isinstance(inner, TableBox)):
            start = table.border_box_x()
            if table.element is not None and (start < left or start + table.border_width() > right):
                yield table.element.get(TABLE, "")


def _long_notes(document: Document) -> Iterator[str]:
    for page in document.pages:
        box: Any = page._page_box
        for area in box.children:
            if isinstance(area, FootnoteAreaBox) and area.position_y < box.content_box_y() - _SLACK:
                longest = max(area.children, key=lambda each: each.margin_height())
                yield longest.element.get("id", "")
