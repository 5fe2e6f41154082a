"""What sticks out of the page area, seen once a sheet is laid out."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

from weasyprint.formatting_structure import boxes

from pmpress.pdf.engine import Document
from pmpress.pdf.facts import PT, Overflow
from pmpress.textplaces import BLOCK

_Box: TypeAlias = Any
_SLACK = 1.0  # CSS px


class _Rectangle(NamedTuple):
    """Where something is on a page, in CSS px from the page's left and top edge."""

    left: float
    top: float
    right: float
    bottom: float

    def within(self, other: _Rectangle) -> _Rectangle:
        """What of it is in another; the wrong way round if nothing is."""
        return _Rectangle(
            max(self.left, other.left),
            max(self.top, other.top),
            min(self.right, other.right),
            min(self.bottom, other.bottom),
        )


_EVERYWHERE = _Rectangle(-math.inf, -math.inf, math.inf, math.inf)


def sticking_out(document: Document) -> tuple[Overflow, ...]:
    """The text and the pictures that stick out of their page's area by more than 1 px, its notes' included: for each
    page, block and side how far they do.

    What its box clips does not count, nor what a style sheet positions absolutely or transforms.
    """
    found: list[Overflow] = []
    for number, page in enumerate(document.pages):
        box = page._page_box
        left, top = box.content_box_x(), box.content_box_y()
        look = _Look(_Rectangle(left, top, left + box.width, top + box.height))
        for child in box.children:
            if isinstance(child, boxes.FootnoteAreaBox) or child.element is not None:  # a margin box has no element
                look.into(child, 0, box, _EVERYWHERE)
        found += (Overflow(number, block, round(by * PT, 2), side) for (block, side), by in look.furthest.items())
    return tuple(found)


@dataclass(slots=True)
class _Look:
    """A look through a page: its area, and how far things stick out of it, by block and side."""

    area: _Rectangle
    furthest: dict[tuple[int, str], float] = field(default_factory=dict)

    def into(self, box: _Box, block: int, line: _Box, shown: _Rectangle) -> None:
        """Look into a box that stands in a block and in a line, and of which no more is shown than that."""
        if isinstance(box, (boxes.TextBox, boxes.ReplacedBox)):
            left, top, right, bottom = _extent(box, line)
            area = self.area
            if left < area.left or right > area.right or top < area.top or bottom > area.bottom:
                self._compare(_Rectangle(left, top, right, bottom).within(shown), block)
        elif isinstance(box, boxes.Box):  # and no placeholder, for what is positioned absolutely
            if isinstance(box, boxes.LineBox):
                line = box
            elif not isinstance(box, boxes.InlineBox):
                if box.style["transform"]:
                    return
                if box.style["overflow"] != "visible":
                    shown = shown.within(_padding_box(box))
            if box.element is not None:
                block = int(box.element.get(BLOCK) or block)
            for child in box.children:
                self.into(child, block, line, shown)

    def _compare(self, shape: _Rectangle, block: int) -> None:
        if shape.left >= shape.right or shape.top >= shape.bottom:
            return
        for side, by in (
            ("left", self.area.left - shape.left),
            ("right", shape.right - self.area.right),
            ("top", self.area.top - shape.top),
            ("bottom", shape.bottom - self.area.bottom),
        ):
            if by > max(_SLACK, self.furthest.get((block, side), 0)):
                self.furthest[block, side] = by


def _extent(box: _Box, line: _Box) -> tuple[float, float, float, float]:
    """The edges of a picture, or of a text as high as its line: a font's own height has room that nothing fills."""
    if isinstance(box, boxes.TextBox):
        left, top, height = box.position_x, line.position_y, line.height
    else:
        left, top, height = box.content_box_x(), box.content_box_y(), box.height
    return left, top, left + box.width, top + height


def _padding_box(box: _Box) -> _Rectangle:
    left, top = box.padding_box_x(), box.padding_box_y()
    return _Rectangle(left, top, left + box.padding_width(), top + box.padding_height())
