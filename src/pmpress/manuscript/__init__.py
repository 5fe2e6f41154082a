"""Disk → sources. Reads the manuscript's folder, never writes, and never leaves it.

`load` finds the book's order and reads its text; `load_images` reads the pictures that the text turned out to ask for.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pmpress.config import FILE, BookConfig, Table, read_config
from pmpress.diagnostics import Diagnostic, Span, UsageError, error, note
from pmpress.manuscript import listed, natural, summary
from pmpress.manuscript.images import load_cover, load_images
from pmpress.manuscript.kinds import kind_named, matter_of
from pmpress.manuscript.language import guess_language
from pmpress.manuscript.names import ascii_slug, humanise, named
from pmpress.manuscript.order import PartSections, Section, Sections, Source
from pmpress.manuscript.reading import is_markdown, load_texts, present, read_text

__all__ = [
    "Manuscript",
    "PartSections",
    "Section",
    "Sections",
    "Source",
    "ascii_slug",
    "humanise",
    "kind_named",
    "load",
    "load_cover",
    "load_images",
    "load_texts",
    "matter_of",
    "present",
]


@dataclass(frozen=True, slots=True)
class Manuscript:
    """What is on disk: the settings and the chapters' text in order. `folder` is the only place anything is read
    from; `name` is what the author called the book on the command line (the folder's or the file's name)."""

    folder: Path
    name: str
    config: BookConfig
    sections: Sections
    language: str


def load(
    path: Path, overrides: Iterable[tuple[str, str]] = (), tables: Iterable[Table] = ()
) -> tuple[Manuscript, tuple[Diagnostic, ...]]:
    """Read a book: a folder with a `book.toml`, any folder of Markdown files, or one Markdown file.

    `overrides` and `tables` are for `pmpress.config.read_config`. Returns the manuscript and what was noticed. Raises
    UsageError (`book-missing`) if there is no such folder or file, and ManuscriptError if `book.toml` is no TOML.
    """
    is_folder = os.path.isdir(path)
    folder = path if is_folder else path.parent
    if not is_folder and not (os.path.isfile(path) and is_markdown(path)):
        raise UsageError(
            error("book-missing", f"'{path}' is no folder and no Markdown file", hint="Name a folder of .md files.")
        )
    diagnostics: list[Diagnostic] = []
    toml = _config_text(path, diagnostics)
    config, found = read_config(toml, overrides, tables)
    diagnostics += found
    if any(each.code == "config-unknown-key" for each in found) and os.path.isfile(folder / "src" / "SUMMARY.md"):
        diagnostics.append(
            note("config-of-mdbook", "this book.toml seems to be mdBook's: build its folder src", Span(FILE))
        )
    sections = named(_sections(path, folder, config, diagnostics), diagnostics)
    language = config.language or guess_language(sections, diagnostics)
    if not any(True for _ in sections.all()) and not any(found.code == "chapter-missing" for found in diagnostics):
        where = Span(FILE) if toml is not None else Span(path.name or str(path))
        diagnostics.append(
            error("book-empty", "there is no chapter to print", where, "Add a Markdown file with a '# Title'.")
        )
    name = Path(os.path.realpath(path)).name if is_folder else path.stem
    return Manuscript(folder, name, config, sections, language), tuple(diagnostics)


def _config_text(path: Path, diagnostics: list[Diagnostic]) -> str | None:
    if os.path.lexists(path / FILE):
        return read_text(path, FILE, Span(FILE), diagnostics) or ""
    return None


def _sections(path: Path, folder: Path, config: BookConfig, diagnostics: list[Diagnostic]) -> Sections:
    if config.contents is not None:
        return listed.sections(folder, config.contents, diagnostics)
    if os.path.isfile(path):
        return natural.sections(folder, [path.name], diagnostics)
    index = next((name for name in ("SUMMARY.md", "src/SUMMARY.md") if os.path.isfile(folder / name)), None)
    if index:
        diagnostics.append(note("order-summary", f"the order of the chapters is that of {index}", Span(index)))
        return summary.sections(folder, index, diagnostics)
    return natural.sections(folder, natural.find(folder, diagnostics), diagnostics)
