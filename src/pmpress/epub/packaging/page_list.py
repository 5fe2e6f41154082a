"""The pages of the printed book, as the e-book knows them: where each begins, and what it is called.

Which page has which text comes with the page map. Left out are blank pages, and those with nothing on them that the
e-book has: the half-title, what the contents need beyond their first page, a page that holds a note's end alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pmpress.epub.names import COPYRIGHT_PAGE, NAV, TITLE_PAGE, Names
from pmpress.epub.packaging.metadata import Statement, meta
from pmpress.model import Book, Metadata, PageMap

_LEAVES = {"titlepage": TITLE_PAGE, "copyright-page": COPYRIGHT_PAGE, "contents": NAV}


@dataclass(frozen=True, slots=True)
class PageBreak:
    """Where a printed page begins in a file of the e-book: behind `offset` characters of a block
    (`pmpress.textplaces`). `id` is that of its mark; `folio` the number that is printed on it."""

    id: str
    folio: str
    block: int = 0
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Target:
    """A line of the page list: where it leads, and the folio."""

    href: str
    folio: str


@dataclass(frozen=True, slots=True)
class PageList:
    """All pages: by file what begins in it, in the order of the pages, and all in one list."""

    breaks: Mapping[str, tuple[PageBreak, ...]] = field(default_factory=dict)
    targets: tuple[Target, ...] = ()


def page_list(book: Book, names: Names, page_map: PageMap) -> PageList:
    """The pages that the e-book has something of. Without any in the page map it is empty."""
    texts = {chapter.slug: chapter.xhtml for chapter in book.chapters}
    breaks: dict[str, list[PageBreak]] = {}
    targets: list[Target] = []
    leaves = {page_index: _LEAVES[name] for name, page_index in page_map.leaves.items() if name in _LEAVES}
    for page_index, (folio, start) in enumerate(zip(page_map.labels, page_map.starts, strict=True)):
        wanted = _id(folio, page_index)
        if start and start.chapter in names.pages:
            file, text = names.pages[start.chapter], texts.get(start.chapter, "")
            name = wanted if f'id="{wanted}"' not in text else _free(wanted, text)
            found, href = PageBreak(name, folio, start.block, start.offset), names.href(f"{start.chapter}--{name}")
        elif page_index in leaves:
            file, found = leaves[page_index], PageBreak(wanted, folio)
            href = f"{file}#{wanted}"
        else:
            continue
        breaks.setdefault(file, []).append(found)
        targets.append(Target(href, folio))
    return PageList({file: tuple(each) for file, each in breaks.items()}, tuple(targets))


def _id(folio: str, page_index: int) -> str:
    """A page's id, in plain ASCII whatever digits and letters the book counts with."""
    if folio.isdecimal():
        return f"page-{int(folio)}"
    return f"page-{folio}" if folio.isascii() else f"page-front-{page_index + 1}"


def _free(wanted: str, text: str) -> str:
    number = 2
    while f'id="{wanted}-{number}"' in text:
        number += 1
    return f"{wanted}-{number}"


def statements(metadata: Metadata, pages: PageList) -> Iterator[Statement]:
    """What the package says of the pages (EPUB Accessibility 1.1, *Page navigation*)."""
    if not pages.targets:
        return
    source = _source(metadata)
    yield Statement("source", source)
    yield meta("pageBreakSource", source)
    yield meta("schema:accessibilityFeature", "pageBreakMarkers")
    yield meta("schema:accessibilityFeature", "pageNavigation")


def _source(metadata: Metadata) -> str:
    """The printed book: by its ISBN, if it has one of its own, else by title and edition."""
    if metadata.isbn_print and metadata.isbn_print != metadata.isbn:
        return f"urn:isbn:{metadata.isbn_print}"
    return ", ".join(filter(None, (metadata.title, metadata.edition, metadata.publisher, metadata.date[:4])))
