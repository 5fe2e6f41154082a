"""Dates as books in several languages say them."""

from __future__ import annotations

import pytest

from pmpress.dates import in_words


@pytest.mark.parametrize(
    ("language", "day", "month", "year"),
    [
        ("en", "1 March 2026", "March 2026", "2026"),
        ("en-US", "March 1, 2026", "March 2026", "2026"),
        ("fr-CA", "1er mars 2026", "mars 2026", "2026"),
        ("de", "1. März 2026", "März 2026", "2026"),
        ("es", "1 de marzo de 2026", "marzo de 2026", "2026"),
        ("ar", "1 مارس 2026", "مارس 2026", "2026"),
        ("ja", "2026年3月1日", "2026年3月", "2026年"),
        ("nl", "2026-03-01", "2026-03", "2026"),
    ],
)
def test_a_date_is_said_in_the_books_language(language: str, day: str, month: str, year: str) -> None:
    assert [in_words(date, language) for date in ("2026-03-01", "2026-03", "2026", "")] == [day, month, year, ""]
