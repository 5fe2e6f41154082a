"""Formulas in the e-book: drawn alike by browsers, which know less of MathML than it has."""

from __future__ import annotations

from lxml import etree

from pmpress import xhtml
from pmpress.epub.pages.formulas import suit_browsers

_MATH = "http://www.w3.org/1998/Math/MathML"


def _suited(inside: str) -> etree._Element:
    body = xhtml.parse(f'<p><span class="math display"><math xmlns="{_MATH}">{inside}</math></span></p>')
    suit_browsers(body)
    return body


def _cells(attributes: str, rows: int, columns: int) -> list[list[str | None]]:
    row = "<mtr>" + "<mtd><mn>1</mn></mtd>" * columns + "</mtr>"
    body = _suited(f"<mtable {attributes}>{row * rows}</mtable>")
    return [[cell.get("class") for cell in line] for line in body.iter(f"{{{_MATH}}}mtr")]


def test_sums_are_aligned_at_their_signs() -> None:
    cells = _cells('columnalign="right left right left" columnspacing="0em 2em 0em"', 1, 4)
    left = "align-left close-after close-before"
    assert cells == [["align-right close-after", "align-left close-before", "align-right close-after", left]]


def test_lines_stand_between_columns_and_rows() -> None:
    assert _cells('columnalign="center" columnlines="none solid" rowlines="solid none"', 3, 3) == [
        [None, None, "line-before"],
        ["line-above", "line-above", "line-before line-above"],
        [None, None, "line-before"],
    ]


def test_words_over_an_arrow_have_room_of_their_own() -> None:
    body = _suited('<mover><mo>→</mo><mpadded width="+0.8em" lspace="0.4em"><mtext>so</mtext></mpadded></mover>')
    over = body.find(f".//{{{_MATH}}}mover")
    assert over is not None
    assert (over[1].tag, dict(over[1].attrib)) == (f"{{{_MATH}}}mrow", {})
    assert [(child.tag.rpartition("}")[2], child.get("width")) for child in over[1]] == [
        ("mspace", "0.4em"),
        ("mtext", None),
        ("mspace", "0.4em"),
    ]


def test_what_takes_no_room_is_left_as_it_is() -> None:
    body = _suited('<mpadded width="0"><mi>x</mi></mpadded>')
    padded = body.find(f".//{{{_MATH}}}mpadded")
    assert padded is not None
    assert dict(padded.attrib) == {"width": "0"}


def test_the_keyboard_moves_a_formula_that_is_too_wide() -> None:
    assert [span.get("tabindex") for span in _suited("<mi>x</mi>").iter(xhtml.tag("span"))] == ["0"]


def test_a_heading_that_is_all_formula_has_a_name() -> None:
    formula = f'<math xmlns="{_MATH}" alttext="x^2"><mi>x</mi></math>'
    body = xhtml.parse(f"<h1><span>{formula}</span></h1><h2>On {formula}</h2><h2>None</h2>")
    suit_browsers(body)
    assert [heading.get("title") for heading in body] == ["x^2", None, None]
