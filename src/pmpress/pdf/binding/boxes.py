"""A page on its paper: where its trim, its bleed and its text are (ISO 32000-1, 14.11.2).

A sheet is laid out with its trimmed page at 0, 0. Which page of the book that becomes, and how thick the book is, shows
only when it is bound: then the text block moves away from the spine, a page laid out on its side is turned, and bleed
and crop marks get their room. None of it lays anything out again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from pmpress.model import Direction, Edition
from pmpress.pdf.facts import PageFacts

Matrix: TypeAlias = tuple[float, float, float, float, float, float]
"""What makes a point of the page one of the paper: `a b c d e f` as in the operator `cm`."""

INCH = 72.0
GUTTERS = ((150, 0.375 * INCH), (300, 0.5 * INCH), (500, 0.625 * INCH), (700, 0.75 * INCH), (828, 0.875 * INCH))
"""The inner margin that a book of up to so many pages needs, where no target says otherwise."""
LEAST_OUTSIDE = 0.5 * INCH
"""How much of the outer margin stays whatever the gutter wants: a thumb's breadth."""
ROOM_FOR_MARKS = 24.0
"""How far the paper goes beyond the bleed where there are crop marks, in pt."""

_MARK = 18.0
_FROM_BLEED = 3.0
_SAME = 0.02  # pt: two lengths that are written in different units


@dataclass(frozen=True, slots=True)
class Rectangle:
    """An area of the paper, in pt from its left and bottom edge."""

    left: float
    bottom: float
    right: float
    top: float

    def widened(self, left: float, bottom: float, right: float, top: float) -> Rectangle:
        """The rectangle with so much more on each side."""
        return Rectangle(self.left - left, self.bottom - bottom, self.right + right, self.top + top)

    @property
    def sides(self) -> tuple[float, float, float, float]:
        """Left, bottom, right, top, as a PDF writes it: to the thousandth."""
        return round(self.left, 3), round(self.bottom, 3), round(self.right, 3), round(self.top, 3)


class Margins(NamedTuple):
    """What is between the text and the edges of the trimmed page, in pt; `inner` is at the spine."""

    head: float
    outer: float
    foot: float
    inner: float


@dataclass(frozen=True, slots=True)
class Boxes:
    """A page on its paper. `content` brings what was laid out to its place, `furniture` what is laid over it; `turned`
    is by how many degrees a reader turns the page, clockwise."""

    media: Rectangle
    bleed: Rectangle
    trim: Rectangle
    content: Matrix
    furniture: Matrix
    margins: Margins
    turned: int = 0


@dataclass(frozen=True, slots=True)
class Paper:
    """What the pages of a book are printed on: for an edition, read in a direction, of so many pages of a trim."""

    edition: Edition
    direction: Direction
    count: int
    trim: tuple[float, float]

    def boxes(self, page: PageFacts, page_index: int) -> Boxes:
        """A page of the book on its paper."""
        is_turned = turns(page, self.trim)
        is_ltr = self.direction == "ltr"
        width, height = (page.height, page.width) if is_turned else (page.width, page.height)
        head, right, foot, left = _as_bound(page, is_turned=is_turned, is_ltr=is_ltr)
        spine_is_left = (page_index % 2 == 0) == is_ltr
        inner, outer = (left, right) if spine_is_left else (right, left)
        move = self._move(inner, outer)

        paper, bleed, trim = self._cut(width, height, spine_is_left=spine_is_left)
        across = trim.left + (move if spine_is_left else -move)
        content: Matrix = (1, 0, 0, 1, across, trim.bottom)
        if is_turned:  # its head is at the left, or in a book read from right to left at the right
            content = (0, 1, -1, 0, across + width, trim.bottom) if is_ltr else (0, -1, 1, 0, across, trim.top)
        return Boxes(
            paper,
            bleed,
            trim,
            content,
            (1, 0, 0, 1, across, trim.bottom),
            Margins(head, outer - move, foot, inner + move),
            (90 if is_ltr else 270) if is_turned else 0,
        )

    @property
    def gutters(self) -> tuple[tuple[int, float], ...]:
        """The least inner margin up to a number of pages."""
        return self.edition.target.print.gutters or GUTTERS

    @property
    def gutter(self) -> float:
        """The least inner margin in a book of this many pages."""
        return next((inner for most, inner in self.gutters if self.count <= most), self.gutters[-1][1])

    def _move(self, inner: float, outer: float) -> float:
        """How far the text moves away from the spine: a thin book has the layout's margins."""
        if self.edition.kind != "book" or inner <= 0:
            return 0.0
        most = outer - max(LEAST_OUTSIDE, self.edition.target.print.outside)
        return max(0.0, min(self.gutter - self.gutters[0][1], most))

    def _cut(self, width: float, height: float, *, spine_is_left: bool) -> tuple[Rectangle, Rectangle, Rectangle]:
        """The paper, the bleed and the trim of a page of that size."""
        beyond = self.edition.bleed
        at_spine = beyond if self.edition.target.print.bleed_at_spine else 0.0
        left, right = (at_spine, beyond) if spine_is_left else (beyond, at_spine)
        room = ROOM_FOR_MARKS if self.edition.marks else 0.0
        x, y = left + room, beyond + room
        trim = Rectangle(x, y, x + width, y + height)
        bleed = trim.widened(left, beyond, right, beyond)
        return bleed.widened(room, room, room, room), bleed, trim


def turns(page: PageFacts, trim: tuple[float, float]) -> bool:
    """Whether a page has the trim of the book on its side."""
    width, height = trim
    swapped = abs(page.width - height) < _SAME and abs(page.height - width) < _SAME
    return swapped and abs(width - height) >= _SAME


def crop_marks(boxes: Boxes) -> bytes:
    """Lines outside the bleed that say where the paper is cut: the operators that draw them."""
    trim, bleed = boxes.trim, boxes.bleed
    lines = []
    for y in (trim.bottom, trim.top):
        for start, way in ((bleed.left - _FROM_BLEED, -1), (bleed.right + _FROM_BLEED, 1)):
            lines.append(f"{start:.3f} {y:.3f} m {start + way * _MARK:.3f} {y:.3f} l")
    for x in (trim.left, trim.right):
        for start, way in ((bleed.bottom - _FROM_BLEED, -1), (bleed.top + _FROM_BLEED, 1)):
            lines.append(f"{x:.3f} {start:.3f} m {x:.3f} {start + way * _MARK:.3f} l")
    return f"q 0.25 w 0 G {' '.join(lines)} S Q".encode()


def point(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    """Where a point of the page is on the paper."""
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _as_bound(page: PageFacts, *, is_turned: bool, is_ltr: bool) -> tuple[float, float, float, float]:
    """The margins at the top, right, bottom and left, as the page stands in the book."""
    top, right, bottom, left = page.margins
    if not is_turned:
        return page.margins
    return (right, bottom, left, top) if is_ltr else (left, top, right, bottom)
