"""The press: the only place where the stages meet. Manuscript → book → editions.

load → [ parse + collect ] → register → [ resolve ] → Book → PDF, EPUB → files
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from pmpress import epub, features, pdf
from pmpress import manuscript as sources
from pmpress.cache import FOLDER, Cache, digest, remembered
from pmpress.diagnostics import Diagnostic, ManuscriptError, PressError, Severity, Span
from pmpress.layout import Layout, load_layout
from pmpress.manuscript import Manuscript, PartSections
from pmpress.model import Asset, Book, Chapter, Edition, EditionKind, Label, Marks, Part, Registry, Rendered, Settings
from pmpress.press.arrangement import arranged, in_order
from pmpress.press.chapters import Written, as_set, finish, version, write
from pmpress.press.contents import contents_of
from pmpress.press.editions import edition_of, files_for, suffix_of, wishes_of
from pmpress.press.metadata import metadata_of, slug_of, told_of
from pmpress.press.workers import Here, cores
from pmpress.press.writing import destination, output_folder, write_all
from pmpress.tasks import InProcess, Means, Progress, done, silent
from pmpress.terms import terms_for

_LITTLE = 40_000
"""A book of fewer characters is made in this process: others would begin when it is done."""


@dataclass(frozen=True, slots=True)
class Order:
    """What the author asked for. `settings` override keys of `book.toml`; `edition` is the kind of page, `target` the
    name of where the files go; `epoch` is SOURCE_DATE_EPOCH in seconds."""

    path: Path
    settings: tuple[tuple[str, str], ...] = ()
    edition: EditionKind | None = None
    target: str = ""
    draft: bool = False
    epoch: int | None = None


@dataclass(frozen=True, slots=True)
class Loaded:
    """A book ready to be rendered, its layout, the kinds of file asked for that its target takes, the name for them,
    and what was noticed on the way. `printed` is the layout and the edition whose pages the e-book is to know, if any.
    """

    book: Book
    layout: Layout
    edition: Edition
    kinds: tuple[str, ...]
    slug: str
    diagnostics: tuple[Diagnostic, ...]
    printed: tuple[Layout, Edition] | None = None


def load(order: Order, means: Means | None = None, kinds: Iterable[str] = ()) -> Loaded:
    """Read a manuscript and make the book of it.

    If anything in it is new, the workers that files of these kinds will need get ready while it is read. Raises
    ManuscriptError with every diagnostic of the run if any is an error and the order is for no draft, and UsageError if
    there is no such book, layout or target, or the target takes no such file.
    """
    means = means or Means()
    manuscript, diagnostics = sources.load(order.path, order.settings, features.TABLES)
    edition = edition_of(order.edition, order.target, manuscript, draft=order.draft)
    kinds = files_for(edition.target, kinds)
    layout, of_layout = _layout(manuscript, edition, means.cache)
    settings = _settings(manuscript, means.cache)
    written = _write(manuscript, settings, layout, means, kinds)
    diagnostics += tuple(found for each in written for found in each.diagnostics)
    chapters, marks = in_order(
        [chapter for each in written for chapter in each.chapters],
        [marks for each in written for marks in each.marks],
        manuscript,
    )
    if not chapters:
        raise ManuscriptError(diagnostics)
    parts = _numbered_parts(manuscript, means.cache)
    folder, found = _asked(manuscript, marks, parts, settings, means.cache)
    diagnostics += found
    finished = finish(chapters, marks, folder, means.cache)
    diagnostics += finished.diagnostics
    cover, found = _cover(manuscript, edition, means.cache)
    diagnostics += found
    book, found = _book(manuscript, finished.chapters, parts, folder.images, cover, order.epoch, means.cache)
    diagnostics += found
    if isinstance(layout, PressError):
        # None of the manuscript's own faults is hidden behind the layout's.
        raise type(layout)((*diagnostics, *layout.diagnostics)) from layout
    diagnostics = admitted((*diagnostics, *of_layout), draft=order.draft)
    printed = _printed(manuscript, layout, edition, means.cache)
    slug = slug_of(manuscript, book.metadata.title)
    return Loaded(book, layout, edition, kinds, slug, diagnostics, printed)


def render(loaded: Loaded, kind: str, means: Means | None = None) -> Rendered:
    """Make one finished file, of the kind `pdf` or `epub`, in memory.

    What the renderer found stands in its diagnostics. Raises MachineError if the machine lacks a library, and
    PressError if a template of the layout fails.
    """
    means = means or Means()
    book, layout = loaded.book, loaded.layout
    if sum(len(chapter.xhtml) for chapter in book.chapters) < _LITTLE:
        means = replace(means, executor=InProcess())
    printed = [(each.digest, edition) for each, edition in [loaded.printed] if kind == "epub"] if loaded.printed else []
    key = digest(_renderers(kind), kind, _bare(book), layout.digest, loaded.edition, printed)
    return remembered(means.cache, Rendered, key, lambda: (_pdf if kind == "pdf" else _epub)(loaded, means))


def _renderers(kind: str) -> str:
    """What a finished file is made by: the PDF's engine draws the cover of an e-book, and knows its pages."""
    return pdf.version() if kind == "pdf" else f"{pdf.version()} {epub.version()}"


