"""What a value of `book.toml` must be: readers that take the TOML value and return the checked one, or raise ValueError
saying what is wanted."""

from __future__ import annotations

import re
from itertools import accumulate
from typing import Any

from pmpress import trims
from pmpress.config.keys import Reader, shaped

_NO_VALUE = re.compile(r"[;{}<>@\\!\[\]]|/\*|\burl\(|\bsrc\(", re.I)
_LONGEST_VALUE, _DEEPEST_VALUE = 1000, 30
TEXT = {"type": "string", "title": "text"}
"""The shape of text."""
LINE = {"type": "string", "title": "text in one line", "pattern": r"^[^\t\r\n]*$"}
"""The shape of text in one line."""
_LENGTH = r"^\s*(0|([0-9]+(\.[0-9]+)?|\.[0-9]+)\s*(pt|mm|cm|in|px|pc))\s*$"
_FILE = {
    "anyOf": [
        TEXT,
        {
            "type": "object",
            "properties": {"file": TEXT, "kind": TEXT},
            "required": ["file"],
            "additionalProperties": False,
        },
    ]
}
_PART = {
    "type": "object",
    "properties": {"part": TEXT, "chapters": {"type": "array", "items": _FILE}},
    "required": ["part", "chapters"],
    "additionalProperties": False,
}
_SIZE = r"^\s*[0-9.]+\s*(x|×|by)\s*[0-9.]+\s*(pt|mm|cm|in|px|pc)\s*$"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")


@shaped(TEXT)
def text(value: Any) -> str:
    """A string without control characters, white space at its ends taken off."""
    if not isinstance(value, str):
        raise ValueError("text in quotation marks")
    if _CONTROL.search(value):
        raise ValueError("text without control characters")
    return value.strip()


@shaped(LINE)
def line(value: Any) -> str:
    """A string in one line."""
    written = text(value)
    if re.search(r"[\t\r\n\u2028\u2029]", written):
        raise ValueError("text in one line, without control characters")
    return written


@shaped({"type": "boolean", "title": "true or false"})
def flag(value: Any) -> bool:
    """true or false."""
    if not isinstance(value, bool):
        raise ValueError("true or false")
    return value


@shaped({"type": "integer", "minimum": 1, "maximum": 9, "title": "a number of levels"})
def levels(value: Any) -> int:
    """How many levels of a list are wanted."""
    if type(value) is not int or not 1 <= value <= 9:
        raise ValueError("a number of levels, from 1")
    return value


def one_of(*words: str) -> Reader[str]:
    """A reader of one of some words."""
    coded = [f'`"{word}"`' for word in words]

    @shaped({"enum": list(words), "title": " or ".join(filter(None, (", ".join(coded[:-1]), coded[-1])))})
    def read(value: Any) -> str:
        if value not in words:
            raise ValueError(" or ".join(f'"{word}"' for word in words))
        return str(value)

    return read


@shaped({"type": "array", "items": TEXT, "title": "a list of texts"})
def texts(value: Any) -> tuple[str, ...]:
    """A list of strings."""
    if not isinstance(value, list):
        raise ValueError('a list of texts, as in ["one", "two"]')
    return tuple(text(item) for item in value)


@shaped({"type": "array", "items": _FILE, "title": "a list of files, or of `{ file, kind }`"})
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


@shaped(
    {
        "type": "array",
        "items": {"anyOf": [*_FILE["anyOf"], _PART]},
        "title": "a list of files, of `{ file, kind }`, or of `{ part, chapters }`",
    }
)
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


@shaped(
    {
        "anyOf": [
            {"enum": list(trims.NAMES)},
            {"type": "string", "pattern": _SIZE},
        ],
        "title": "a name, or width and height",
    }
)
def size(value: Any) -> tuple[float, float]:
    """A trim: its width and height in pt."""
    return trims.trim(text(value))


@shaped({"type": "string", "pattern": _LENGTH, "title": "a length"})
def length(value: Any) -> float:
    """A length, in pt."""
    return trims.length(text(value))


@shaped({"type": "string", "pattern": _LENGTH, "title": "a length, an inch at most"})
def bleed(value: Any) -> float:
    """How far what reaches the edge of a page goes on beyond it, in pt."""
    return trims.bleed(text(value))


@shaped({"type": ["string", "number"], "title": "a value as CSS has it"})
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
