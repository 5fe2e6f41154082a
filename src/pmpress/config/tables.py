"""The tables of `book.toml` that every book has, and what they come to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pmpress.config import about
from pmpress.config.about import Isbns
from pmpress.config.keys import Key, Table
from pmpress.config.values import bleed, css_value, flag, levels, line, listing, listing_with_parts, size, text, texts
from pmpress.diagnostics import Span
from pmpress.model import Contributor, Series, Settings, Subject

FILE = "book.toml"


@dataclass(frozen=True, slots=True)
class Listed:
    """A chapter file as the author listed it, with the place of the listing, and the kind it is said to be, if any."""

    path: str
    span: Span
    kind: str = ""


@dataclass(frozen=True, slots=True)
class ListedPart:
    """A part and the chapter files in it, with the place of the listing."""

    title: str
    chapters: tuple[Listed, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Contents:
    """The order of a book as `[contents]` gives it."""

    front: tuple[Listed, ...] = ()
    body: tuple[Listed | ListedPart, ...] = ()
    back: tuple[Listed, ...] = ()


@dataclass(frozen=True, slots=True)
class BookConfig:
    """The checked settings. Where a key is missing or wrong it holds the default, so that the run can go on and find
    the other faults. `trim` (width and height) and `bleed` are in pt; `style` are custom properties of the layout,
    without dashes. `tables` are those of the features, by name; `spans` says where a `[table] key` stands."""

    title: str = ""
    subtitle: str = ""
    slug: str = ""
    language: str = ""
    contributors: tuple[Contributor, ...] = ()
    identifier: str = ""
    isbn: Isbns = field(default_factory=Isbns)
    publisher: str = ""
    date: str = ""
    edition: str = ""
    rights: str = ""
    licence: str = ""
    credits: tuple[str, ...] = ()
    description: str = ""
    subjects: tuple[Subject, ...] = ()
    doi: str = ""
    identifiers: tuple[str, ...] = ()
    series: Series | None = None
    source: str = ""
    cover: str = ""
    halftitle: bool = False
    layout: str = "classic"
    trim: tuple[float, float] | None = None
    bleed: float = 0.0
    marks: bool = False
    page_list: bool = False
    embed_fonts: bool = True
    contents_depth: int = 0
    certified_by: str = ""
    certifier_credential: str = ""
    certifier_report: str = ""
    style: Mapping[str, str] = field(default_factory=dict)
    contents: Contents | None = None
    tables: Settings = field(default_factory=dict)
    spans: Mapping[str, Span] = field(default_factory=dict)

    def span(self, dotted: str) -> Span:
        """Where the author wrote `table.key`; the file as a whole if nowhere."""
        return self.spans.get(dotted, Span(FILE))


BOOK = Table(
    "book",
    (
        Key("title", line, "The title of the book.", required=True),
        Key("subtitle", line, "What stands below the title."),
        Key("slug", about.slug, "The name of the finished files; else the title in ASCII.", code="config-bad-slug"),
        Key(
            "language",
            about.language,
            "The language, a BCP 47 tag: it chooses hyphenation, quotation marks and the press's own words.",
            code="config-bad-language",
            doubts=about.language_doubts,
        ),
        Key(
            "contributors",
            about.contributors,
            "Who made the book: names, or tables with name, role, sort and organisation.",
            (),
            doubts=about.contributors_doubts,
        ),
        Key(
            "identifier",
            about.urn,
            "A URI that names the book; else made from the metadata.",
            code="config-bad-identifier",
        ),
        Key("identifiers", about.urns, "More URIs that name the book.", (), code="config-bad-identifier"),
        Key(
            "isbn",
            about.isbns,
            "The ISBN, 13 digits, or { print, ebook }: one a format.",
            Isbns(),
            code="config-bad-isbn",
            doubts=about.isbns_doubts,
        ),
        Key("doi", about.doi, "The DOI of the book.", code="config-bad-doi"),
        Key("publisher", line, "The publisher."),
        Key("date", about.day, "When it is published: the day, the month or the year.", code="config-bad-date"),
        Key("edition", line, 'Which edition it is, in words: "Second edition".'),
        Key("series", about.series, "The series it is of: a name, or { name, position }.", None),
        Key("rights", text, "The copyright line."),
        Key("licence", text, "The licence."),
        Key("credits", texts, "Who else is to be thanked on the copyright page, a line each.", ()),
        Key("source", text, "What the book was made from, for catalogues."),
        Key("description", text, "What the book is about, for catalogues."),
        Key(
            "subjects",
            about.subjects,
            "Subjects, for catalogues: words, or { name, bisac } and { name, thema }.",
            (),
            code="config-bad-subject",
        ),
        Key("cover", line, "A cover image; else one is drawn from the layout."),
        Key("halftitle", flag, "Whether a page with the title alone opens the printed book.", False),
    ),
)
CONTENTS = Table(
    "contents",
    (
        Key("front", listing, "Files of the front matter, in order.", ()),
        Key("body", listing_with_parts, "Files of the chapters, in order, or parts of them.", ()),
        Key("back", listing, "Files of the back matter, in order.", ()),
    ),
)
LAYOUT = Table(
    "layout",
    (
        Key("name", text, "The layout's folder name.", "classic"),
        Key(
            "trim",
            size,
            'The size of a page: a name such as "a5" or "kdp-6x9", or "5.5x8.5in"; else the layout\'s.',
            None,
        ),
        Key("bleed", bleed, "How far pictures that reach the edge go beyond it, for a printer who cuts there.", 0.0),
        Key("marks", flag, "Whether crop marks stand outside the trimmed page.", False),
    ),
)
EPUB = Table(
    "epub",
    (
        Key("page_list", flag, "Whether the e-book knows the pages of the printed book.", False),
        Key("embed_fonts", flag, "Whether the e-book carries its fonts along.", True),
        Key("contents_depth", levels, "How many levels the e-book's contents have; else all.", 0),
        Key("certified_by", line, "Who answers for it that the e-book conforms to EPUB Accessibility 1.1, level AA."),
        Key("certifier_credential", line, "What entitles them to: a credential, or the address of one."),
        Key("certifier_report", about.address, "The address of their report."),
    ),
)
STYLE = Table("style", (), others=Key("", css_value, "A custom property of the layout.", code="config-bad-style"))
TABLES = (BOOK, CONTENTS, LAYOUT, EPUB, STYLE)
"""The tables that every book has."""