def _pdf(loaded: Loaded, means: Means) -> Rendered:
    book, layout, edition = loaded.book, loaded.layout, loaded.edition
    return pdf.render(book, layout, edition, executor=means.executor, cache=means.cache, progress=means.progress)


def _epub(loaded: Loaded, means: Means) -> Rendered:
    book, layout, drawn, page_map = loaded.book, loaded.layout, None, None
    if loaded.printed:
        # Made as it is when it is asked for, so that the one who asks for both finds it made.
        printed = replace(loaded, layout=loaded.printed[0], edition=loaded.printed[1])
        page_map = render(printed, "pdf", means).page_map
    if book.cover is None:
        drawn = pdf.draw_cover(book, layout, executor=means.executor, cache=means.cache)
        book = replace(book, cover=pdf.BLANK_COVER)
    return epub.render(
        book,
        layout,
        loaded.edition,
        page_map=page_map,
        drawn=drawn,
        pixels=partial(
            pdf.draw_pixels,
            most_pixels=loaded.edition.target.ebook.picture_pixels,
            book=book,
            layout=layout,
            executor=means.executor,
            cache=means.cache,
        ),
        executor=means.executor,
        cache=means.cache,
        progress=means.progress,
    )


def publish(
    order: Order,
    kinds: Iterable[str],
    output: Path | None = None,
    *,
    executor: Executor | None = None,
    progress: Progress = silent,
) -> tuple[tuple[Path, ...], tuple[Diagnostic, ...]]:
    """Make the finished files of those kinds that the target takes, and write them, all or none. Returns their paths
    and everything noticed.

    The work is given out over the `executor`, or done here without one; what was done before is in the output folder.
    Raises as `load` and `render` do, ManuscriptError if a renderer found an error and the order is for no draft,
    UsageError for an output that does not fit, and MachineError if it cannot be written.
    """
    cache = Cache(output_folder(output) / FOLDER)
    means = Means(executor or InProcess(), cache, progress)
    loaded = load(order, means, kinds)
    paths = [
        (kind, destination(output, loaded.slug + suffix_of(loaded.edition, is_pdf=kind == "pdf"), f".{kind}"))
        for kind in loaded.kinds
    ]
    rendered = [render(loaded, kind, means) for kind, _ in paths]
    found = [diagnostic for each in rendered for diagnostic in each.diagnostics]
    diagnostics = admitted((*loaded.diagnostics, *found), draft=order.draft)
    write_all((path, each.data) for (_, path), each in zip(paths, rendered, strict=True))
    cache.trim()
    return tuple(path for _, path in paths), diagnostics


def _write(
    manuscript: Manuscript,
    settings: Settings,
    layout: Layout | PressError,
    means: Means,
    kinds: tuple[str, ...],
) -> list[Written]:
    """Each section alone: parsed, divided into chapters, tidied, its marks taken."""
    sections = tuple(manuscript.sections.all())
    extensions = features.additions(manuscript.config.tables["markdown"])
    tasks = [(section, manuscript.language, extensions, settings) for section in sections]
    length = sum(len(source.text) for section in sections for source in section.sources)

    # Sheets for each new text, which an e-book that knows their pages wants too; else a cover, if the author has none.
    lays_out = "pdf" in kinds or (bool(kinds) and manuscript.config.page_list)
    times = cores() if lays_out else 1 if kinds and not manuscript.config.cover else 0

    def begin() -> None:
        if length >= _LITTLE and isinstance(layout, Layout):
            pdf.begin(means.executor, layout, times)

    written: dict[int, Written] = {}
    # Here: a worker that has read texts keeps the memory that took.
    for number, each in done(write, Written, tasks, Here(begin), means.cache, version()):
        written[number] = each
        means.progress("reading texts", len(written), len(sections))
    return [written[number] for number in range(len(sections))]


