"""What is shown: diagnostics, as text or for other programs, and how far the press is."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pmpress import __version__
from pmpress.cli.asked import Options
from pmpress.diagnostics import Diagnostic, Severity, error, note

if TYPE_CHECKING:
    from rich.progress import Progress

_MOST_NOTES = 5
_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}


def print_diagnostics(options: Options, diagnostics: Iterable[Diagnostic], paths: Iterable[Path] = ()) -> None:
    """Print what was noticed, and the files that were made, in the format that was asked for."""
    shown = [found for found in diagnostics if not (options.quiet and found.severity is Severity.NOTE)]
    if options.format == "json":
        click.echo(
            json.dumps(
                {
                    "outputs": [click.format_filename(path) for path in paths],
                    "diagnostics": [_as_json(found) for found in shown],
                }
            )
        )
        return
    echo_diagnostics(summed_up(shown))
    for path in paths:
        click.echo(click.format_filename(path))


def summed_up(diagnostics: Iterable[Diagnostic], hint: str = "--format json lists all.") -> Iterator[Diagnostic]:
    """The diagnostics, but of very many notes of one code only the first, and at the end how many more there are: a
    long book's may fill the screen, and hide what matters more."""
    notes: Counter[str] = Counter()
    for found in diagnostics:
        if found.severity is Severity.NOTE:
            notes[found.code] += 1
        if notes[found.code] <= _MOST_NOTES or found.severity is not Severity.NOTE:
            yield found
    for code, count in notes.items():
        if count > _MOST_NOTES:
            yield note(code, f"{count - _MOST_NOTES} more of these", hint=hint)


def echo_diagnostics(diagnostics: Iterable[Diagnostic]) -> None:
    """Print diagnostics for people, on standard error."""
    for found in diagnostics:
        place = f"{found.span}: " if found.span else ""
        label = click.style(f"{found.severity}[{found.code}]", fg=_COLOURS[found.severity], bold=True)
        click.echo(f"{place}{label}: {found.message}", err=True)
        if found.hint:
            click.echo(f"    hint: {found.hint}", err=True)


def _as_json(found: Diagnostic) -> dict[str, Any]:
    return {
        "code": found.code,
        "severity": str(found.severity),
        "message": found.message,
        "file": found.span.file if found.span else None,
        "line": found.span.line if found.span and found.span.line else None,
        "hint": found.hint or None,
    }


def internal_error() -> Diagnostic:
    """The error that is being handled and that nobody foresaw; what happened is written to a log file."""
    fault = " ".join(traceback.format_exception_only(sys.exception())).strip()
    try:
        handle, name = tempfile.mkstemp(prefix="pmpress-", suffix=".log")
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as log:
            log.write(f"pmpress {__version__}, Python {sys.version}\n{traceback.format_exc()}")
    except OSError as unwritable:
        return error("internal-error", f"pmpress itself failed: {fault} (and no log can be written: {unwritable})")
    hint = "Please report it with that file."
    return error("internal-error", f"pmpress itself failed; what happened is in {name}", hint=hint)


def _bars() -> Progress:
    # Only a terminal is drawn on, and only then is it worth the time to import.
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    # Drawn when there is something new: a thread that draws would be copied, half at work, into each worker.
    return Progress(*columns, console=Console(stderr=True), transient=True, auto_refresh=False)


class Display:
    """How far the press is, on standard error: a moving display on a terminal, a line a stage elsewhere."""

    def __init__(self, options: Options) -> None:
        self._quiet = options.quiet or options.format == "json"
        self._bars = _bars() if sys.stderr.isatty() and not self._quiet else None
        self._tasks: dict[str, Any] = {}

    def __enter__(self) -> Display:
        if self._bars:
            self._bars.start()
        return self

    def __exit__(self, *fault: object) -> None:
        if self._bars:
            self._bars.stop()

    def show(self, stage: str, done: int, total: int) -> None:
        """Take in that `done` of `total` are ready in a stage."""
        if self._bars:
            task = self._tasks.get(stage)
            if task is None:
                task = self._tasks[stage] = self._bars.add_task(stage, total=total)
            self._bars.update(task, completed=done, total=total, refresh=True)
        elif done == total and not self._quiet:
            click.echo(f"{stage}: {total}", err=True)
