"""A book and a layout → a PDF: the order of the steps."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import TypeAlias

from pmpress.diagnostics import Span
from pmpress.layout import Layout
from pmpress.model import Book, Rendered
from pmpress.pdf.addresses import address
from pmpress.pdf.assemble import assemble
from pmpress.pdf.drawings import report
from pmpress.pdf.engine import Engine, dress
from pmpress.pdf.facts import LaidOut
from pmpress.pdf.for_print import Printable
from pmpress.pdf.furniture import draw_furniture
from pmpress.pdf.glyphs import coverage_of
from pmpress.pdf.lay_out import lay_out, where_used
from pmpress.pdf.numbering import Pages, place, settle
from pmpress.pdf.sheets import Binder, Sheet

Progress: TypeAlias = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is."""


def render_book(book: Book, layout: Layout, progress: Progress) -> Rendered:
    """Lay out every sheet, settle the page numbers, draw the furniture, and join it all."""
    engine = Engine(dress(book, layout))
    coverage = coverage_of(layout.fonts)
    binder = Binder(book, layout, Printable(coverage))
    before, after = list(binder.before_contents()), list(binder.after_contents())
    laid_out = list(_lay_out_all([*before, *after], engine, progress))
    front, rest = laid_out[: len(before)], laid_out[len(before) :]
    if book.contents:
        pages, unsettled = settle(front, rest, binder.contents, lambda sheet: lay_out(sheet, engine))
    else:
        pages, unsettled = place(laid_out), ()
    progress("joining pages", 0, pages.count)
    page_map = pages.page_map()
    furniture = draw_furniture(pages, engine, coverage)
    data, unprinted = assemble(book, pages, page_map, furniture)
    progress("joining pages", pages.count, pages.count)
    of_engine = (*engine.diagnostics, *report(engine.dress.lost, lambda name: _first_use(pages, name)))
    of_sheets = chain.from_iterable((*placed.sheet.found, *placed.laid_out.diagnostics) for placed in pages.placed)
    found = dict.fromkeys((*of_engine, *of_sheets, *unsettled, *furniture.diagnostics, *unprinted))
    return Rendered(data, tuple(found), page_map)


def _first_use(pages: Pages, name: str) -> Span | None:
    """Where the manuscript first uses an asset."""
    sheets = (placed.sheet for placed in pages.placed if f'"{address(name)}"' in placed.sheet.html)
    return next((where_used(sheet, name) for sheet in sheets), None)


def _lay_out_all(sheets: Sequence[Sheet], engine: Engine, progress: Progress) -> Iterator[tuple[Sheet, LaidOut]]:
    progress("laying out sheets", 0, len(sheets))
    for done, sheet in enumerate(sheets, start=1):
        yield sheet, lay_out(sheet, engine)
        progress("laying out sheets", done, len(sheets))
