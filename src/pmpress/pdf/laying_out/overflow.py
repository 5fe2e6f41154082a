"""What sticks out of the page area, seen once a sheet is laid out, and told to the author."""

from __future__ import annotations

import math
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias
from xml.etree.ElementTree import Element

from weasyprint.formatting_structure import boxes

from pmpress.diagnostics import Diagnostic, Span, warning
from pmpress.pdf.facts import PT, Overflow
from pmpress.pdf.places import place_near
from pmpress.pdf.typesetter.engine import Document
from pmpress.textplaces import BLOCK, PICTURE, own_text

_Box: TypeAlias = Any
_SLACK = 1.0  # CSS px
_MM = 25.4 / 72


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

    What its box clips does not count, nor what a style sheet positions absolutely, transforms, or hangs into the
    margin by a negative margin or indent.
    """
    found: list[Overflow] = []
    for number, page in enumerate(document.pages):
        box = page._page_box
        left, top = box.content_box_x(), box.content_box_y()
        look = _Look(_Rectangle(left, top, left + box.width, top + box.height))
        for child in box.children:
            if isinstance(child, boxes.FootnoteAreaBox) or child.element is not None:  # a margin box has no element
                look.into(child, 0, box, _EVERYWHERE, look.area)
        found += (Overflow(number, block, round(by * PT, 2), side) for (block, side), by in look.furthest.items())
    return tuple(found)


def tell(
    overflows: Iterable[Overflow], root: Element, told: Container[Element], span: Span | None
) -> Iterator[Diagnostic]:
    """Tell the author what sticks out of the pages laid out from the tree `root`, each block once, where it does most
    (`text-overflow`); but nothing of what is in a table that was `told`. `span` is the place to name if the tree does
    not know its own."""
    most: dict[int, Overflow] = {}
    for each in overflows:
        if each.block not in most or each.by > most[each.block].by:
            most[each.block] = each
    if not most:
        return
    known = {int(element.get(BLOCK, "0")): element for element in root.iter() if element.get(BLOCK)}
    silent = {inner for table in root.iter("table") if table in told for inner in table.iter()}
    for number, worst in most.items():
        block = known.get(number)
        if block in silent:
            continue
        side, by = ("foot" if worst.side == "bottom" else worst.side), f"{worst.by * _MM:.1f} mm"
        said, hint = _named(block)
        place = place_near(block, root) or span if block is not None else span
        yield warning("text-overflow", f"{said} sticks out of the page area by {by} at the {side}", place, hint)


def _named(block: Element | None) -> tuple[str, str]:
    """What to call what sticks out of a block, and what may be done about it."""
    if block is None:
        return "the title, or what the layout puts beside it,", "Make it shorter, or mend the layout."
    if any(text.strip(f"{PICTURE} \n") for _, _, text in own_text(block)):
        return "a line", "Put it in other words, or &shy; where a word may be broken."
    return "a picture", "Give it less room: {width=…}."


@dataclass(slots=True)
class _Look:
    """A look through a page: its area, and how far things stick out of it, by block and side."""

    area: _Rectangle
    furthest: dict[tuple[int, str], float] = field(default_factory=dict)

    def into(self, box: _Box, block: int, line: _Box, shown: _Rectangle, area: _Rectangle) -> None:
        """Look into a box that stands in a block and in a line, of which no more is shown than that, and which may
        fill that area."""
        if isinstance(box, (boxes.TextBox, boxes.ReplacedBox)):
            left, top, right, bottom = _extent(box, line)
            if left < area.left or right > area.right or top < area.top or bottom > area.bottom:
                self._compare(_Rectangle(left, top, right, bottom).within(shown), block, area)
        elif isinstance(box, boxes.Box):  # and no placeholder, for what is positioned absolutely
            if isinstance(box, boxes.LineBox):
                line = box
                if box.text_indent < 0:
                    area = _with_hung_line(area, box)
            elif not isinstance(box, boxes.InlineBox):
                if box.style["transform"]:
                    return
                if box.style["overflow"] != "visible":
                    shown = shown.within(_padding_box(box))
                area = _with_hung(area, box)
            if box.element is not None:
                block = int(box.element.get(BLOCK) or block)
            for child in box.children:
                self.into(child, block, line, shown, area)

    def _compare(self, shape: _Rectangle, block: int, area: _Rectangle) -> None:
        if shape.left >= shape.right or shape.top >= shape.bottom:
            return
        for side, by in (
            ("left", area.left - shape.left),
            ("right", shape.right - area.right),
            ("top", area.top - shape.top),
            ("bottom", shape.bottom - area.bottom),
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


def _with_hung(area: _Rectangle, box: _Box) -> _Rectangle:
    """The area, and how far a style sheet has what is in a box hang out of it."""
    margins = box.margin_left, box.margin_top, box.margin_right, box.margin_bottom
    if min(margins) >= 0:
        return area
    left, top, right, bottom = (min(0.0, margin) for margin in margins)
    return _Rectangle(area.left + left, area.top + top, area.right - right, area.bottom - bottom)


def _with_hung_line(area: _Rectangle, line: _Box) -> _Rectangle:
    """The area, and how far its negative indent has a paragraph's first line begin out of it."""
    if line.style["direction"] == "rtl":
        return area._replace(right=max(area.right, line.position_x + line.width - line.text_indent))
    return area._replace(left=min(area.left, line.position_x + line.text_indent))


def _padding_box(box: _Box) -> _Rectangle:
    left, top = box.padding_box_x(), box.padding_box_y()
    return _Rectangle(left, top, left + box.padding_width(), top + box.padding_height())
