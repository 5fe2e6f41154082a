"""The marks at which printed pages begin, put into the text of a page of the e-book.

A mark stands right where the page begins, but never in a word: one that the print divides belongs to the page on which
it begins. Where a page begins with a paragraph, an item or a cell, the mark is the first thing in it, since one between
two paragraphs would keep the second from being dressed as the one that follows; where it begins with anything else the
mark stands before that, so that no heading is read out with a number in it. (EPUB 3.3, *Page-list nav*; DPUB-ARIA 1.1,
doc-pagebreak)
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections.abc import Iterable

from lxml import etree

from pmpress.epub.packaging.page_list import PageBreak
from pmpress.textplaces import BLOCK, UNSEEN, Place, Places, counted, own_text
from pmpress.xhtml import EPUB_TYPE, local, tag

# What a mark may be the first thing in.
_OPENED = frozenset({"p", "li", "dd", "dt", "td", "th", "caption", "figcaption", "summary"})
# What holds nothing but blocks of its own kind.
_CLOSED = frozenset({"ul", "ol", "dl", "table", "thead", "tbody", "tfoot", "tr"})
_GROUPS = frozenset({"section", "article", "div", "header"})
_IN_WORD = f"_'’-\u2010{UNSEEN}"
_CLOSING = ".,;:!?'\"…)]}"
# Thai, Lao, Burmese and Khmer, which as Chinese and Japanese have no spaces between words.
_UNSPACED = ((0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF))


def mark_pages(body: etree._Element, breaks: Iterable[PageBreak]) -> None:
    """Put a mark where each page begins. The tree still has the model's blocks, with what is for print only."""
    blocks = {int(block.get(BLOCK, "")): block for block in body.iter(etree.Element) if block.get(BLOCK)}
    words: dict[int, _Words] = {}
    for each in reversed(tuple(breaks)):
        mark = etree.Element(tag("span"), {EPUB_TYPE: "pagebreak", "id": each.id, "aria-label": each.folio})
        block = blocks.get(each.block)
        if block is None:
            _insert((body[0] if len(body) and local(body[0]) in _GROUPS else body, "text", 0), mark)
            continue
        if each.block not in words:
            words[each.block] = _Words(block)
        known = words[each.block]
        _insert(known.place(each.offset) if each.offset or known.has_block_before else _start(block), mark)


class _Words:
    """The own text of a block as words, between which a page may be marked. `has_block_before`: it does not begin the
    block, but stands behind another one in it."""

    def __init__(self, block: etree._Element) -> None:
        self._block = block
        self._own = Places(block)
        inner = next((each for each in block if each.get(BLOCK) is not None), None)
        self.has_block_before = inner is not None and not _has_text_before(block, inner) and bool(self._own.counted)

    def place(self, offset: int) -> Place:
        """The place between two words that is nearest to an offset, or behind it."""
        end = self._end_of_word(offset)
        if end > offset:
            return self._own.behind(end)
        return self._before_line(self._out_of(self._own.at(offset)))

    def _end_of_word(self, offset: int) -> int:
        """The offset at the end of the word, and of the signs right behind it, that another one stands in."""
        text, places = self._own.text, self._own.counted
        if not 0 < offset < len(places):
            return offset
        before = place = places[offset]
        while before and text[before - 1] in UNSEEN:
            before -= 1
        if not (before and _is_of_word(text[before - 1]) and _is_letter(text[place])):
            return offset
        while place < len(text) and _is_of_word(text[place]):
            place += 1
        while place < len(text) and _closes(text[place]):
            place += 1
        return bisect_left(places, place)

    def _out_of(self, where: Place) -> Place:
        """The place before the elements that a place in a line is the beginning of: outside of a link, if can be."""
        holder, part, index = where
        while part == "text" and holder is not self._block and not counted((holder.text or "")[:index]):
            before, parent = holder.getprevious(), holder.getparent()
            if before is not None:
                holder, part, index = before, "tail", len(before.tail or "")
            elif parent is not None:
                holder, index = parent, len(parent.text or "")
        return holder, part, index

    def _before_line(self, where: Place) -> Place:
        """In code the place before the white space that a line begins with."""
        holder, part, index = where
        text = (holder.text if part == "text" else holder.tail) or ""
        start = len(text[:index].rstrip(" \t"))
        is_first = local(self._block) == "pre" and text[start - 1 : start] == "\n"
        return holder, part, start if is_first else index


def _has_text_before(block: etree._Element, inner: etree._Element) -> bool:
    """Whether own text of a block stands before a child of it."""
    for _, child, piece in own_text(block):
        if child is inner:
            return False
        if counted(piece):
            return True
    return False


def _is_of_word(character: str) -> bool:
    return character in _IN_WORD or _is_letter(character)


def _is_letter(character: str) -> bool:
    """Whether it is a letter or a digit of a script that has spaces between words."""
    if unicodedata.east_asian_width(character) in "WF" or any(a <= ord(character) <= b for a, b in _UNSPACED):
        return False
    return character.isalnum() or unicodedata.category(character).startswith("M")


def _closes(character: str) -> bool:
    return character in _CLOSING or unicodedata.category(character) in ("Pe", "Pf")


def _start(block: etree._Element) -> Place:
    """The place at which a block begins."""
    parent, before = block.getparent(), block.getprevious()
    if local(block) in _OPENED or parent is None or local(parent) in _CLOSED:
        return block, "text", 0
    return (parent, "text", len(parent.text or "")) if before is None else (before, "tail", len(before.tail or ""))


def _insert(where: Place, mark: etree._Element) -> None:
    holder, part, index = where
    if part == "text":
        text = holder.text or ""
        holder.text, mark.tail = text[:index] or None, text[index:] or None
        holder.insert(0, mark)
        return
    text, parent = holder.tail or "", holder.getparent()
    if parent is not None:
        holder.tail, mark.tail = text[:index] or None, text[index:] or None
        parent.insert(parent.index(holder) + 1, mark)
