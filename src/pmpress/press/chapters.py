"""The stages between reading and rendering: those that see one chapter alone as tasks, plain values in, plain values
out, and the one that sees the book."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from pmpress import features
from pmpress.cache import Cache, digest, made_by, remembered
from pmpress.diagnostics import Diagnostic
from pmpress.dialect import Addition, set_line
from pmpress.manuscript import Section
from pmpress.model import Chapter, Marks, Registry, Settings
from pmpress.press.composition import compose

_PACKAGES = ("citeproc-py", "lxml", "markdown", "markdown-it-py", "mdit-py-plugins", "nh3", "pygments",
             "pymdown-extensions", "pyuca")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Written:
    """What a section's Markdown says: its chapters, tidied, with the marks of each, and what was noticed."""

    chapters: tuple[Chapter, ...]
    marks: tuple[Marks, ...]
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Resolved:
    """A finished chapter, and what was noticed."""

    chapter: Chapter
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Finished:
    """All chapters of a book, finished, and what was noticed once it was seen as a whole."""

    chapters: tuple[Chapter, ...]
    diagnostics: tuple[Diagnostic, ...]


def version() -> str:
    """A digest of what both stages are done by."""
    return made_by(*_PACKAGES)


def write(section: Section, language: str, extensions: Sequence[Addition], settings: Settings) -> Written:
    """Parse a section and run every feature's `collect` over its chapters."""
    composed, found = compose(section, language, extensions)
    diagnostics = [*found]
    chapters: list[Chapter] = []
    marks: list[Marks] = []
    for item in composed:
        chapter, marked, found = features.collect(item.chapter, item.files, language, settings)
        chapters.append(chapter)
        marks.append(marked)
        diagnostics += found
    return Written(tuple(chapters), tuple(marks), tuple(diagnostics))


def finish(chapters: Sequence[Chapter], marks: Sequence[Marks], folder: Registry, cache: Cache) -> Finished:
    """Let all features register, resolve each chapter alone, and gather. `folder` is the registry as the folder
    answered it.

    Remembered as a whole, so that of a book in which nothing changed no reference is formatted and no index sorted,
    and chapter by chapter.
    """
    images = {path: replace(asset, data=b"") for path, asset in folder.images.items()}
    asked = replace(folder, images=images)
    key = digest(version(), chapters, marks, asked)
    return remembered(cache, Finished, key, lambda: _finish(chapters, marks, asked, cache))


def _finish(chapters: Sequence[Chapter], marks: Sequence[Marks], asked: Registry, cache: Cache) -> Finished:
    registry, diagnostics = features.register(marks, asked)
    registry = replace(registry, files={})
    by = digest(version(), registry)
    resolved = [
        remembered(cache, Resolved, digest(by, chapter), partial(_resolve, chapter, registry)) for chapter in chapters
    ]
    gathered = features.gather((each.chapter for each in resolved), registry)
    return Finished(gathered, (*diagnostics, *(found for each in resolved for found in each.diagnostics)))


def _resolve(chapter: Chapter, registry: Registry) -> Resolved:
    return Resolved(*features.resolve(chapter, registry))


def as_set(language: str, cache: Cache, text: str) -> str:
    """A line of text with the quotes and dashes of its language."""
    if not text:
        return ""
    key = digest(version(), "line", language, text)
    return remembered(cache, str, key, lambda: set_line(text, language))
