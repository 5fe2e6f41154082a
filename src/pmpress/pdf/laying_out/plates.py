"""Figures with a page of their own, made as large as it takes with their caption."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

from weasyprint.formatting_structure.boxes import FootnoteAreaBox, ReplacedBox

_Box: TypeAlias = Any
_CLASSES = frozenset({"full-page", "landscape"})
_FITTED = "data-fitted"
_SLACK = 1.0  # CSS px, lest a rounding turn the page


def fit(page: _Box) -> bool:
    """Have the picture of each such figure on a page fill what the rest of the figure leaves. Returns whether there is
    one that was not seen before."""
    changed = False
    for figure in _plates(page):
        pictures = [box for box in figure.descendants() if isinstance(box, ReplacedBox)]
        if len(pictures) != 1 or figure.element.get(_FITTED):
            continue
        (picture,) = pictures
        notes = sum(area.margin_height() for area in page.children if isinstance(area, FootnoteAreaBox))
        height = page.height - notes - (figure.margin_height() - picture.height) - _SLACK
        if not (picture.width > 0 and picture.height > 0 and height > 0):
            continue
        factor = min(figure.width / picture.width, height / picture.height)
        size = f"width: {picture.width * factor:.2f}px; height: {picture.height * factor:.2f}px"
        picture.element.set("style", f"{picture.element.get('style', '')}; {size}; max-height: none".lstrip("; "))
        figure.element.set(_FITTED, "yes")
        changed = True
    return changed


def _plates(box: _Box) -> Iterator[_Box]:
    """The figures in a box that have pages of their own: they stand in no line."""
    for child in getattr(box, "children", ()):
        if child.element_tag == "figure" and not _CLASSES.isdisjoint(child.element.get("class", "").split()):
            yield child
        elif hasattr(child, "children") and child.is_in_normal_flow():
            yield from _plates(child)
