"""What nobody writes on purpose: stray control characters, words without end, style sheets that break the engine."""

from __future__ import annotations

import time
import warnings
from dataclasses import replace
from typing import Any

import pytest
from test_pdf_sample import Printed, layout, png, printed, prose, small_book
from test_pdf_trouble import words_of

from pmpress import xhtml
from pmpress.diagnostics import PressError
from pmpress.model import Asset, Chapter, Edition
from pmpress.pdf import draw_cover, render
from pmpress.pdf.preparing.long_words import break_up
from pmpress.pdf.typesetter.listen import listening

SEPARATORS = ("\u2029", "\u2028", "\u0085", "&#x2029;", "&#13;")
RIGHT_EDGE = 396 - 0.7 * 72 + 1
THAI = "\u0e44\u0e17\u0e22"
JAPANESE = "\u65e5" * 300


@pytest.mark.parametrize("separator", SEPARATORS, ids=ascii)
def test_what_ends_a_line_by_itself_is_white_space(separator: str) -> None:
    body = f'<h2 id="a">A{separator}b</h2><p>c{separator}d</p><pre><code>e{separator}f</code></pre>'
    found = printed(small_book(f'{body}<p><img src="no.png" alt="g{separator}h"/></p>'))
    assert found.codes == ["image-broken"]
    assert "A b c d e f" in found.text_from("c1")


def test_what_ends_a_line_in_a_title_is_a_space_everywhere() -> None:
    title = "One\u2029two\u2028three\u0085four"
    sample = small_book("<p>x</p>" * 60)
    (chapter,) = sample.bodymatter
    assert isinstance(chapter, Chapter)
    titled = replace(chapter, title=title, title_xhtml=title)
    contents = (replace(sample.contents[0], title=title),)
    found = printed(replace(sample, bodymatter=(titled,), contents=contents))
    assert found.codes == []
    assert sum("One two three four" in text for text in found.texts) >= 3


@pytest.mark.parametrize("stray", ["\u0080", "\u009f", "\u007f", "\ufff9", "\ufffb", "\ufeff", "\u070f"], ids=ascii)
def test_a_control_character_without_a_shape_is_named_with_its_place(stray: str) -> None:
    found = printed(small_book(f'<p data-src="a.md:3">one{stray}two</p>'))
    (said,) = found.rendered.diagnostics
    assert str(said).startswith("a.md:3: warning[glyph-missing]: no font of the layout has U+")
    assert f"U+{ord(stray):04X}: printed" in str(said)
    assert "one\ufffdtwo" in found.text_from("c1")


def test_the_words_of_a_drawing_are_looked_at_too() -> None:
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="90" height="20"><text y="9">a{THAI}\u2028b</text></svg>'
    asset = Asset("a b.svg", "image/svg+xml", svg.encode())
    body = '<p data-src="x.md:4"><img src="a b.svg" alt="x"/></p>'
    found = printed(replace(small_book("<p>y</p>", body, body), assets=(asset,)))
    (said,) = found.rendered.diagnostics
    assert str(said).startswith("x.md:4: warning[glyph-missing]: no font of the layout has \u0e44 (U+0E44)")
    assert "in the picture 'a b.svg'" in str(said)
    assert "a\ufffd\ufffd\ufffd b" in found.text_from("c2")


def long_word(length: int) -> str:
    return ("abcdefghij" * length)[:length]


def squeezed(found: Printed) -> str:
    """All the text of the chapter's pages, without spaces, heads and folios: these have no small letter in a row."""
    first = found.page_map.anchors["c1"]
    return "".join("".join(word for word in text.split() if word.islower()) for text in found.texts[first:])


@pytest.mark.parametrize("shape", ["<p>{}</p>", "<pre><code>{}</code></pre>", "<p>see <code>{}</code></p>"])
@pytest.mark.parametrize("length", [150, 3000])
def test_a_long_word_is_broken_and_stays_one_word(shape: str, length: int) -> None:
    found = printed(small_book(shape.format(long_word(length))))
    assert found.codes == []
    assert long_word(length) in squeezed(found)
    for page_index in range(found.page_map.anchors["c1"], len(found.texts)):
        assert max(right for left, right in words_of(found, page_index) if left < right) <= RIGHT_EDGE


@pytest.mark.slow
@pytest.mark.parametrize("shape", ["<p>{}</p>", "<pre><code>{}</code></pre>", "<p><code>{}</code></p>"])
def test_an_endless_word_takes_time_in_proportion(shape: str) -> None:
    start = time.process_time()
    printed(small_book(shape.format(long_word(100_000))))
    assert time.process_time() - start < 20


