"""Which page everything is on, and what the reader calls that page.

Sheets are counted, never laid out again for a number: only those whose text says page numbers are, until it says where
things are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil

from pmpress.diagnostics import Diagnostic, warning
from pmpress.model import PageMap, TextPlace
from pmpress.numerals import abjad, in_digits, roman
from pmpress.pdf.facts import LaidOut, PageFacts, Place, SheetFacts, Side
from pmpress.pdf.page_references import says_pages
from pmpress.pdf.sheets import Sheet

_ROUNDS = 5
_TAG = re.compile("<[^>]*>")


@dataclass(frozen=True, slots=True)
class Placed:
    """A laid out sheet at its place in the book: `start` is the page_index of its first page."""

    sheet: Sheet
    laid_out: LaidOut
    start: int

    @property
    def end(self) -> int:
        """The page_index after its last page."""
        return self.start + len(self.laid_out.facts.pages)

    @property
    def side(self) -> Side:
        """The side its first page stands on: recto has an even page_index."""
        return "verso" if self.start % 2 else "recto"


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages of a whole book. `body` is the page_index of page 1: those before it are the front matter's."""

    placed: tuple[Placed, ...]
    body: int

    @property
    def count(self) -> int:
        """How many pages there are."""
        return self.placed[-1].end if self.placed else 0

    @property
    def trim(self) -> tuple[float, float]:
        """The size of the book, in pt: that of its first page."""
        first = self.placed[0].laid_out.facts.pages[0]
        return first.width, first.height

    @property
    def used(self) -> tuple[int, ...]:
        """The page_index of every page that is not blank."""
        return tuple(
            page_index
            for placed in self.placed
            for page_index, page in enumerate(placed.laid_out.facts.pages, start=placed.start)
            if not page.is_blank
        )

    def number(self, page_index: int) -> int:
        """What is counted at a page: from 1 in the front matter, and again from 1 in the body."""
        return page_index + 1 if page_index < self.body else page_index - self.body + 1

    def page_map(self) -> PageMap:
        """The labels of all pages, roman before the body, the page_index of every anchor, and where pages begin."""
        labels = [roman(number) for number in range(1, self.body + 1)]
        labels += [str(number) for number in range(1, self.count - self.body + 1)]
        anchors = {
            anchor: placed.start + place.page
            for placed in self.placed
            for anchor, place in placed.laid_out.facts.anchors.items()
        }
        starts: list[TextPlace | None] = [None] * self.count
        for placed in self.placed:
            for page_index, begun in enumerate(placed.laid_out.facts.starts, start=placed.start):
                if begun is not None and placed.sheet.anchor:
                    starts[page_index] = TextPlace(placed.sheet.anchor, begun.block, begun.offset)
        leaves = {placed.sheet.template: placed.start for placed in self.placed if not placed.sheet.anchor}
        return PageMap(tuple(labels), anchors, tuple(starts), leaves)


def written(page_map: PageMap, digits: str) -> PageMap:
    """The page map with its labels in digits of another kind, and in letters where they are roman."""
    if digits == "western":
        return page_map
    labels = (
        in_digits(label, digits) if label.isdigit() else abjad(number)
        for number, label in enumerate(page_map.labels, start=1)
    )
    return replace(page_map, labels=tuple(labels))


def only(page_map: PageMap, shown: Sequence[int]) -> PageMap:
    """The page map of a file that has these pages and no others."""
    at = {page_index: place for place, page_index in enumerate(shown)}
    anchors, leaves = (
        {name: at[page_index] for name, page_index in places.items()} for places in (page_map.anchors, page_map.leaves)
    )
    labels = tuple(page_map.labels[each] for each in shown)
    return PageMap(labels, anchors, tuple(page_map.starts[each] for each in shown), leaves)


