"""Captions: what has one is counted, and what is counted has an id."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from lxml import etree

from pmpress import xhtml
from pmpress.diagnostics import Diagnostic
from pmpress.features.galley import Galley
from pmpress.features.numbering import SERIES
from pmpress.model import Label, Marks, Registry
from pmpress.numerals import letters

PART = "subfigure"
"""The kind of mark, and the class, of one of several figures under one caption."""


def caption_of(element: etree._Element) -> etree._Element | None:
    """The caption of an element itself, not of what is in it."""
    return next((child for child in element if xhtml.local(child) in ("figcaption", "caption")), None)


@dataclass(slots=True)
class Counter:
    """Enters the things of one chapter in their series."""

    galley: Galley
    taken: set[str] = field(default_factory=set)

    def enter(self, element: etree._Element, series: str) -> None:
        """Have the element counted in a series, by an id of its own if it has none."""
        element.set(SERIES, series)
        if not element.get("id"):
            element.set("id", self._free(series))

    def _free(self, series: str) -> str:
        """The first of `figure-1`, `figure-2`… that is nothing's id in the chapter."""
        if not self.taken:
            elements = (element for root in self.galley.roots for element in root.iter(etree.Element))
            self.taken = {self.galley.chapter.title_id, *(str(element.get("id", "")) for element in elements)}
        count = 1
        while f"{series}-{count}" in self.taken:
            count += 1
        self.taken.add(f"{series}-{count}")
        return f"{series}-{count}"


def letter(number: int) -> str:
    """What one of several figures under one caption is called: `a`, `b`…"""
    return letters(number).lower()


def register(marks: tuple[Marks, ...], registry: Registry) -> tuple[Registry, tuple[Diagnostic, ...]]:
    """Label each of several figures under one caption as that with its letter: 3.2a. Works behind `numbering`."""
    labels = dict(registry.labels)
    labels.update(_parts(marks, registry))
    return replace(registry, labels=labels), ()


def _parts(marks: tuple[Marks, ...], registry: Registry) -> Iterator[tuple[str, Label]]:
    for each in marks:
        for mark in (mark for mark in each.marks if mark.kind == PART):
            whole = registry.labels.get(f"{each.chapter.slug}--{mark.about['of']}")
            if whole is not None and whole.number:
                yield f"{each.chapter.slug}--{mark.id}", Label("figure", whole.number + mark.about["letter"])


def resolve(galley: Galley, registry: Registry) -> None:
    """Take away the captions that are still empty when everything has its number."""
    for caption in xhtml.elements(galley.body, "figcaption"):
        if not len(caption) and not xhtml.text_of(caption):
            xhtml.remove(caption)
        elif len(caption) and not (caption[-1].tail or "").strip():
            caption[-1].tail = None  # the space that numbering left behind the number alone
