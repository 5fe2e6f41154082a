"""BibTeX's files, as BibTeX and biblatex read them: entries with their fields and lines, nothing in them understood.

Every text is gone through once. What is no entry is a comment, as in BibTeX itself.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from pmpress.diagnostics import Diagnostic, Span, error, warning

_ENTRY = re.compile(r"@[ \t]*([A-Za-z]+)\s*([{(])")
# An entry whose braces do not match ends at the latest where the next begins, and so does the harm.
_NEXT = re.compile(r"^[ \t]*@[ \t]*[A-Za-z]+[ \t]*[{(]", re.MULTILINE)
_KEY = re.compile(r"\s*([^\s,{}()=\"#%\\]+)\s*(?=[,})])")
_FIELD = re.compile(r"\s*([^\s,{}()=\"#%]+)\s*=\s*")
_WORD = re.compile(r"[^\s,{}()=\"#%]+")
_SPACE = re.compile(r"\s*")
_BRACE = re.compile(r"[{}]")
_BRACE_OR_QUOTE = re.compile(r"[{}\"]")
_MOST_FROM_STRINGS = 1_000_000  # else a few strings, each twice in the next, would fill all memory
_CLOSE = {"{": "}", "(": ")"}
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry: `kind` and the names of `fields` in small letters, the values as they are written."""

    kind: str
    key: str
    fields: dict[str, str]
    span: Span


class _Malformed(Exception):
    """What is wrong, and where in the text."""

    def __init__(self, message: str, place: int) -> None:
        super().__init__(message)
        self.place = place


@dataclass(slots=True)
class _Reader:
    text: str
    file: str
    strings: dict[str, str] = field(default_factory=lambda: {name: name for name in MONTHS})
    diagnostics: list[Diagnostic] = field(default_factory=list)
    _lines: list[int] = field(default_factory=list)
    _spent: int = 0  # characters that came from strings
    _limit: int = -1  # how far an entry may go

    def entries(self) -> Iterator[Entry]:
        self._lines = [match.end() for match in re.finditer("\n", self.text)]
        place = 0
        while begun := _ENTRY.search(self.text, place):
            if self._limit < begun.end():
                following = _NEXT.search(self.text, begun.end())
                self._limit = following.start() if following else len(self.text)
            try:
                entry, place = self._entry(begun)
                if entry:
                    yield entry
            except _Malformed as fault:
                self.diagnostics.append(error("bibliography-malformed", str(fault), self._span(fault.place)))
                place = self._limit

    def _span(self, place: int) -> Span:
        return Span(self.file, bisect_right(self._lines, place) + 1)

    def _entry(self, begun: re.Match[str]) -> tuple[Entry | None, int]:
        kind, close = begun[1].lower(), _CLOSE[begun[2]]
        if kind == "comment":
            return None, begun.end()
        if kind == "preamble":
            return None, self._value(begun.end())[1]
        if kind == "string":
            named = _FIELD.match(self.text, begun.end(), self._limit)
            if not named:
                raise _Malformed("'@string' wants a name and a value: @string{name = \"text\"}", begun.start())
            value, place = self._value(named.end())
            self.strings[named[1].lower()] = value
            return None, self._closed(place, close, begun.start(), "'@string'")
        key = _KEY.match(self.text, begun.end(), self._limit)
        if not key:
            raise _Malformed(f"this '@{kind}' has no key", begun.start())
        fields, place = self._fields(key.end(), close, key[1], begun.start())
        return Entry(kind, key[1], fields, self._span(begun.start())), place

    def _fields(self, place: int, close: str, key: str, begun: int) -> tuple[dict[str, str], int]:
        fields: dict[str, str] = {}
        while True:
            place = self._skip(place)
            if self._at(place) == ",":
                place = self._skip(place + 1)
            if self._at(place) == close:
                return fields, place + 1
            named = _FIELD.match(self.text, place, self._limit)
            if not named and not self._at(place):
                raise _Malformed(f"'{key}' has no end: a brace or a quotation mark in it is not closed", begun)
            if not named:
                said = f"in '{key}' a field, or the end of the entry, is wanted: here stands '{self._at(place)}'"
                raise _Malformed(said, place)
            value, place = self._value(named.end())
            fields.setdefault(named[1].lower(), value)

    def _value(self, place: int) -> tuple[str, int]:
        """Pieces joined by `#`: in braces, in quotes, a number, or the name of a string."""
        pieces = []
        while True:
            begun = self._at(place)
            if begun == "{":
                end = self._end_of_braces(place)
                pieces.append(self.text[place + 1 : end])
                place = end + 1
            elif begun == '"':
                end = self._end_of_quotes(place)
                pieces.append(self.text[place + 1 : end])
                place = end + 1
            else:
                word = _WORD.match(self.text, place, self._limit)
                if not word:
                    raise _Malformed("a value is missing", place)
                pieces.append(self._string(word))
                place = word.end()
            place = self._skip(place)
            if self._at(place) != "#":
                return "".join(pieces), place
            place = self._skip(place + 1)

    def _string(self, word: re.Match[str]) -> str:
        if word[0].isdigit():
            return word[0]
        if (known := self.strings.get(word[0].lower())) is None:
            said = f"there is no '@string' called '{word[0]}': the word itself is taken"
            hint = "Put braces around a text."
            self.diagnostics.append(warning("bibliography-string", said, self._span(word.start()), hint))
            return word[0]
        self._spent += len(known)
        if self._spent > _MOST_FROM_STRINGS + 10 * len(self.text):
            raise _Malformed(f"the texts that '@string' puts in, here '{word[0]}', are too long", word.start())
        return known

    def _end_of_braces(self, place: int) -> int:
        depth = 0
        for brace in _BRACE.finditer(self.text, place, self._limit):
            depth += 1 if brace[0] == "{" else -1
            if not depth:
                return brace.start()
        raise _Malformed("a brace is opened here and never closed", place)

    def _end_of_quotes(self, place: int) -> int:
        depth = 0
        for found in _BRACE_OR_QUOTE.finditer(self.text, place + 1, self._limit):
            if found[0] == '"' and depth <= 0:
                return found.start()
            depth += {"{": 1, "}": -1}.get(found[0], 0)
        raise _Malformed("a quotation mark is opened here and never closed", place)

    def _closed(self, place: int, close: str, begun: int, what: str) -> int:
        if self._at(place) != close:
            raise _Malformed(f"{what} has no end", begun)
        return place + 1

    def _skip(self, place: int) -> int:
        space = _SPACE.match(self.text, place, self._limit)
        return space.end() if space else place

    def _at(self, place: int) -> str:
        return self.text[place : min(place + 1, self._limit)]


def read(text: str, file: str) -> tuple[list[Entry], list[Diagnostic]]:
    """The entries of a BibTeX file, in order, and what is wrong with it."""
    reader = _Reader(text, file)
    return list(reader.entries()), reader.diagnostics
