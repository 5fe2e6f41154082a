"""The outline: the whole tree of titles beside the page (ISO 32000-1, 12.3.3)."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, field

from pikepdf import Dictionary, Name, Object, Pdf, String

from pmpress.model import Book, Entry
from pmpress.pdf.addresses import destination_name


@dataclass(slots=True)
class _Item:
    """A line of the outline, the lines below it, and whether those show when the book is opened."""

    line: Object
    below: list[_Item] = field(default_factory=list)
    is_open: bool = False

    @property
    def shown(self) -> int:
        """How many lines below it show once it is open."""
        return sum(1 + (item.shown if item.is_open else 0) for item in self.below)


def add_outline(pdf: Pdf, book: Book, anchors: Container[str]) -> None:
    """Write the outline from the book's contents, and have readers show it. Parts are open, chapters closed.

    `anchors` are those that are on a page; an entry that leads nowhere stays as a line without a target.
    """
    items = [_item(pdf, entry, anchors) for entry in book.contents]
    if not items:
        return
    root = pdf.make_indirect(Dictionary(Type=Name.Outlines))
    _link(root, items)
    root.Count = _Item(root, items).shown
    pdf.Root.Outlines = root
    pdf.Root.PageMode = Name.UseOutlines


def _item(pdf: Pdf, entry: Entry, anchors: Container[str]) -> _Item:
    title = f"{entry.number}  {entry.title}" if entry.number else entry.title
    line = pdf.make_indirect(Dictionary(Title=String(title)))
    if entry.anchor in anchors:
        line.Dest = String(destination_name(entry.anchor))
    item = _Item(line, [_item(pdf, below, anchors) for below in entry.entries], entry.kind == "part")
    if item.below:
        _link(line, item.below)
        line.Count = item.shown if item.is_open else -item.shown
    return item


def _link(parent: Object, items: Sequence[_Item]) -> None:
    """Tie lines to the one above them and to each other."""
    for place, item in enumerate(items):
        item.line.Parent = parent
        if place:
            item.line.Prev = items[place - 1].line
            items[place - 1].line.Next = item.line
    parent.First, parent.Last = items[0].line, items[-1].line
