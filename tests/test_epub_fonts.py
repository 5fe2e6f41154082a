"""Which faces the e-book brings along, and what is in them."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest
from fontTools.ttLib import TTFont
from test_epub_sample import Opened, classic, finished, of_text, opened, plain

from pmpress import xhtml
from pmpress.epub.faces import FaceUse, Wish
from pmpress.epub.styles import permitted


def _fonts(book: Opened) -> dict[str, set[str]]:
    """The characters in each font of the book."""
    names = [name for name in book.manifest if name.startswith("fonts/")]
    return {name.removeprefix("fonts/"): _characters(book.files[f"EPUB/{name}"]) for name in names}


def _characters(data: bytes) -> set[str]:
    with TTFont(BytesIO(data)) as font:
        assert font.flavor == "woff2"
        return {chr(code) for code in font.getBestCmap()}


def _use(css: str, body: str) -> dict[Wish, frozenset[str]]:
    use = FaceUse(css, "en-GB")
    use.add(xhtml.parse(body))
    return dict(use.characters)


def test_a_book_brings_the_faces_it_shows() -> None:
    fonts = _fonts(opened(of_text("<p>Stone <em>mill</em></p>"), classic()))
    assert set(fonts) == {"linux-libertine-400.woff2", "linux-libertine-400-italic.woff2"}
    assert {"m", "i", "l"} <= fonts["linux-libertine-400-italic.woff2"]
    assert "z" not in fonts["linux-libertine-400-italic.woff2"]


def test_a_fallback_comes_for_what_the_others_lack() -> None:
    japanese = _fonts(finished("japanese"))
    assert set("塩猫") <= japanese["biz-udgothic-400.woff2"]
    assert "amiri-400.woff2" not in japanese
    assert set("الخبز") <= _fonts(finished("arabic"))["amiri-400.woff2"]


def test_fonts_are_small() -> None:
    assert all(len(data) < 60_000 for name, data in finished("sample").files.items() if name.endswith(".woff2"))


def test_every_font_is_named_in_the_style_sheet() -> None:
    css = finished("sample").files["EPUB/book.css"].decode()
    assert css.count("@font-face") == css.count('format("woff2")') == len(_fonts(finished("sample")))
    assert finished("sample").meta("ibooks:specified-fonts") == ["true"]


def test_the_licence_and_the_small_capitals_stay() -> None:
    book = finished("sample")
    with TTFont(BytesIO(book.files["EPUB/fonts/linux-libertine-400.woff2"])) as font:
        features = font["GSUB"].table.FeatureList.FeatureRecord
        assert font["name"].getDebugName(13)
        assert {"smcp", "onum", "liga"} <= {record.FeatureTag for record in features}


def test_a_layout_that_embeds_nothing() -> None:
    book = opened(of_text("<p>Stone</p>"), plain())
    assert not _fonts(book)
    assert not book.meta("ibooks:specified-fonts")


def test_a_licence_that_forbids_it_is_respected() -> None:
    layout = classic()
    closed = replace(layout, fonts=(replace(layout.fonts[0], licence="LicenseRef-Commercial"), *layout.fonts[1:]))
    book = opened(of_text("<p>Stone</p>"), closed)
    assert not any(name.startswith("linux") for name in _fonts(book))
    assert [each.code for each in book.diagnostics] == ["font-not-embeddable"]


@pytest.mark.parametrize(
    ("css", "body", "wish", "shown"),
    [
        ("p { font-family: A, 'B C', serif }", "<p>x</p>", Wish(("A", "B C", "serif")), "x"),
        ("html { font: bold 1em Lib Serif }", "x<i>y</i>", Wish(("Lib Serif",), italic=True, bold=True), "y"),
        ("i { font-style: normal }", "<i>y</i>", Wish(), "y"),
        ("section > i { font-style: normal }", "<i>y</i>", Wish(italic=True), "y"),
        ("p.a { font-weight: 700 }", "<p class='b a'>y</p>", Wish(bold=True), "y"),
        ("p.a { font-weight: 700 }", "<p class='b'>y</p>", Wish(), "y"),
        ("@media print { p { font-weight: bold } }", "<p>y</p>", Wish(bold=True), "y"),
        ("p { font-style: italic }", "<p><b>x</b>tail</p>", Wish(italic=True), "tail"),
        ("p { text-transform: uppercase }", "<p>x</p>", Wish(), "X"),
        ("p:lang(ar) { font-weight: bold }", "<p>x</p>", Wish(), "x"),
        ("html:lang(EN) { font-weight: bold }", "<p>x</p>", Wish(bold=True), "x"),
        ("i:lang(fr) { font-style: normal }", "<p lang='fr'><i>x</i></p>", Wish(), "x"),
        ("i:lang(fr) { font-style: normal }", "<p lang='fry'><i>x</i></p>", Wish(italic=True), "x"),
        ("hr::before { content: '*' }", "<p>x</p>", Wish(), "*"),
    ],
)
def test_faces(css: str, body: str, wish: Wish, shown: str) -> None:
    assert set(shown) <= _use(css, body)[wish]


def test_a_style_sheet_sets_no_direction() -> None:
    css = "pre { direction: ltr; color: red } @media all { p { unicode-bidi: embed; margin: 0 } } @page { margin: 0 }"
    kept = ["pre { color: red ; }", "@media all { p { margin: 0 ; } }", "@page { margin: 0 }"]
    assert permitted(css).splitlines() == kept
