"""What all sheets of a book have in common: the look and the language. Plain values, fit to be sent away."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pmpress.layout import Layout
from pmpress.model import Asset, Book, Direction
from pmpress.pdf.typesetter.fonts import PackedFamily, pack

COUNT_OF_PAGES = re.compile(r"counter\(\s*pages\s*(?:,[^)]*)?\)")
"""How a layout's CSS asks for the number of all pages."""


@dataclass(frozen=True, slots=True)
class Look:
    """The layout's part: `css` is its print style sheet, `assets` the files that refers to."""

    layout: str
    css: str = field(repr=False)
    families: tuple[PackedFamily, ...] = field(repr=False)
    assets: tuple[Asset, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Dress:
    """The look, and the book's part. `unnamed` stands for the alternative text of a picture that came without;
    `opaque`: no picture may show what is behind it; `digits` are those of its folios."""

    look: Look
    language: str
    direction: Direction
    title: str
    unnamed: str = "Image"
    opaque: bool = False
    digits: str = "western"


def look(layout: Layout) -> Look:
    """How a layout looks."""
    return Look(layout.name, layout.print_css, tuple(pack(family) for family in layout.fonts), layout.assets)


def dress(book: Book, layout: Layout, *, opaque: bool = False) -> Dress:
    """A book's dress in a layout."""
    about = book.metadata
    return Dress(look(layout), about.language, about.direction, about.title, book.terms["image"], opaque, about.digits)
