"""Where the lines of a text were written, if not all of them in one file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from lxml import etree

from pmpress.diagnostics import Diagnostic, Span
from pmpress.dialect.reading import first_line_of
from pmpress.xhtml import SPAN


def settle(body: etree._Element, lines: Sequence[tuple[str, int]]) -> None:
    """Make every `data-src` under `body`, counted along the text, name the file and the lines it was written in.

    What was written in several files is said to stand where it begins.
    """
    for element in body.iter(etree.Element):
        source = element.get(SPAN)
        if source:
            first, last = first_line_of(source), int(source.rpartition("-")[2])
            file, begin = _place(first, lines)
            end_file, end = _place(last, lines)
            element.set(SPAN, f"{file}:{begin}-{end if end_file == file and end >= begin else begin}")


def settled(findings: Iterable[Diagnostic], lines: Sequence[tuple[str, int]]) -> list[Diagnostic]:
    """The findings with the places that their lines have."""
    return [
        replace(found, span=Span(*_place(found.span.line, lines))) if found.span and found.span.line else found
        for found in findings
    ]


def _place(line: int, lines: Sequence[tuple[str, int]]) -> tuple[str, int]:
    return lines[min(max(line, 1), len(lines)) - 1]
