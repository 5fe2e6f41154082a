"""What cannot be printed as it is: said with its place, never a traceback, never lost, and never on the terminal."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any

import pypdfium2
import pytest
from test_pdf_sample import Printed, layout, png, printed, prose, small_book

from pmpress.diagnostics import Diagnostic, MachineError, PressError, Severity
from pmpress.model import Asset, Edition
from pmpress.pdf import render, work


def found_in(body: str, *assets: Asset) -> tuple[Diagnostic, ...]:
    return printed(replace(small_book(body), assets=assets)).rendered.diagnostics


def words_of(found: Printed, page_index: int) -> list[tuple[float, float]]:
    """Where the letters of a page begin and end, in pt from its left edge."""
    document = pypdfium2.PdfDocument(found.rendered.data)
    text = document[page_index].get_textpage()
    boxes = [text.get_charbox(number) for number in range(text.count_chars())]
    document.close()
    return [(left, right) for left, _, right, _ in boxes]


BAD = {
    "missing": Asset("other.png", "image/png", png(9, 9)),
    "empty": Asset("bad.png", "image/png", b""),
    "no picture": Asset("bad.png", "image/png", b"no picture at all"),
    "broken svg": Asset("bad.png", "image/svg+xml", b"<svg"),
}


@pytest.mark.parametrize("asset", BAD.values(), ids=BAD)
def test_a_picture_that_cannot_be_drawn_is_an_error_with_its_place(
    asset: Asset, capfd: pytest.CaptureFixture[str]
) -> None:
    (said,) = found_in('<p data-src="a.md:7-9">See <img src="bad.png" alt="A picture"/></p>', asset)
    assert (said.code, said.severity) == ("image-broken", Severity.ERROR)
    assert str(said).startswith("a.md:7: error[image-broken]: the picture 'bad.png' cannot be drawn")
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "http://example.org/x.png", "../x.png", "data:image/png;base64,AA"]
)
def test_nothing_is_fetched(address: str) -> None:
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="{address}"/></svg>'
    (said,) = found_in('<p><img src="a.svg" alt="a"/></p>', Asset("a.svg", "image/svg+xml", svg.encode()))
    assert said.code == "image-broken"
    (said,) = found_in(f'<p><img src="{address}" alt="a"/></p>')
    assert said.code == "image-broken"


def test_pictures_may_have_awkward_names_and_sizes() -> None:
    names = ("a b.png", "ü/50%.png", "a?b#c.png")
    body = "".join(f'<p><img src="{name}" alt="x" width="20"/></p>' for name in names)
    found = printed(replace(small_book(body), assets=tuple(Asset(name, "image/png", png(40, 40)) for name in names)))
    assert found.codes == []
    figures = [element for element in found.elements() if element.S == "/Figure"]
    assert [round(float(each.A.BBox[2]) - float(each.A.BBox[0])) for each in figures] == [15, 15, 15]


def test_a_table_wider_than_the_page_is_made_to_fit() -> None:
    cells = "".join(f"<td>incomprehensibilities{number}</td>" for number in range(12))
    found = printed(small_book(f"<table><tr>{cells}</tr></table>"))
    assert found.codes == []
    text = found.text_from("c1").replace("‐ ", "")
    assert all(f"incomprehensibilities{number}" in text for number in range(12))
    spots = words_of(found, found.page_map.anchors["c1"])
    assert max(right for _, right in spots) <= 396 - 0.7 * 72 + 1


def test_long_words_are_broken() -> None:
    found = printed(small_book(f"<p>https://example.org/{'a' * 200}</p><pre><code>{'x' * 200}</code></pre>"))
    text = found.text_from("c1").replace(" ", "")
    assert "a" * 200 in text
    assert "x" * 200 in text


def test_lists_keep_their_numbers() -> None:
    found = printed(
        small_book('<ol start="7"><li>A</li><li value="12">B</li><li>C</li></ol><ol type="a"><li>D</li></ol>')
    )
    text = found.text_from("c1")
    assert all(label in text for label in ("7.", "12.", "13.", "a."))


def test_what_the_e_book_shows_is_not_printed() -> None:
    found = printed(
        small_book('<p>Both. <span data-for="ebook">Screen.</span><span data-for="print">Paper.</span> End.</p>')
    )
    assert "Both. Paper. End." in found.text_from("c1")


def test_a_drawing_in_the_text() -> None:
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="50" height="20"><rect width="50" height="20"/></svg>'
    found = printed(small_book(f"<p>{drawing}</p>"))
    (figure,) = [element for element in found.elements() if element.S == "/Figure"]
    assert str(figure.Alt) == "Image"


def test_css_that_is_not_known_is_said_once_for_the_layout(capfd: pytest.CaptureFixture[str]) -> None:
    css = "p { colour: red; text-wrap: balance; -x-y: 1 } li { colour: red } @page { border-clip: 2em }"
    rendered = render(small_book("<p>x</p>", "<p>y</p>"), replace(layout(), print_css=css), Edition())
    assert [said.code for said in rendered.diagnostics] == ["css-ignored", "css-ignored"]
    assert "`colour: red`" in rendered.diagnostics[0].message
    assert "'classic'" in rendered.diagnostics[0].message
    assert capfd.readouterr() == ("", "")


def test_the_loggers_are_left_as_they_were() -> None:
    before = [
        (logging.getLogger(name).level, logging.getLogger(name).propagate) for name in ("weasyprint", "fontTools")
    ]
    printed(small_book('<p><img src="x.png" alt="x"/></p>'))
    after = [(logging.getLogger(name).level, logging.getLogger(name).propagate) for name in ("weasyprint", "fontTools")]
    assert after == before


def test_a_template_that_is_no_xhtml_is_an_error_that_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = layout()
    real = type(broken).render

    def spoilt(self: Any, template: str, **values: Any) -> str:
        return "<p>open" if template == "titlepage" else real(self, template, **values)

    monkeypatch.setattr(type(broken), "render", spoilt)
    with pytest.raises(PressError) as raised:
        printed(small_book("<p>x</p>"))
    (said,) = raised.value.diagnostics
    assert said.code == "layout-template"
    assert "layouts/classic/templates/titlepage.html.jinja" in str(said)


def test_without_pango_the_machine_is_at_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing() -> None:
        raise OSError("cannot load library 'libpango-1.0-0'")

    work.engine_for.cache_clear()
    monkeypatch.setattr(work.tuning, "import_engine", failing)
    with pytest.raises(MachineError) as raised:
        render(small_book("<p>x</p>"), layout(), Edition())
    assert raised.value.diagnostics[0].code == "pango-missing"
    assert raised.value.exit_code == 3


def test_odd_things_in_a_chapter_print() -> None:
    body = (
        "<details><summary>More</summary><p>inside</p></details><p dir='rtl' lang='ar'>العربية</p><p></p><ul></ul>"
        "<table><tr></tr></table><dl></dl><blockquote></blockquote><p>a<br/>b</p><hr/><section><p>deep</p></section>"
        + "<div>" * 60 + "bottom" + "</div>" * 60
    )  # fmt: skip
    found = printed(small_book(body, ""))
    assert found.codes == []
    assert "bottom" in found.text_from("c1")


def test_progress_is_told() -> None:
    told: list[tuple[str, int, int]] = []
    render(small_book(f"<p>{prose(2)}</p>"), layout(), Edition(), progress=lambda *said: told.append(said))
    assert told[0] == ("laying out pages", 0, 1)
    assert ("laying out pages", 3, 3) in told
    assert told[-1] == ("joining pages", 5, 5)
