"""The book: the intermediate HTML model that both renderers read and neither changes.

Plain immutable values. Text is XHTML held as `str`: an *inner fragment*, that is the children of an element without
the element, in the XHTML name space with the prefix `epub` for `epub:type` (see `pmpress.xhtml`). In it

* every block carries `data-src="file:first-last"`, the lines it was written in;
* every block carries `data-block="N"`, counted from 1 in each chapter's text, where the title is block 0
  (`pmpress.textplaces` says how a place in the text is told by it);
* a link inside the book is `href="#CHAPTER"` or `href="#CHAPTER--ID"` (an *anchor*), whatever file it ends up in,
  while an `id` is plain within its chapter;
* an image is `src="NAME"`, the name of an `Asset`;
* a note stands once: `<a epub:type="noteref" href="#CHAPTER--NOTE">` in the text and
  `<aside epub:type="footnote" id="NOTE" data-number="N">` in the `<section epub:type="footnotes">` at the end, from
  where renderers may move it; one that stays where it is, under its table (`aside.table-note`) or at the end of its
  chapter or of the book (`<aside epub:type="endnote">`), has its number in its text;
* what only one output shows carries `data-for="print"` or `data-for="ebook"`;
* a formula is a `span` of the class `math` with MathML in it, as an e-book shows it (`data-for="ebook"`), which says by
  `data-said` how it reads in a line of plain text; the print draws it (`pmpress.formulas`);
* `data-page-of="CHAPTER--ID"` asks the print, and an e-book that knows the print's pages, for the folio of the page
  that anchor is on, in the place of the element's text (`pmpress.folios`); inside an element of the class `locators`
  such links become ranges of pages, as one does by itself that names its end by `data-page-to`;
* what is for print because it says a page carries `data-paged` if an e-book that knows the print's pages is to show it
  as well, then instead of what stands before it for e-books (`data-paged="instead"`) or besides (`data-paged="also"`);
* a picture whose author has not said what it shows carries `data-alt="missing"`.

Words for the parts of a book are those of the EPUB 3 Structural Semantics Vocabulary (epub:type).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeAlias

from pmpress.diagnostics import Diagnostic, Span

Direction: TypeAlias = Literal["ltr", "rtl"]
Matter: TypeAlias = Literal["frontmatter", "bodymatter", "backmatter"]
EditionKind: TypeAlias = Literal["book", "screen"]
FileKind: TypeAlias = Literal["pdf", "epub"]
Settings: TypeAlias = Mapping[str, Mapping[str, Any]]
"""The features' tables of `book.toml`, by name; the press adds one, `book`: what the book says of itself."""


@dataclass(frozen=True, slots=True)
class Contributor:
    """Somebody who made the book. `role` is a MARC relator code (`aut`, `edt`, `ant`…), `sort` the name as filed;
    `organisation`: it is the name of no person."""

    name: str
    role: str = "aut"
    sort: str = ""
    organisation: bool = False


@dataclass(frozen=True, slots=True)
class Subject:
    """What the book is about: in words, by the code of a scheme (`BISAC`, `Thema`), or by both."""

    name: str = ""
    scheme: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """The series that the book is of, and its place there ("2", "2.1"), or nothing."""

    name: str
    position: str = ""


