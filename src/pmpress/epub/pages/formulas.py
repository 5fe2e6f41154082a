"""Formulas as browsers draw them: they know MathML Core, which leaves out some of what MathML 3 says by attributes.

The attributes stay for those that know them; classes say the same to the style sheet.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import deepcopy

from lxml import etree

from pmpress.epub.pages.documents import MATHML
from pmpress.xhtml import HEADINGS, elements, remove, tag, text_of

_MATH = MATHML.removesuffix("math")
_ALIGNED = {"left": "align-left", "right": "align-right"}


def suit_browsers(body: etree._Element) -> None:
    """Say in other words what MathML Core has no attribute for, and let the keyboard move formulas that are too wide.

    Changes `body` in place. (W3C *MathML Core*; WCAG 2.2, *Keyboard*.)
    """
    for formula in body.iter(MATHML):
        for padded in list(formula.iter(f"{_MATH}mpadded")):
            _pad(padded)
        for table in formula.iter(f"{_MATH}mtable"):
            _dress(table)
    for frame in elements(body, "span"):
        is_display = {"math", "display"} <= set((frame.get("class") or "").split())
        if is_display and frame.find(MATHML) is not None:  # a picture is never wider than the screen
            frame.set("tabindex", "0")
    for heading in elements(body, *HEADINGS):
        _name(heading)


def _name(heading: etree._Element) -> None:
    """A heading that is all formula has a name in words, too: not every screen reader reads MathML."""
    formulas = list(heading.iter(MATHML))
    if not formulas:
        return
    copy = deepcopy(heading)
    for formula in list(copy.iter(MATHML)):
        remove(formula)
    if not text_of(copy) and copy.find(f".//{tag('img')}") is None:
        heading.set("title", " ".join(filter(None, (formula.get("alttext") for formula in formulas))))


def _pad(padded: etree._Element) -> None:
    """A width that is added to the content's own is taken for the whole width: spaces at both sides take its place."""
    space, wider = padded.get("lspace", ""), padded.get("width", "")
    if not wider.startswith("+") or not space:
        return
    padded.tag = f"{_MATH}mrow"
    for name in ("lspace", "width"):
        del padded.attrib[name]
    for place in (0, len(padded) + 1):
        padded.insert(place, etree.Element(f"{_MATH}mspace", {"width": space}))


def _dress(table: etree._Element) -> None:
    """Say of each cell on which side it stands, whether it belongs to the one before it, and where a line is drawn."""
    sides, gaps, upright, level = (
        (table.get(name) or "").split() for name in ("columnalign", "columnspacing", "columnlines", "rowlines")
    )
    for row, cells in enumerate(table):
        for column, cell in enumerate(cells):
            words = [_ALIGNED[side] for side in _at(sides, column) if side in _ALIGNED]
            if "0em" in _at(gaps, column):
                words.append("close-after")
            if column and "0em" in _at(gaps, column - 1):
                words.append("close-before")
            if column and "solid" in _at(upright, column - 1):
                words.append("line-before")
            if row and "solid" in _at(level, row - 1):
                words.append("line-above")
            if words:
                cell.set("class", " ".join(words))


def _at(values: Sequence[str], place: int) -> Iterator[str]:
    """The value for a column or row: the last one goes for all that follow."""
    if values:
        yield values[min(place, len(values) - 1)]
