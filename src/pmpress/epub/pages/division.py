"""A page too long for one file of the e-book, divided into several.

A phone lays a file out as a whole, and some reading systems refuse one of more than 300 KB. A long page is divided
where a reader notices it least: before a section, the higher its heading the better; else between blocks, at best those
that stand in nothing else; inside a list or a quotation only if nothing else is left. No heading is left behind by what
it stands over. A block that is too long by itself stays whole: a table, a paragraph, code.

The page is divided once it is finished: its notes are numbered, its marks of printed pages stand, every id is its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

from lxml import etree

from pmpress import xhtml
from pmpress.diagnostics import Diagnostic, Span, warning
from pmpress.epub.pages.semantics import typed, types_of
from pmpress.epub.places import place_of
from pmpress.xhtml import EPUB_TYPE, HEADINGS, SPAN, elements, local, tag

_OPEN = frozenset({"article", "blockquote", "body", "div", "dl", "main", "ol", "section", "ul"})
"""What may go on in the next file."""

_WHOLE = frozenset({"equation", "table-block", "table-frame"})
"""Classes of what may not."""

_ALONE = ("address", "aside", "details", "dt", "figure", "footer", "header", "hgroup", "hr", "li", "nav", "p", "pre")
_BLOCKS = _OPEN.union(_ALONE, HEADINGS, ("table",))
"""What a file may begin with: no `dd`, whose term would be in another."""

_HEADED = frozenset({"article", "div", "header", "hgroup", "section"})
_BETWEEN_BLOCKS = len(HEADINGS) + 1
_NEVER = 1_000
_FRAME = 1_000  # what goes on is opened again, and the notes have a section of their own
_LONGER = 6  # the name of a file that goes on with another: `-100`, and a little more
_DECLARED = len(f' xmlns="{xhtml.XHTML}" xmlns:epub="{xhtml.EPUB}"')
_NAMING = ("aria-describedby", "aria-details", "aria-labelledby")


@dataclass(frozen=True, slots=True)
class Cut:
    """A file that goes on with a page: it begins with the element of that number, counted from 0 for the body in the
    order of the text, while the page is in one file."""

    file: str
    start: int


@dataclass(frozen=True, slots=True)
class Division:
    """How a page is best divided. `starts` are the numbers of the elements (`Cut`) with which all files begin but the
    first, `ids` what has an id in each of these; `largest` says of every file where its largest block was written."""

    starts: tuple[int, ...] = ()
    ids: tuple[tuple[str, ...], ...] = ()
    largest: tuple[Span | None, ...] = ()


@dataclass(frozen=True, slots=True)
class _Block:
    """A block that stays whole. `first` is what a file begins with that begins with it, `level` says how good that
    would be: the lower, the better. `bytes` are those of its notes too."""

    element: etree._Element
    first: etree._Element
    level: int
    bytes: int


def divide(body: etree._Element, written: etree._Element, file: str, most: int) -> Division:
    """Find out how to divide a page so that its files have at most that many bytes in their bodies; it is used up.
    `written` is the same page while it still says where its blocks were written."""
    runs = _Blocks(body, len(file), most - _FRAME).runs()
    numbers = {element: number for number, element in enumerate(body.iter(etree.Element))}
    starts = tuple(numbers[run[0].first] for run in runs[1:])
    sources = list(written.iter(etree.Element))
    largest = [sources[numbers[max(run, key=lambda block: block.bytes).element]] for run in runs if run]
    ids = tuple(tuple(sorted(xhtml.ids_of(piece))) for piece in split(body, starts)[1:])
    return Division(starts, ids, tuple(map(_place, largest)))


def split(body: etree._Element, starts: Sequence[int]) -> list[etree._Element]:
    """Take a page apart before the elements of those numbers. A note goes where the first reference to it stands."""
    numbered = list(body.iter(etree.Element))
    notes = _notes(body)
    home = None if notes is None else notes.getparent()
    pieces, homes = [body], [home]
    for start in reversed(starts):
        piece, again = _cut_off(numbered[start])
        pieces.insert(1, piece)
        homes.append(again.get(home))
    if notes is not None:
        _share_out(notes, pieces, [each for each in homes if each is not None])
    return pieces


def join(pieces: Sequence[etree._Element], files: Sequence[str]) -> None:
    """Have the links inside a page lead to the files its pieces are in, and nothing be named by what is elsewhere."""
    inside = [xhtml.ids_of(piece) for piece in pieces]
    where = {name: file for names, file in zip(inside, files, strict=True) for name in names}
    for piece, file, names in zip(pieces, files, inside, strict=True):
        for link in elements(piece, "a"):
            href = link.get("href") or ""
            if href.startswith("#") and where.get(href[1:], file) != file:
                link.set("href", where[href[1:]] + href)
        for element in piece.iter(etree.Element):
            for attribute in _NAMING:
                if not set((element.get(attribute) or "").split()) <= names:
                    del element.attrib[attribute]  # no id may be named that the file does not have


def too_long(file: str, length: int, most: int, place: Span | None) -> Diagnostic:
    """What is said of a file that could not be divided further: by the block in it that is to blame, or, without one,
    by what the press writes itself."""
    said = f"'{file}' has {ceil(length / 1000)} KB, and for this e-book {most // 1000} are the most"
    hint = "Divide the table, the code or the paragraph that is written there: each stays whole."
    return warning("document-size", said, place, hint if place else "Have fewer levels in the contents.")


# --- where to divide ------------------------------------------------------------------------------------------------


class _Blocks:
    """The blocks of a page that is to be in files of `most` bytes; `name` is how long the name of one is."""

    def __init__(self, body: etree._Element, name: int, most: int) -> None:
        self._body = body
        self._name = name
        self._most = most
        self._notes = _notes(body)
        to_come = _by_id(self._notes)
        self._with: dict[etree._Element, int] = {}  # what comes with the first link to a note, in bytes
        for link in list(body.iter(tag("a"))) if to_come else ():
            if coming := sum(map(self._alone, _referred_to(link, to_come))):
                self._with[link] = coming

    def runs(self) -> list[list[_Block]]:
        """The blocks, by the file they come into."""
        return self._divided(list(self._inside(self._body, _NEVER, None, 0)))

    def _divided(self, blocks: list[_Block]) -> list[list[_Block]]:
        """Divide where it is best, what is still too long then where it is second best, and so on."""
        level = min((block.level for block in blocks[1:]), default=_NEVER)
        if level == _NEVER or sum(block.bytes for block in blocks) <= self._most:
            return [blocks]
        places = [0, *(place for place, block in enumerate(blocks) if place and block.level == level), len(blocks)]
        runs = (run for start, end in pairwise(places) for run in self._divided(blocks[start:end]))
        return self._filled(runs)

    def _filled(self, runs: Iterable[list[_Block]]) -> list[list[_Block]]:
        """As few files as there can be: each takes as much as it may have."""
        found: list[list[_Block]] = []
        length = 0
        for run in runs:
            more = sum(block.bytes for block in run)
            if found and length + more <= self._most:
                found[-1].extend(run)
                length += more
            else:
                found.append(list(run))
                length = more
        return found

    def _inside(self, around: etree._Element, level: int, first: etree._Element | None, depth: int) -> Iterator[_Block]:
        """The blocks inside an element, before which it may be divided at that level: then with `first`."""
        marks: list[etree._Element] = []
        for element in around.iterchildren(etree.Element):
            if _is_page_break(element):
                marks.append(element)  # goes with what stands behind it
                continue
            start = (marks or [element])[0]
            if start.getprevious() is None:
                here, start = level, start if first is None else first
            else:
                here = _level(start, element, depth)
            size = self._bytes(element) + sum(map(self._alone, marks))
            marks = []
            if size > self._most and _is_open(element):
                yield from self._inside(element, here, start, depth + 1)
            else:
                yield _Block(element, start, here, size)

    def _bytes(self, element: etree._Element) -> int:
        if element is self._notes:
            return 0
        return self._alone(element) + sum(self._with.get(link, 0) for link in element.iter(tag("a")))

    def _alone(self, element: etree._Element) -> int:
        """Without its notes. A link may become longer: what it leads to comes into another file."""
        links = [link.get("href") or "" for link in element.iter(tag("a"))]
        longer = sum(_LONGER + (self._name if href.startswith("#") else 0) for href in links)
        return len(etree.tostring(element, encoding="utf-8")) - _DECLARED + longer


def _is_open(element: etree._Element) -> bool:
    is_counted_down = element.get("reversed") is not None
    return local(element) in _OPEN and not is_counted_down and _WHOLE.isdisjoint(xhtml.classes_of(element))


def _is_page_break(element: etree._Element) -> bool:
    return "pagebreak" in types_of(element)


def _level(start: etree._Element, element: etree._Element, depth: int) -> int:
    """How good it is to divide before a block that begins with `start`, which something stands before."""
    before = start.getprevious()
    assert before is not None
    ends, begins, heading = local(before), local(element), _heading(element)
    is_between_blocks = begins in _BLOCKS and (ends in _BLOCKS or ends == "dd") and not (before.tail or "").strip()
    belongs_to_before = (
        _is_of_notes(element)
        or ends == begins == "dt"
        or ends in ("header", "hgroup")
        or (ends in HEADINGS and not 0 < heading <= _heading(before))
    )
    if belongs_to_before or not is_between_blocks:
        return _NEVER
    return heading or _BETWEEN_BLOCKS + depth


def _heading(element: etree._Element) -> int:
    """The level of the heading that a block is or begins with, 0 without one."""
    if local(element) in HEADINGS:
        return HEADINGS.index(local(element)) + 1
    inside = element.iterchildren(etree.Element) if local(element) in _HEADED else iter(())
    first = next((each for each in inside if not _is_page_break(each)), None)
    return 0 if first is None else _heading(first)


def _place(element: etree._Element) -> Span | None:
    """Where a block was written, or the first in it, or the one around it."""
    return place_of(next((each for each in element.iter(etree.Element) if each.get(SPAN)), element))


# --- dividing -------------------------------------------------------------------------------------------------------


def _cut_off(start: etree._Element) -> tuple[etree._Element, dict[etree._Element | None, etree._Element]]:
    """Take an element and all behind it out of its page. Returns these as a page of their own, and what in it goes on
    with each of the elements they stood in."""
    around = list(start.iterancestors())
    piece = xhtml.parse("")
    again: dict[etree._Element | None, etree._Element] = {around[-1]: piece}
    for outer, inner in pairwise(reversed(around)):
        again[inner] = etree.SubElement(again[outer], inner.tag, _attributes(inner, is_outermost=outer is around[-1]))
    if local(around[0]) == "ol":
        again[around[0]].set("start", str(_number(start)))
    again[around[0]].extend([start, *start.itersiblings()])
    for inner, outer in pairwise(around):
        again[inner].tail, inner.tail = inner.tail, None
        again[outer].extend(list(inner.itersiblings()))
    return piece, again


def _attributes(element: etree._Element, *, is_outermost: bool) -> dict[str, str]:
    """Those of an element that goes on. A chapter begins once: what goes on is no chapter for a reading system."""
    once = {"id", *_NAMING, *(("role", EPUB_TYPE) if is_outermost else ())}
    return {str(name): str(value) for name, value in element.attrib.items() if name not in once}


def _number(item: etree._Element) -> int:
    """The number of an item of a list, as HTML counts them."""
    around = item.getparent()
    number = _whole(None if around is None else around.get("start"), 1)
    for before in list(item.itersiblings(tag("li"), preceding=True))[::-1]:
        number = _whole(before.get("value"), number) + 1
    return number


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.removeprefix("-").isdecimal() else otherwise


# --- notes ----------------------------------------------------------------------------------------------------------


def _is_of_notes(element: etree._Element) -> bool:
    return "footnotes" in types_of(element) or "table-notes" in xhtml.classes_of(element)


def _notes(body: etree._Element) -> etree._Element | None:
    """The section with the chapter's notes."""
    return next((element for element in typed(body) if "footnotes" in types_of(element)), None)