def _bare(book: Book) -> tuple[Book, list[tuple[str, str]]]:
    """The book without its pictures, and a digest of each of them."""
    pictures = [*book.assets, *([book.cover] if book.cover else [])]
    return replace(book, assets=(), cover=None), [(asset.name, digest(asset)) for asset in pictures]


def _asked(
    manuscript: Manuscript, marks: Iterable[Marks], parts: Iterable[Part], settings: Settings, cache: Cache
) -> tuple[Registry, tuple[Diagnostic, ...]]:
    """The registry before any feature has registered: what the folder answers to what the chapters ask for."""
    every = [mark for chapter in marks for mark in chapter.marks]
    images, diagnostics = sources.load_images(
        manuscript.folder, ((mark.target, mark.span) for mark in every if mark.kind == "image"), cache
    )
    files, found = sources.load_texts(manuscript.folder, _named_files(manuscript))
    registry = Registry(
        language=manuscript.language,
        settings=settings,
        files=files,
        images=images,
        left_out=sources.present(manuscript.folder, (mark.target for mark in every if mark.kind == "link")),
        anchors={part.slug: {part.slug: part.slug} for part in parts},
        labels={part.slug: Label("part", part.number, part.title) for part in parts},
    )
    return registry, (*diagnostics, *found)


def _settings(manuscript: Manuscript, cache: Cache) -> Settings:
    """The features' tables of `book.toml`, and as a table `book` what the book says of itself."""
    return {**manuscript.config.tables, "book": told_of(manuscript, partial(as_set, manuscript.language, cache))}


def _named_files(manuscript: Manuscript) -> Iterator[tuple[str, Span]]:
    """The files that the features' settings name."""
    for table in features.TABLES:
        for key in table.keys:
            for path in key.files(manuscript.config.tables[table.name][key.name]) if key.files else ():
                yield path, manuscript.config.span(f"{table.name}.{key.name}")


def _book(
    manuscript: Manuscript,
    chapters: tuple[Chapter, ...],
    parts: Iterable[Part],
    images: Mapping[str, Asset],
    cover: Asset | None,
    epoch: int | None,
    cache: Cache,
) -> tuple[Book, tuple[Diagnostic, ...]]:
    metadata, diagnostics = metadata_of(manuscript, chapters, epoch, partial(as_set, manuscript.language, cache))
    front, body, back = arranged(manuscript, chapters, parts)
    assets = {asset.name: asset for asset in images.values()}
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
    return book, diagnostics


def _numbered_parts(manuscript: Manuscript, cache: Cache) -> tuple[Part, ...]:
    """The book's parts, still without their chapters."""
    titles = [item.title for item in manuscript.sections.body if isinstance(item, PartSections)]
    numbers = features.number_parts(titles, manuscript.config.tables)
    return tuple(
        Part(f"part-{place}", as_set(manuscript.language, cache, title), (), number)
        for place, (title, number) in enumerate(zip(titles, numbers, strict=True), start=1)
    )


def _cover(manuscript: Manuscript, edition: Edition, cache: Cache) -> tuple[Asset | None, tuple[Diagnostic, ...]]:
    path = manuscript.config.cover
    span = manuscript.config.span("book.cover")
    return sources.load_cover(manuscript.folder, path, span, edition.target, cache) if path else (None, ())


def _layout(
    manuscript: Manuscript, edition: Edition, cache: Cache
) -> tuple[Layout | PressError, tuple[Diagnostic, ...]]:
    try:
        return load_layout(manuscript.config.layout, manuscript.folder, wishes_of(manuscript, edition), cache)
    except PressError as fault:
        return fault, ()


def _printed(manuscript: Manuscript, layout: Layout, edition: Edition, cache: Cache) -> tuple[Layout, Edition] | None:
    """The layout and the edition of the printed book, if the e-book is to know its pages: the same wherever the e-book
    goes."""
    if not manuscript.config.page_list:
        return None
    printed = edition_of("book", "", manuscript, draft=edition.draft)
    if printed == edition:
        return layout, edition
    dressed, _ = _layout(manuscript, printed, cache)
    if isinstance(dressed, PressError):
        raise dressed
    return dressed, printed


def admitted(diagnostics: tuple[Diagnostic, ...], *, draft: bool) -> tuple[Diagnostic, ...]:
    """The diagnostics of a run that may go on: raises ManuscriptError for an error, unless it is a draft."""
    found = tuple(dict.fromkeys(diagnostics))
    if draft:
        return tuple(each.lowered() for each in found)
    if any(each.severity is Severity.ERROR for each in found):
        raise ManuscriptError(found)
    return found
