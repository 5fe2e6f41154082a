"""A book as a list of sheets: what is laid out in one go, in reading order.

A sheet is a plain value that can be hashed, kept and sent to another process. Nothing in it knows on which page the
book will put it: only the side its first page is on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from lxml import etree

from pmpress import xhtml
from pmpress.diagnostics import PressError, Span, error
from pmpress.layout import Layout
from pmpress.model import Asset, Book, Chapter, Leaf, Matter, Part
from pmpress.pdf.facts import Side, Strings
from pmpress.textplaces import OUTPUT

_LISTS = ("loi", "lot", "index")
_WAITING = (*_LISTS, "bibliography")


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is laid out in one go.

    `name` is one word, unique in the book; `template` what gave its `html`, the children of the `body`; `anchor` the
    slug that the ids in it stand behind, or empty where nothing leads into the sheet; `starts` the side of the first
    page, which `follows` says is whichever comes after the sheet before; `sections` the id and the title of each
    heading that a running head may show; `span` where it was written; `assets` the pictures in it; `is_list`: it
    repeats titles that stand elsewhere; `waits`: if it says page numbers, there is no use in laying it out before they
    are known, and nothing stands behind it whose pages many would have to know.
    """

    name: str
    template: str
    html: str = field(repr=False)
    starts: Side
    matter: Matter
    strings: Strings
    anchor: str = ""
    sections: tuple[tuple[str, str], ...] = ()
    span: Span | None = None
    assets: tuple[Asset, ...] = field(default=(), repr=False)
    is_list: bool = False
    waits: bool = False
    follows: bool = False

    def anchor_of(self, identifier: str) -> str:
        """The anchor, over the whole book, of an id in this sheet."""
        return identifier if identifier == self.anchor else f"{self.anchor}--{identifier}"


def body_of(inner: str, layout: str, template: str) -> etree._Element:
    """What a template gave, as a tree. Raises PressError (`layout-template`) if it is no well-formed XHTML."""
    try:
        return xhtml.parse(inner)
    except etree.XMLSyntaxError as fault:
        where = Span(f"layouts/{layout}/templates/{template}.html.jinja")
        raise PressError(
            error("layout-template", f"the template gives no well-formed XHTML: {fault.msg}", where)
        ) from fault


@dataclass(frozen=True, slots=True)
class Binder:
    """Makes the sheets of one book in one layout."""

    book: Book
    layout: Layout

    def sheets(self) -> Iterator[Sheet]:
        """Every sheet in reading order: the layout's own pages, each part's, each chapter."""
        for leaf in self.book.frontmatter:
            if isinstance(leaf, Chapter):
                yield self._chapter(leaf)
            elif (leaf.name != "contents" or self.book.contents) and (sheet := self._leaf(leaf)):
                yield sheet
        for item in self.book.bodymatter:
            if isinstance(item, Part):
                strings = self._strings(item.title, item.title)
                yield self._sheet("part", "recto", "bodymatter", strings, anchor=item.slug, part=item)
                for chapter in item.chapters:
                    yield self._chapter(chapter, item)
            else:
                yield self._chapter(item)
        for chapter in self.book.backmatter:
            yield self._chapter(chapter)

    def _leaf(self, leaf: Leaf) -> Sheet | None:
        """A page that the layout makes by itself; None where its template has nothing for print."""
        # The copyright page stands on the back of the title page.
        starts: Side = "verso" if leaf.name == "copyright-page" else "recto"
        is_list = leaf.name == "contents"
        strings = self._strings("", self.book.terms["contents"] if is_list else "")
        sheet = self._sheet(leaf.name, starts, "frontmatter", strings)
        return replace(sheet, is_list=is_list, waits=is_list) if self._is_printed(sheet) else None

    def _chapter(self, chapter: Chapter, part: Part | None = None) -> Sheet:
        strings = self._strings(part.title if part else "", chapter.title)
        sheet = self._sheet("chapter", "recto", chapter.matter, strings, anchor=chapter.slug, chapter=chapter, role="")
        sections = tuple((heading.id, heading.title) for heading in chapter.headings if heading.level == 2)
        return replace(sheet, sections=sections, is_list=chapter.kind in _LISTS, waits=chapter.kind in _WAITING)

    def _sheet(
        self, template: str, starts: Side, matter: Matter, strings: Strings, *, anchor: str = "", **values: object
    ) -> Sheet:
        """The sheet that a template gives."""
        inner = self.layout.render(template, book=self.book, **values)
        if template == "contents" and inner.strip():
            # It stands inside a `nav` in an e-book, and brings no element of its own.
            inner = f'<section class="contents">{inner}</section>'
        chapter = values.get("chapter")
        span = chapter.span if isinstance(chapter, Chapter) else None
        name = f"{template}-{anchor}" if anchor else template
        follows, assets = self.layout.chapters == "page", self._shown(inner)
        return Sheet(name, template, inner, starts, matter, strings, anchor, span=span, assets=assets, follows=follows)

    def _is_printed(self, sheet: Sheet) -> bool:
        body = body_of(sheet.html, self.layout.name, sheet.template)
        return any(element.get(OUTPUT) != "ebook" for element in body.iterchildren(etree.Element))

    def _strings(self, part: str, chapter: str) -> Strings:
        about = self.book.metadata
        return Strings(about.title, ", ".join(about.authors), part, chapter)

    def _shown(self, html: str) -> tuple[Asset, ...]:
        """The pictures that a text names."""
        return tuple(asset for asset in self.book.assets if asset.name in html)
