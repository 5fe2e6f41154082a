"""A book and a layout → an e-book: the order of the steps.

Book → names → pages → style sheet and fonts → package → bytes
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pmpress.epub import accessibility, metadata
from pmpress.epub.documents import Page, document
from pmpress.epub.faces import FaceUse
from pmpress.epub.fonts import Fonts, embed
from pmpress.epub.names import NAV, NCX, STYLE_SHEET, Names, name_files
from pmpress.epub.navigation import ncx
from pmpress.epub.package import Item, write
from pmpress.epub.pages import Pages
from pmpress.epub.styles import permitted
from pmpress.layout import Layout
from pmpress.model import Book, Edition, Rendered

_COVER_IMAGE = "cover-image"
_XHTML = "application/xhtml+xml"


def render_book(book: Book, layout: Layout, edition: Edition, progress: Callable[[str, int, int], None]) -> Rendered:
    """Do what `pmpress.epub.render` says."""
    names = name_files(book, layout)
    made = Pages(book, layout, names)
    use = FaceUse(layout.epub_css, book.metadata.language)
    pages: list[Page] = []
    for page in made:
        use.add(page.body)
        pages.append(page)
        progress("packing the e-book", len(pages), len(made))
    fonts = embed(layout, use.characters)
    content = accessibility.look_at(pages, (*book.assets, *layout.assets))
    statements = (
        *metadata.statements(book.metadata, edition),
        *accessibility.statements(content),
        *_for_reading_systems(book, fonts),
    )
    items = (*_pages(book, pages, names), *_files(book, layout, names, fonts))
    diagnostics = (*(found for page in pages for found in page.diagnostics), *fonts.diagnostics)
    return Rendered(write(book.metadata, statements, items), diagnostics)


def _for_reading_systems(book: Book, fonts: Fonts) -> Iterator[metadata.Statement]:
    """What single reading systems ask for beside the standard."""
    if book.cover:
        # EPUB 2 readers find the cover by this (OPF 2.0.1)
        attributes = {"name": "cover", "content": _COVER_IMAGE}
        yield metadata.Statement("meta", "", attributes, dublin_core=False)
    if fonts.files:
        # without it Apple Books shows its own fonts
        yield metadata.meta("ibooks:specified-fonts", "true")


def _pages(book: Book, pages: list[Page], names: Names) -> Iterator[Item]:
    for page in pages:
        stem = page.file.removesuffix(".xhtml")
        properties = ("nav", *page.properties) if page.file == NAV else page.properties
        yield Item(f"page-{stem}", page.file, _XHTML, document(page, book.metadata), properties, in_spine=True)
    yield Item("ncx", NCX, "application/x-dtbncx+xml", ncx(book, names))


def _files(book: Book, layout: Layout, names: Names, fonts: Fonts) -> Iterator[Item]:
    """The style sheet, and each font and picture once."""
    yield Item("css", STYLE_SHEET, "text/css", (permitted(layout.epub_css) + fonts.css).encode())
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
