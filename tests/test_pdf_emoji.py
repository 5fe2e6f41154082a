"""Emoji in print: each sequence is one sign of the family for emoji, and says what it means."""

from __future__ import annotations

import pikepdf
import pytest
import uharfbuzz
from test_pdf_fonts import families_of, fonts_of
from test_pdf_sample import layout, printed, small_book

from pmpress import xhtml
from pmpress.pdf.preparing import emoji
from pmpress.pdf.preparing.glyphs import coverage_of


def outlines(pdf: pikepdf.Pdf, family: str) -> list[int]:
    """The glyphs that the book shows of a family, and that have an outline in the font that it carries."""
    (font,) = (
        each for each in fonts_of(pdf) if "/DescendantFonts" in each and str(each.BaseFont).endswith(f"+{family}")
    )
    (below,) = font.DescendantFonts
    program = below.FontDescriptor.get("/FontFile2") or below.FontDescriptor.FontFile3
    file = uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob(program.read_bytes())))
    widths = list(below.W)
    shown = [first + nth for first, run in zip(widths[::2], widths[1::2], strict=True) for nth in range(len(run))]
    return [number for number in map(int, shown) if file.get_glyph_extents(number).width]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("😀", "😀"),
        ("✔\ufe0f", "✔"),
        ("👩\u200d💻", "👩\u200d💻"),
        ("🏳\ufe0f\u200d🌈", "🏳\u200d🌈"),
        ("❤\ufe0f\u200d🔥", "❤\u200d🔥"),
        ("🏴\u200d☠\ufe0f", "🏴\u200d☠"),
        ("👍🏽", "👍🏽"),
        ("🇩🇪", "🇩🇪"),
        ("1\ufe0f\u20e3", "1\u20e3"),
        ("#\u20e3", "#\u20e3"),
    ],
)
def test_a_sequence_is_one_sign_in_the_family_for_emoji(written: str, read: str) -> None:
    found = printed(small_book(f"<p>First.</p><p>So {written} it is.</p>"))
    assert found.codes == []
    assert len(outlines(found.pdf, "Noto-Emoji")) == 1
    assert f"So {read} it is." in found.text_from("c1")


def test_figures_and_signs_in_text_are_no_emoji() -> None:
    found = printed(small_book("<p>First.</p><p>1 # * © ® ☺ 12</p>"))
    assert "Noto-Emoji" not in families_of(found.pdf)


@pytest.mark.parametrize("text", ["👩\u200d👧\ufe0f", "🏴\U000e0067\U000e0062\U000e007f", "1\ufe0f\u20e3", "🇽🇽"])
def test_a_sequence_lacks_nothing_where_its_parts_are_there(text: str) -> None:
    assert coverage_of(layout().fonts).missing(text) == frozenset()


def test_an_emoji_that_no_font_has_is_named() -> None:
    found = printed(small_book('<p data-src="one.md:3">\U0001faff\ufe0f</p>'))
    (said,) = found.rendered.diagnostics
    assert str(said).startswith("one.md:3: warning[glyph-missing]: no font of the layout has")
    assert "U+1FAFF" in str(said)


def test_a_letter_with_several_accents_is_printed_and_means_what_was_written() -> None:
    # Its first two characters are one glyph, which the engine gives no meaning.
    found = printed(small_book("<p>First.</p><p>Z\u030a\u0331 and \u1eb9\u0301, \u1ecd\u0301.</p>"))
    assert "\u1e94\u030a and \u1eb9\u0301, \u1ecd\u0301." in found.text_from("c1")
    assert glyph_of("\u1e94") in outlines(found.pdf, "Linux-Libertine-O")


def test_a_small_capital_with_several_accents_is_printed() -> None:
    # Its glyph is no character's, and the engine gives it no meaning.
    found = printed(small_book('<p>First.</p><p style="font-variant-caps: small-caps">qc\u030a\u0327</p>'))
    assert "q\u2060c\u030a\u0327" in found.text_from("c1")
    assert glyph_of("\u00e7", smcp=True) in outlines(found.pdf, "Linux-Libertine-O-Small-Caps")


def glyph_of(character: str, **features: bool) -> int:
    (original,) = (face for face in layout().fonts[0].faces if (face.weight, face.style) == (400, "normal"))
    buffer = uharfbuzz.Buffer()
    buffer.add_str(character)
    buffer.guess_segment_properties()
    uharfbuzz.shape(uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob.from_file_path(original.path))), buffer, features)
    (info,) = buffer.glyph_infos
    return int(info.codepoint)


def test_every_keycap_is_set_with_the_text_around_it_kept() -> None:
    body = xhtml.parse("<p>a1\ufe0f\u20e3b<b>c</b>2\u20e3d3\u20e3</p>")
    emoji.join(body)
    assert "".join(body.itertext()) == "a1\u20e3bc2\u20e3d3\u20e3"
    assert xhtml.serialise(body).count('<span style="font-family: emoji">') == 3
