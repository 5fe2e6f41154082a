"""Places in a chapter's text that mean the same in its print and in its e-book: a block, and an offset in it.

A *block* is an element with a number of its own, `data-block` (`pmpress.features.blocks`); block 0 is the title, whose
element is the `body` that `pmpress.xhtml.parse` puts around it. A block's *own text* is what stands in it and in no
block inside it, in document order; what only one output shows (`data-for`) is left out.

An *offset* is a number of characters of the own text, not counting white space, soft hyphens, zero-width spaces and
word joiners: these come and go while lines are made, all others survive. A picture counts as one character, and so does
a formula, however each output shows it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypeVar
from xml.etree import ElementTree

from lxml import etree

BLOCK = "data-block"
OUTPUT = "data-for"

PICTURE = "\ufffc"
"""The character that stands for a picture or a formula in the own text of a block."""

UNSEEN = "\u00ad\u200b\u2060"

_UNSEEN = str.maketrans("", "", UNSEEN)
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


def place_in_text(block: etree._Element, offset: int) -> tuple[etree._Element, Literal["text", "tail"], int]:
    """Where the character that an offset leads to stands: in `text` or `tail` of an element, before which index.

    Behind the last character it is the end of the own text; in a block without own text it is the block's start.
    """
    place: tuple[etree._Element, Literal["text", "tail"], int] = (block, "text", 0)
    for element, child, text in own_text(block):
        length = len(counted(text))
        index = _index(text, offset) if offset < length else len(text)
        if length:
            place = (element, "text", index) if child is None else (child, "tail", index)
            if child is None and element is not block and is_picture(element):
                place = _before(element) if offset < length else (element, "tail", 0)
        if offset < length:
            break
        offset -= length
    return place


def _before(element: etree._Element) -> tuple[etree._Element, Literal["text", "tail"], int]:
    """The place right before an element, which is not the outermost."""
    sibling, parent = element.getprevious(), element.getparent()
    if sibling is not None:
        return sibling, "tail", len(sibling.tail or "")
    assert parent is not None
    return parent, "text", len(parent.text or "")


def _index(text: str, offset: int) -> int:
    """The index in a text of the counted character before which `offset` others are counted."""
    indices = (index for index, character in enumerate(text) if counted(character))
    return next(index for count, index in enumerate(indices) if count == offset)
