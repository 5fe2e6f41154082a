"""A book and its two finished files, held against each other."""

from __future__ import annotations

from concurrent.futures import Executor
from pathlib import Path

from pmpress.cache import FOLDER, Cache
from pmpress.diagnostics import Diagnostic
from pmpress.press import Order, load, render
from pmpress.press.writing import output_folder
from pmpress.tasks import InProcess, Means, Progress, silent

_KINDS = ("pdf", "epub")


def parity_of(
    order: Order, output: Path | None = None, *, executor: Executor | None = None, progress: Progress = silent
) -> tuple[Diagnostic, ...]:
    """Make both files of a book, or take what the output folder remembers of them, and say what of the book is not in
    them (`pmpress.checks.parity`). Nothing is written but what is remembered. Raises as `load` and `render` do."""
    # Only this command reads PDF files, and the library for it takes its time to come.
    from pmpress.checks.parity import check_parity

    means = Means(executor or InProcess(), Cache(output_folder(output) / FOLDER), progress)
    loaded = load(order, means, _KINDS)
    pdf, epub = (render(loaded, kind, means).data for kind in _KINDS)
    return check_parity(loaded.book, pdf, epub)
