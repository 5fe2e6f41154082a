"""Which faces the e-book brings along, and what is in them."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from test_epub_sample import Opened, classic, finished, of_text, opened, plain

from pmpress import xhtml
from pmpress.epub.fonts.faces import Wish, cascade, together
from pmpress.epub.fonts.subset import cut
from pmpress.epub.fonts.woff2 import pack
from pmpress.epub.styles import permitted

FACES = [face.path for family in classic().fonts for face in family.faces]


def _fonts(book: Opened) -> dict[str, set[str]]:
    """The characters in each font of the book."""
    names = [name for name in book.manifest if name.startswith("fonts/")]
    return {name.removeprefix("fonts/"): _characters(book.files[f"EPUB/{name}"]) for name in names}


def _characters(data: bytes) -> set[str]:
    with TTFont(BytesIO(data)) as font:
        assert font.flavor == "woff2"
        return {chr(code) for code in font.getBestCmap()}


def _use(css: str, body: str) -> dict[Wish, frozenset[str]]:
    return dict(together([cascade(css, "en-GB").shown(xhtml.parse(body))]))


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


def test_a_file_that_forbids_it_is_respected(tmp_path: Path) -> None:
    layout = classic()
    family = layout.fonts[0]
    with TTFont(family.faces[0].path) as font:
        font["OS/2"].fsType = 0x0002
        font.save(tmp_path / "closed.otf")
    closed = replace(family, faces=(replace(family.faces[0], path=tmp_path / "closed.otf"),))
    book = opened(of_text("<p>Stone</p>"), replace(layout, fonts=(closed, *layout.fonts[1:])))
    assert not any(name.startswith("linux") for name in _fonts(book))
    assert [each.code for each in book.diagnostics] == ["font-not-embeddable"]


@pytest.mark.parametrize("path", FACES, ids=[path.stem for path in FACES])
def test_a_cut_font_draws_the_same(path: Path) -> None:
    with TTFont(path) as font:
        characters = "".join(map(chr, sorted(font.getBestCmap())[::29]))
        drawn = _drawn(font, characters)
    data = cut(str(path), "", characters)
    assert data == cut(str(path), "", characters[::-1])
    with TTFont(BytesIO(data)) as font:
        assert set(characters) <= set(map(chr, font.getBestCmap()))
        assert _drawn(font, characters) == drawn
        assert not {"FFTM", "meta", "DSIG", "fpgm", "prep", "cvt "} & set(font.keys())


def _drawn(font: TTFont, characters: str) -> list[object]:
    """Width and outline of each character."""
    glyphs, names, drawn = font.getGlyphSet(), font.getBestCmap(), []
    for character in characters:
        pen = DecomposingRecordingPen(glyphs)
        glyphs[names[ord(character)]].draw(pen)
        drawn.append((glyphs[names[ord(character)]].width, pen.value))
    return drawn


# The borders between the ways to write a step, and counts of points that take one, two and three bytes.
STEPS = (0, 1, 64, 65, 255, 256, 768, 769, 1279, 1280, 4095, 4096, 9000)


@pytest.mark.parametrize("count", [3, 252, 253, 505, 506, 761, 762, 1000])
def test_every_step_of_an_outline_survives(count: int) -> None:
    steps = [(x * sign, y * turn) for x in STEPS for y in STEPS for sign, turn in ((1, 1), (-1, -1), (1, -1), (-1, 1))]
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    for x, y in (steps * 2)[: count - 1]:
        pen.lineTo((x, y))
    pen.closePath()
    glyph = pen.glyph()
    glyph.flags[0] |= 0x40  # contours overlap
    packed = pack(_font({".notdef": TTGlyphPen(None).glyph(), "a": glyph}))
    with TTFont(BytesIO(packed)) as font:
        found = font["glyf"]["a"]
        assert (list(found.coordinates), found.endPtsOfContours) == (list(glyph.coordinates), glyph.endPtsOfContours)
        assert found.flags[0] & 0x41 == 0x41
        assert (found.xMin, found.xMax) == (glyph.xMin, glyph.xMax)


def _font(glyphs: dict[str, object]) -> bytes:
    made, file = FontBuilder(1000), BytesIO()
    made.setupGlyphOrder(list(glyphs))
    made.setupCharacterMap({ord("a"): "a"})
    made.setupGlyf(glyphs)
    made.setupHorizontalMetrics(dict.fromkeys(glyphs, (500, 0)))
    made.setupHorizontalHeader()
    made.setupPost()
    made.save(file)
    return file.getvalue()


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
    css = "pre { direction: ltr; hyphens: none } @media all { p { unicode-bidi: embed; margin: 0 } }"
    css += " @page { margin: 0 }"
    kept = ["pre { hyphens: none ; }", "@media all { p { margin: 0 ; } }", "@page { margin: 0 }"]
    assert permitted(css).splitlines() == kept
