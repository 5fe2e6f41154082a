"""The sheets joined into one PDF: pages, furniture, links, tags, outline, labels, fonts, and what is said of the book.

Sheets may come in any order. Nothing depends on it, on a clock or on a hash: the same sheets give the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from itertools import chain

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, String

from pmpress.diagnostics import Diagnostic
from pmpress.layout import Layout
from pmpress.model import Book, Edition, PageMap
from pmpress.pdf.asked import check
from pmpress.pdf.binding.boxes import Boxes, Paper
from pmpress.pdf.binding.destinations import Destinations
from pmpress.pdf.binding.embedding import Typefaces
from pmpress.pdf.binding.metadata import describe
from pmpress.pdf.binding.outline import add_outline
from pmpress.pdf.binding.overlay import Overlay, move_figures
from pmpress.pdf.binding.structure import SheetTags, Structure
from pmpress.pdf.facts import Furniture, PageFacts
from pmpress.pdf.laying_out.transparency import Transparency
from pmpress.pdf.numbering import Pages


class Assembly:
    """One PDF of many: `take` each sheet as it comes, then `bind` them."""

    def __init__(self, book: Book, layout: Layout, edition: Edition) -> None:
        self._book = book
        self._edition = edition
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
        """Put the sheets at their places, with blank pages between them where one begins on a recto; on a screen
        nothing is blank.

        `furniture` is that of each sheet, in reading order. Returns the PDF and what was found wanting: links whose
        target is on no page, and what the edition's target will not take.
        """
        pdf = self._pdf
        structure = Structure(pdf)
        paper = Paper(self._edition, self._book.metadata.direction, pages.count, pages.trim)
        ordered = self._put_on_paper(pages, furniture, structure, paper)
        self._typefaces.write()
        shown = pages.used if self._edition.kind == "screen" else range(pages.count)
        _put_in_order(pdf, [ordered[page_index][0] for page_index in shown])
        destinations = Destinations(pdf, ordered, self._book, pages, page_map)
        rules = self._edition.target.print
        if rules.annotations:
            destinations.resolve_links()
        if rules.annotations or rules.outline:
            destinations.write()
        if rules.tags:
            structure.write()
        if rules.outline:
            add_outline(pdf, self._book, destinations)
        if self._book.metadata.digits == "western":
            _label_pages(pdf, pages, shown)
        else:
            _name_pages(pdf, [page_map.labels[page_index] for page_index in shown])
        describe(pdf, self._book, rules)
        see_through: list[int] = []
        if not rules.transparency:
            looked = Transparency()
            see_through += (page_index for page_index, (page, _) in enumerate(ordered) if looked.shows(page))
        data = _saved(pdf)
        boxes = [box for _, box in ordered]
        refused = check(self._edition.target, pages, boxes, paper.gutter, see_through, len(data))
        return data, (*destinations.diagnostics, *refused)

    def _put_on_paper(
        self, pages: Pages, furniture: Sequence[Furniture], structure: Structure, paper: Paper
    ) -> list[tuple[Object, Boxes]]:
        """Every page of the book by its page_index, blank ones included, with its boxes."""
        overlay = Overlay(self._pdf)
        ordered: list[tuple[Object, Boxes]] = []
        for placed, drawn in zip(pages.placed, furniture, strict=True):
            facts = placed.laid_out.facts.pages
            own, tags = self._take_over(placed.sheet.name)
            blank = PageFacts("", facts[0].width, facts[0].height, is_blank=True)
            for page_index in range(len(ordered), placed.start):
                empty: Object = self._pdf.make_indirect(Dictionary(Type=Name.Page, Resources=Dictionary()))
                ordered.append((empty, paper.boxes(blank, page_index)))
                overlay.put(*ordered[-1])
            boxes = [paper.boxes(page, page_index) for page_index, page in enumerate(facts, start=placed.start)]
            structure.take_over(tags, own)
            move_figures(tags.figures, own, boxes)
            self._typefaces.take_over(own[0].Resources, placed.laid_out.fonts)
            if (resources := overlay.lay_over(own, boxes, drawn)) is not None:
                self._typefaces.take_over(resources, drawn.fonts)
            for page, box in zip(own, boxes, strict=True):
                self._finish(page, box)
            ordered += zip(own, boxes, strict=True)
        return ordered

    def _finish(self, page: Object, boxes: Boxes) -> None:
        """What the edition has, and has not, on a page."""
        rules = self._edition.target.print
        if self._edition.kind == "screen" and boxes.turned:
            page.Rotate = boxes.turned
        for key, wanted in (("/Annots", rules.annotations), ("/StructParents", rules.tags), ("/Tabs", rules.tags)):
            if not wanted and key in page:
                del page[key]


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


def _label_pages(pdf: Pdf, pages: Pages, shown: Sequence[int]) -> None:
    """Page labels: roman up to the body, arabic from 1 after it, whichever pages are shown. (ISO 32000-1, 12.4.2)"""
    ranges: list[object] = []
    following = None
    for place, page_index in enumerate(shown):
        style, number = (Name.r if page_index < pages.body else Name.D), pages.number(page_index)
        if (style, number) != following:
            ranges += [place, Dictionary(S=style) if number == 1 else Dictionary(S=style, St=number)]
        following = style, number + 1
    pdf.Root.PageLabels = Dictionary(Nums=Array(ranges))


def _name_pages(pdf: Pdf, labels: Sequence[str]) -> None:
    """Page labels in digits that PDF does not know: each a word of its own."""
    named = ((place, Dictionary(P=String(label))) for place, label in enumerate(labels))
    pdf.Root.PageLabels = Dictionary(Nums=Array(chain.from_iterable(named)))


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
