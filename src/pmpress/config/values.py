"""What a value of `book.toml` must be: readers that take the TOML value and return the checked one, or raise ValueError
saying what is wanted."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import accumulate
from typing import Any

from pmpress import trims

_NO_VALUE = re.compile(r"[;{}<>@\\!\[\]]|/\*|\burl\(|\bsrc\(", re.I)
_LONGEST_VALUE, _DEEPEST_VALUE = 1000, 30
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")


def text(value: Any) -> str:
    """A string without control characters, white space at its ends taken off."""
    if not isinstance(value, str):
        raise ValueError("text in quotation marks")
    if _CONTROL.search(value):
        raise ValueError("text without control characters")
    return value.strip()


def line(value: Any) -> str:
    """A string in one line."""
    written = text(value)
    if re.search(r"[\t\r\n\u2028\u2029]", written):
        raise ValueError("text in one line, without control characters")
    return written


def flag(value: Any) -> bool:
    """true or false."""
    if not isinstance(value, bool):
        raise ValueError("true or false")
    return value


def one_of(*words: str) -> Callable[[Any], str]:
    """A reader of one of some words."""

    def read(value: Any) -> str:
        if value not in words:
            raise ValueError(" or ".join(f'"{word}"' for word in words))
        return str(value)

    return read


def texts(value: Any) -> tuple[str, ...]:
    """A list of strings."""
    if not isinstance(value, list):
        raise ValueError('a list of texts, as in ["one", "two"]')
    return tuple(text(item) for item in value)


def listing(value: Any) -> tuple[Any, ...]:
    """Files: paths, or tables `{ file = "…", kind = "…" }`."""
    wanted = 'a list of files, or of { file = "…", kind = "…" }'
    if not isinstance(value, list):
        raise ValueError(wanted)
    for item in value:
        said = {"file": item} if isinstance(item, str) else item
        if not isinstance(said, dict) or not {"file"} <= set(said) <= {"file", "kind"}:
            raise ValueError(wanted)
        if not all(map(text, said.values())):
            raise ValueError(wanted)
    return tuple(value)


def listing_with_parts(value: Any) -> tuple[Any, ...]:
    """Files as in `listing`, and parts of them: `{ part = "…", chapters = […] }`."""
    wanted = 'a list of files, or of { part = "…", chapters = [files] }'
    if not isinstance(value, list):
        raise ValueError(wanted)
    for item in value:
        if isinstance(item, dict) and set(item) == {"part", "chapters"}:
            if not text(item["part"]):
                raise ValueError(wanted)
            listing(item["chapters"])
        else:
            listing([item])
    return tuple(value)


def size(value: Any) -> tuple[float, float]:
    """A trim: its width and height in pt."""
    return trims.trim(text(value))


def length(value: Any) -> float:
    """A length, in pt."""
    return trims.length(text(value))


def bleed(value: Any) -> float:
    """How far what reaches the edge of a page goes on beyond it, in pt."""
    return trims.bleed(text(value))


def css_value(value: Any) -> str:
    """The value of a CSS property, without anything that would end it or ask for a file."""
    written = str(value) if type(value) in (int, float) else " ".join(text(value).split())
    quotes_close = all(written.count(quote) % 2 == 0 for quote in "\"'")
    if not quotes_close or not _brackets_close(written) or _NO_VALUE.search(written) or len(written) > _LONGEST_VALUE:
        raise ValueError('a value as CSS has it, such as "11.5pt", "#7a2e1f" or "\'EB Garamond\'"')
    return written


def _brackets_close(written: str) -> bool:
    depths = list(accumulate((1 if each == "(" else -1) for each in written if each in "()"))
    return not depths or (depths[-1] == 0 and min(depths) >= 0 and max(depths) <= _DEEPEST_VALUE)
