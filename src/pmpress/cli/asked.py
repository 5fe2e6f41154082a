"""What a command that reads a book was told."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pmpress.model import EditionKind


@dataclass(frozen=True, slots=True)
class Options:
    """The argument and the options of every command that reads a book."""

    book: Path | None
    layout: str | None
    settings: tuple[str, ...]
    edition: EditionKind | None
    target: str
    draft: bool
    quiet: bool
    format: str
