"""A book and a layout → an e-book: the order of the steps.

Book → names → pages → style sheet and fonts → package → bytes
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from pmpress.cache import Cache, digest, remembered
from pmpress.epub import Lent, version
from pmpress.epub.asked import check
from pmpress.epub.fonts import faces
from pmpress.epub.fonts.embedding import Fonts, embed, without_fonts
from pmpress.epub.making import make_pages
from pmpress.epub.names import COVER, NAV, NCX, STYLE_SHEET, Names
from pmpress.epub.packaging import accessibility, metadata, page_list
from pmpress.epub.packaging.conformance import claim
from pmpress.epub.packaging.navigation import cut_to, ncx
from pmpress.epub.packaging.package import Item, write
from pmpress.epub.pictures.fallbacks import Illustrated, illustrate, without_vectors
from pmpress.epub.pictures.fitting import fitted
from pmpress.epub.styles import permitted
from pmpress.epub.work import Page
from pmpress.layout import Layout
from pmpress.model import Book, Edition, Rendered
from pmpress.tasks import Means

_COVER_IMAGE = "cover-image"
_XHTML = "application/xhtml+xml"


def render_book(book: Book, layout: Layout, edition: Edition, lent: Lent, means: Means) -> Rendered:
    """Do what `pmpress.epub.render` says."""
    rules, pixels, asked = edition.target.ebook, lent.pixels, book
    layout = layout if edition.embeds_fonts else without_fonts(layout)
    contents = cut_to(edition.contents_depth, book.contents)
    book = replace(book, assets=fitted(book.assets, rules, means), contents=contents)
    shown = illustrate(book, layout, rules, pixels, means) if pixels else Illustrated(book, layout)
    book, layout = shown.book, shown.layout
    made = make_pages(book, layout, lent.page_map, rules.document_bytes, means)
    names, printed, pages = made.names, made.printed, made.pages
    if pixels and not rules.vectors:
        pages, shown = without_vectors(pages, shown, rules, pixels, means)
    fonts = embed(layout, faces.together(page.shown for page in pages), means.cache)
    inside = [page.content for page in pages if page.file != COVER]
    content = accessibility.together(inside, book, layout)
    claimed, unclaimed = claim(book.metadata, edition, content.obstacles)
    statements = (
        *metadata.statements(book.metadata, edition),
        *accessibility.statements(content, book.metadata.language, knows_pages=bool(printed.targets)),
        *page_list.statements(book.metadata, printed),
        *claimed,
        *_for_reading_systems(book, fonts),
    )
    book = replace(
        book,
        assets=shown.with_data(book.assets),
        cover=next(iter(fitted(filter(None, (lent.cover(),)), rules, means)), None),
    )
    layout = replace(layout, assets=shown.with_data(shown.layout.assets))
    files = _files(book, layout, names, fonts)
    items = (*_pages(pages), _ncx(book, names, printed), _style_sheet(layout, fonts, means.cache), *files)
    data = write(book.metadata, statements, items)
    diagnostics = (
        *shown.diagnostics,
        *made.diagnostics,
        *fonts.diagnostics,
        *unclaimed,
        *check(asked, edition.target, names, items, len(data)),
    )
    return Rendered(data, diagnostics)


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
        for each in page.continued:
            stem = each.file.removesuffix(".xhtml")
            yield Item(f"page-{stem}", each.file, _XHTML, each.data, each.properties, in_spine=True)


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
