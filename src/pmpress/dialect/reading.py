"""What is known about the one text being read, and what has been found in it so far."""

from __future__ import annotations

from dataclasses import dataclass, field

from pmpress.diagnostics import Diagnostic, Span, error, note, warning


@dataclass(slots=True)
class Reading:
    """One conversion's own state: made by `parse`, handed to each step, gone when it returns.

    `file` and `first_line` say where the text stands, `language` what it is written in; `findings` are in no
    particular order. For each piece of raw HTML, by its place in Python-Markdown's stash, `html_lines` has the line
    it begins in; `html_blocks` has those pieces that are blocks.
    """

    file: str
    first_line: int = 1
    language: str = "en"
    findings: list[Diagnostic] = field(default_factory=list)
    html_lines: dict[int, int] = field(default_factory=dict)
    html_blocks: set[int] = field(default_factory=set)
    abbreviations: dict[str, str] = field(default_factory=dict)

    def note(self, code: str, message: str, line: int, hint: str = "") -> None:
        """Add a note about a line of the file."""
        self.findings.append(note(code, message, Span(self.file, line), hint))

    def warn(self, code: str, message: str, line: int, hint: str = "") -> None:
        """Add a warning about a line of the file."""
        self.findings.append(warning(code, message, Span(self.file, line), hint))

    def fail(self, code: str, message: str, line: int, hint: str = "") -> None:
        """Add an error about a line of the file."""
        self.findings.append(error(code, message, Span(self.file, line), hint))

    def source(self, first: int, last: int) -> str:
        """The value of `data-src` for these lines of the file."""
        return f"{self.file}:{first}-{last}"


def first_line_of(source: str) -> int:
    """The first line in a value of `data-src`; 0 if there is none."""
    first = source.rpartition(":")[2].partition("-")[0]
    return int(first) if first.isdecimal() else 0
