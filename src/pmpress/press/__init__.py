"""The press: the only place where the stages meet. Manuscript → book → editions.

load → [ parse + collect ] → register → [ resolve ] → Book → PDF, EPUB → files
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

from pmpress import epub, features, pdf
from pmpress import manuscript as sources
from pmpress.diagnostics import Diagnostic, ManuscriptError, PressError, Severity
from pmpress.dialect import set_line
from pmpress.layout import Layout, load_layout
from pmpress.manuscript import Manuscript, PartSections
from pmpress.model import Asset, Book, Chapter, Edition, Marks, Part, Registry, Rendered
from pmpress.press.composition import Composed, compose
from pmpress.press.contents import contents_of
from pmpress.press.metadata import metadata_of, slug_of
from pmpress.press.writing import destination, write_all
from pmpress.terms import terms_for

Progress: TypeAlias = Callable[[str, int, int], None]
"""Told how far a stage is: its name, how much is done, and how much there is."""

FORMATS = ("pdf", "epub")


@dataclass(frozen=True, slots=True)
class Order:
    """What the author asked for. `settings` override keys of `book.toml`; `epoch` is SOURCE_DATE_EPOCH in seconds."""

    path: Path
    settings: tuple[tuple[str, str], ...] = ()
    draft: bool = False
    epoch: int | None = None


@dataclass(frozen=True, slots=True)
class Loaded:
    """A book ready to be rendered, its layout, the name for its files, and what was noticed on the way."""

    book: Book
    layout: Layout
    edition: Edition
    slug: str
    diagnostics: tuple[Diagnostic, ...]


def _silent(stage: str, done: int, total: int) -> None:
    pass


def load(order: Order, progress: Progress = _silent) -> Loaded:
    """Read a manuscript and make the book of it.

    Raises ManuscriptError with every diagnostic of the run if any is an error and the order is for no draft, and
    UsageError if there is no such book or layout.
    """
    manuscript, diagnostics = sources.load(order.path, order.settings, features.TABLES)
    terms = terms_for(manuscript.language)
    composed, marks, found = _collect(manuscript, terms, progress)
    diagnostics += found
    if not composed:
        raise ManuscriptError(diagnostics)
    registry, found = _register(manuscript, marks)
    diagnostics += found
    chapters = []
    for item in composed:
        chapter, found = features.resolve(item.chapter, registry, terms)
        chapters.append(chapter)
        diagnostics += found
    book, found = _book(manuscript, tuple(chapters), registry, order.epoch)
    diagnostics += found
    layout, found = _layout(manuscript, diagnostics)
    diagnostics = _admitted((*diagnostics, *found), draft=order.draft)
    return Loaded(book, layout, Edition(draft=order.draft), slug_of(manuscript, book.metadata.title), diagnostics)


def render(loaded: Loaded, kind: str, progress: Progress = _silent) -> Rendered:
    """Make one finished file, of the kind `pdf` or `epub`, in memory.

    What the renderer found stands in its diagnostics. Raises MachineError if the machine lacks a library, and
    PressError if a template of the layout fails.
    """
    if kind == "pdf":
        return pdf.render(loaded.book, loaded.layout, loaded.edition, progress=progress)
    cover = loaded.book.cover or pdf.draw_cover(loaded.book, loaded.layout)
    return epub.render(replace(loaded.book, cover=cover), loaded.layout, loaded.edition, progress=progress)


def publish(
    order: Order, kinds: Iterable[str], output: Path | None = None, progress: Progress = _silent
) -> tuple[tuple[Path, ...], tuple[Diagnostic, ...]]:
    """Make the finished files and write them, all or none. Returns their paths and everything noticed.

    Raises as `load` and `render` do, ManuscriptError if a renderer found an error and the order is for no draft,
    UsageError for an output that does not fit, and MachineError if it cannot be written.
    """
    loaded = load(order, progress)
    paths = [(kind, destination(output, loaded.slug, f".{kind}")) for kind in kinds]
    rendered = [render(loaded, kind, progress) for kind, _ in paths]
    found = [diagnostic for each in rendered for diagnostic in each.diagnostics]
    diagnostics = _admitted((*loaded.diagnostics, *found), draft=order.draft)
    write_all((path, each.data) for (_, path), each in zip(paths, rendered, strict=True))
    return tuple(path for _, path in paths), diagnostics


def _collect(
    manuscript: Manuscript, terms: Mapping[str, str], progress: Progress
) -> tuple[tuple[Composed, ...], tuple[Marks, ...], tuple[Diagnostic, ...]]:
    """Each chapter alone: parsed, tidied, its marks taken."""
    sections = tuple(manuscript.sections.all())
    extensions = features.additions(manuscript.config.tables["markdown"])
    done: list[Composed] = []
    marks: list[Marks] = []
    diagnostics: list[Diagnostic] = []
    for number, section in enumerate(sections, start=1):
        composed, found = compose(section, manuscript.language, extensions)
        diagnostics += found
        for item in composed:
            chapter, marked, found = features.collect(item.chapter, item.files, terms)
            done.append(replace(item, chapter=chapter))
            marks.append(marked)
            diagnostics += found
        progress("reading texts", number, len(sections))
    return tuple(done), tuple(marks), tuple(diagnostics)


def _register(manuscript: Manuscript, marks: tuple[Marks, ...]) -> tuple[Registry, tuple[Diagnostic, ...]]:
    """The one step that sees the whole book; the folder answers what pictures and files there are."""
    every = [mark for chapter in marks for mark in chapter.marks]
    images, diagnostics = sources.load_images(
        manuscript.folder, ((mark.target, mark.span) for mark in every if mark.kind == "image")
    )
    left_out = sources.present(manuscript.folder, (mark.target for mark in every if mark.kind == "link"))
    return features.register(marks, Registry(images=images, left_out=left_out)), diagnostics


def _book(
    manuscript: Manuscript, chapters: tuple[Chapter, ...], registry: Registry, epoch: int | None
) -> tuple[Book, tuple[Diagnostic, ...]]:
    metadata, diagnostics = metadata_of(manuscript, chapters, epoch)
    front, body, back = _arranged(manuscript, chapters)
    cover, found = _cover(manuscript)
    assets = {asset.name: asset for asset in registry.images.values()}
    book = Book(
        metadata=metadata,
        frontmatter=front,
        bodymatter=body,
        backmatter=back,
        contents=contents_of((*front, *body, *back)),
        terms=terms_for(manuscript.language),
        assets=tuple(assets[name] for name in sorted(assets)),
        cover=cover,
    )
    return book, (*diagnostics, *found)


def _arranged(
    manuscript: Manuscript, chapters: tuple[Chapter, ...]
) -> tuple[tuple[Chapter, ...], tuple[Chapter | Part, ...], tuple[Chapter, ...]]:
    """The chapters in the matters and parts that their sections stand in: a section may have become several."""
    by_section: dict[str, list[Chapter]] = {}
    for chapter in chapters:
        by_section.setdefault(chapter.slug.partition("_")[0], []).append(chapter)

    def of(given: Iterable[sources.Section]) -> tuple[Chapter, ...]:
        return tuple(chapter for section in given for chapter in by_section[section.slug])

    numbers = features.number_parts(item.title for item in manuscript.sections.body if isinstance(item, PartSections))
    body: list[Chapter | Part] = []
    for item in manuscript.sections.body:
        if isinstance(item, PartSections):
            count = sum(1 for part in body if isinstance(part, Part))
            title = set_line(item.title, manuscript.language)
            body.append(Part(f"part-{count + 1}", title, of(item.sections), numbers[count]))
        else:
            body.extend(of((item,)))
    return of(manuscript.sections.front), tuple(body), of(manuscript.sections.back)


def _cover(manuscript: Manuscript) -> tuple[Asset | None, tuple[Diagnostic, ...]]:
    path = manuscript.config.cover
    return sources.load_cover(manuscript.folder, path, manuscript.config.span("book.cover")) if path else (None, ())


def _layout(manuscript: Manuscript, before: tuple[Diagnostic, ...]) -> tuple[Layout, tuple[Diagnostic, ...]]:
    try:
        return load_layout(manuscript.config.layout, manuscript.folder)
    except PressError as fault:
        # None of the manuscript's own faults is hidden behind the layout's.
        raise type(fault)((*before, *fault.diagnostics)) from fault


def _admitted(diagnostics: tuple[Diagnostic, ...], *, draft: bool) -> tuple[Diagnostic, ...]:
    """The diagnostics of a run that may go on: raises ManuscriptError for an error, unless it is a draft."""
    found = tuple(dict.fromkeys(diagnostics))
    if draft:
        return tuple(each.lowered() for each in found)
    if any(each.severity is Severity.ERROR for each in found):
        raise ManuscriptError(found)
    return found
