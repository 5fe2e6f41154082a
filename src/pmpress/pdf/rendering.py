"""A book and a layout → a PDF: the order of the steps."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import chain
from math import ceil
from typing import TYPE_CHECKING, Any, TypeVar

from pmpress.diagnostics import Diagnostic
from pmpress.layout import Layout
from pmpress.model import Book, Edition, PageMap, Rendered
from pmpress.pdf.binding.boxes import turns
from pmpress.pdf.dress import COUNT_OF_PAGES, Dress, dress
from pmpress.pdf.facts import Furnishing, Furniture, LaidOut
from pmpress.pdf.numbering import Pages, Placed, only, place_known, settle, written
from pmpress.pdf.page_references import comes_late, says_pages, with_pages
from pmpress.pdf.sheets import Binder, Sheet
from pmpress.pdf.typesetter.fonts import use_only
from pmpress.pdf.versions import version
from pmpress.pdf.work import furnish, lay_out_sheet
from pmpress.tasks import Means, Progress, done, promised

if TYPE_CHECKING:
    from pmpress.pdf.binding.assemble import Assembly

T = TypeVar("T")

_FIRST_GUESS = 2000
"""About how many characters of a sheet's XHTML make a page, before any has been laid out."""


def render_book(book: Book, layout: Layout, edition: Edition, means: Means) -> Rendered:
    """Lay out every sheet, settle the page numbers, draw the furniture, and join it all."""
    use_only(layout.fonts)  # in this process first, which cleans up behind the workers
    worn = dress(book, layout, opaque=not edition.target.print.transparency)
    sheets = tuple(Binder(book, layout).sheets())

    @cache
    def assembly() -> Assembly:
        # What joins takes a while to import: that is time enough once the workers are busy.
        from pmpress.pdf.binding.assemble import Assembly

        return Assembly(book, layout, edition)

    laid_out = _lay_out_all(sheets, worn, means, assembly)
    orders = _Orders(worn, means)
    pages, unsettled = _settle(sheets, laid_out, layout.name, orders)
    for placed in pages.placed:
        if placed.laid_out.data:  # what has been laid out again
            assembly().take(placed.sheet.name, placed.laid_out.data)
    means.progress("joining pages", 0, pages.count)
    page_map = written(pages.page_map(), worn.digits)
    drawing = [orders.furnish(placed, pages) for placed in pages.placed]
    furniture = [drawn() for drawn in drawing]
    data, unprinted = assembly().bind(pages, page_map, furniture)
    means.progress("joining pages", pages.count, pages.count)
    of_sheets = chain.from_iterable(found_in(placed) for placed in pages.placed)
    of_furniture = chain.from_iterable(each.diagnostics for each in furniture)
    if edition.kind == "screen":
        page_map = only(page_map, pages.used)
    return Rendered(data, tuple(dict.fromkeys((*of_sheets, *unsettled, *of_furniture, *unprinted))), page_map)


def _settle(
    sheets: Sequence[Sheet], laid_out: Mapping[int, LaidOut], layout: str, orders: _Orders
) -> tuple[Pages, tuple[Diagnostic, ...]]:
    """Settle what says page numbers, while the furniture of all else is drawn: the body counts from 1, however long
    what stands before it turns out to be."""

    around = place_known(sheets, laid_out)
    settled = (each for each in around.placed if not says_pages(each.sheet) and each.side == each.sheet.starts)
    unfurnished = [] if orders.count_pages else list(settled)

    def lay_out(changed: Sequence[Sheet]) -> list[Callable[[], LaidOut]]:
        begun = [orders.lay_out(sheet) for sheet in changed]
        while unfurnished:
            orders.furnish(unfurnished.pop(0), around)
        return begun

    def saying(sheet: Sheet, page_map: PageMap) -> Sheet:
        return with_pages(sheet, written(page_map, orders.digits), layout)

    return settle(sheets, laid_out, saying, lay_out)


