"""What a catalogue is told of a book: its metadata, and each format with what its finished file shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from pmpress import trims
from pmpress.diagnostics import Diagnostic, Span, note
from pmpress.epub.packaging.package import properties_in
from pmpress.model import Metadata
from pmpress.press import Loaded, render
from pmpress.tasks import Means

Format: TypeAlias = Literal["print", "ebook"]
_PT = 72 / 25.4


@dataclass(frozen=True, slots=True)
class Product:
    """One format that the book is sold in. `pages` and `trim` (width and height in mm) are the printed book's;
    `accessibility` is what the e-book's package says of it: pairs of a schema.org property and a value, in order."""

    format: Format
    isbn: str = ""
    pages: int = 0
    trim: tuple[int, int] = (0, 0)
    accessibility: tuple[tuple[str, str], ...] = ()

    def said(self, name: str) -> tuple[str, ...]:
        """The values of a property of accessibility."""
        return tuple(value for property_, value in self.accessibility if property_ == name)


@dataclass(frozen=True, slots=True)
class Record:
    """A book and the formats it is sold in."""

    metadata: Metadata
    products: tuple[Product, ...]

    @property
    def speaker(self) -> str:
        """Who tells it: the publisher, or who has published it in one's own name."""
        about = self.metadata
        return about.publisher or ", ".join(about.authors) or about.title

    @property
    def is_forthcoming(self) -> bool:
        """Whether the files are of a day before the day of publication. The clock is never asked."""
        said = self.metadata.date
        return bool(said) and self.metadata.modified[: len(said)] < said


def record_of(loaded: Loaded, means: Means) -> Record:
    """Read both finished files for what only they know."""
    about, style = loaded.book.metadata, loaded.layout.style
    printed, ebook = render(loaded, "pdf", means), render(loaded, "epub", means)
    width, height = (round(trims.length(style[name]) / _PT) for name in ("trim-width", "trim-height"))
    said = properties_in(ebook.data)
    return Record(
        about,
        (
            Product("print", about.isbn_print, pages=len(printed.page_map.labels), trim=(width, height)),
            Product("ebook", about.isbn, accessibility=tuple(each for each in said if each[0].startswith("access"))),
        ),
    )


def doubts(record: Record) -> Iterator[Diagnostic]:
    """What a catalogue will miss."""
    about, span = record.metadata, Span("book.toml")
    for product in record.products:
        if not product.isbn:
            name = {"print": "printed book", "ebook": "e-book"}[product.format]
            hint = f'Say so with isbn = {{ {product.format} = "…" }} under [book], once you have one.'
            yield note("catalog-no-isbn", f"the {name} has no ISBN: it is told by a name of its own", span, hint)
    if not about.publisher:
        hint = 'Say so with publisher = "…" under [book].'
        yield note("catalog-no-publisher", f"no publisher is named: it is taken to be {record.speaker}", span, hint)
    if not about.dated:
        hint = 'Say so with date = "…" under [book], or set SOURCE_DATE_EPOCH.'
        yield note("catalog-undated", "nobody has said when the book appears: the message is of 1980", span, hint)
