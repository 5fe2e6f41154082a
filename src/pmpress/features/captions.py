"""Captions: what has one is counted, and what is counted has an id."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lxml import etree

from pmpress import xhtml
from pmpress.diagnostics import Diagnostic
from pmpress.features.galley import Galley
from pmpress.features.marks import of_kind
from pmpress.features.numbering import SERIES
from pmpress.model import Label, Marks, Registry

PART = "subfigure"
"""The kind of mark, and the class, of one of several figures under one caption."""


def enter(galley: Galley, element: etree._Element, series: str) -> None:
    """Have the element counted in a series, by an id of its own if it has none."""
    element.set(SERIES, series)
    if not element.get("id"):
        element.set("id", galley.free_id(series))


def register(marks: tuple[Marks, ...], registry: Registry) -> tuple[Registry, tuple[Diagnostic, ...]]:
    """Label each of several figures under one caption as that with its letter: 3.2a. Works behind `numbering`."""
    labels = dict(registry.labels)
    labels.update(_parts(marks, registry))
    return replace(registry, labels=labels), ()


def _parts(marks: tuple[Marks, ...], registry: Registry) -> Iterator[tuple[str, Label]]:
    for slug, mark in of_kind(marks, PART):
        whole = registry.labels.get(f"{slug}--{mark.about['of']}")
        if whole is not None and whole.number:
            yield f"{slug}--{mark.id}", Label("figure", whole.number + mark.about["letter"])


def resolve(galley: Galley, registry: Registry) -> None:
    """Take away the captions that are still empty when everything has its number."""
    for caption in xhtml.elements(galley.body, "figcaption"):
        if not len(caption) and not xhtml.text_of(caption):
            xhtml.remove(caption)
        elif len(caption) and not (caption[-1].tail or "").strip():
            caption[-1].tail = None  # the space that numbering left behind the number alone
