"""Parity: whether all that the model says is in the finished PDF and in the finished EPUB.

Model, PDF and EPUB are read into lines of *signs* (`signs.py`): the characters of the words, folded so that neither a
line's end nor a ligature makes a difference, and one sign for each figure, formula, table, link and note. What the
model's line has and an output's has not is lost (`alignment.py`), and told to the author in the largest piece that is
lost as a whole (`losses.py`). What an output has besides, such as page numbers, is no fault.

The PDF is read by its tags, the EPUB along its spine: as a voice reads them out. Neither renderer is asked.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from pmpress.checks.parity.alignment import lost_of
from pmpress.checks.parity.ebook import read_epub
from pmpress.checks.parity.losses import told
from pmpress.checks.parity.printed import read_pdf
from pmpress.checks.parity.reading import read
from pmpress.checks.parity.signs import Kind, Signs
from pmpress.diagnostics import Diagnostic, Span, note
from pmpress.model import Book, Part

_KINDS: tuple[Kind, ...] = ("note", "figure", "table", "formula", "link")

_FROM_RIGHT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
"""Letters that run from right to left: lines of two directions do not tell in which order all is read."""

_UNTITLED = frozenset({"dedication", "epigraph"})
"""Kinds whose title no printer sets: it is for lists."""


def check_parity(book: Book, pdf: bytes, epub: bytes) -> tuple[Diagnostic, ...]:
    """What of the book is missing in its PDF or its EPUB, each an error with its place.

    The codes are `parity-words`, `-note`, `-figure`, `-table`, `-formula` and `-link`; where nothing is missing, a note
    `parity-holds` says how much was looked for. Raises UsageError (`parity-untagged`) for a PDF without tags.
    """
    signs = Signs(right_to_left=any(_FROM_RIGHT.search(chapter.xhtml) for chapter in book.chapters))
    slugs = [chapter.slug for chapter in book.chapters]
    slugs += [item.slug for item in book.bodymatter if isinstance(item, Part)]
    printed = read_pdf(pdf, signs)
    ebook, says_pages = read_epub(epub, slugs, signs)
    compared = _Compared(book, signs)
    compared.hold("PDF", printed, of="print", says_pages=True)
    compared.hold("EPUB", ebook, of="ebook", says_pages=says_pages)
    return tuple(compared.missing) or (compared.proof(),)


@dataclass(slots=True)
class _Compared:
    """A book, held against its outputs one after the other: what was looked for in each, and what is missing."""

    book: Book
    signs: Signs
    missing: list[Diagnostic] = field(default_factory=list)
    counts: dict[str, Counter[str]] = field(default_factory=dict)

    def hold(self, output: str, found: Mapping[str, str], *, of: str, says_pages: bool) -> None:
        """Look for every chapter in an output, whose signs by chapter are `found`."""
        count = self.counts[output] = Counter()
        for chapter in self.book.chapters:
            title = "" if of == "print" and chapter.kind in _UNTITLED else chapter.title_xhtml
            span = chapter.span or Span(chapter.slug)
            text = read((title, chapter.xhtml), self.signs, span, of=of, says_pages=says_pages)
            count["word"] += len(text.words)
            count.update(thing.kind for thing in text.things.values())
            lost = lost_of(text, found.get(chapter.slug, ""), in_any_order=self.signs.right_to_left)
            self.missing += told(text, lost, output)

    def proof(self) -> Diagnostic:
        """What was looked for, and found."""
        said = (
            f"in the {output} {', '.join(_counted(count[kind], kind) for kind in ('word', *_KINDS) if count[kind])}"
            for output, count in self.counts.items()
        )
        return note("parity-holds", f"nothing is missing: {'; '.join(said)}")


def _counted(number: int, kind: str) -> str:
    return f"{number} {kind}{'' if number == 1 else 's'}"
