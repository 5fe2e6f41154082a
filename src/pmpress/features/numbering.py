"""Numbers of chapters and parts, where the author has not written any."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pmpress.model import Marks, Registry
from pmpress.numerals import roman

_NUMBERED = re.compile(r"(\w+\s+)?(\d|[IVXLC]+\b[.:)])", re.I)

_NUMBERED_PART = re.compile(r"(part|teil|partie|parte)\b|\d|[IVX]+[.:]", re.I)


def register(marks: Iterable[Marks]) -> Registry:
    """Number the chapters of the body from 1, through all parts, unless there is only one or the titles of most
    already say a number ("Chapter 4: …")."""
    chapters = [
        mark.chapter for mark in marks if mark.chapter.kind == "chapter" and mark.chapter.matter == "bodymatter"
    ]
    numbered = sum(1 for chapter in chapters if _NUMBERED.match(chapter.title))
    if len(chapters) < 2 or numbered * 2 > len(chapters):
        return Registry()
    return Registry(numbers={chapter.slug: str(number) for number, chapter in enumerate(chapters, start=1)})


def number_parts(titles: Iterable[str]) -> tuple[str, ...]:
    """Roman numbers for parts of those titles, or none if a title says its own ("Part One")."""
    known = tuple(titles)
    if len(known) < 2 or any(_NUMBERED_PART.match(title) for title in known):
        return tuple("" for _ in known)
    return tuple(roman(number).upper() for number in range(1, len(known) + 1))
