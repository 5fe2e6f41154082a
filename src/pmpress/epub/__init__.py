"""The EPUB renderer: a book and a layout become an EPUB 3.3 publication. The only owner of `ebooklib`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import TypeAlias

from pmpress.cache import Cache, made_by
from pmpress.layout import Layout
from pmpress.model import Asset, Book, Edition, PageMap, Rendered
from pmpress.tasks import InProcess, Means, Progress, silent

__all__ = ["Lent", "Pixels", "render", "version"]

Pixels: TypeAlias = Callable[[Sequence[Asset]], Callable[[], Sequence[Asset]]]
"""Who begins to draw drawings in pixels, and gives what waits for them."""


@dataclass(frozen=True, slots=True)
class Lent:
    """What the printed book and its engine lend to the e-book, as `render` is given it."""

    page_map: PageMap
    cover: Callable[[], Asset | None]
    pixels: Pixels | None


def version() -> str:
    """A digest of what an e-book is made by: the press and its packages."""
    return made_by("brotli", "ebooklib", "lxml", "pillow", "tinycss2", "uharfbuzz")


def render(
    book: Book,
    layout: Layout,
    edition: Edition,
    *,
    page_map: PageMap | None = None,
    drawn: Callable[[], Asset] | None = None,
    pixels: Pixels | None = None,
    executor: Executor | None = None,
    cache: Cache | None = None,
    progress: Progress = silent,
) -> Rendered:
    """Make the e-book.

    `page_map` says where the pages of the printed book begin, if the e-book is to know them.
    `drawn` gives the book's cover, where that is still being drawn: it is asked last. `pixels` begins to draw drawings,
    whose sizes are in CSS px, as PNG files of the same names, and gives what waits for these: without it the book shows
    its vectors and its MathML alone, whatever the edition's target understands. The pages are made and the fonts
    cut over the `executor`, or here without one, and kept in the `cache`. `progress` is told how many pages of how many
    are made. Returns the file's bytes, the same for the same book, and what was noticed. Raises PressError
    (`layout-template`) if a template fails or does not give well-formed XHTML.
    """
    # What makes an e-book takes a while to import, and is not needed for a book that has not changed.
    from pmpress.epub.rendering import render_book

    means = Means(executor or InProcess(), cache or Cache(), progress)
    lent = Lent(page_map or PageMap(), drawn or (lambda: book.cover), pixels)
    return render_book(book, layout, edition, lent, means)
