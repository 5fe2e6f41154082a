"""A book and a layout → a PDF: the order of the steps."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from itertools import chain
from math import ceil
from typing import TypeAlias

from pmpress.cache import Cache
from pmpress.diagnostics import Diagnostic
from pmpress.layout import Layout
from pmpress.model import Book, Rendered
from pmpress.pdf.assemble import Assembly
from pmpress.pdf.dress import COUNT_OF_PAGES, Dress, dress
from pmpress.pdf.facts import Furnishing, Furniture, LaidOut
from pmpress.pdf.numbering import Pages, Placed, place, settle
from pmpress.pdf.sheets import Binder, Sheet
from pmpress.pdf.versions import version
from pmpress.pdf.work import furnish, lay_out_sheet
from pmpress.tasks import done

Progress: TypeAlias = Callable[[str, int, int], None]
"""Called with what is being done, how many pages of it are done, and about how many there are."""

_FIRST_GUESS = 2000
"""About how many characters of a sheet's XHTML make a page, before any has been laid out."""


@dataclass(frozen=True, slots=True)
class Means:
    """What a book is rendered with: who does the work, what was done before, and who is told."""

    executor: Executor
    cache: Cache
    progress: Progress


def render_book(book: Book, layout: Layout, means: Means) -> Rendered:
    """Lay out every sheet, settle the page numbers, draw the furniture, and join it all."""
    worn = dress(book, layout)
    binder = Binder(book, layout)
    assembly = Assembly(book, layout)
    before, after = list(binder.before_contents()), list(binder.after_contents())
    laid_out = _lay_out_all([*before, *after], worn, means, assembly)
    front, rest = laid_out[: len(before)], laid_out[len(before) :]
    if book.contents:
        pages, unsettled = settle(front, rest, binder.contents, lambda sheet: _lay_out(sheet, worn, means))
        contents = pages.placed[len(before)]
        assembly.take(contents.sheet.name, contents.laid_out.data)
    else:
        pages, unsettled = place(laid_out), ()
    means.progress("joining pages", 0, pages.count)
    page_map = pages.page_map()
    furniture = _furnish(pages, worn, means)
    data, unprinted = assembly.bind(pages, page_map, furniture)
    means.progress("joining pages", pages.count, pages.count)
    of_sheets = chain.from_iterable(_found(placed) for placed in pages.placed)
    of_furniture = chain.from_iterable(each.diagnostics for each in furniture)
    return Rendered(data, tuple(dict.fromkeys((*of_sheets, *unsettled, *of_furniture, *unprinted))), page_map)


def _found(placed: Placed) -> Iterator[Diagnostic]:
    # Every title in the contents is looked at where it stands.
    is_contents = placed.sheet.name == "contents"
    return (each for each in placed.laid_out.diagnostics if not (is_contents and each.code == "glyph-missing"))


def _lay_out_all(
    sheets: Sequence[Sheet], worn: Dress, means: Means, assembly: Assembly
) -> list[tuple[Sheet, LaidOut]]:
    """Lay the sheets out, the longest first, and hand each to the assembly as it comes."""
    order = sorted(range(len(sheets)), key=lambda number: -len(sheets[number].html))
    tasks = [(worn, sheets[number]) for number in order]
    laid_out: dict[int, LaidOut] = {}
    progress = _PageProgress(means.progress, sum(len(sheet.html) for sheet in sheets))
    for at, each in done(lay_out_sheet, LaidOut, tasks, means.executor, means.cache, version()):
        number = order[at]
        assembly.take(sheets[number].name, each.data)
        laid_out[number] = replace(each, data=b"")
        progress.add(len(sheets[number].html), len(each.facts.pages))
    return [(sheet, laid_out[number]) for number, sheet in enumerate(sheets)]


def _lay_out(sheet: Sheet, worn: Dress, means: Means) -> LaidOut:
    ((_, laid_out),) = done(lay_out_sheet, LaidOut, [(worn, sheet)], means.executor, means.cache, version())
    return laid_out


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


def _furnish(pages: Pages, worn: Dress, means: Means) -> list[Furniture]:
    """The furniture of every sheet, in reading order."""
    counted = pages.count if COUNT_OF_PAGES.search(worn.look.css) else 0
    tasks = [(worn, _furnishing(placed, pages, counted)) for placed in pages.placed]
    drawn = dict(done(furnish, Furniture, tasks, means.executor, means.cache, version()))
    return [drawn[number] for number in range(len(tasks))]


def _furnishing(placed: Placed, pages: Pages, counted: int) -> Furnishing:
    sheet = placed.sheet
    return Furnishing(
        strings=sheet.strings,
        starts=sheet.starts,
        pages=placed.laid_out.facts.pages,
        number=pages.number(placed.start),
        is_roman=placed.start < pages.body,
        count=counted,
    )
