"""Sizes of pages by name, and lengths: all in pt."""

from __future__ import annotations

import pytest

from pmpress import trims


@pytest.mark.parametrize(
    ("written", "size"),
    [
        ("a5", (419.53, 595.28)),
        ("A5", (419.53, 595.28)),
        ("kdp-6x9", (432, 648)),
        ("kdp-5.06x7.81", (364.32, 562.32)),
        ("5.5x8.5in", (396, 612)),
        ("140 × 210 mm", (396.85, 595.28)),
        ("letter", (612, 792)),
    ],
)
def test_a_trim_has_a_name_or_two_sides(written: str, size: tuple[float, float]) -> None:
    assert trims.trim(written) == pytest.approx(size, abs=0.01)


@pytest.mark.parametrize("written", ["", "b99", "5.5x8.5", "0", "6x9 miles", "kdp-1x2", "x".ljust(100_000, "1")])
def test_what_is_no_size_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="a size such as"):
        trims.trim(written)


def test_a_name_that_is_nearly_right_is_found() -> None:
    with pytest.raises(ValueError, match="did you mean 'royal'"):
        trims.trim("roial")


def test_every_name_has_a_size() -> None:
    for name in trims.NAMES:
        width, height = trims.trim(name)
        assert 200 < width < 1100, name
        assert 200 < height < 1100, name


@pytest.mark.parametrize(("written", "pt"), [("3mm", 8.504), ("0.125in", 9), (".5cm", 14.173), ("0", 0), ("4px", 3)])
def test_a_length_has_a_unit(written: str, pt: float) -> None:
    assert trims.length(written) == pytest.approx(pt, abs=0.001)


@pytest.mark.parametrize("written", ["", "3", "-3mm", "3 em", "mm"])
def test_what_is_no_length_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="a length such as"):
        trims.length(written)


@pytest.mark.parametrize("written", ["1x1mm", "0x0mm", "20000x20000pt", "9" * 400 + "x5in", "300x14201pt"])
def test_a_page_that_no_pdf_can_have_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="sides of 3 pt to 14200 pt"):
        trims.trim(written)


def test_a_bleed_goes_as_far_as_anything_is_painted() -> None:
    assert trims.bleed("1in") == trims.MOST_BLEED
    for written in ("26mm", "9" * 400 + "mm"):
        with pytest.raises(ValueError, match="an inch at most"):
            trims.bleed(written)
