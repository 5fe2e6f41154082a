"""What is known of a sheet once it is laid out. Plain values: they come back from wherever the work was done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from pmpress.diagnostics import Diagnostic, Span
from pmpress.model import Asset

PT = 0.75
"""A CSS px in pt."""

BLANK_COVER = Asset("cover.jpg", "image/jpeg", b"", 1575, 2520)
"""A cover before it is drawn: its size is in px."""

Side: TypeAlias = Literal["recto", "verso"]


@dataclass(frozen=True, slots=True)
class Strings:
    """What a layout's running heads may name: `string(book-title)` and its like."""

    book_title: str = ""
    book_authors: str = ""
    part_title: str = ""
    chapter_title: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A spot on a sheet: the page counted from 0, and the point in pt from the page's left and bottom edge."""

    page: int
    left: float
    bottom: float


@dataclass(frozen=True, slots=True, order=True)
class PageStart:
    """Where a page begins: in the block of that number, behind `offset` characters of the block's own text
    (`pmpress.textplaces`). In the title, block 0, the offset is always 0."""

    block: int
    offset: int


@dataclass(frozen=True, slots=True)
class Overflow:
    """Something of a block that sticks out of its page's area by so many pt.

    `page` is counted from 0; `block` is the innermost block around it (`pmpress.textplaces`), 0 for the title and for
    what a template puts in; `side` is `left`, `right`, `top` or `bottom`.
    """

    page: int
    block: int
    by: float
    side: str


@dataclass(frozen=True, slots=True)
class Spot:
    """Where lines or a picture of a block stand: the page counted from 0, the block's number (`pmpress.textplaces`),
    and the area in pt from the page's left and bottom edge."""

    page: int
    block: int
    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True, slots=True)
class PageFacts:
    """One page of a sheet: `name` as in `@page NAME`, its trimmed size in pt, and the sections that begin on it.

    `is_blank`: nothing is on it, the engine left it out to get to the next recto or verso. `margins` are those of the
    page's area in pt: top, right, bottom, left.
    """

    name: str
    width: float
    height: float
    is_blank: bool = False
    sections: tuple[str, ...] = ()
    margins: tuple[float, float, float, float] = (0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class PictureFacts:
    """A picture of pixels: how many of them are printed on an inch, and where it was written."""

    name: str
    dots: float
    span: Span | None


@dataclass(frozen=True, slots=True)
class TypeFacts:
    """A size of type in pt, and where it was written."""

    size: float
    span: Span | None


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """A sheet's pages, where in them each anchor of the book is, where in the text each page begins (None: with none of
    it), what sticks out of them, the pictures, the smallest type, and where the text of each block stands."""

    pages: tuple[PageFacts, ...]
    anchors: Mapping[str, Place] = field(default_factory=dict)
    starts: tuple[PageStart | None, ...] = ()
    overflows: tuple[Overflow, ...] = ()
    pictures: tuple[PictureFacts, ...] = ()
    smallest: TypeFacts | None = None
    spots: tuple[Spot, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Glyph:
    """A glyph that a text shows: its number in the font, its advance in thousandths of an em, and its meaning."""

    number: int
    width: float
    text: str


@dataclass(frozen=True, slots=True)
class FontUse:
    """What of a font a sheet shows. The font itself is put into the book once, when the sheets are joined.

    `key` is what the pages call it, `name` its PostScript name, `file` the SHA-256 of its file; `flags`, `ascent` and
    `descent` are as in a font descriptor (ISO 32000-1, 9.8); `missing` are the code points that the font has no glyph
    for, with the number each is given instead.
    """

    key: str
    name: str
    family: str
    file: str
    flags: int
    ascent: int
    descent: int
    glyphs: tuple[Glyph, ...] = field(repr=False)
    missing: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class LaidOut:
    """A laid out sheet: its pages as a tagged PDF that lacks the fonts it uses, what is known of them, and what the
    engine remarked."""

    data: bytes = field(repr=False)
    facts: SheetFacts
    fonts: tuple[FontUse, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class Furnishing:
    """What the furniture of one sheet's pages depends on: what its running heads say, the side and the number of its
    first page, in which numerals, and, where the layout prints it (else 0), the count of all pages."""

    strings: Strings
    starts: Side
    pages: tuple[PageFacts, ...]
    number: int
    is_roman: bool
    count: int = 0


@dataclass(frozen=True, slots=True)
class Furniture:
    """What is laid over the pages of a sheet: a PDF that lacks its fonts, and for each page of the sheet the page in
    there, or None."""

    data: bytes = field(repr=False)
    pages: tuple[int | None, ...]
    fonts: tuple[FontUse, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
