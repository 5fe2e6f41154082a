"""The cover drawn from the layout."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image
from test_pdf_sample import layout, metadata, prose, small_book

from pmpress.model import Asset, Contributor
from pmpress.pdf import draw_cover


def cover(title: str, language: str = "en", authors: int = 1) -> Asset:
    people = tuple(Contributor(f"Author Number {number}") for number in range(authors))
    direction = "rtl" if language == "ar" else "ltr"
    return draw_cover(
        small_book(
            "<p>x</p>", about=metadata(title=title, language=language, direction=direction, contributors=people)
        ),
        layout(),
    )()


@pytest.mark.parametrize(
    ("title", "language"),
    [
        ("Git", "en"),
        (prose(3), "en"),
        ("Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft", "de"),
        ("برو جيت: كل ما تحتاج معرفته عن جيت", "ar"),
        ("プロギット：バージョン管理のすべて", "ja"),
        ("𒀀 & <b>", "en"),
    ],
)
def test_a_cover_fits_whatever_the_title(title: str, language: str) -> None:
    found = cover(title, language)
    assert (found.name, found.media_type, found.width, found.height) == ("cover.jpg", "image/jpeg", 1575, 2520)
    image = Image.open(BytesIO(found.data))
    assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (1575, 2520))
    ground = image.getpixel((5, 5))
    margins = [image.crop(box) for box in ((0, 0, 59, 2520), (1516, 0, 1575, 2520), (0, 2461, 1575, 2520))]
    assert all(len(set(margin.resize((1, margin.height)).get_flattened_data())) < 60 for margin in margins)
    assert ground == image.getpixel((1570, 2515))


def test_the_same_cover_each_time() -> None:
    assert cover("Same", authors=6).data == cover("Same", authors=6).data


def test_titles_make_different_covers() -> None:
    assert cover("One").data != cover("Two").data
