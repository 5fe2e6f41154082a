"""Which page everything is on, and what the reader calls that page.

Sheets are counted, never laid out again for a number: only the contents, whose text is page numbers, is, until it says
where things are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pmpress.diagnostics import Diagnostic, warning
from pmpress.model import PageMap, TextPlace
from pmpress.numerals import roman
from pmpress.pdf.facts import LaidOut
from pmpress.pdf.sheets import Sheet

_ROUNDS = 5


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


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages of a whole book. `body` is the page_index of page 1: those before it are the front matter's."""

    placed: tuple[Placed, ...]
    body: int

    @property
    def count(self) -> int:
        """How many pages there are."""
        return self.placed[-1].end if self.placed else 0

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
        return PageMap(tuple(labels), anchors, tuple(starts))


def place(sheets: Sequence[tuple[Sheet, LaidOut]]) -> Pages:
    """Count the pages of the sheets, each beginning on the side it was laid out for: recto has an even page_index."""
    placed: list[Placed] = []
    body: int | None = None
    end = 0
    for sheet, laid_out in sheets:
        start = end + (end % 2 != (sheet.starts == "verso"))
        placed.append(Placed(sheet, laid_out, start))
        end = placed[-1].end
        if body is None and sheet.matter != "frontmatter":
            body = start
    return Pages(tuple(placed), end if body is None else body)


def settle(
    before: Sequence[tuple[Sheet, LaidOut]],
    after: Sequence[tuple[Sheet, LaidOut]],
    contents: Callable[[PageMap], Sheet],
    lay_out: Callable[[Sheet], LaidOut],
) -> tuple[Pages, tuple[Diagnostic, ...]]:
    """Lay the contents out between what stands before and after them, until they say where things are.

    Their length moves the front matter after them, so that it may take more than one round; five are enough for any
    contents that can be right at all. Beyond that they stay as they are, with a diagnostic `pages-unsettled`.
    """
    sheet = contents(place([*before, *after]).page_map())
    for _ in range(_ROUNDS):
        laid_out = lay_out(sheet)
        pages = place([*before, (sheet, laid_out), *after])
        true = contents(pages.page_map())
        if true.html == sheet.html:
            return pages, ()
        sheet = true
    hint = "A contents list that gets longer with one number and shorter with another: change a title in it."
    return pages, (
        warning("pages-unsettled", f"the page numbers in the contents still move after {_ROUNDS} rounds", hint=hint),
    )
