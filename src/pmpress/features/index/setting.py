"""The index as it is printed: groups by letter, entries below entries, and behind each where it is found.

In print that is the page, and in an e-book that knows the print's pages; in one that does not, the number of the
section or chapter, or the chapter's title.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import groupby
from typing import TypeAlias

from lxml import etree

from pmpress import xhtml
from pmpress.features.collation import primary_language
from pmpress.features.galley import Galley
from pmpress.features.index.entries import Entry, Index, Locator, Reference
from pmpress.features.index.marking import MARK
from pmpress.features.one_format import FORMATS, keep_to
from pmpress.folios import PAGE_OF, PAGE_TO
from pmpress.model import Registry
from pmpress.textplaces import OUTPUT

_COMMAS = {"ar": "، ", "fa": "، ", "ur": "، ", "ja": "、", "zh": "、"}
_LEVELS = ": "

_There: TypeAlias = Mapping[str, Collection[str]]
"""By the id of an entry that others lead to, the formats in which it leads somewhere."""


def resolve(galley: Galley, registry: Registry) -> None:
    """Set the index, in the chapter that is there for it, behind what the author has written."""
    index = registry.parts.get(MARK)
    if isinstance(index, Index) and index.chapter == galley.chapter.slug:
        around = etree.SubElement(galley.body, xhtml.tag("div"), {"class": "index-entries"})
        there = _of_targets(index.entries)
        for letter, entries in groupby(index.entries, key=lambda entry: entry.letter):
            group = _element(around, "section", "index-group", "index-group")
            _element(group, "h2", "index-letter").text = letter or galley.terms["symbols"]
            known = tuple(entries)
            _Setting(galley, registry, group, there).entries(known)
            keep_to(group, _formats(known, there))


class _Setting:
    """Sets the entries of one group."""

    def __init__(self, galley: Galley, registry: Registry, group: etree._Element, there: _There) -> None:
        self._galley, self._registry, self._group, self._there = galley, registry, group, there
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
            keep_to(item, _formats((entry,), self._there))

    def _term(self, item: etree._Element, entry: Entry) -> None:
        term = _element(item, "span", "index-term", "index-term")
        if entry.shown:
            shown = xhtml.parse(entry.shown)
            term.text = shown.text
            term.extend(list(shown))
        else:
            term.text = entry.text

    def _locators(self, item: etree._Element, locators: tuple[Locator, ...]) -> None:
        """The places: pages in print, which the renderer fills in and joins, in an e-book what they are called, for
        where it knows no pages."""
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
                link.set(PAGE_OF, locator.anchor)
                if locator.until:
                    link.set(PAGE_TO, locator.until)
                link.text = "0"
                if output == "ebook":
                    called = self._called(locator)
                    counts[called] = counts.get(called, 0) + 1
                    link.text = called if counts[called] == 1 else f"{called} ({counts[called]})"

    def _called(self, locator: Locator) -> str:
        begins, ends = self._place(locator.places), self._place(locator.until_places)
        return f"{begins}–{ends}" if ends and ends != begins else begins

    def _place(self, places: tuple[str, ...]) -> str:
        """What a place is called: the number of the innermost thing around it that has one, or the chapter's title."""
        labels = [self._registry.labels[place] for place in places]
        return next((label.number for label in labels if label.number), labels[-1].title if labels else "")

    def _references(self, item: etree._Element, targets: tuple[Reference, ...], word: str, kind: str) -> None:
        """The entries to look under, in each format those that it has."""
        of_format = {
            output: tuple(each for each in targets if output in self._there.get(each.id, FORMATS)) for output in FORMATS
        }
        if all(there == targets for there in of_format.values()):
            self._lead(item, targets, word, kind)
            return
        for output, there in of_format.items():
            if there:
                around = _element(item, "span")
                around.set(OUTPUT, output)
                self._lead(around, there, word, kind)

    def _lead(self, item: etree._Element, targets: tuple[Reference, ...], word: str, kind: str) -> None:
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


def _formats(entries: tuple[Entry, ...], there: _There) -> frozenset[str]:
    """The formats in which the entries lead somewhere: what they tell of may stand in one only."""
    formats: set[str] = set()
    for entry in entries:
        formats.update(_formats(entry.entries, there))
        formats.update(format_ for locator in entry.locators for format_ in locator.formats)
        formats.update(format_ for each in (*entry.see, *entry.see_also) for format_ in there.get(each.id, FORMATS))
    return frozenset(formats)


def _of_targets(entries: tuple[Entry, ...]) -> _There:
    """The formats in which the entries that others lead to lead somewhere; they may lead to each other."""
    targets = [entry for entry in _walk(entries) if entry.id]
    there: _There = {entry.id: frozenset() for entry in targets}
    while (found := {entry.id: _formats((entry,), there) for entry in targets}) != there:
        there = found
    return there


def _walk(entries: tuple[Entry, ...]) -> Iterator[Entry]:
    for entry in entries:
        yield entry
        yield from _walk(entry.entries)


def _element(parent: etree._Element, name: str, classes: str = "", kind: str = "") -> etree._Element:
    attributes = {**({"class": classes} if classes else {}), **({xhtml.EPUB_TYPE: kind} if kind else {})}
    return etree.SubElement(parent, xhtml.tag(name), attributes)


def _add_text(element: etree._Element, text: str) -> None:
    xhtml.append_text(element, len(element), text)
