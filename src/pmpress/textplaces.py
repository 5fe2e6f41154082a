"""Places in a chapter's text that mean the same in its print and in its e-book: a block, and an offset in it.

A *block* is an element with a number of its own, `data-block` (`pmpress.features.blocks`); block 0 is the title, whose
element is the `body` that `pmpress.xhtml.parse` puts around it. A block's *own text* is what stands in it and in no
block inside it, in document order; what only one output shows (`data-for`) is left out.

An *offset* is a number of characters of the own text, not counting white space, soft hyphens, zero-width spaces and
word joiners: these come and go while lines are made, all others survive. A picture counts as one character, and so does
a formula, however each output shows it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import Literal, TypeAlias, TypeVar
from xml.etree import ElementTree

from lxml import etree

BLOCK = "data-block"
OUTPUT = "data-for"

PICTURE = "\ufffc"
"""The character that stands for a picture or a formula in the own text of a block."""

GAP = "\n"
"""What stands in the text of `Places` for a block inside it, for a line's end, and for what one output shows."""

UNSEEN = "\u00ad\u200b\u2060"

_UNSEEN = str.maketrans("", "", UNSEEN)
Place: TypeAlias = tuple[etree._Element, Literal["text", "tail"], int]
_Node = TypeVar("_Node", etree._Element, ElementTree.Element)


def counted(text: str) -> str:
    """The characters of a text that an offset counts."""
    return "".join(text.split()).translate(_UNSEEN)


def own_text(block: _Node) -> Iterator[tuple[_Node, _Node | None, str]]:
    """The pieces of a block's own text, empty ones too: the element each stands in, the child it follows (None for
    what stands before any child), and the piece. That of a picture or a formula is `PICTURE`."""
    yield block, None, block.text or ""
    for child in block:
        if child.get(BLOCK) is None and child.get(OUTPUT) is None:
            if is_picture(child):
                yield child, None, PICTURE
            else:
                yield from own_text(child)
        yield block, child, child.tail or ""


def is_picture(element: etree._Element | ElementTree.Element) -> bool:
    """Whether it is a picture or a formula, which counts as one character."""
    name = str(element.tag).rpartition("}")[2]
    return name == "img" or (name == "span" and (element.get("class") or "").startswith("math "))


class Places:
    """A block's own text, and where in its tree each character of it stands.

    It stays right for what stands before a place at which the tree is changed, so that places are best asked for from
    the last to the first. `text` is the own text with `GAP` where something stands between two pieces that is none of
    it; `counted` are the indices of the characters in it that an offset counts.
    """

    def __init__(self, block: etree._Element) -> None:
        pieces: list[str] = []
        self._block = block
        self._starts: list[int] = []
        self._holders: list[tuple[etree._Element, etree._Element | None]] = []
        length = 0
        for element, child, piece in own_text(block):
            if child is not None and _is_gap(child):
                pieces.append(GAP)
                length += len(GAP)
            self._starts.append(length)
            self._holders.append((element, child))
            pieces.append(piece)
            length += len(piece)
        self.text = "".join(pieces)
        self.counted = [index for index, character in enumerate(self.text) if counted(character)]

    def at(self, offset: int) -> Place:
        """Where the character that an offset leads to stands: in `text` or `tail` of an element, before which index.

        Behind the last character it is the end of the own text; in a block without own text it is the block's start.
        """
        if offset < len(self.counted):
            return self._place(self.counted[offset])
        if not self.counted:
            return self._block, "text", 0
        holder = self._holders[bisect_right(self._starts, self.counted[-1]) - 1][0]
        if self.text[self.counted[-1]] == PICTURE and holder is not self._block and is_picture(holder):
            return holder, "tail", 0
        place = self._place(self.counted[-1])
        return place[0], place[1], len((place[0].text if place[1] == "text" else place[0].tail) or "")

    def behind(self, offset: int) -> Place:
        """The place right behind the character that stands before an offset, which is a letter."""
        element, where, index = self._place(self.counted[offset - 1])
        return element, where, index + 1

    def _place(self, index: int) -> Place:
        number = bisect_right(self._starts, index) - 1
        element, child = self._holders[number]
        if child is not None:
            return child, "tail", index - self._starts[number]
        if element is not self._block and is_picture(element):
            return _before(element)
        return element, "text", index - self._starts[number]


def place_in_text(block: etree._Element, offset: int) -> Place:
    """Where the character that an offset leads to stands, as `Places` says it."""
    return Places(block).at(offset)


def _is_gap(child: _Node) -> bool:
    name = str(child.tag).rpartition("}")[2]
    return child.get(BLOCK) is not None or child.get(OUTPUT) is not None or name == "br"


def _before(element: etree._Element) -> Place:
    """The place right before an element, which is not the outermost."""
    sibling, parent = element.getprevious(), element.getparent()
    if sibling is not None:
        return sibling, "tail", len(sibling.tail or "")
    assert parent is not None
    return parent, "text", len(parent.text or "")
