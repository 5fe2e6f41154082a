"""The index as it is printed: groups by letter, entries below entries, and behind each where it is found.

In print that is the page; in an e-book, which has none, the number of the section or chapter, or the chapter's title.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from lxml import etree

from pmpress import xhtml
from pmpress.features.collation import primary_language
from pmpress.features.galley import Galley
from pmpress.features.index.entries import Entry, Index, Locator, Reference
from pmpress.features.index.marking import MARK
from pmpress.features.one_format import FORMATS, keep_to
from pmpress.model import Registry
from pmpress.textplaces import OUTPUT

_COMMAS = {"ar": "، ", "fa": "، ", "ur": "، ", "ja": "、", "zh": "、"}
_LEVELS = ": "


def resolve(galley: Galley, registry: Registry) -> None:
    """Set the index, in the chapter that is there for it, behind what the author has written."""
    index = registry.parts.get(MARK)
    if isinstance(index, Index) and index.chapter == galley.chapter.slug:
        around = etree.SubElement(galley.body, xhtml.tag("div"), {"class": "index-entries"})
        for letter, entries in groupby(index.entries, key=lambda entry: entry.letter):
            group = _element(around, "section", "index-group", "index-group")
            _element(group, "h2", "index-letter").text = letter or galley.terms["symbols"]
            known = tuple(entries)
            _Setting(galley, registry, group).entries(known)
            keep_to(group, _formats(known))


class _Setting:
    """Sets the entries of one group."""

    def __init__(self, galley: Galley, registry: Registry, group: etree._Element) -> None:
        self._galley, self._registry, self._group = galley, registry, group
        self._comma = _COMMAS.get(primary_language(galley.language), ", ")

    def entries(self, entries: Iterable[Entry], parent: etree._Element | None = None) -> None:
        """Set a list of entries, with those below them."""
        listed = _element(self._group if parent is None else parent, "ul", "index", "index-entry-list")
        for entry in entries:
            item = _element(listed, "li", "", "index-entry")
            if entry.id:
                item.set("id", entry.id)
            self._term(item, entry)
            self._locators(item, entry.locators)
            self._references(item, entry.see, "see", "index-xref-preferred")
            self._references(item, entry.see_also, "see-also", "index-xref-related")
            if entry.entries:
                self.entries(entry.entries, item)
            keep_to(item, _formats((entry,)))

    def _term(self, item: etree._Element, entry: Entry) -> None:
        term = _element(item, "span", "index-term", "index-term")
        if entry.shown:
            shown = xhtml.parse(entry.shown)
            term.text = shown.text
            term.extend(list(shown))
        else:
            term.text = entry.text

    def _locators(self, item: etree._Element, locators: tuple[Locator, ...]) -> None:
        """The places: pages in print, which the renderer fills in and joins, in an e-book what they are called."""
        for output in FORMATS:
            there = [locator for locator in locators if output in locator.formats]
            if not there:
                continue
            around = _element(item, "span", "locators", "index-locator-list")
            around.set(OUTPUT, output)
            around.text = self._comma
            counts: dict[str, int] = {}
            for locator in there:
                if len(around):
                    around[-1].tail = self._comma
                kind = "index-locator-range" if locator.until else "index-locator"
                link = _element(around, "a", "", kind)
                link.set("href", f"#{locator.anchor}")
                if output == "ebook":
                    called = self._called(locator)
                    counts[called] = counts.get(called, 0) + 1
                    link.text = called if counts[called] == 1 else f"{called} ({counts[called]})"
                    continue
                link.text = "0"
                link.set("data-page-of", locator.anchor)
                if locator.until:
                    link.set("data-page-to", locator.until)

    def _called(self, locator: Locator) -> str:
        begins, ends = self._place(locator.places), self._place(locator.until_places)
        return f"{begins}–{ends}" if ends and ends != begins else begins

    def _place(self, places: tuple[str, ...]) -> str:
        """What a place is called: the number of the innermost thing around it that has one, or the chapter's title."""
        labels = [self._registry.labels[place] for place in places]
        return next((label.number for label in labels if label.number), labels[-1].title if labels else "")

    def _references(self, item: etree._Element, targets: tuple[Reference, ...], word: str, kind: str) -> None:
        said = self._galley.terms[word]
        for number, target in enumerate(targets):
            if number:
                _add_text(item, self._comma)
            else:
                # An arrow needs no comma before it.
                _add_text(item, (self._comma if word == "see" else "; ") if said[0].isalpha() else " ")
                _element(item, "em", "index-see").text = said
                _add_text(item, " ")
            words = _LEVELS.join(target.levels)
            if target.id:
                link = _element(item, "a", "", kind)
                link.set("href", f"#{self._galley.chapter.slug}--{target.id}")
                link.text = words
            else:
                _add_text(item, words)


def _formats(entries: tuple[Entry, ...]) -> frozenset[str]:
    """The formats in which the entries lead somewhere: what they tell of may stand in one only."""
    formats: set[str] = set()
    for entry in entries:
        formats.update(FORMATS if entry.see or entry.see_also else _formats(entry.entries))
        formats.update(format_ for locator in entry.locators for format_ in locator.formats)
    return frozenset(formats)


def _element(parent: etree._Element, name: str, classes: str = "", kind: str = "") -> etree._Element:
    attributes = {**({"class": classes} if classes else {}), **({xhtml.EPUB_TYPE: kind} if kind else {})}
    return etree.SubElement(parent, xhtml.tag(name), attributes)


def _add_text(element: etree._Element, text: str) -> None:
    xhtml.append_text(element, len(element), text)
