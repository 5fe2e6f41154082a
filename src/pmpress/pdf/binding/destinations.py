"""Links inside the book: where each leads, by name (ISO 32000-1, 12.3.2.3)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from pikepdf import Array, Dictionary, Name, Object, Pdf, String

from pmpress.diagnostics import Diagnostic, warning
from pmpress.model import Book, PageMap, Part
from pmpress.pdf.addresses import anchor_in, destination_name
from pmpress.pdf.binding.boxes import Boxes, point
from pmpress.pdf.facts import Place
from pmpress.pdf.numbering import Pages, Placed

_HEADROOM = 12.0
"""How many pt above its target a link brings the reader to."""


class Destinations:
    """The places of a book that links lead to; `paper` are its pages in order, each with its boxes.

    `diagnostics` names the anchors that links ask for and no page has.
    """

    def __init__(
        self, pdf: Pdf, paper: Sequence[tuple[Object, Boxes]], book: Book, pages: Pages, page_map: PageMap
    ) -> None:
        self.diagnostics: list[Diagnostic] = []
        self._pdf = pdf
        self._paper = paper
        self._page_map = page_map
        self._word = book.terms["page"]
        self._places: dict[str, tuple[Placed, Place]] = {
            anchor: (placed, place)
            for placed in pages.placed
            for anchor, place in placed.laid_out.facts.anchors.items()
        }
        self._titles = {anchor: title for anchor, title in _titles(book) if anchor in self._places}
        self._wanted = set(self._titles)

    def __contains__(self, anchor: object) -> bool:
        return anchor in self._places

    def resolve_links(self) -> None:
        """Make what the sheets wrote as links to book.invalid lead to their targets."""
        for page, _ in self._paper:
            for annotation in page.get("/Annots", ()):
                anchor = anchor_in(str(annotation.A.URI)) if "/A" in annotation and "/URI" in annotation.A else None
                if anchor is not None:
                    self._lead(annotation, self._nearest(anchor))

    def write(self) -> None:
        """Write the names of everything that is linked to, and of every heading, into the catalogue."""
        named = sorted((destination_name(anchor), anchor) for anchor in self._wanted)
        tree = Dictionary(
            Names=Array(chain.from_iterable((String(key), self._destination(anchor)) for key, anchor in named))
        )
        self._pdf.Root.Names = Dictionary(Dests=self._pdf.make_indirect(tree))

    def _lead(self, annotation: Object, anchor: str) -> None:
        if anchor in self._places:
            self._wanted.add(anchor)
        annotation.A = Dictionary(S=Name.GoTo, D=String(destination_name(anchor)))
        annotation.Contents = String(self._titles.get(anchor) or f"{self._word} {self._page_map.folio(anchor)}")

    def _nearest(self, anchor: str) -> str:
        """The anchor itself, or if it is on no page, because nothing is printed there, that of its chapter."""
        if anchor in self._places:
            return anchor
        chapter = anchor.partition("--")[0]
        self.diagnostics.append(
            warning("link-unprinted", f"nothing is printed at '{anchor}': the link leads to the chapter")
        )
        return chapter if chapter in self._places else next(iter(self._places), anchor)

    def _destination(self, anchor: str) -> Array:
        placed, place = self._places[anchor]
        page, boxes = self._paper[placed.start + place.page]
        _, top = point(boxes.content, place.left, place.bottom + _HEADROOM)
        top = boxes.trim.top if boxes.turned else min(top, boxes.trim.top)  # a page on its side is seen whole
        return Array([page, Name.XYZ, None, round(top, 2), None])


def _titles(book: Book) -> Iterator[tuple[str, str]]:
    for item in book.bodymatter:
        if isinstance(item, Part):
            yield item.slug, item.title
    for chapter in book.chapters:
        yield chapter.slug, chapter.title
        for heading in chapter.headings:
            yield f"{chapter.slug}--{heading.id}", heading.title
