"""Sheets that say page numbers: contents, lists, the index, "see page 12" (see `pmpress.folios`)."""

from __future__ import annotations

from dataclasses import replace

from pmpress import xhtml
from pmpress.folios import PAGE_OF, say_pages
from pmpress.model import PageMap
from pmpress.pdf.sheets import Sheet, body_of


def says_pages(sheet: Sheet) -> bool:
    """Whether the sheet's text says page numbers."""
    return f'{PAGE_OF}="' in sheet.html


def comes_late(sheet: Sheet) -> bool:
    """Whether a sheet is laid out only when there is a first count of pages."""
    return sheet.waits and says_pages(sheet)


def with_pages(sheet: Sheet, page_map: PageMap, layout: str) -> Sheet:
    """The sheet as it reads if the book falls as in `page_map`; a page that is not known yet is 0. `layout` is the name
    of what gave the sheet's text."""
    body = body_of(sheet.html, layout, sheet.template)
    say_pages(body, page_map)
    return replace(sheet, html=xhtml.serialise(body))