def found_in(placed: Placed) -> Iterator[Diagnostic]:
    """What was found while a sheet was laid out."""
    # Every title in a list is looked at where it stands.
    is_list = placed.sheet.is_list
    return (each for each in placed.laid_out.diagnostics if not (is_list and each.code == "glyph-missing"))


def _lay_out_all(
    sheets: Sequence[Sheet], worn: Dress, means: Means, assembly: Callable[[], Assembly]
) -> dict[int, LaidOut]:
    """Lay the sheets out, the longest first, and hand each to the assembly as it comes, but for those that will be laid
    out again, and those that come late."""
    order = sorted(
        (number for number, sheet in enumerate(sheets) if not comes_late(sheet)),
        key=lambda number: -len(sheets[number].html),
    )
    tasks = [(worn, sheets[number]) for number in order]
    laid_out: dict[int, LaidOut] = {}
    progress = _PageProgress(means.progress, sum(len(sheets[number].html) for number in order))
    for at, each in done(lay_out_sheet, LaidOut, tasks, means.executor, means.cache, version()):
        number = order[at]
        if not says_pages(sheets[number]):
            assembly().take(sheets[number].name, each.data)
        laid_out[number] = replace(each, data=b"")
        progress.add(len(sheets[number].html), len(each.facts.pages))
    return dict(sorted(laid_out.items()))


def furnishing_of(placed: Placed, pages: Pages, *, counts: bool) -> Furnishing:
    """What the furniture of a placed sheet depends on; `counts`: the layout prints the number of all pages."""
    return Furnishing(
        strings=placed.sheet.strings,
        starts=placed.sheet.starts,
        # What is on its side has its furniture where all pages have it.
        pages=tuple(
            replace(page, name="") if turns(page, pages.trim) else page for page in placed.laid_out.facts.pages
        ),
        number=pages.number(placed.start),
        is_roman=placed.start < pages.body,
        count=pages.count if counts else 0,
    )


class _PageProgress:
    """Tells how many pages are laid out, and, from how long these came out, about how many there will be."""

    def __init__(self, progress: Progress, length: int) -> None:
        self._progress = progress
        self._left = length
        self._done = 0
        self._pages = 0
        self._tell()

    def add(self, length: int, pages: int) -> None:
        self._done += length
        self._left -= length
        self._pages += pages
        self._tell()

    def _tell(self) -> None:
        a_page = self._done / self._pages if self._pages else _FIRST_GUESS
        self._progress("laying out pages", self._pages, self._pages + ceil(self._left / a_page))


class _Orders:
    """Work given out one by one. What was ordered is begun, and is not begun again."""

    def __init__(self, worn: Dress, means: Means) -> None:
        self.digits = worn.digits
        self.count_pages = bool(COUNT_OF_PAGES.search(worn.look.css))
        self._worn = worn
        self._means = means
        self._sheets: dict[Sheet, Callable[[], LaidOut]] = {}
        self._furniture: dict[Furnishing, Callable[[], Furniture]] = {}

    def lay_out(self, sheet: Sheet) -> Callable[[], LaidOut]:
        """Have a sheet laid out: gives what waits for it."""
        if sheet not in self._sheets:
            self._sheets[sheet] = self._promised(lay_out_sheet, LaidOut, sheet)
        return self._sheets[sheet]

    def furnish(self, placed: Placed, pages: Pages) -> Callable[[], Furniture]:
        """Have the furniture of a placed sheet drawn: gives what waits for it."""
        asked = furnishing_of(placed, pages, counts=self.count_pages)
        if asked not in self._furniture:
            self._furniture[asked] = self._promised(furnish, Furniture, asked)
        return self._furniture[asked]

    def _promised(self, work: Callable[[Dress, Any], T], kind: type[T], what: object) -> Callable[[], T]:
        return promised(work, kind, (self._worn, what), self._means.executor, self._means.cache, version())
