"""Notes beside the text: each keeps to its page, stands below the one before, and covers nothing that is there already.

A layout that has a margin for them positions what has the class `margin-note` absolutely: beside its line. The engine
then lets one stand upon another, upon a wide table, or go on on the next page. As they take no room from the text,
moving them up and down moves nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias
from xml.etree.ElementTree import Element

from weasyprint.formatting_structure.boxes import LineBox, ReplacedBox, TableBox

from pmpress.pdf.typesetter.engine import Document

_Box: TypeAlias = Any
_CLASS = "margin-note"
_MOVED = "data-moved"
_APART = 8.0  # CSS px between two notes, and between a note and what reaches into the margin
_SLACK = 1.0
_AT_FOOT = 2.0  # left free at the end of the page: the engine gives a note that turns it more height than it has

_Span: TypeAlias = tuple[float, float]


@dataclass(slots=True)
class _Note:
    """A note on a page: its box, its margin at the top were it not moved, how high it is on all pages together, and
    where its top is to stand."""

    box: _Box
    margin: float
    height: float
    top: float


def settle(root: Element, document: Document) -> bool:
    """Have every note of a document stand where there is room for it, when it is laid out again from the tree `root`.
    Returns whether anything was changed."""
    if not any(_is_note(element) for element in root.iter()):
        return False
    changed = False
    for page, notes in _by_page(document):
        taken = sorted(_taken(page, notes[0].box))
        _place(notes, taken, page.content_box_y(), page.content_box_y() + page.height - _AT_FOOT)
        for note in notes:
            changed = _move(note) or changed
    return changed


def _is_note(element: Element) -> bool:
    return _CLASS in element.get("class", "").split()


def _by_page(document: Document) -> Iterator[tuple[_Box, list[_Note]]]:
    """The pages on which notes begin, and these in the order in which they stand in the text."""
    seen: dict[Element, _Note] = {}
    pages: dict[_Box, list[_Note]] = {}
    for page in document.pages:
        for box in page._page_box.descendants():
            if box.element is None or not _is_note(box.element) or not box.is_absolutely_positioned():
                continue
            if box.element in seen:  # it goes on from the page before
                seen[box.element].height += box.border_height()
                continue
            margin = box.margin_top - float(box.element.get(_MOVED, "0"))
            seen[box.element] = note = _Note(box, margin, box.border_height(), box.position_y + margin)
            pages.setdefault(page._page_box, []).append(note)
    yield from pages.items()


def _taken(box: _Box, note: _Box) -> Iterator[_Span]:
    """What reaches into the margin: from where to where down the page."""
    left, right = note.border_box_x(), note.border_box_x() + note.border_width()
    for child in getattr(box, "children", ()):
        if not hasattr(child, "is_in_normal_flow") or not child.is_in_normal_flow():
            continue
        lines = any(isinstance(line, LineBox) for line in getattr(child, "children", ()))
        if lines or isinstance(child, (TableBox, ReplacedBox)):
            start = child.border_box_x()
            if start < right and start + child.border_width() > left:
                yield child.border_box_y(), child.border_box_y() + child.border_height()
        else:
            yield from _taken(child, note)


def _place(notes: Sequence[_Note], taken: Iterable[_Span], head: float, foot: float) -> None:
    """Say where the tops of a page's notes are to stand: as low as each begins or lower, unless the page ends."""
    blocks = list(taken)
    free = head
    for note in notes:
        note.top = max(note.top, free)
        for start, end in blocks:
            if start - _APART < note.top + note.height and note.top < end + _APART:
                note.top = end + _APART
        free = note.top + note.height + _APART
    for note in reversed(notes):
        note.top = min(note.top, foot - note.height)
        for start, end in reversed(blocks):
            if start - _APART < note.top + note.height and note.top < end + _APART:
                note.top = start - _APART - note.height
        note.top = max(note.top, head)
        foot = note.top - _APART


def _move(note: _Note) -> bool:
    element = note.box.element
    by = note.top - note.margin - note.box.position_y
    if abs(by - float(element.get(_MOVED, "0"))) < _SLACK:
        return False
    element.set(_MOVED, f"{by:.2f}")
    element.set("style", f"margin-top: {note.margin + by:.2f}px")
    return True
