"""Stretches of text that run the other way than their paragraph, where they go over the borders of elements.

The engine has each text between two tags run as its own letters say, and sets these pieces in a row as the paragraph
runs: of an English title in an Arabic sentence, half of it in italics, the halves come in the wrong order. Here such a
stretch is put into an element of its own, with its direction said. (Unicode Standard Annex 9)
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate
from typing import Any, TypeAlias

from lxml import etree

from pmpress import xhtml
from pmpress.model import Direction

_INLINE = frozenset(
    {"a", "abbr", "b", "cite", "del", "dfn", "em", "i", "ins", "mark", "q", "s", "small", "span", "strong", "sub",
     "sup", "u", "var"}
)  # fmt: skip
# What stands in a sentence as a thing of its own: its letters say nothing about those around it.
_ALONE = frozenset({"bdi", "bdo", "code", "img", "input", "kbd", "ruby", "samp", "svg", "wbr"})
_ALONE_BY_CLASS = frozenset(
    {"caption-label", "contents-number", "contents-page", "footnote-number", "note-number", "noteref", "section-number"}
)
_LEFT_OUT = frozenset({"pre"})
_THING = "\ufffc"
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]")
_SPACE = re.compile(r"\s")

_Gap: TypeAlias = tuple[etree._Element, etree._Element | None]
"""Where text stands in a tree: in an element, behind one of its children or before them all."""
_Spot: TypeAlias = tuple[etree._Element, etree._Element | None, int]
"""A place in such text."""


@dataclass(slots=True)
class _Run:
    """A paragraph's text: its pieces, and where each stands."""

    direction: str
    pieces: list[str] = field(default_factory=list)
    gaps: list[_Gap | None] = field(default_factory=list)

    def add(self, text: str, gap: _Gap | None) -> None:
        """Add a piece; without a gap it stands for a thing."""
        self.pieces.append(text)
        self.gaps.append(gap)


def gather(body: etree._Element, direction: Direction) -> None:
    """Put every such stretch under `body` into an element that says its direction; the text itself stays."""
    if direction == "ltr" and not any(map(_RIGHT_TO_LEFT.search, body.itertext())):
        return
    # From the end, so that what stands before keeps its place: here, and in each run.
    for run in reversed(list(_runs(body, direction))):
        _gather(run)


def _runs(block: etree._Element, direction: str) -> Iterator[_Run]:
    """The paragraphs in a block."""
    own = block.get("dir", direction)
    run = _Run(own)
    yield from _into(block, run, own)
    if run.pieces:
        yield run


def _into(element: etree._Element, run: _Run, direction: str) -> Iterator[_Run]:
    """Add an element's text to the run, which begins anew behind every block; gives those that end here."""
    run.add(element.text or "", (element, None))
    for child in element:
        name = xhtml.local(child)
        is_alone = child.get("dir") is not None or not _ALONE_BY_CLASS.isdisjoint(xhtml.classes_of(child))
        if name in _INLINE and not is_alone:
            yield from _into(child, run, direction)
        elif name in _INLINE or name in _ALONE:
            run.add(_THING, None)
            if child.get("dir") is not None:
                yield from _runs(child, direction)
        else:
            yield _Run(direction, run.pieces[:], run.gaps[:])
            run.pieces.clear()
            run.gaps.clear()
            if name not in _LEFT_OUT:
                yield from _runs(child, direction)
        run.add(child.tail or "", (element, child))


def _gather(run: _Run) -> None:
    if sum(1 for piece in run.pieces if piece.strip()) < 2:
        return
    base = 1 if run.direction == "rtl" else 0
    levels = _levels(_SPACE.sub(" ", "".join(run.pieces)), base)
    starts = list(accumulate(map(len, run.pieces), initial=0))
    other = "ltr" if base else "rtl"
    for first, last in reversed(list(_stretches(levels, base))):
        begin, end = bisect_right(starts, first) - 1, bisect_right(starts, last) - 1
        begun, ended = run.gaps[begin], run.gaps[end]
        if begin != end and begun is not None and ended is not None:
            _wrap((*begun, first - starts[begin]), (*ended, last + 1 - starts[end]), other)


def _stretches(levels: bytes, base: int) -> Iterator[tuple[int, int]]:
    """The first and the last character of each stretch that runs the other way."""
    for match in re.finditer(rb"[^%c]+" % base if base else rb"[^\x00]+", levels):
        yield match.start(), match.end() - 1


def _wrap(begin: _Spot, end: _Spot, direction: str) -> None:
    """Put what stands between two places into an element, if it can be done without cutting one in two."""
    begins = {element: (child, index) for element, child, index in _outwards(begin, at_end=False)}
    for element, child, index in _outwards(end, at_end=True):
        if element in begins:
            if child is not None and begins[element][0] is not child:
                _put_in(element, begins[element], (child, index), direction)
            return


def _outwards(spot: _Spot, *, at_end: bool) -> Iterator[_Spot]:
    """The places at which a stretch may begin or end as well: outside of elements that it begins or ends with."""
    element, child, index = spot
    while True:
        yield element, child, index
        parent = element.getparent()
        last = next(element.iterchildren(reversed=True), None) if at_end else None
        is_at_edge = child is last and index == (len(_text(element, child)) if at_end else 0)
        if not is_at_edge or parent is None or xhtml.local(element) not in _INLINE:
            return
        before = element if at_end else element.getprevious()
        element, child, index = parent, before, 0 if at_end else len(_text(parent, before))


def _text(element: etree._Element, child: etree._Element | None) -> str:
    return (element.text if child is None else child.tail) or ""


def _put_in(
    element: etree._Element,
    begin: tuple[etree._Element | None, int],
    end: tuple[etree._Element, int],
    direction: str,
) -> None:
    (before, begin_at), (last, end_at) = begin, end
    around = etree.Element(xhtml.tag("span"), {"dir": direction})
    text, after = _text(element, before), _text(element, last)
    around.text = text[begin_at:]
    if before is None:
        element.text = text[:begin_at]
    else:
        before.tail = text[:begin_at]
    moving = element[0] if before is None else before.getnext()
    if moving is not None:
        moving.addprevious(around)
    while moving is not None:
        following = None if moving is last else moving.getnext()
        around.append(moving)
        moving = following
    last.tail, around.tail = after[:end_at], after[end_at:]


@cache
def _pango() -> tuple[Any, Any, Any]:
    from weasyprint.text.ffi import ffi, gobject, pango  # the engine is not imported before it is needed

    ffi.cdef("uint8_t *pango_log2vis_get_embedding_levels(const char *, int, PangoDirection *); void g_free(void *);")
    return ffi, gobject, pango


def _levels(text: str, base: int) -> bytes:
    """The embedding level of each character, in a paragraph from left to right (0) or from right to left (1)."""
    ffi, gobject, pango = _pango()
    written = text.replace("\0", " ").encode("utf-8", "replace")
    direction = ffi.new("PangoDirection *", base)
    levels = pango.pango_log2vis_get_embedding_levels(written, len(written), direction)
    try:
        return bytes(ffi.buffer(levels, len(text)))
    finally:
        gobject.g_free(levels)
