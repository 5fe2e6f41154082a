"""The tiny books under `books/`, each made once for all tests, and its files read back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote

import pikepdf
from test_epub_sample import Opened
from test_pdf_sample import Printed, texts_of

from pmpress import xhtml
from pmpress.diagnostics import Diagnostic
from pmpress.model import Book
from pmpress.press import Loaded, Order, load, render

BOOKS = Path(__file__).parent / "books"
NAMES = sorted(path.parent.name for path in BOOKS.glob("*/book.toml"))


@dataclass(frozen=True)
class Tiny:
    """A book, what is printed of it, its e-book, and what was noticed on the way."""

    book: Book
    printed: Printed
    ebook: Opened
    diagnostics: tuple[Diagnostic, ...]

    def chapter(self, slug: str) -> str:
        """The model's text of a chapter, in words."""
        (chapter,) = (each for each in self.book.chapters if each.slug == slug)
        return xhtml.text_of(xhtml.parse(chapter.xhtml))

    def page(self, file: str) -> str:
        """The words of a page of the e-book."""
        return xhtml.text_of(self.ebook.tree(file).find(xhtml.tag("body")))


@cache
def tiny(name: str) -> Tiny:
    """The book of that name."""
    return finished(load(Order(BOOKS / name)))


def finished(loaded: Loaded) -> Tiny:
    """A book, made and read back."""
    pdf, epub = render(loaded, "pdf"), render(loaded, "epub")
    return Tiny(
        loaded.book,
        Printed(pdf, pikepdf.open(BytesIO(pdf.data)), tuple(texts_of(pdf.data))),
        Opened(epub.data),
        (*loaded.diagnostics, *pdf.diagnostics, *epub.diagnostics),
    )


def links(printed: Printed) -> Iterator[tuple[int, str]]:
    """The page_index of each link inside a printed book, and the name of the place it leads to."""
    for page_index, annotation in printed.annotations():
        if annotation.get("/A", {}).get("/S") == "/GoTo":
            yield page_index, unquote(bytes(annotation.A.D).decode())


def outline(printed: Printed) -> list[str]:
    """The titles of the outline, two spaces before each for every level."""
    with printed.pdf.open_outline() as found:
        return list(_titles(found.root, ""))


def _titles(items: list[pikepdf.OutlineItem], indent: str) -> Iterator[str]:
    for item in items:
        yield indent + item.title
        yield from _titles(item.children, indent + "  ")


def labels(printed: Printed) -> list[str]:
    """What a reader of PDF files calls each page."""
    return [page.label for page in printed.pdf.pages]
