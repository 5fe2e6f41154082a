"""Includes, mdBook's: `{{#include path}}` with a range of lines or the name of an anchor, put in as the text is read.

`{{#include a.py:2:9}}` takes lines 2 to 9, `a.py:7` one line, `a.py::9` and `a.py:2:` all on one side; `a.py:main` what
stands between `ANCHOR: main` and `ANCHOR_END: main`. Paths are relative to the file they stand in.
"""

from __future__ import annotations

import os
import posixpath
import re
from dataclasses import dataclass, field
from pathlib import Path

from pmpress.diagnostics import Diagnostic, Span, error
from pmpress.manuscript.order import Source
from pmpress.manuscript.reading import locate, read_text

DEEPEST = 10
LONGEST = 5_000_000  # characters that all includes of one file may put into it

_INCLUDE = re.compile(r"(?P<escape>\\)?\{\{[ \t]*#include[ \t]+(?P<what>[^{}\n]*[^{}\s])[ \t]*\}\}")
_RANGE = re.compile(r"(?P<path>.*?):(?P<first>[0-9]*)(?P<colon>:)?(?P<last>[0-9]*)")
_ANCHOR = re.compile(r"(?P<path>[^:]*):(?P<name>[\w-]+)")
_ANCHOR_LINE = re.compile(r"\bANCHOR(?P<end>_END)?:\s*(?P<name>[\w-]+)")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of text, and the place it was written at."""

    text: str
    file: str
    number: int


@dataclass(slots=True)
class _Reader:
    """Reads one source; `files` are those read so far, `left` how many characters may still come in."""

    folder: Path
    diagnostics: list[Diagnostic]
    files: dict[str, list[_Line]] = field(default_factory=dict)
    left: int = LONGEST

    def expand(self, line: _Line, within: tuple[str, ...]) -> list[_Line]:
        """The line with what it includes, which may be many lines."""
        if "{{" not in line.text or not _INCLUDE.search(line.text):
            return [line]
        row, place = [_Line("", line.file, line.number)], 0
        for m in _INCLUDE.finditer(line.text):
            row = _joined(row, [_Line(line.text[place : m.start()], line.file, line.number)])
            if m["escape"]:
                row = _joined(row, [_Line(m[0][1:], line.file, line.number)])
            else:
                row = _joined(row, self._included(m["what"], line, within))
            place = m.end()
        return _joined(row, [_Line(line.text[place:], line.file, line.number)])

    def _included(self, what: str, line: _Line, within: tuple[str, ...]) -> list[_Line]:
        span = Span(line.file, line.number)
        path, _, _ = what.partition(":")
        path = posixpath.normpath(posixpath.join(posixpath.dirname(line.file), path.strip()))
        file = locate(self.folder, path, span, self.diagnostics)
        if file is None:
            return []
        if path in within or len(within) > DEEPEST:
            said = f"'{path}' includes itself" if path in within else f"'{path}' is included too deeply"
            self.diagnostics.append(error("include-circular", said, span, "Take one of the includes out."))
            return []
        if not os.path.isfile(file):
            self.diagnostics.append(error("include-missing", f"there is no file '{path}'", span, "Mend the name."))
            return []
        if path not in self.files:
            text = read_text(self.folder, path, span, self.diagnostics) or ""
            texts = text.removesuffix("\n").split("\n")
            self.files[path] = [_Line(text, path, number) for number, text in enumerate(texts, start=1)]
        chosen = self._chosen(what, path, span)
        self.left -= sum(len(one.text) + 1 for one in chosen)
        if self.left < 0:
            said = f"'{path}' makes the text too long"
            self.diagnostics.append(error("include-too-long", said, span, "Include less, or in several chapters."))
            return []
        return [one for each in chosen for one in self.expand(each, (*within, path))]

    def _chosen(self, what: str, path: str, span: Span) -> list[_Line]:
        """The lines asked for."""
        lines = self.files[path]
        if m := _RANGE.fullmatch(what):
            first = int(m["first"] or 1)
            last = int(m["last"]) if m["last"] else len(lines) if m["colon"] else first
            found = lines[max(first, 1) - 1 : last]
        elif m := _ANCHOR.fullmatch(what):
            found = _anchored(lines, m["name"])
        else:
            return [line for line in lines if not _ANCHOR_LINE.search(line.text)]
        if not found:
            said = f"'{path}' has no such lines: {what.partition(':')[2]}"
            self.diagnostics.append(error("include-missing", said, span, "Mend the range or the anchor."))
        return found


def _anchored(lines: list[_Line], name: str) -> list[_Line]:
    """What stands between the comments of that name, without the comments of other names."""
    found: list[_Line] = []
    inside = False
    for line in lines:
        m = _ANCHOR_LINE.search(line.text)
        if m and m["name"] == name:
            inside = not m["end"]
        elif inside and not m:
            found.append(line)
    return found


def _joined(before: list[_Line], after: list[_Line]) -> list[_Line]:
    """The two, the last line of the one and the first of the other become one; it stands where its text was written."""
    if not before or not after:
        return before or after
    last, first = before[-1], after[0]
    place = first if not last.text.strip() else last
    return [*before[:-1], _Line(last.text + first.text, place.file, place.number), *after[1:]]


def read_source(folder: Path, path: str, span: Span, diagnostics: list[Diagnostic], title: str = "") -> Source | None:
    """A file's text with what it includes in it; None, with a diagnostic, if it cannot be read.

    What cannot be included is an error `include-missing`, `include-circular`, `include-too-long` or `path-outside` at
    the line that asks for it, and is left out.
    """
    text = read_text(folder, path, span, diagnostics)
    if text is None or not _INCLUDE.search(text):
        return None if text is None else Source(path, text, title=title)
    reader = _Reader(folder, diagnostics)
    lines = [
        line
        for number, written in enumerate(text.split("\n"), start=1)
        for line in reader.expand(_Line(written, path, number), (path,))
    ]
    places = tuple((line.file, line.number) for line in lines)
    return Source(path, "\n".join(line.text for line in lines), title=title, lines=places, included=tuple(reader.files))