def place(sheets: Sequence[tuple[Sheet, LaidOut]]) -> Pages:
    """Count the pages of the sheets, each beginning on the side it was laid out for, or just on the next page. Where
    sheets follow one another like that, pages are counted from the first."""
    placed: list[Placed] = []
    body: int | None = None
    end = 0
    for sheet, laid_out in sheets:
        start = end + (not sheet.follows and end % 2 != (sheet.starts == "verso"))
        placed.append(Placed(sheet, laid_out, start))
        end = placed[-1].end
        if body is None and sheet.matter != "frontmatter":
            body = 0 if sheet.follows else start
    return Pages(tuple(placed), end if body is None else body)


def place_known(
    sheets: Sequence[Sheet], known: Mapping[int, LaidOut], shown: Mapping[int, Sheet] | None = None
) -> Pages:
    """Count the pages while some sheets, by their place in `sheets`, are not laid out yet, and guess at those. `shown`
    are sheets that read otherwise by now."""
    instead = shown or {}
    a_page = _letters_a_page(sheets, known) if len(known) < len(sheets) else 0
    return place(
        [
            (instead.get(number, sheet), known.get(number) or _guessed(sheet, a_page))
            for number, sheet in enumerate(sheets)
        ]
    )


def settle(
    sheets: Sequence[Sheet],
    laid_out: Mapping[int, LaidOut],
    saying: Callable[[Sheet, PageMap], Sheet],
    lay_out: Callable[[Sequence[Sheet]], Sequence[Callable[[], LaidOut]]],
) -> tuple[Pages, tuple[Diagnostic, ...]]:
    """Lay out again the sheets that say page numbers, until they say where things are, and those that turn out to begin
    on their other side.

    `laid_out` has each sheet by its place in `sheets`, but for those that are better not laid out before pages are
    known; `saying` gives a sheet as it reads with a page map, and `lay_out` begins to lay sheets out and gives what
    waits for each; it is handed the longest first. A sheet that gets longer moves what follows it, so that it may take
    more than one round; five are enough for any text that can be right at all. Beyond that it stays as it is, with a
    diagnostic `pages-unsettled`.
    """
    known = dict(laid_out)
    shown = {place: sheet for place, sheet in enumerate(sheets) if not says_pages(sheet)}
    for _ in range(_ROUNDS + 1):
        pages = place_known(sheets, known, shown)
        page_map = pages.page_map()
        turned = [_turned(sheet, placed) for sheet, placed in zip(sheets, pages.placed, strict=True)]
        now = [saying(sheet, page_map) if says_pages(sheet) else sheet for sheet in turned]
        changed = {place: sheet for place, sheet in enumerate(now) if shown.get(place) != sheet}
        if not changed:
            return pages, ()
        shown.update(changed)
        order = sorted(changed, key=lambda place: -len(changed[place].html))
        begun = lay_out([changed[place] for place in order])
        known.update((place, finish()) for place, finish in zip(order, begun, strict=True))
    names = ", ".join(sorted(sheet.strings.chapter_title for sheet in changed.values()))
    hint = "Something gets longer with one number and shorter with another: change its words a little."
    message = f"the page numbers in these still move after {_ROUNDS} rounds: {names}"
    return place_known(sheets, known, shown), (warning("pages-unsettled", message, hint=hint),)


def _turned(sheet: Sheet, placed: Placed) -> Sheet:
    """A sheet as it is to be laid out where it stands."""
    return replace(sheet, starts=placed.side) if sheet.follows else sheet


def _letters_a_page(sheets: Sequence[Sheet], known: Mapping[int, LaidOut]) -> float:
    pages = sum(len(laid_out.facts.pages) for laid_out in known.values())
    return sum(_letters(sheets[number]) for number in known) / pages if pages else 0


def _letters(sheet: Sheet) -> int:
    return len(_TAG.sub("", sheet.html))


def _guessed(sheet: Sheet, a_page: float) -> LaidOut:
    """A sheet before it is laid out, with as many pages as its letters fill elsewhere in the book. It mostly ends where
    it will, since what follows begins on a recto."""
    pages = max(1, ceil(_letters(sheet) / a_page)) if a_page else 1
    return LaidOut(
        b"", SheetFacts((PageFacts("", 0, 0),) * pages, {sheet.anchor: Place(0, 0, 0)} if sheet.anchor else {})
    )
