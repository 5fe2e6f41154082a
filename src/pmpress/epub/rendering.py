"""A book and a layout → an e-book: the order of the steps.

Book → names → pages → style sheet and fonts → package → bytes
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from pmpress.cache import Cache, digest, remembered
from pmpress.diagnostics import PressError, Severity
from pmpress.epub import accessibility, faces, metadata, page_list, version
from pmpress.epub.fonts import Fonts, embed
from pmpress.epub.names import COVER, NAV, NCX, STYLE_SHEET, Names, name_files
from pmpress.epub.navigation import ncx
from pmpress.epub.package import Item, write
from pmpress.epub.pages import Pages
from pmpress.epub.pictures import fitted
from pmpress.epub.styles import permitted
from pmpress.epub.work import Filled, Page, make_page
from pmpress.layout import Layout
from pmpress.model import Asset, Book, Edition, PageMap, Rendered
from pmpress.tasks import InProcess, Means, done

_COVER_IMAGE = "cover-image"
_XHTML = "application/xhtml+xml"
_LITTLE = 2_000_000
"""Pages of fewer characters together are made in this process: another would take longer to begin."""


def render_book(
    book: Book, layout: Layout, edition: Edition, page_map: PageMap, cover: Callable[[], Asset | None], means: Means
) -> Rendered:
    """Do what `pmpress.epub.render` says."""
    book = replace(book, assets=fitted(book.assets, means))
    names = name_files(book, layout)
    printed = page_list.page_list(book, names, page_map)
    filled = tuple(Pages(book, layout, names, printed, page_map))
    if sum(len(page.xhtml) for page in filled) < _LITTLE:
        means = replace(means, executor=InProcess())
    pages = _make(filled, layout.epub_css, means)
    fonts = embed(layout, faces.together(page.shown for page in pages), means.cache)
    inside = [page.content for page in pages if page.file != COVER]
    content = accessibility.together(inside, (*book.assets, *layout.assets))
    statements = (
        *metadata.statements(book.metadata, edition),
        *accessibility.statements(content, knows_pages=bool(printed.targets)),
        *page_list.statements(book.metadata, printed),
        *_for_reading_systems(book, fonts),
    )
    book = replace(book, cover=cover())
    files = _files(book, layout, names, fonts)
    items = (*_pages(pages), _ncx(book, names, printed), _style_sheet(layout, fonts, means.cache), *files)
    diagnostics = (*(found for page in pages for found in page.diagnostics), *fonts.diagnostics)
    return Rendered(write(book.metadata, statements, items), diagnostics)


def _make(filled: Sequence[Filled], style_sheet: str, means: Means) -> list[Page]:
    """The pages, in the order given. Raises PressError (`layout-template`) for the first that is not well-formed."""
    made: dict[int, Page] = {}
    tasks = [(each, style_sheet) for each in filled]
    for number, page in done(make_page, Page, tasks, means.executor, means.cache, version()):
        made[number] = page
        means.progress("packing the e-book", len(made), len(filled))
    pages = [made[number] for number in range(len(filled))]
    for fault in (found for page in pages for found in page.diagnostics if found.severity is Severity.ERROR):
        raise PressError(fault)
    return pages


def _for_reading_systems(book: Book, fonts: Fonts) -> Iterator[metadata.Statement]:
    """What single reading systems ask for beside the standard."""
    if book.cover:
        # EPUB 2 readers find the cover by this (OPF 2.0.1)
        attributes = {"name": "cover", "content": _COVER_IMAGE}
        yield metadata.Statement("meta", "", attributes, dublin_core=False)
    if fonts.files:
        # without it Apple Books shows its own fonts
        yield metadata.meta("ibooks:specified-fonts", "true")


def _pages(pages: Sequence[Page]) -> Iterator[Item]:
    for page in pages:
        stem = page.file.removesuffix(".xhtml")
        properties = ("nav", *page.properties) if page.file == NAV else page.properties
        yield Item(f"page-{stem}", page.file, _XHTML, page.data, properties, in_spine=True)


def _ncx(book: Book, names: Names, printed: page_list.PageList) -> Item:
    return Item("ncx", NCX, "application/x-dtbncx+xml", ncx(book, names, printed))


def _style_sheet(layout: Layout, fonts: Fonts, cache: Cache) -> Item:
    key = digest(version(), "permitted", layout.epub_css)
    css = remembered(cache, str, key, partial(permitted, layout.epub_css))
    return Item("css", STYLE_SHEET, "text/css", (css + fonts.css).encode())


def _files(book: Book, layout: Layout, names: Names, fonts: Fonts) -> Iterator[Item]:
    """Each font and picture once."""
    for number, font in enumerate(fonts.files, start=1):
        yield Item(f"font-{number}", font.name, font.media_type, font.data)
    for number, asset in enumerate(layout.assets, start=1):
        yield Item(f"layout-{number}", asset.name, asset.media_type, asset.data)
    cover = book.cover
    if cover:
        yield Item(_COVER_IMAGE, names.assets[cover.name], cover.media_type, cover.data, (_COVER_IMAGE,))
    others = (asset for asset in book.assets if not cover or asset.name != cover.name)
    for number, asset in enumerate(others, start=1):
        yield Item(f"asset-{number}", names.assets[asset.name], asset.media_type, asset.data)
