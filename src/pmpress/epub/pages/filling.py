"""The pages of the e-book in reading order, filled in from the layout's templates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from xml.sax.saxutils import quoteattr

from pmpress.epub.names import COPYRIGHT_PAGE, COVER, NAV, TITLE_PAGE, Names
from pmpress.epub.packaging.navigation import nav
from pmpress.epub.packaging.page_list import PageList
from pmpress.epub.pages.adaptation import Surroundings
from pmpress.epub.pages.page_references import asked_by
from pmpress.epub.pages.semantics import role_of
from pmpress.epub.work import Filled
from pmpress.layout import Layout
from pmpress.model import Asset, Book, Chapter, Matter, PageMap, Part


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages of one book, filled in one after the other as they are asked for. `printed` says where the pages of
    the printed book begin, `page_map` where in it everything is."""

    book: Book
    layout: Layout
    names: Names
    printed: PageList = field(default_factory=PageList)
    page_map: PageMap = field(default_factory=PageMap)

    def __iter__(self) -> Iterator[Filled]:
        """Every page, cover first. Raises PressError (`layout-template`) if a template fails."""
        book, terms = self.book, self.book.terms
        if book.cover:
            yield self._own(COVER, book.metadata.title, "cover", self._cover(book.cover))
        for leaf in book.frontmatter:
            if isinstance(leaf, Chapter):
                yield self._chapter(leaf, "frontmatter")
            elif leaf.name == "titlepage":
                yield self._page("titlepage", TITLE_PAGE, book.metadata.title, "frontmatter")
            elif leaf.name == "copyright-page":
                yield self._page("copyright-page", COPYRIGHT_PAGE, terms["copyright-page"], "frontmatter")
            elif leaf.name == "contents":
                yield self._own(NAV, terms["contents"], "frontmatter", nav(book, self.names, self.printed))
            # A half-title protects the first pages of a bound book: an e-book has none.
        for item in book.bodymatter:
            if isinstance(item, Part):
                yield self._part(item)
            for chapter in item.chapters if isinstance(item, Part) else (item,):
                yield self._chapter(chapter, "bodymatter")
        for chapter in book.backmatter:
            yield self._chapter(chapter, "backmatter")

    def _cover(self, cover: Asset) -> str:
        image, title = quoteattr(self.names.assets[cover.name]), quoteattr(self.book.metadata.title)
        return f'<div class="cover"><img src={image} alt={title} role="doc-cover"/></div>'

    def _chapter(self, chapter: Chapter, matter: Matter) -> Filled:
        title = chapter.title or chapter.number
        values = {"chapter": chapter, "role": role_of(chapter.kind)}
        return self._page("chapter", self.names.pages[chapter.slug], title, matter, chapter.slug, **values)

    def _part(self, part: Part) -> Filled:
        title = part.title or part.number
        return self._page("part", self.names.pages[part.slug], title, "bodymatter", part.slug, part=part)

    def _page(self, template: str, file: str, title: str, matter: Matter, slug: str = "", **values: Any) -> Filled:
        book, layout = self.book, self.layout
        text = layout.render(template, book=book, **values)
        around = Surroundings(
            self.names.asked_by(text),
            slug,
            book.terms,
            book.metadata.direction == "rtl",
            self.printed.breaks.get(file, ()),
            asked_by(text, self.page_map),
            self.names.cuts.get(slug, ()),
        )
        return replace(
            self._own(file, title or book.metadata.title, matter, text),
            around=around,
            template=f"layouts/{layout.name}/templates/{template}.html.jinja",
        )

    def _own(self, file: str, title: str, kind: str, text: str) -> Filled:
        """A page that is the e-book's own: nothing in it is left to be adapted."""
        metadata = self.book.metadata
        return Filled(file, title, kind, metadata.language, metadata.direction, text)
