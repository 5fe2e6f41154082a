"""Dates as a book says them, in the languages that `terms` knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

_NUMBERED = tuple(f"{number}月" for number in range(1, 13))


@dataclass(frozen=True, slots=True)
class _Saying:
    """The names of the months, and how day, month and year stand together; `first` is how the first day is written."""

    months: tuple[str, ...]
    day: str
    month: str
    year: str = "{year}"
    first: str = "1"


_ENGLISH = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
            "November", "December")  # fmt: skip
_SAYINGS: Mapping[str, _Saying] = {
    "en": _Saying(_ENGLISH, "{day} {month} {year}", "{month} {year}"),
    "en-us": _Saying(_ENGLISH, "{month} {day}, {year}", "{month} {year}"),
    "fr": _Saying(
        ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
         "décembre"), "{day} {month} {year}", "{month} {year}", first="1er",
    ),
    "de": _Saying(
        ("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
         "Dezember"), "{day}. {month} {year}", "{month} {year}",
    ),
    "es": _Saying(
        ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
         "diciembre"), "{day} de {month} de {year}", "{month} de {year}",
    ),
    "ar": _Saying(
        ("يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر",
         "ديسمبر"), "{day} {month} {year}", "{month} {year}",
    ),
    "ja": _Saying(_NUMBERED, "{year}年{month}{day}日", "{year}年{month}", "{year}年"),
}  # fmt: skip


def in_words(date: str, language: str) -> str:
    """A date (`YYYY`, `YYYY-MM`, `YYYY-MM-DD`, or empty) as a book in that language (a BCP 47 tag) says it; as it is
    written, where nobody knows how."""
    tag = language.lower()
    saying = _SAYINGS.get(tag) or _SAYINGS.get(tag.split("-", maxsplit=1)[0])
    if saying is None or not date:
        return date
    year, month, day = map(int, [*date.split("-"), "0", "0"][:3])
    pattern = saying.day if day else saying.month if month else saying.year
    named = saying.months[month - 1] if month else ""
    return pattern.format(day=saying.first if day == 1 else day, month=named, year=year)
