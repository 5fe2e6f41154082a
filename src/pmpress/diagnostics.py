"""What the press says about a manuscript: places, messages, and the errors that end a run.

A stage never prints and never stops at the first fault: it returns `Diagnostic` values beside its result. Only what
leaves nothing to work on is raised, as a `PressError` that carries diagnostics of its own and knows its exit code.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum

_MOST_COMPARED = 20


class Severity(StrEnum):
    """How much a diagnostic matters: an error keeps the book from being written, a warning and a note do not."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A place in the sources: `file` as the author would name it, `line` counted from 1 (0: the file as a whole)."""

    file: str
    line: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding. `code` is a stable word such as `link-unresolved`; `hint` says what to do about it."""

    code: str
    severity: Severity
    message: str
    span: Span | None = None
    hint: str = ""

    def __str__(self) -> str:
        place = f"{self.span}: " if self.span else ""
        hint = f"\n    hint: {self.hint}" if self.hint else ""
        return f"{place}{self.severity}[{self.code}]: {self.message}{hint}"

    def lowered(self) -> Diagnostic:
        """The same finding as a warning, if it is an error: what `--draft` makes of it."""
        if self.severity is not Severity.ERROR:
            return self
        return replace(self, severity=Severity.WARNING)


def error(code: str, message: str, span: Span | None = None, hint: str = "") -> Diagnostic:
    """A finding that would lose content or be unsafe."""
    return Diagnostic(code, Severity.ERROR, message, span, hint)


def warning(code: str, message: str, span: Span | None = None, hint: str = "") -> Diagnostic:
    """A finding the press can work around, and says how."""
    return Diagnostic(code, Severity.WARNING, message, span, hint)


def note(code: str, message: str, span: Span | None = None, hint: str = "") -> Diagnostic:
    """A choice the press made for the author."""
    return Diagnostic(code, Severity.NOTE, message, span, hint)


@dataclass(slots=True)
class Nearest:
    """The known word that an unknown one may be meant for, as a hint says it. To compare takes its time: of very many
    unknown words only the first are compared."""

    known: Collection[str]
    _found: dict[str, str] = field(default_factory=dict)

    def to(self, word: str) -> str:
        """The known word nearest to this one, or nothing."""
        if word not in self._found and len(self._found) < _MOST_COMPARED:
            self._found[word] = next(iter(difflib.get_close_matches(word, self.known, 1)), "")
        return self._found.get(word, "")


class PressError(Exception):
    """The run cannot go on. Carries every diagnostic found up to there; `exit_code` is the command's."""

    exit_code = 1

    def __init__(self, diagnostics: Diagnostic | Iterable[Diagnostic]) -> None:
        one = isinstance(diagnostics, Diagnostic)
        self.diagnostics: tuple[Diagnostic, ...] = (diagnostics,) if one else tuple(diagnostics)  # type: ignore[arg-type,assignment]
        super().__init__("\n".join(str(found) for found in self.diagnostics))

    def __reduce__(self) -> tuple[type[PressError], tuple[tuple[Diagnostic, ...]]]:
        """So that it comes back whole from a worker process."""
        return type(self), (self.diagnostics,)


class ManuscriptError(PressError):
    """The manuscript has errors (exit code 1)."""

    exit_code = 1


class UsageError(PressError):
    """The command was given what it cannot take: no such book, no such layout (exit code 2)."""

    exit_code = 2


class MachineError(PressError):
    """The machine lacks something: Pango, a writable folder, room on the disk (exit code 3)."""

    exit_code = 3
