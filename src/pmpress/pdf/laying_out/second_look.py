"""What only shows once a sheet is laid out, and is mended by laying it out again.

How large a figure with a page of its own may be depends on how its caption falls (`plates`), and where a note in
the margin finds room on what stands beside it (`margin_notes`).

The engine lets tables wider than the page and notes longer than it run out of the paper, and puts a note on the page
after its reference where it could as well have moved the last paragraph there.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator, Sequence
from typing import Any, TypeAlias
from xml.etree import ElementTree

from weasyprint.formatting_structure.boxes import FootnoteAreaBox, LineBox, TableBox

from pmpress.diagnostics import Diagnostic, Span, note, warning
from pmpress.pdf.laying_out import margin_notes, plates
from pmpress.pdf.places import place_in
from pmpress.pdf.typesetter.engine import Document

Box: TypeAlias = Any

WIDE = "table.wide { overflow-wrap: anywhere }"
"""CSS that lets any table fit: its words may be broken anywhere."""

_SLACK = 1.0


def mend(root: ElementTree.Element, document: Document, span: Span | None) -> list[Diagnostic] | None:
    """Change the tree that a document was laid out from, so that laid out again it keeps to its pages.

    `span` is the place to name if the tree does not know its own. Returns what the author should know of, or None if
    there is nothing to change.
    """
    found: list[Diagnostic] | None = None
    placed: set[ElementTree.Element] = set()
    for page in document.pages:
        box = page._page_box
        for table in _wide_tables(box):
            if "wide" not in table.get("class", "").split():
                table.set("class", f"{table.get('class', '')} wide".strip())
                found = found or []
        if plates.fit(box):
            found = found or []
        for long in _long_notes(box):
            _move_to_end(root, long)
            said = "a note is longer than a page: it stands at the end of its chapter"
            found = [*(found or []), note("note-too-long", said, place_in(long) or span)]
        placed.update(each.element for area in _note_areas(box) for each in area.children)
        if _loses_notes(box, placed) and _hold_together(_last_lines(box.children[0])):
            found = found or []
    if margin_notes.settle(root, document):
        found = found or []
    return found


def wide_tables(document: Document) -> Collection[ElementTree.Element]:
    """The tables that stick out of the page."""
    return dict.fromkeys(table for page in document.pages for table in _wide_tables(page._page_box))


def tell_tables(tables: Iterable[ElementTree.Element], span: Span | None) -> Iterator[Diagnostic]:
    """Tell the author of tables that stick out of the page whatever is done."""
    for table in tables:
        hint = "Give it fewer columns, or turn it round."
        yield warning("table-too-wide", "a table is wider than the page", place_in(table) or span, hint)


def _wide_tables(page: Box) -> Iterator[ElementTree.Element]:
    left, right = page.content_box_x() - _SLACK, page.content_box_x() + page.width + _SLACK
    for table in page.descendants():
        if isinstance(table, TableBox) and table.element is not None:
            start = table.border_box_x()
            if start < left or start + table.border_width() > right:
                yield table.element


def _long_notes(page: Box) -> Iterator[ElementTree.Element]:
    for area in _note_areas(page):
        if area.position_y < page.content_box_y() - _SLACK:
            yield max(area.children, key=lambda each: float(each.margin_height())).element


def _move_to_end(root: ElementTree.Element, element: ElementTree.Element) -> None:
    """Set a note at the end of its chapter, in the text."""
    parents = {child: parent for parent in root.iter() for child in parent}
    parent = parents[element]
    place = list(parent).index(element)
    if place:
        parent[place - 1].tail = (parent[place - 1].tail or "") + (element.tail or "")
    else:
        parent.text = (parent.text or "") + (element.tail or "")
    parent.remove(element)
    element.tail = None
    element.set("class", "endnote")
    (chapter,) = root.findall("./body/*")
    chapter.append(element)


def _loses_notes(page: Box, placed: Container[ElementTree.Element]) -> bool:
    """Whether a note that is referred to on the page is neither on it nor on one before, as a repeated header's is."""
    return any(box.footnote.element not in placed for box in page.descendants() if box.footnote)


def _hold_together(lines: Sequence[Box]) -> bool:
    """Ask for more lines of the page's last paragraph to stand on it than do: the whole paragraph will move over.

    Returns whether anything was changed.
    """
    element: ElementTree.Element | None = lines[0].element if lines else None
    asked = f"orphans: {len(lines) + 1}"
    if element is None or asked in element.get("style", ""):
        return False
    element.set("style", f"{element.get('style', '')}; {asked}".lstrip("; "))
    return True


def _last_lines(box: Box) -> Sequence[Box]:
    """The lines of the last paragraph in a box; none if a table stands last."""
    for child in reversed(getattr(box, "children", ())):
        if isinstance(child, LineBox):
            return tuple(box.children)
        if isinstance(child, TableBox):
            return ()
        if lines := _last_lines(child):
            return lines
    return ()


def _note_areas(page: Box) -> Iterator[Box]:
    return (box for box in page.children if isinstance(box, FootnoteAreaBox))
