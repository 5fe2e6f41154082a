"""Blocks: each has a number, by which its place in the text is known in every output."""

from __future__ import annotations

from lxml import etree

from pmpress import xhtml
from pmpress.features.galley import Galley
from pmpress.model import Registry
from pmpress.textplaces import BLOCK

# Whatever may hold text and is laid out as a block; rows and groups of rows hold cells only.
_NAMES = frozenset({
    "article", "aside", "blockquote", "caption", "dd", "details", "div", "dl", "dt", "figcaption", "figure",
    "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "section", "summary", "table", "td", "th",
    "ul",
})  # fmt: skip


def resolve(galley: Galley, registry: Registry) -> None:
    """Number the chapter's blocks from 1, in reading order: `data-block="N"`. The title is block 0 without saying so.

    Works behind whatever makes or moves blocks.
    """
    blocks = filter(_is_block, galley.body.iter(etree.Element))
    for number, block in enumerate(blocks, start=1):
        block.set(BLOCK, str(number))


def _is_block(element: etree._Element) -> bool:
    return xhtml.local(element) in _NAMES or _breaks_a_line(element)


def _breaks_a_line(element: etree._Element) -> bool:
    """Whether it is a formula that is set as a block inside a line, as one between emphasised words is."""
    parent = element.getparent()
    is_display = element.get("class", "").startswith("math display")
    return is_display and (parent is None or parent.get("class") != "equation")