@dataclass(frozen=True, slots=True)
class Certifier:
    """Who answers for it that everybody can read the e-book: a name, a credential in words or as a link, and a link to
    a report, each perhaps empty; `span` is where the author says so."""

    name: str
    credential: str = ""
    report: str = ""
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is said about the book as a whole.

    `language` is a BCP 47 tag; `identifier` a URN, `identifiers` are what it is called by besides; `isbn` is the
    e-book's and `isbn_print` the printed book's, thirteen digits or empty; `doi` begins with `10.`; `source` says what
    the book was made from; `date` is the day of publication as `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, or empty, `date_said`
    the same in the book's words; `modified` the moment for `dcterms:modified`, `YYYY-MM-DDThh:mm:ssZ`; `dated` is False
    where `modified` is only the stand-in for "nobody said when"; `edition` is in words ("Second edition"); `credits`
    are lines for the copyright page; `digits` says which numbers are written in (`pmpress.numerals.DIGITS`).
    """

    title: str
    language: str
    identifier: str
    modified: str
    dated: bool = False
    direction: Direction = "ltr"
    subtitle: str = ""
    contributors: tuple[Contributor, ...] = ()
    isbn: str = ""
    isbn_print: str = ""
    publisher: str = ""
    date: str = ""
    date_said: str = ""
    edition: str = ""
    rights: str = ""
    licence: str = ""
    credits: tuple[str, ...] = ()
    description: str = ""
    subjects: tuple[Subject, ...] = ()
    digits: str = "western"
    identifiers: tuple[str, ...] = ()
    doi: str = ""
    series: Series | None = None
    source: str = ""
    certifier: Certifier | None = None

    @property
    def authors(self) -> tuple[str, ...]:
        """The names of those with the role `aut`, in the order given."""
        return tuple(person.name for person in self.contributors if person.role == "aut")

    @property
    def keywords(self) -> tuple[str, ...]:
        """The subjects in words, each once."""
        return tuple(dict.fromkeys(subject.name for subject in self.subjects if subject.name))


@dataclass(frozen=True, slots=True)
class Asset:
    """A file that comes along, by its place in the book: `images/tree.svg`. `width` and `height` are CSS px."""

    name: str
    media_type: str
    data: bytes = field(repr=False)
    width: float = 0.0
    height: float = 0.0


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a chapter: `level` 2 to 6, `id` plain within the chapter, `title` without mark-up, `number` as
    printed ("2.1"), or empty; `is_numbered` is False where the author wants none; `language` is that of its title,
    empty for the book's own."""

    level: int
    id: str
    title: str
    number: str = ""
    is_numbered: bool = True
    language: str = ""


@dataclass(frozen=True, slots=True)
class Chapter:
    """One piece of text with a title of its own: a chapter, a preface, an appendix.

    `slug` names it in the book, in plain ASCII without `--`; `title_id` is the id by which its own file calls the
    title; `kind` is an epub:type; `number` is what is printed ("3"), or empty, `is_numbered` False where the author
    wants none; `title_xhtml` and `xhtml` are inner fragments (see the module), `xhtml` without the title;
    `title_language` is that of the title, empty for the book's own.
    """

    slug: str
    kind: str
    matter: Matter
    title: str
    title_xhtml: str
    xhtml: str = field(repr=False)
    headings: tuple[Heading, ...] = ()
    title_id: str = ""
    number: str = ""
    is_numbered: bool = True
    span: Span | None = None
    title_language: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """Something in a chapter that the whole book may need to know: the `kind` says what (`anchor`, `image`, `link`…).
    `id` is plain within the chapter; `target` is a path inside the manuscript's folder; `about` is what else the
    feature that made the mark has to say."""

    kind: str
    span: Span
    id: str = ""
    target: str = ""
    about: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Marks:
    """What one chapter, here without its text, gives to the registry. `files` are those it was written in."""

    chapter: Chapter
    files: tuple[str, ...]
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Label:
    """What a place of the book is called: the `series` it is counted in (`chapter`, `appendix`, `part`, `section`,
    `figure`, `table`, `equation`, `listing`, `example`; an epub:type for what is not counted), its `number` as printed
    ("3.2"), or empty, and its `title` without mark-up, or empty."""

    series: str
    number: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Registry:
    """What every chapter may ask about the whole book.

    What the folder answered: `language` is the book's; `settings` the features' tables of `book.toml`; `files` the
    texts that these name, by path; `images` the asset that a path in the manuscript became; `left_out` the files that
    are in the folder and not in the book.

    What the features register: `anchors` holds, by chapter, the anchor that each id in it has over the book; `openings`
    the anchor at which a file begins; `chapters_of` all chapters written in a file; `labels` what each anchor is
    called; `parts` what a feature keeps for itself, by its name.
    """

    language: str = "en"
    settings: Settings = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict, repr=False)
    images: Mapping[str, Asset] = field(default_factory=dict)
    left_out: frozenset[str] = frozenset()
    anchors: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    openings: Mapping[str, str] = field(default_factory=dict)
    chapters_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    labels: Mapping[str, Label] = field(default_factory=dict)
    parts: Mapping[str, Any] = field(default_factory=dict)

    def with_part(self, name: str, value: Any) -> Registry:
        """The registry with what the feature of that name keeps: plain values."""
        return replace(self, parts={**self.parts, name: value})

    def with_anchors(self, chapter: str, ids: Iterable[str]) -> Registry:
        """The registry with ids that a feature will put into a chapter when that is resolved."""
        known = {**self.anchors.get(chapter, {}), **{each: f"{chapter}--{each}" for each in ids}}
        return replace(self, anchors={**self.anchors, chapter: known})


@dataclass(frozen=True, slots=True)
class Part:
    """Some chapters under a title of their own. `number` is what is printed ("II"), or empty."""

    slug: str
    title: str
    chapters: tuple[Chapter, ...]
    number: str = ""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page that a layout's template makes from the book alone: `name` is the template's (`halftitlepage`,
    `titlepage`, `copyright-page`, `contents`)."""

    name: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the contents: where it leads, what it says, and what stands below it.

    `kind` is the epub:type of what it leads to (`part`, `chapter`, `preface`…), or `section` inside a chapter;
    `language` is that of the title, empty for the book's own.
    """

    anchor: str
    title: str
    kind: str
    number: str = ""
    entries: tuple[Entry, ...] = ()
    language: str = ""


@dataclass(frozen=True, slots=True)
class Book:
    """A whole book, resolved: no renderer numbers anything, looks anything up, or reads a file.

    `frontmatter` says which pages a layout makes by itself, and where they stand; `contents` is the whole tree of
    titles, from which the printed contents, the outline, the nav and the NCX are made; `terms` are the words a book
    says by itself, in its language (`pmpress.terms`).
    """

    metadata: Metadata
    frontmatter: tuple[Chapter | Leaf, ...]
    bodymatter: tuple[Chapter | Part, ...]
    backmatter: tuple[Chapter, ...]
    contents: tuple[Entry, ...]
    terms: Mapping[str, str]
    assets: tuple[Asset, ...] = ()
    cover: Asset | None = None

    @property
    def chapters(self) -> tuple[Chapter, ...]:
        """Every chapter in reading order, those inside parts included."""
        body: list[Chapter] = []
        for item in self.bodymatter:
            body.extend(item.chapters if isinstance(item, Part) else (item,))
        front = (item for item in self.frontmatter if isinstance(item, Chapter))
        return (*front, *body, *self.backmatter)


@dataclass(frozen=True, slots=True)
class PrintRules:
    """What whoever takes the PDF asks of it. Lengths are in pt.

    `bleed` is what a page has beyond its trim at the edges that are cut, and at the spine too if `bleed_at_spine`;
    None: as the book says. `marks`: crop marks. `outline`, `annotations`, `tags`, `transparency` and `archive` (PDF/A):
    whether the file may have them. `trims` are the sizes taken, empty for any; `pages` the fewest and the most;
    `gutters` the least inner margin up to a number of pages; `outside` the least of the other margins; `least_dpi` what
    pictures must have, `least_type` the smallest type, `most_bytes` the largest file, 0 for any.
    """

    bleed: float | None = None
    bleed_at_spine: bool = True
    marks: bool | None = None
    outline: bool = True
    annotations: bool = True
    tags: bool = True
    archive: bool = True
    transparency: bool = True
    trims: tuple[tuple[float, float], ...] = ()
    pages: tuple[int, int] = (0, 0)
    gutters: tuple[tuple[int, float], ...] = ()
    outside: float = 0.0
    least_dpi: int = 0
    least_type: float = 0.0
    most_bytes: int = 0


@dataclass(frozen=True, slots=True)
class EbookRules:
    """What whoever takes the EPUB asks of it, and what the reading systems it goes to can show.

    What is not said is what an e-book needs that goes everywhere. `picture_pixels` is the most a picture has and
    `picture_bytes` the largest file of one: larger ones are made smaller. `document_bytes` and `most_bytes` are the
    largest XHTML file and e-book. `cover_least` is the least width and height of the cover in px, `cover_most` its
    longest side. `contents_depth`: how many levels the contents may have. 0 is for any. `animations`, `mathematics` and
    `vectors`: whether moving pictures, MathML and SVG are understood; else pictures stand for them.
    """

    picture_pixels: int = 4_000_000
    picture_bytes: int = 5_000_000
    document_bytes: int = 300_000
    most_bytes: int = 0
    cover_least: tuple[int, int] = (625, 1000)
    cover_most: int = 10_000
    contents_depth: int = 0
    animations: bool = True
    mathematics: bool = True
    vectors: bool = True


@dataclass(frozen=True, slots=True)
class Target:
    """Where an edition goes: a printer, a shop. `files` are the kinds of file it takes, `editions` the kinds of page,
    empty for any."""

    name: str = ""
    title: str = ""
    files: tuple[FileKind, ...] = ()
    editions: tuple[EditionKind, ...] = ()
    print: PrintRules = PrintRules()
    ebook: EbookRules = EbookRules()


@dataclass(frozen=True, slots=True)
class Edition:
    """One finished file to make.

    `kind`: pages as they will be printed, or for the screen. `bleed` (in pt, 0 for none) is what a page has beyond its
    trim, `marks` whether crop marks stand there. `embeds_fonts`: an e-book carries its fonts along. `contents_depth` is
    how many levels its contents have, 0 for all. `draft`: the manuscript may be broken, and the book says where.
    """

    kind: EditionKind = "book"
    draft: bool = False
    bleed: float = 0.0
    marks: bool = False
    embeds_fonts: bool = True
    contents_depth: int = 0
    target: Target = Target()


@dataclass(frozen=True, slots=True)
class TextPlace:
    """A place in the text of a chapter: behind `offset` characters of a block (`pmpress.textplaces`)."""

    chapter: str
    block: int
    offset: int


@dataclass(frozen=True, slots=True)
class PageMap:
    """What fell on which page. `labels` are the folios by page_index, as a reader would say them ("iv", "12");
    `anchors` gives each anchor of the book its page_index; `starts` says for each page_index where in the text the
    page begins, None where no chapter's text is on it; `leaves` gives the page_index at which each page begins that a
    template makes from the book alone (`Leaf`), by its name."""

    labels: tuple[str, ...] = ()
    anchors: Mapping[str, int] = field(default_factory=dict)
    starts: tuple[TextPlace | None, ...] = ()
    leaves: Mapping[str, int] = field(default_factory=dict)

    def folio(self, anchor: str) -> str:
        """The label of the page an anchor is on, or nothing if it is on none."""
        page_index = self.anchors.get(anchor)
        return "" if page_index is None else self.labels[page_index]


@dataclass(frozen=True, slots=True)
class Rendered:
    """What a renderer hands back: the finished file, what it noticed, and, from the PDF, the page map."""

    data: bytes = field(repr=False)
    diagnostics: tuple[Diagnostic, ...] = ()
    page_map: PageMap = field(default_factory=PageMap)
