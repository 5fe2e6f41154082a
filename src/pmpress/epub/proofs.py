"""The pages of an e-book that is still being written: each made when it is asked for, none of them packed.

They keep the press's own attributes for the lines and the blocks of the text, so that a place on a page leads back to
the manuscript. Fonts come whole, and pictures as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

from pmpress import xhtml
from pmpress.epub.fonts.embedding import may_come, rule
from pmpress.epub.names import STYLE_SHEET, name_files
from pmpress.epub.packaging.page_list import page_list
from pmpress.epub.pages.adaptation import adapt
from pmpress.epub.pages.documents import document
from pmpress.epub.pages.filling import Pages
from pmpress.epub.styles import permitted
from pmpress.epub.work import Filled
from pmpress.layout import FontFace, FontFamily, Layout
from pmpress.model import Asset, Book, PageMap
from pmpress.textplaces import BLOCK

_KEPT = (xhtml.SPAN, BLOCK)
_XHTML = "application/xhtml+xml"


@dataclass(frozen=True, slots=True)
class EbookProofs:
    """The files of an e-book by name: `pages` in reading order as templates filled them in, `files` all others."""

    pages: Mapping[str, Filled] = field(repr=False)
    files: Mapping[str, Asset | FontFace] = field(repr=False)
    style_sheet: str = field(repr=False)

    def file(self, name: str) -> tuple[bytes, str] | None:
        """A file of the e-book and its media type; None if there is none of that name.

        A page whose template gives no well-formed XHTML is none: the whole book says so when it is made.
        """
        if name == STYLE_SHEET:
            return self.style_sheet.encode(), "text/css"
        if name in self.pages:
            return _made(self.pages[name])
        found = self.files.get(name)
        if isinstance(found, FontFace):
            return found.path.read_bytes(), "font/otf"
        return (found.data, found.media_type) if found else None


def proofs(book: Book, layout: Layout, page_map: PageMap | None = None) -> EbookProofs:
    """Fill the pages in. `page_map` says where the pages of the printed book begin, if the e-book is to know them.
    Raises PressError (`layout-template`) if a template fails."""
    known = page_map or PageMap()
    names = name_files(book, layout)
    filled = Pages(book, layout, names, page_list(book, names, known), known)
    fonts = {
        _font_name(family, face): (family, face) for family in layout.fonts if may_come(family) for face in family.faces
    }
    pictures = (*book.assets, *([book.cover] if book.cover else []))
    return EbookProofs(
        pages={page.file: page for page in filled},
        files={
            **{name: face for name, (_, face) in fonts.items()},
            **{asset.name: asset for asset in layout.assets},
            **{names.assets[asset.name]: asset for asset in pictures},
        },
        style_sheet=permitted(layout.epub_css) + "".join(rule(*font, f'url("{name}")') for name, font in fonts.items()),
    )


def _made(filled: Filled) -> tuple[bytes, str] | None:
    try:
        body = xhtml.parse(filled.xhtml)
    except etree.XMLSyntaxError:
        return None
    if filled.around:
        adapt(body, filled.around)
    return document(body, filled.title, filled.kind, filled.language, filled.direction, kept=_KEPT), _XHTML


def _font_name(family: FontFamily, face: FontFace) -> str:
    return f"fonts/{family.folder.name}/{face.path.name}"
