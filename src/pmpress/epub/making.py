"""The pages of an e-book, made: each over the executor, and those too long for one file as several.

Whether a page is too long is known once it is made, and where it is best divided can be seen then. A link has to know
the file it leads into, though: what changes by that is made again, and nothing else is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from pmpress.diagnostics import Diagnostic, PressError, Severity
from pmpress.epub import version
from pmpress.epub.names import Names, name_files, name_parts
from pmpress.epub.packaging.page_list import PageList, page_list
from pmpress.epub.pages.division import Division, too_long
from pmpress.epub.pages.filling import Pages
from pmpress.epub.work import Filled, Page, make_page
from pmpress.layout import Layout
from pmpress.model import Book, PageMap
from pmpress.tasks import InProcess, Means, done

_LITTLE = 2_000_000
"""Pages of fewer characters together are made in this process: another would take longer to begin."""


@dataclass(frozen=True, slots=True)
class Made:
    """All pages in reading order, what their files are called, the printed pages they know, and what was noticed."""

    names: Names
    printed: PageList
    pages: tuple[Page, ...]
    diagnostics: tuple[Diagnostic, ...]


def make_pages(book: Book, layout: Layout, page_map: PageMap, most: int, means: Means) -> Made:
    """Make the pages of a book in files of at most so many bytes, 0 for any. Raises PressError (`layout-template`) if a
    template fails or gives what is not well-formed."""
    names = name_files(book, layout)
    divisions: dict[str, Division] = {}
    known: Sequence[tuple[Filled, Page]] = ()
    while True:
        printed = page_list(book, names, page_map)
        filled = tuple(Pages(book, layout, names, printed, page_map))
        pages = _made(filled, known, (layout.epub_css, most), means)
        known = tuple(zip(filled, pages, strict=True))
        found = {slug: page.division for slug, page in _by_slug(known) if page.division and slug not in divisions}
        divisions |= found
        if not any(division.starts for division in found.values()):
            break
        names = name_parts(names, divisions, layout)
    diagnostics = [found for page in pages for found in page.diagnostics]
    return Made(names, printed, tuple(pages), (*diagnostics, *_too_long(known, divisions, most)))


def _made(
    filled: Sequence[Filled], known: Sequence[tuple[Filled, Page]], asked: tuple[str, int], means: Means
) -> list[Page]:
    """The pages, in the order given; `known` are those made before, which are made again only if they changed."""
    pages = {place: page for place, (before, page) in enumerate(known) if before == filled[place]}
    places = [place for place in range(len(filled)) if place not in pages]
    if sum(len(filled[place].xhtml) for place in places) < _LITTLE:
        means = replace(means, executor=InProcess())
    tasks = [(filled[place], *asked) for place in places]
    for number, page in done(make_page, Page, tasks, means.executor, means.cache, version()):
        pages[places[number]] = page
        means.progress("packing the e-book", len(pages), len(filled))
    for place in range(len(filled)):
        for fault in (found for found in pages[place].diagnostics if found.severity is Severity.ERROR):
            raise PressError(fault)
    return [pages[place] for place in range(len(filled))]


def _by_slug(known: Sequence[tuple[Filled, Page]]) -> Iterator[tuple[str, Page]]:
    return ((filled.around.slug, page) for filled, page in known if filled.around and filled.around.slug)


def _too_long(
    known: Sequence[tuple[Filled, Page]], divisions: Mapping[str, Division], most: int
) -> Iterator[Diagnostic]:
    for filled, page in known:
        division = divisions.get(filled.around.slug, Division()) if filled.around else Division()
        files = [(page.file, len(page.data)), *((each.file, len(each.data)) for each in page.continued)]
        for (file, length), place in zip_longest(files, division.largest):
            if 0 < most < length:
                yield too_long(file, length, most, place)
