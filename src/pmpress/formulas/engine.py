"""ziamath, and what of it is put right: spaces, accents, arrows, lines of tables, and the time that deep formulas take.

What is replaced are parts of it that it does not promise to keep: `pyproject.toml` names the version.
"""

from __future__ import annotations

import re
import sys
import unicodedata
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from functools import cache
from itertools import accumulate
from types import ModuleType
from typing import Any
from xml.etree.ElementTree import Element, SubElement

EM = 1000  # units in an em, as many as the font has
NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_LINE = 50  # units that a line between columns is thick, as a fraction's is
_WIDTH = "width"
# What reads LaTeX and entities, half of what it takes to import: MathML comes as a tree.
_UNUSED = {"ziamath.tex": ("tex2mml", "declareoperator"), "ziamath.escapes": ("unescape",)}


@cache
def engine() -> Any:
    """ziamath, put right once."""
    # Only a book with formulas pays for reading the font.
    with warnings.catch_warnings(), _without_unused():
        warnings.simplefilter("ignore", DeprecationWarning)  # it finds its font in an old way
        import ziamath
        from ziamath import drawable, zmath
        from ziamath.nodes import Mnode, Moperator, Mover, Mtable, Munderover, munderover
        from ziamath.nodes.mrow import Mrow

    ziamath.config.svg2 = False  # without symbols, which need ids
    ziamath.config.precision = 1
    Mnode.size_px = _size
    Mrow._get_height_nostretch = _measured_once(Mrow._get_height_nostretch)
    Moperator._setup = _as_wide_as_asked(Moperator._setup)
    munderover.place_over = _as_low_as_accents(munderover.place_over)
    drawable.Glyph.draw = _draw_glyph
    for kind in (Mover, Munderover):
        kind.__init__ = _stretched(kind.__init__, Mnode)

    class Table(Mtable, tag="mtable"):  # type: ignore[misc,call-arg]
        """Draws the lines between columns and rows too."""

        def draw(self, x: float, y: float, svg: Element) -> tuple[float, float]:
            place: tuple[float, float] = super().draw(x, y, svg)
            _rule(self, x, y, svg)
            return place

    return zmath


@contextmanager
def _without_unused() -> Iterator[None]:
    for module, names in _UNUSED.items():
        sys.modules[module] = stand_in = ModuleType(module)
        for name in names:
            setattr(stand_in, name, lambda *_: None)
    try:
        yield
    finally:
        for module in _UNUSED:
            del sys.modules[module]


def _draw_glyph(glyph: Any, x: float, y: float, svg: Element) -> tuple[float, float]:
    """Only its own shape takes a glyph's colour, if it has one; nothing is looked for among those already drawn."""
    shape = None if glyph.phantom else glyph.glyph.place(x, y, glyph.size)
    if shape is not None:
        shape.set("fill", str(glyph.style.mathcolor))
        svg.append(shape)
    return x + glyph.funit_to_points(glyph.glyph.advance()), y


def _measured_once(measure: Any) -> Any:
    """A row inside one that is being measured is measured as a part of it: else each level would double the work."""

    def measured(row: Any, line: list[Element], **settings: Any) -> Any:
        return (0.0, 0.0) if settings.get("nostretch") else measure(row, line, **settings)

    return measured


def _as_wide_as_asked(set_up: Any) -> Any:
    """Accents are as wide as they are, arrows as wide as what is written on them."""

    def with_width(operator: Any, **settings: Any) -> None:
        if operator.element.get("stretchy") == "false":
            operator.width = None
        if width := operator.element.get(_WIDTH):
            operator.width = float(width)
        set_up(operator, **settings)

    return with_width


def _as_low_as_accents(place_over: Any) -> Any:
    """Accents stand where the font has them above a small letter, and that much higher above a taller one."""

    def place(base: Any, over: Any, font: Any) -> tuple[float, float]:
        x, y = place_over(base, over, font)
        if getattr(over, "element", None) is None or not unicodedata.combining((over.element.text or " ")[0]):
            return x, y
        return x, min(0.0, base.units_to_points(font.math.consts.accentBaseHeight) - base.bbox.ymax)

    return place


def _stretched(begin: Any, node: Any) -> Any:
    """An arrow that is written on is as wide as the writing."""

    def begin_stretched(over: Any, element: Element, parent: Any, **settings: Any) -> None:
        arrow = element[0]
        if arrow.tag == "mo" and arrow.get("stretchy") == "true" and not arrow.get(_WIDTH):
            widths = []
            for script in element[1:]:
                trial = deepcopy(script)
                trial.attrib.setdefault("scriptlevel", str(parent.style.scriptlevel + 1))
                widths.append(node.fromelement(trial, parent, **settings).bbox.xmax)
                for inner, tried in zip(script.iter(), trial.iter(), strict=True):
                    if width := tried.get(_WIDTH):
                        inner.set(_WIDTH, width)  # else each level would double the work
            arrow.set(_WIDTH, str(max(widths)))
        begin(over, element, parent, **settings)

    return begin_stretched


def _size(node: Any, size: str, fontsize: float | None = None) -> float:
    """A length in units: ziamath takes an em for a third more than it is."""
    em = node.glyphsize if fontsize is None else fontsize
    number = NUMBER.match(size.lstrip("+"))
    if number is None:
        words = {
            "veryverythin": 1,
            "verythin": 2,
            "thin": 3,
            "medium": 4,
            "thick": 5,
            "verythick": 6,
            "veryverythick": 7,
        }
        word = size.removesuffix("mathspace")
        sign = -1 if word.startswith("negative") else 1
        return sign * words.get(word.removeprefix("negative"), 0) / 18 * float(em)
    return float(number[0]) * (float(em) if size.endswith("em") else 1.0)


def _rule(table: Any, x: float, y: float, svg: Element) -> None:
    """Draw the lines that the table asks for, midway between the cells."""
    columns, rows = (table.element.get(name, "").split() for name in ("columnlines", "rowlines"))
    if "solid" not in columns and "solid" not in rows:
        return
    counts = [len(row) for row in table.element]
    ends = list(accumulate(counts))
    cells = list(zip(table.nodes, table.nodexy, strict=True))
    lines = [cells[end - count : end] for count, end in zip(counts, ends, strict=True)]
    gap = table.size_px(table.element.get("columnspacing", "0").split()[0])
    thick = table.glyphsize * _LINE / EM
    across = 0.0
    for place, kind in enumerate(columns):
        across += max(line[place][0].bbox.xmax for line in lines if len(line) > place)
        if kind == "solid":
            _bar(svg, x + across + gap / 2 - thick / 2, y - table.bbox.ymax, thick, table.bbox.ymax - table.bbox.ymin)
        across += gap
    for above, below, kind in zip(lines, lines[1:], rows, strict=False):
        if kind == "solid":
            foot = max(place[1] - node.bbox.ymin for node, place in above)
            head = min(place[1] - node.bbox.ymax for node, place in below)
            _bar(svg, x, y + (foot + head) / 2 - thick / 2, table.bbox.xmax, thick)


def _bar(svg: Element, x: float, y: float, width: float, height: float) -> None:
    SubElement(svg, "rect", {"x": str(x), "y": str(y), "width": str(width), "height": str(height), "fill": "black"})
