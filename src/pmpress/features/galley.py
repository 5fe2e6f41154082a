"""A chapter on the workbench: the mutable working value inside one stage, never between two.

A galley is what printers call text that is set and not yet made up into pages.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from urllib.parse import unquote

from lxml import etree

from pmpress import xhtml
from pmpress.diagnostics import Diagnostic, Span
from pmpress.model import Chapter, Heading, Mark, Settings
from pmpress.terms import terms_for
from pmpress.textplaces import OUTPUT


@dataclass(slots=True)
class Galley:
    """A chapter as a tree, and what the features find in it. `title` and `body` are elements whose children are the
    chapter's `title_xhtml` and `xhtml`; `language` is the book's, `settings` its tables of `book.toml`."""

    chapter: Chapter
    title: etree._Element
    body: etree._Element
    language: str
    settings: Settings
    headings: list[Heading] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    _taken: set[str] = field(default_factory=set)
    _counts: dict[str, int] = field(default_factory=dict)

    @property
    def terms(self) -> Mapping[str, str]:
        """The words of the book's language (`pmpress.terms`)."""
        return terms_for(self.language)

    @property
    def roots(self) -> tuple[etree._Element, etree._Element]:
        """The title and the body: whatever may stand in either is looked for in both."""
        return self.title, self.body

    def span(self, element: etree._Element) -> Span:
        """The place in the sources where the element, or the nearest one around it that knows, was written."""
        at: etree._Element | None = element
        while at is not None:
            if written := at.get(xhtml.SPAN):
                file, _, lines = written.rpartition(":")
                return Span(file, int(lines.split("-")[0]))
            at = at.getparent()
        return self.chapter.span or Span(self.chapter.slug)

    def path(self, element: etree._Element, reference: str) -> str:
        """A reference, relative to the file the element was written in, as a path in the manuscript's folder."""
        return posixpath.normpath(posixpath.join(posixpath.dirname(self.span(element).file), unquote(reference)))

    @property
    def taken(self) -> set[str]:
        """The ids that stand in the chapter, and those given out for it."""
        if not self._taken:
            self._taken = {self.chapter.title_id, *xhtml.ids_of(*self.roots)}
        return self._taken

    def free_id(self, kind: str) -> str:
        """The first of `figure-1`, `figure-2`… that is free. It is taken from then on."""
        count = self._counts.get(kind, 0) + 1
        while f"{kind}-{count}" in self.taken:
            count += 1
        self._counts[kind] = count
        self.taken.add(f"{kind}-{count}")
        return f"{kind}-{count}"

    def mark_broken(self, element: etree._Element, what: str) -> None:
        """Put a visible mark after the element: seen only in a draft, since an error keeps any other book unwritten."""
        mark = etree.Element(xhtml.tag("span"), {"class": "broken"})
        mark.text = f"{self.terms['broken']}: {what}"
        mark.tail, element.tail = element.tail, " "
        element.addnext(mark)

    def finished(self) -> Chapter:
        """The chapter with the galley's text."""
        return replace(
            self.chapter,
            title=plain_text(self.title) or self.chapter.title,
            title_xhtml=xhtml.serialise(self.title),
            title_language=language_of(self.title),
            xhtml=xhtml.serialise(self.body),
            headings=tuple(self.headings) or self.chapter.headings,
        )


def lay(chapter: Chapter, language: str, settings: Settings) -> Galley:
    """Put a chapter on the workbench."""
    return Galley(chapter, xhtml.parse(chapter.title_xhtml), xhtml.parse(chapter.xhtml), language, settings)


def plain_text(element: etree._Element) -> str:
    """The text of a title as running heads, bookmarks and contents want it: without the numbers of notes, and without
    words that are for one format only, as the same contents serve both."""
    if not any(_is_left_out(inner) for inner in element.iterdescendants(xhtml.tag("a"), xhtml.tag("span"))):
        return xhtml.text_of(element)
    copy = deepcopy(element)
    for inner in xhtml.elements(copy, "a", "span"):
        if inner is not copy and _is_left_out(inner):
            xhtml.remove(inner)
    return xhtml.text_of(copy)


def language_of(title: etree._Element) -> str:
    """The language that a whole title is marked to be in, empty if it is in none but the book's."""
    inside = title
    while not inside.get("lang"):
        if len(inside) != 1 or (inside.text or "").strip() or (inside[0].tail or "").strip():
            return ""
        inside = inside[0]
    return str(inside.get("lang"))


def _is_left_out(inner: etree._Element) -> bool:
    return inner.get(xhtml.EPUB_TYPE) == "noteref" or inner.get(OUTPUT) is not None


def caption_of(element: etree._Element) -> etree._Element | None:
    """The caption of a figure or a table itself, not of what is in it."""
    return next((child for child in element if xhtml.local(child) in ("figcaption", "caption")), None)
