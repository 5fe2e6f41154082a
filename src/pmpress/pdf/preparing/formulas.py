"""Formulas, which the engine cannot set: drawings in the line. Their words are for the tags and never printed, whatever
the fonts have."""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree

from pmpress.diagnostics import Diagnostic, Span, warning
from pmpress.formulas.drawing import SVG, draw
from pmpress.pdf.places import place_of

SIGN = "\uf8ff"
"""What the title of a formula's drawing begins with, so that the tags can say what it is. It is a
character for private use, which is in no formula."""

_FORMULA = "{http://www.w3.org/1998/Math/MathML}math"
# The drawing's letters beside those of a book's text: small letters are of about the same height then.
_SCALE = 0.95


def is_formula(element: etree._Element) -> bool:
    """Whether it is the drawing of a formula."""
    parent = element.getparent()
    return element.tag == f"{{{SVG}}}svg" and parent is not None and parent.get("class", "").startswith("math ")


def draw_formulas(
    body: etree._Element, span: Span | None
) -> tuple[list[tuple[etree._Element, str]], tuple[Diagnostic, ...]]:
    """Put a drawing in the place of each formula: the elements for their words, with these, and characters that the
    font of formulas lacks. `span` is the place to name for a formula that does not know its own."""
    titles: list[tuple[etree._Element, str]] = []
    found: list[Diagnostic] = []
    for formula in list(body.iter(_FORMULA)):
        drawing = draw(etree.tostring(formula, encoding="unicode", with_tail=False), _SCALE)
        if drawing.lost:
            found.append(_report(drawing.lost, place_of(formula) or span))
        svg = etree.fromstring(drawing.svg)
        titles.append((etree.SubElement(svg, f"{{{SVG}}}title"), formula.get("alttext", "")))
        svg.tail = formula.tail
        if (parent := formula.getparent()) is not None:
            parent.replace(formula, svg)
    return titles, tuple(found)


def give_words(titles: Iterable[tuple[etree._Element, str]]) -> None:
    """Give the drawings their words, with the sign that they are a formula's."""
    for title, text in titles:
        title.text = f"{SIGN}{text}"


def _report(lost: str, span: Span | None) -> Diagnostic:
    named = ", ".join(f"{character} (U+{ord(character):04X})" for character in lost)
    said = f"the font of formulas has no {named}: printed as \ufffd"
    return warning("glyph-missing", said, span, "Write it in other characters.")
