"""Where on a sheet's pages the text of each block stands: what leads from a point of a page back to the manuscript."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

from weasyprint.formatting_structure import boxes

from pmpress.pdf.facts import PT, Spot
from pmpress.pdf.typesetter.engine import Document
from pmpress.textplaces import BLOCK

_Box: TypeAlias = Any


def spots(document: Document) -> tuple[Spot, ...]:
    """The areas of lines and pictures on all pages, one for each box that holds lines. What stands in no block is
    left out: the title, and what a template puts in."""
    return tuple(
        spot
        for number, page in enumerate(document.pages)
        for child in page._page_box.children
        for spot in _spots(child, 0, number, page.height)
    )


def _spots(box: _Box, block: int, page: int, height: float) -> Iterator[Spot]:
    if not isinstance(box, boxes.Box):  # but a placeholder, for what is positioned absolutely
        return
    if box.element is not None:
        block = int(box.element.get(BLOCK) or block)
    children = getattr(box, "children", ())
    if isinstance(box, boxes.ReplacedBox) or (children and isinstance(children[0], boxes.LineBox)):
        if block:
            left, top = box.border_box_x(), box.border_box_y()
            right, bottom = left + box.border_width(), top + box.border_height()
            sides = (left * PT, (height - bottom) * PT, right * PT, (height - top) * PT)
            yield Spot(page, block, *(round(side, 1) for side in sides))
        return
    for child in children:
        yield from _spots(child, block, page, height)
