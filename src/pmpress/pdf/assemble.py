"""The sheets joined into one PDF: pages, furniture, links, tags, outline, labels and what is said about the book.

Everything is written in reading order and nothing depends on a clock or a hash: the same sheets give the same bytes.
"""

from __future__ import annotations

from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf

from pmpress.diagnostics import Diagnostic
from pmpress.model import Book, PageMap
from pmpress.pdf.destinations import Destinations
from pmpress.pdf.furniture import Furniture
from pmpress.pdf.metadata import describe
from pmpress.pdf.numbering import Pages, Placed
from pmpress.pdf.outline import add_outline
from pmpress.pdf.overlay import Overlay
from pmpress.pdf.structure import Structure


def assemble(book: Book, pages: Pages, page_map: PageMap, furniture: Furniture) -> tuple[bytes, tuple[Diagnostic, ...]]:
    """Join the sheets at their places, with blank pages between them where a sheet begins on a recto.

    Returns the PDF and what was found wanting: links whose target is on no page.
    """
    pdf = Pdf.new()
    structure = Structure(pdf)
    overlay = Overlay(pdf, furniture)
    for placed in pages.placed:
        _add_pages(pdf, placed, structure)
    for page_index, page in enumerate(pdf.pages):
        overlay.lay_over(page, page_index)
    destinations = Destinations(pdf, book, pages, page_map)
    destinations.resolve_links()
    destinations.write()
    structure.write()
    add_outline(pdf, book, destinations)
    _label_pages(pdf, pages)
    describe(pdf, book)
    return _saved(pdf), tuple(destinations.diagnostics)


def _add_pages(pdf: Pdf, placed: Placed, structure: Structure) -> None:
    first = placed.laid_out.facts.pages[0]
    while len(pdf.pages) < placed.start:
        pdf.add_blank_page(page_size=(first.width, first.height))
    with Pdf.open(BytesIO(placed.laid_out.data)) as sheet:
        pdf.pages.extend(sheet.pages)
        structure.take_over(sheet, placed.start)


def _label_pages(pdf: Pdf, pages: Pages) -> None:
    """Page labels: roman up to the body, arabic from 1 after it. (ISO 32000-1, 12.4.2)"""
    ranges: list[object] = [0, Dictionary(S=Name.r)] if pages.body else []
    if pages.body < pages.count:
        ranges += [pages.body, Dictionary(S=Name.D)]
    pdf.Root.PageLabels = Dictionary(Nums=Array(ranges))


def _saved(pdf: Pdf) -> bytes:
    out = BytesIO()
    pdf.save(
        out,
        min_version="1.7",
        compress_streams=True,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        deterministic_id=True,
        fix_metadata_version=False,
    )
    return out.getvalue()
