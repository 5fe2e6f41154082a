"""What other programs may use: a book is loaded once, and its files are made of it, in memory.

docs/api.md shows it. Everything else in this package may change from one version to the next.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from pmpress import press
from pmpress.diagnostics import Diagnostic, MachineError, ManuscriptError, PressError, Severity, Span, UsageError
from pmpress.model import EditionKind, Rendered
from pmpress.press import Loaded

__all__ = [
    "Diagnostic",
    "Loaded",
    "MachineError",
    "ManuscriptError",
    "PressError",
    "Rendered",
    "Severity",
    "Span",
    "UsageError",
    "load",
    "render_epub",
    "render_pdf",
]


def load(
    path: str | os.PathLike[str],
    *,
    settings: Mapping[str, str] | None = None,
    edition: EditionKind | None = None,
    target: str = "",
    draft: bool = False,
    epoch: int | None = None,
) -> Loaded:
    """Read a manuscript, a folder or a Markdown file, and make the book of it.

    `settings` override keys of `book.toml` as `--set` does: `{"layout.name": "manual"}`. `edition`, `target` and
    `draft` are the options of those names. `epoch` says when the files were made, in seconds since 1970, if `book.toml`
    has no date; the environment is not asked.

    `diagnostics` of what is returned has the warnings and notes. Raises ManuscriptError with every diagnostic of the
    run if any is an error and it is no draft, UsageError if there is no such book, layout or target, and MachineError
    if the machine lacks something; all three are PressErrors.
    """
    return press.load(press.Order(Path(path), tuple((settings or {}).items()), edition, target, draft, epoch))


def render_pdf(book: Loaded) -> Rendered:
    """Make the PDF: its bytes are `data`, and what was noticed is in `diagnostics`. Raises as `load` does."""
    return _rendered(book, "pdf")


def render_epub(book: Loaded) -> Rendered:
    """Make the EPUB: its bytes are `data`, and what was noticed is in `diagnostics`. Raises as `load` does."""
    return _rendered(book, "epub")


def _rendered(book: Loaded, kind: str) -> Rendered:
    rendered = press.render(book, kind)
    return replace(rendered, diagnostics=press.admitted(rendered.diagnostics, draft=book.edition.draft))