def test_only_long_words_of_the_text_are_set_apart() -> None:
    word = long_word(150)
    plain = f"<p>{word[:100]} {word[50:]}<b>x</b>{JAPANESE}</p>"
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg"><text>{word}</text></svg>'
    body = xhtml.parse(f"{plain}{drawing}<p>a {word} b {word} c<i>d</i>{word}</p>")
    before = "".join(body.itertext())
    break_up(body)
    assert "".join(body.itertext()) == before
    assert [span.text for span in xhtml.elements(body, "span")] == [word] * 3


def test_a_cover_that_is_no_xhtml_is_an_error_that_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(layout()), "render", lambda self, template, **values: "<p>open")
    with pytest.raises(PressError) as raised:
        draw_cover(small_book("<p>x</p>"), layout())()
    (said,) = raised.value.diagnostics
    assert said.code == "layout-template"
    assert "layouts/classic/templates/cover.html.jinja" in str(said)


@pytest.mark.parametrize("size", ["1px", "2pt 200pt", "99999in", "200pt 14401pt"])
def test_a_page_that_no_pdf_can_have_is_an_error(size: str) -> None:
    odd = replace(layout(), print_css=f"@page {{ size: {size}; margin: 0 }}")
    with pytest.raises(PressError) as raised:
        render(small_book("<p>x</p>"), odd, Edition())
    assert [said.code for said in raised.value.diagnostics] == ["layout-page-size"]


def test_a_style_sheet_that_the_engine_breaks_down_on_is_an_error() -> None:
    with pytest.raises(PressError) as raised:
        render(small_book("<p>x</p>"), replace(layout(), print_css="p { color: var() }"), Edition())
    (said,) = raised.value.diagnostics
    assert said.code == "layout-css"
    assert "layouts/classic/print.css" in str(said)


@pytest.mark.parametrize(
    "css",
    [
        "* { float: footnote }",
        "p { font-size: 1e999pt }",
        "p { margin: 1e999pt }",
        "html { font-size: 0; line-height: 0 }",
    ],
)
def test_a_sheet_that_the_engine_breaks_down_on_is_an_error_with_its_place(css: str) -> None:
    plain = layout()
    odd = replace(plain, print_css=plain.print_css + css)
    with pytest.raises(PressError) as raised:
        render(small_book(f"<p>{prose(1)}</p>"), odd, Edition())
    (said,) = raised.value.diagnostics
    assert (said.code, said.span is not None) == ("layout-engine", True)
    assert "'classic'" in said.message
    assert said.hint


@pytest.mark.parametrize("value", ["calc(1pt / 0)", "calc(NaN * 1pt)", "calc(infinity * 1px)", "round(1pt, 0pt)"])
@pytest.mark.parametrize("name", ["font-size", "line-height", "margin-top", "border-radius", "width"])
def test_what_comes_to_no_number_takes_no_room(name: str, value: str) -> None:
    plain = layout()
    odd = replace(plain, print_css=f"{plain.print_css} p {{ {name}: {value} }}")
    assert render(small_book("<p>x</p>"), odd, Edition()).data


def test_boxes_in_a_row_are_laid_out() -> None:
    plain = layout()
    odd = replace(plain, print_css=f"{plain.print_css} div {{ display: flex }}")
    rendered = render(small_book("<div><p>one</p><p>two</p></div>"), odd, Edition())
    assert rendered.data


def test_what_the_picture_library_warns_of_is_not_printed(recwarn: pytest.WarningsRecorder) -> None:
    def warn(module: str) -> None:
        warnings.warn_explicit("Corrupt EXIF data", UserWarning, "x.py", 1, module=module)

    with listening():
        warn("PIL.TiffImagePlugin")
    assert len(recwarn) == 0
    with listening():
        warn("elsewhere")
    assert len(recwarn) == 1


def test_a_picture_with_damaged_notes_on_itself_prints(recwarn: pytest.WarningsRecorder) -> None:
    data = png()
    damaged = b"\x00\x00\x00\x0ceXIfII*\x00\xff\xff\x00\x00abcd" + b"\0\0\0\0"
    data = data[:33] + damaged + data[33:]
    asset: Any = Asset("a.png", "image/png", data, 300, 180)
    printed(replace(small_book('<p><img src="a.png" alt="a"/></p>'), assets=(asset,)))
    assert [str(each.message) for each in recwarn] == []


def test_a_drawing_without_a_size_in_a_line_from_right_to_left() -> None:
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><rect width="5" height="5"/></svg>'
    book = small_book('<p dir="rtl">x <img src="p.svg" alt="A square"/> y</p>')
    found = printed(replace(book, assets=(Asset("p.svg", "image/svg+xml", drawing),)))
    assert [str(each.Alt) for each in found.elements() if each.S == "/Figure"] == ["A square"]
