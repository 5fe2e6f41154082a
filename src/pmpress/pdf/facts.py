"""What is known of a sheet once it is laid out. Plain values: they come back from wherever the work was done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pmpress.diagnostics import Diagnostic


@dataclass(frozen=True, slots=True)
class Place:
    """A spot on a sheet: the page counted from 0, and the point in pt from the page's left and bottom edge."""

    page: int
    left: float
    bottom: float


@dataclass(frozen=True, slots=True)
class PageFacts:
    """One page of a sheet: `name` as in `@page NAME`, its size in pt, and the sections that begin on it.

    `is_blank`: nothing is on it, the engine left it out to get to the next recto or verso.
    """

    name: str
    width: float
    height: float
    is_blank: bool = False
    sections: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """A sheet's pages, and where in them each anchor of the book is."""

    pages: tuple[PageFacts, ...]
    anchors: Mapping[str, Place] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LaidOut:
    """A laid out sheet: its pages as a tagged PDF, what is known of them, and what the engine remarked."""

    data: bytes = field(repr=False)
    facts: SheetFacts
    diagnostics: tuple[Diagnostic, ...] = ()
