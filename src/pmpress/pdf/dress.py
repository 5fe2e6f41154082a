"""What all sheets of a book have in common: the look and the language. Plain values, fit to be sent away."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pmpress.layout import Layout
from pmpress.model import Asset, Book, Direction
from pmpress.pdf.fonts import PackedFamily, pack

COUNT_OF_PAGES = re.compile(r"counter\(\s*pages\s*(?:,[^)]*)?\)")
"""How a layout's CSS asks for the number of all pages."""


@dataclass(frozen=True, slots=True)
class Dress:
    """The look: `css` is the layout's, `assets` the files it refers to. `unnamed` stands for the alternative text of a
    picture that came without."""

    layout: str
    css: str = field(repr=False)
    families: tuple[PackedFamily, ...] = field(repr=False)
    assets: tuple[Asset, ...] = field(repr=False)
    language: str
    direction: Direction
    title: str
    unnamed: str = "Image"


def dress(book: Book, layout: Layout) -> Dress:
    """A book's dress in a layout."""
    about = book.metadata
    return Dress(
        layout=layout.name,
        css=layout.print_css,
        families=tuple(pack(family) for family in layout.fonts),
        assets=layout.assets,
        language=about.language,
        direction=about.direction,
        title=about.title,
        unnamed=book.terms["image"],
    )
