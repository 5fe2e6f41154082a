"""Parity: whether all that the model says is in the finished PDF and in the finished EPUB.

Model, PDF and EPUB are read into lines of *signs* (`signs.py`): the characters of the words, folded so that neither a
line's end nor a ligature makes a difference, and one sign for each figure, formula, table, link and note. What the
model's line has and an output's has not is lost (`alignment.py`), and told to the author in the largest piece that is
lost as a whole (`losses.py`). What an output has besides, such as page numbers, is no fault.

The PDF is read by its tags, the EPUB along its spine: as a voice reads them out. Neither renderer is asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pmpress.checks.parity.alignment import lost_of
from pmpress.checks.parity.ebook import read_epub
from pmpress.checks.parity.losses import told
from pmpress.checks.parity.printed import read_pdf
from pmpress.checks.parity.reading import Text, read
from pmpress.checks.parity.signs import Signs
from pmpress.diagnostics import Diagnostic, Span
from pmpress.model import Book, Chapter, Part

__all__ = ["check_parity"]


def check_parity(book: Book, pdf: bytes, epub: bytes) -> tuple[Diagnostic, ...]:
    """What of the book is missing in its PDF or its EPUB, each an error with its place.

    The codes are `parity-words`, `-note`, `-figure`, `-table`, `-formula` and `-link`. Raises UsageError
    (`parity-untagged`) for a PDF without tags: there is nothing to tell its words from its furniture by.
    """
    signs = Signs(right_to_left=book.metadata.direction == "rtl")
    slugs = [*(chapter.slug for chapter in book.chapters)]
    slugs += [item.slug for item in book.bodymatter if isinstance(item, Part)]
    printed = read_pdf(pdf, signs)
    ebook, says_pages = read_epub(epub, slugs, signs)
    return (
        *_missing(book, "PDF", printed, signs, of="print", says_pages=True),
        *_missing(book, "EPUB", ebook, signs, of="ebook", says_pages=says_pages),
    )


def _missing(
    book: Book, output: str, found: Mapping[str, str], signs: Signs, *, of: str, says_pages: bool
) -> Iterator[Diagnostic]:
    for chapter in book.chapters:
        wanted = _wanted(chapter, signs, of=of, says_pages=says_pages)
        lost = lost_of(wanted.signs, wanted.bounds, found.get(chapter.slug, ""))
        yield from told(wanted, lost, output)


def _wanted(chapter: Chapter, signs: Signs, *, of: str, says_pages: bool) -> Text:
    """What a chapter says in one output."""
    span = chapter.span or Span(chapter.slug)
    return read((chapter.title_xhtml, chapter.xhtml), signs, span, of=of, says_pages=says_pages)
