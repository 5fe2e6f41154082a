"""The pages of the e-book in reading order, filled in from the layout's templates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import quoteattr

from lxml import etree

from pmpress import xhtml
from pmpress.diagnostics import PressError, Span, error
from pmpress.epub.adaptation import Surroundings, adapt
from pmpress.epub.documents import Page
from pmpress.epub.names import COPYRIGHT_PAGE, COVER, NAV, TITLE_PAGE, Names
from pmpress.epub.navigation import nav
from pmpress.epub.semantics import role_of
from pmpress.layout import Layout
from pmpress.model import Asset, Book, Chapter, Matter, Part


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages of one book, made one after the other as they are asked for."""

    book: Book
    layout: Layout
    names: Names

    def __len__(self) -> int:
        return len(self.names.pages) + (4 if self.book.cover else 3)

    def __iter__(self) -> Iterator[Page]:
        """Every page, cover first. Raises PressError (`layout-template`) if a template's page is not well-formed."""
        book, terms = self.book, self.book.terms
        if book.cover:
            yield self._cover(book.cover)
        yield self._page("titlepage", TITLE_PAGE, book.metadata.title, "frontmatter")
        yield self._page("copyright-page", COPYRIGHT_PAGE, terms["copyright-page"], "frontmatter")
        yield Page(NAV, terms["contents"], "frontmatter", xhtml.parse(nav(book, self.names)))
        for chapter in book.frontmatter:
            yield self._chapter(chapter, "frontmatter")
        for item in book.bodymatter:
            if isinstance(item, Part):
                yield self._part(item)
            for chapter in item.chapters if isinstance(item, Part) else (item,):
                yield self._chapter(chapter, "bodymatter")
        for chapter in book.backmatter:
            yield self._chapter(chapter, "backmatter")

    def _cover(self, cover: Asset) -> Page:
        title = self.book.metadata.title
        image = f'<img src={quoteattr(self.names.assets[cover.name])} alt={quoteattr(title)} role="doc-cover"/>'
        return Page(COVER, title, "cover", xhtml.parse(f'<div class="cover">{image}</div>'))

    def _chapter(self, chapter: Chapter, matter: Matter) -> Page:
        title = chapter.title or chapter.number
        values = {"chapter": chapter, "role": role_of(chapter.kind)}
        return self._page("chapter", self.names.pages[chapter.slug], title, matter, chapter.slug, **values)

    def _part(self, part: Part) -> Page:
        title = part.title or part.number
        return self._page("part", self.names.pages[part.slug], title, "bodymatter", part.slug, part=part)

    def _page(self, template: str, file: str, title: str, matter: Matter, slug: str = "", **values: Any) -> Page:
        book = self.book
        body = self._filled(template, slug, **values)
        right_to_left = book.metadata.direction == "rtl"
        found = adapt(body, Surroundings(self.names, slug, book.terms, right_to_left))
        return Page(file, title or book.metadata.title, matter, body, found)

    def _filled(self, template: str, slug: str, **values: Any) -> etree._Element:
        try:
            return xhtml.parse(self.layout.render(template, book=self.book, **values))
        except etree.XMLSyntaxError as fault:
            where = Span(f"layouts/{self.layout.name}/templates/{template}.html.jinja")
            page = f" (for '{slug}')" if slug else ""
            message = f"what the template makes{page} is not well-formed XHTML: {fault.msg}"
            hint = "Close every element, quote every attribute, and write &#160; instead of &nbsp;."
            raise PressError(error("layout-template", message, where, hint)) from fault
