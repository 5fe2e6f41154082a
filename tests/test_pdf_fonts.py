"""Fonts: the layout's, embedded, and none of the machine's."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from test_pdf_sample import layout, printed, rtl_book, small_book, texts_of, whole

from pmpress import xhtml
from pmpress.diagnostics import Span
from pmpress.pdf.preparing.glyphs import Coverage, coverage_of
from pmpress.pdf.typesetter.fonts import configuration
from pmpress.press import Order, load, render


def fonts_of(pdf: pikepdf.Pdf) -> list[pikepdf.Object]:
    return [
        each for each in pdf.objects if isinstance(each, pikepdf.Dictionary) and each.get("/Type") == "/Font"
    ]  # fmt: skip


def families_of(pdf: pikepdf.Pdf) -> set[str]:
    """The families of the embedded fonts, without weight and style."""
    return {re.sub("-(Bold|Italic|Small-Caps)", "", str(font.BaseFont).partition("+")[2]) for font in fonts_of(pdf)}


KNOWN = {family.name.replace(" ", "-") for family in layout().fonts}


def test_every_font_is_the_layouts_and_embedded() -> None:
    pdf = whole().pdf
    assert families_of(pdf) == {"Linux-Libertine-O", "JetBrains-Mono", "Noto-Sans"}
    for font in fonts_of(pdf):
        assert "/ToUnicode" in font or font.Subtype in ("/CIDFontType0", "/CIDFontType2")
        for below in font.get("/DescendantFonts", ()):
            descriptor = below.FontDescriptor
            assert any(key in descriptor for key in ("/FontFile2", "/FontFile3"))


def of_the_machine() -> str:
    """The fonts that programs other than the press find here."""
    if not shutil.which("fc-list"):
        return ""
    surroundings = {name: value for name, value in os.environ.items() if name != "FONTCONFIG_FILE"}
    return subprocess.run(["fc-list"], capture_output=True, text=True, check=True, env=surroundings).stdout


@pytest.mark.skipif("DejaVu" not in of_the_machine(), reason="this machine has no DejaVu to be kept out")
def test_a_font_of_the_machine_is_not_used_even_if_asked_for_by_name() -> None:
    found = printed(
        small_book('<p style="font-family: DejaVu Sans">Here.</p><p style="font-family: fantasy">There.</p>')
    )
    assert families_of(found.pdf) == {"Linux-Libertine-O"}


def test_what_the_first_font_lacks_comes_from_the_fallbacks() -> None:
    found = printed(small_book("<p>العربية 日本語 ∑ ☃ é</p>"))
    assert families_of(found.pdf) <= KNOWN
    assert {"Amiri", "BIZ-UDGothic"} <= families_of(found.pdf)
    assert found.codes == []


def test_the_words_in_a_picture_are_set_in_the_layouts_sans() -> None:
    assert "Listen" in " ".join(whole().texts)
    assert "Noto-Sans" in families_of(whole().pdf)


def test_an_arabic_book_is_set_in_the_arabic_face() -> None:
    found = printed(rtl_book())
    assert "Amiri" in families_of(found.pdf)


def test_the_configuration_names_the_layouts_folders_and_no_others(tmp_path: Path) -> None:
    text = configuration(layout().fonts, tmp_path)
    assert text.count("<dir>") == len(layout().fonts)
    assert "<include" not in text
    assert "<family>sans-serif</family><prefer><family>Noto Sans</family></prefer>" in text


def test_what_no_font_has_is_named_once_a_chapter_with_its_place_and_printed_as_a_mark() -> None:
    body = '<p data-src="one.md:3">Fine.</p><p data-src="one.md:5-7">Odd 𒀀 and 𒀀 and <b>𒀁</b>.</p>'
    found = printed(small_book(body, "<p>Plain.</p>"))
    (said,) = found.rendered.diagnostics
    assert str(said).startswith("one.md:5: warning[glyph-missing]: no font of the layout has 𒀀 (U+12000), 𒀁 (U+12001)")
    assert "Odd \ufffd and \ufffd and \ufffd." in found.text_from("c1")


@pytest.mark.parametrize("text", ["plain", "e\u0301", "a\u200db\ufe0f\u00ad", "\u2003\u00a0\t\n"])
def test_what_has_no_shape_of_its_own_is_not_missing(text: str) -> None:
    assert coverage_of(layout().fonts).missing(text) == frozenset()


def test_a_letter_and_its_accent_stand_for_the_accented_letter() -> None:
    coverage = Coverage(frozenset({ord("e"), 0x301}))
    assert coverage.missing("é") == frozenset()
    assert coverage.printable("éx") == "é\ufffd"


def test_a_place_is_found_without_source_lines() -> None:
    body = xhtml.parse("<p>a<b/>\u0378</p>")
    (said,) = Coverage(frozenset(map(ord, "a"))).change(body, Span("x.md", 1))
    assert said.span == Span("x.md", 1)
    assert xhtml.serialise(body) == "<p>a<b></b>\ufffd</p>"


def test_a_stroke_between_arabic_letters_takes_no_letters_meaning(book_of: Callable[..., Path]) -> None:
    """Amiri draws لكن with a stroke before the kaf, which the engine calls the lam, and the lam nothing."""
    book = book_of({"a.md": "# لكن\n\nلكن الكتاب والملك كلام لله.\n"})
    made = render(load(Order(book, (("language", '"ar"'),))), "pdf")
    words = "".join(texts_of(made.data)).replace("\u2060", "")
    assert words.count("لكن الكتاب والملك كلام لله") == 1