def _by_id(notes: etree._Element | None) -> dict[str, etree._Element]:
    return {} if notes is None else {str(note.get("id")): note for note in notes if note.get("id")}


def _referred_to(element: etree._Element, to_come: dict[str, etree._Element]) -> Iterator[etree._Element]:
    """The notes that are still to come and are referred to in an element, or in one of these notes; they have come."""
    waiting = [element]
    while waiting:
        for link in waiting.pop().iter(tag("a")):
            if "noteref" in types_of(link) and (note := to_come.pop((link.get("href") or "")[1:], None)) is not None:
                waiting.append(note)
                yield note


def _share_out(notes: etree._Element, pieces: Iterable[etree._Element], homes: Iterable[etree._Element]) -> None:
    """Put each note into its piece, in a section like the one in which all stand, in one of the `homes`."""
    by_piece = {home.getroottree().getroot(): home for home in homes}
    order = {note: place for place, note in enumerate(notes)}
    to_come = _by_id(notes)
    for piece in pieces:
        own = sorted(_referred_to(piece, to_come), key=order.__getitem__)
        if own and piece is not notes.getroottree().getroot():
            again = etree.SubElement(by_piece.get(piece, piece), notes.tag, _attributes(notes, is_outermost=False))
            again.extend(own)
    if not len(notes):
        xhtml.remove(notes)
