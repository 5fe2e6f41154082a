"""The sheets joined into one PDF: pages, furniture, links, tags, outline, labels, fonts, and what is said of the book.

Sheets may come in any order. Nothing depends on it, on a clock or on a hash: the same sheets give the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf

from pmpress.diagnostics import Diagnostic
from pmpress.layout import Layout
from pmpress.model import Book, PageMap
from pmpress.pdf.destinations import Destinations
from pmpress.pdf.embedding import Typefaces
from pmpress.pdf.facts import Furniture
from pmpress.pdf.metadata import describe
from pmpress.pdf.numbering import Pages, Placed
from pmpress.pdf.outline import add_outline
from pmpress.pdf.overlay import Overlay
from pmpress.pdf.structure import SheetTags, Structure


class Assembly:
    """One PDF of many: `take` each sheet as it comes, then `bind` them."""

    def __init__(self, book: Book, layout: Layout) -> None:
        self._book = book
        self._pdf = Pdf.new()
        self._typefaces = Typefaces(self._pdf, layout.fonts)
        self._sheets: dict[str, Pdf] = {}

    def take(self, name: str, data: bytes) -> None:
        """Take a sheet in."""
        self._sheets[name] = Pdf.open(BytesIO(data))

    def _take_over(self, name: str) -> tuple[list[Object], SheetTags]:
        """The pages and the tags of a sheet, made the book's."""
        first = len(self._pdf.pages)
        with self._sheets.pop(name) as sheet:
            self._pdf.pages.extend(sheet.pages)
            tags = SheetTags(self._pdf.copy_foreign(sheet.Root.StructTreeRoot))
        return [page.obj for page in self._pdf.pages[first:]], tags

    def bind(
        self, pages: Pages, page_map: PageMap, furniture: Sequence[Furniture]
    ) -> tuple[bytes, tuple[Diagnostic, ...]]:
        """Put the sheets at their places, with blank pages between them where one begins on a recto.

        `furniture` is that of each sheet, in reading order. Returns the PDF and what was found wanting: links whose
        target is on no page.
        """
        pdf = self._pdf
        overlay = Overlay(pdf)
        structure = Structure(pdf)
        ordered: list[Object] = []
        for placed, drawn in zip(pages.placed, furniture, strict=True):
            own, tags = self._take_over(placed.sheet.name)
            ordered += self._blanks(placed, placed.start - len(ordered))
            ordered += own
            structure.take_over(tags, own)
            self._typefaces.take_over(own[0].Resources, placed.laid_out.fonts)
            if (resources := overlay.lay_over(own, drawn)) is not None:
                self._typefaces.take_over(resources, drawn.fonts)
        self._typefaces.write()
        _put_in_order(pdf, ordered)
        destinations = Destinations(pdf, ordered, self._book, pages, page_map)
        destinations.resolve_links()
        destinations.write()
        structure.write()
        add_outline(pdf, self._book, destinations)
        _label_pages(pdf, pages)
        describe(pdf, self._book)
        return _saved(pdf), tuple(destinations.diagnostics)

    def _blanks(self, placed: Placed, count: int) -> list[Object]:
        first = placed.laid_out.facts.pages[0]
        size = Array([0, 0, first.width, first.height])
        return [
            self._pdf.make_indirect(Dictionary(Type=Name.Page, MediaBox=size, Resources=Dictionary()))
            for _ in range(count)
        ]


def _put_in_order(pdf: Pdf, pages: Sequence[Object]) -> None:
    """Make these the pages of the PDF, in this order, in page tree nodes of a hundred. (ISO 32000-1, 7.7.3)"""
    root = pdf.Root.Pages
    nodes = []
    for start in range(0, len(pages), 100):
        kids = pages[start : start + 100]
        node = pdf.make_indirect(Dictionary(Type=Name.Pages, Parent=root, Count=len(kids), Kids=Array(kids)))
        for page in kids:
            page.Parent = node
        nodes.append(node)
    root.Kids, root.Count = Array(nodes), len(pages)


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
