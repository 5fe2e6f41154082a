"""XHTML as signs: the model's, with the place of everything, and an e-book's."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field

from lxml import etree

from pmpress import xhtml
from pmpress.checks.parity.signs import Kind, Signs
from pmpress.diagnostics import Span
from pmpress.textplaces import BLOCK, OUTPUT

MATHML = "{http://www.w3.org/1998/Math/MathML}math"
_MATH = "math"  # the class of what a formula stands in, as MathML or as a picture
_PAGE_OF, _PAGED, _LOCATORS = "data-page-of", "data-paged", "locators"


@dataclass(slots=True)
class Piece:
    """A stretch of a text that may be lost as a whole: a chapter, a block, a row. `kind` is what it is called."""

    kind: str
    span: Span
    start: int
    end: int = 0
    pieces: list[Piece] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Thing:
    """What is no word, at a place in the signs: `said` is how an author knows it again."""

    kind: Kind
    said: str
    span: Span


@dataclass(slots=True)
class Text:
    """A text in signs, and what an author would say of each of them. `edges` are the places at which a piece begins."""

    whole: Piece
    signs: str = ""
    things: dict[int, Thing] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    edges: set[int] = field(default_factory=set)

    @property
    def bounds(self) -> frozenset[int]:
        """The places at which something begins: each word, each thing, what is behind a thing, and the end."""
        behind = (place + 1 for place in self.things)
        return frozenset((*self.starts, *self.things, *behind, len(self.signs)))

    def word_at(self, place: int) -> int:
        """The number of the word that the sign at a place is of."""
        return bisect_right(self.starts, place) - 1


def read(fragments: Iterable[str], signs: Signs, span: Span, *, of: str, says_pages: bool) -> Text:
    """A chapter of the model as one output shows it. Where that output says pages, nobody but the renderer knows what
    stands there: it is not asked for."""
    reader = Reader(signs, span, of=of, says_pages=says_pages)
    for fragment in fragments:
        reader.take(xhtml.parse(fragment))
    return reader.finished()


class Reader:
    """Reads trees of XHTML, one behind the other. The notes of the foot come behind all else, wherever they stand."""

    def __init__(self, signs: Signs, span: Span, *, of: str = "", says_pages: bool = False) -> None:
        self._signs = signs
        self._output = of
        self._says_pages = says_pages
        self._text = Text(Piece("chapter", span, 0))
        self._pieces = [self._text.whole]
        self._written: list[str] = []
        self._length = 0
        self._notes: list[etree._Element] = []

    def take(self, root: etree._Element) -> None:
        """Read a tree."""
        walk = etree.iterwalk(root, events=("start", "end"))
        opened: list[etree._Element] = []
        for event, element in walk:
            if event == "start" and not self._begin(element, root):
                walk.skip_subtree()
            elif event == "start":
                if self._is_piece(element, root):
                    opened.append(element)
                    self._open(element)
                self._things(element)
                self._say(element.text)
            else:
                if opened and opened[-1] is element:
                    opened.pop()
                    self._close()
                if element is not root:
                    self._say(element.tail)

    def finished(self) -> Text:
        """All that was read."""
        for note in self._notes:
            self.take(note)
        self._text.whole.end = self._length
        self._text.signs = "".join(self._written)
        return self._text

    def _begin(self, element: etree._Element, root: etree._Element) -> bool:
        """Whether to read on inside an element."""
        if element.tag == MATHML:
            self._add("formula", element.get("alttext", ""), element)
            return False
        if element is not root and self._is_elsewhere(element):
            return False
        if element is not root and is_of_foot(element):
            self._notes.append(element)
            return False
        return xhtml.local(element) != "rp"

    def _is_elsewhere(self, element: etree._Element) -> bool:
        """Whether another output has it, or a page number stands there."""
        output = element.get(OUTPUT)
        if self._output and output not in (None, self._output):
            return True
        if not self._says_pages:
            return False
        following = element.getnext()
        gives_way = output == "ebook" and following is not None and following.get(_PAGED) == "instead"
        if gives_way or _LOCATORS in xhtml.classes_of(element):
            return True
        if element.get(_PAGE_OF) is None:
            return False
        self._things(element)  # the link that says the page
        return True

    def _is_piece(self, element: etree._Element, root: etree._Element) -> bool:
        name = xhtml.local(element)
        return name == "tr" or (name != "body" and (element.get(BLOCK) is not None or element is root))

    def _open(self, element: etree._Element) -> None:
        piece = Piece(_kind(element), self._place(element), self._length)
        self._pieces[-1].pieces.append(piece)
        self._pieces.append(piece)
        self._text.edges.add(self._length)

    def _close(self) -> None:
        self._pieces.pop().end = self._length

    def _things(self, element: etree._Element) -> None:
        """The sign of an element, if it is more than its words."""
        name = xhtml.local(element)
        if name == "img" and element.get("alt") and element.get("role") != "presentation":
            around = element.getparent()
            is_formula = around is not None and _MATH in xhtml.classes_of(around)
            self._add("formula" if is_formula else "figure", element.get("alt", ""), element)
        elif name == "a" and (target := element.get("href")):
            self._add("link", target, element)
        elif name == "table":
            self._add("table", "", element)
        elif is_of_foot(element):
            self._add("note", number_of(element), element)

    def _add(self, kind: Kind, what: str, element: etree._Element) -> None:
        self._text.things[self._length] = Thing(kind, what, self._place(element))
        self._write(self._signs.of(kind, what))

    def _say(self, text: str | None) -> None:
        for word in (text or "").split():
            for folded in self._signs.of_word(word):
                self._text.starts.append(self._length)
                self._text.words.append(word)
                self._write(folded)

    def _write(self, signs: str) -> None:
        self._written.append(signs)
        self._length += len(signs)

    def _place(self, element: etree._Element) -> Span:
        around: etree._Element | None = element
        while around is not None:
            if written := around.get(xhtml.SPAN):
                file, _, lines = written.rpartition(":")
                first = lines.partition("-")[0]
                return Span(file, int(first) if first.isdigit() else 0)
            around = around.getparent()
        return self._text.whole.span


def is_of_foot(element: etree._Element) -> bool:
    """Whether it is a note that each output has its own place for."""
    if xhtml.local(element) != "aside" or "table-note" in xhtml.classes_of(element):
        return False
    return "footnote" in element.get(xhtml.EPUB_TYPE, "").split()


def number_of(note: etree._Element) -> str:
    """The number of a note: what it says of itself, or begins with."""
    return note.get("data-number") or next((text.split()[0] for text in note.itertext() if text.strip()), "")


def _kind(element: etree._Element) -> str:
    """What an author calls a piece of text."""
    types = element.get(xhtml.EPUB_TYPE, "").split()
    if xhtml.local(element) == "aside" and ("footnote" in types or "endnote" in types):
        return "note"
    names = {"tr": "row", "p": "paragraph", "li": "list item", "pre": "code", "blockquote": "quotation"}
    names |= {"table": "table", "figure": "figure", "ul": "list", "ol": "list", "td": "cell", "th": "cell"}
    names |= {f"h{level}": "heading" for level in range(1, 7)}
    return names.get(xhtml.local(element), "text")
