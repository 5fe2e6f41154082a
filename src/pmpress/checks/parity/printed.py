"""A finished PDF as signs: each chapter's pages, as its tags say to read them.

What the tags do not reach, such as running heads, is not read. (ISO 32000-1, 14.6 to 14.8, and 9.10)
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from io import BytesIO
from operator import itemgetter
from typing import TypeAlias
from unicodedata import bidirectional
from urllib.parse import unquote

# Not the press's own of `pdf/`: what is written is read back by the library alone, and by nothing that wrote it.
from pikepdf import Array, Dictionary, Name, Object, Pdf, String, parse_content_stream

from pmpress.checks.parity.signs import Signs
from pmpress.diagnostics import UsageError, error

Meanings: TypeAlias = Mapping[int, str]

_OPERATORS = "BDC BMC EMC Tf Tj TJ ' \""
_ARABIC_MARKS = re.compile("[\u0590-\u08ff\ufb1d-\ufeff]")
_NEARLY_ALL = 0.75
_DIGIT = re.compile(r"\d")
_BETWEEN = frozenset(".,:/")  # what stands in a number, whatever stands before it
_SECTION = re.compile(rb"begin(bfchar|bfrange)(.*?)end", re.DOTALL)
_CODE = re.compile(rb"<([0-9A-Fa-f\s]*)>|(\[)|(\])")


def read_pdf(data: bytes, signs: Signs) -> Mapping[str, str]:
    """The signs of every chapter, by its slug."""
    with Pdf.open(BytesIO(data)) as pdf:
        if "/StructTreeRoot" not in pdf.Root:
            hint = "Ask without --target, or with one whose files have tags."
            raise UsageError(error("parity-untagged", "the PDF has no tags: it cannot be read back", None, hint))
        return _Reader(pdf, signs).chapters()


class _Reader:
    def __init__(self, pdf: Pdf, signs: Signs) -> None:
        self._pdf = pdf
        self._signs = signs
        self._is_rtl = pdf.Root.get("/ViewerPreferences", Dictionary()).get("/Direction") == Name.R2L
        self._names = dict(_named(pdf.Root.get("/Names", Dictionary()).get("/Dests", Dictionary())))
        self._pages: dict[tuple[int, int], int] = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
        self._contents: dict[tuple[int, int], Mapping[int, str]] = {}
        self._fonts: dict[tuple[int, int], tuple[int, Meanings]] = {}

    def chapters(self) -> Mapping[str, str]:
        """What stands on the pages from each name of a chapter to the next: all chapters begin on a page."""
        begins = sorted(
            (self._pages[place[0].objgen], unquote(name)) for name, place in self._names.items() if "--" not in name
        )
        pages = [page for page, _ in begins]
        found: dict[str, _Said] = defaultdict(_Said)
        for document in _elements(self._pdf.Root.StructTreeRoot):
            for kid in _elements(document):
                number = bisect_right(pages, self._page_of(kid)) - 1
                if number >= 0:
                    self._read(kid, found[begins[number][1]])
        return {slug: said.signs(self._signs) for slug, said in found.items()}

    def _page_of(self, element: Object) -> int:
        first: Object | None = element
        while first is not None and "/Pg" not in first:
            first = next(_elements(first), None)
        return -1 if first is None else self._pages.get(first.Pg.objgen, -1)

    def _read(self, root: Object, said: _Said) -> None:
        """Read an element and all that is in it, in reading order."""
        waiting: list[tuple[Object | int, Object, bool]] = [(root, root, False)]
        while waiting:
            kid, parent, in_note = waiting.pop()
            if isinstance(kid, int):
                said.add(self._content(parent.Pg, kid), in_note=in_note)
            elif kid.get("/Type") == Name.MCR:
                said.add(self._content(kid.Stm if "/Stm" in kid else kid.Pg, int(kid.MCID)), in_note=in_note)
            elif "/S" in kid and str(kid.S) != "/Lbl":  # a list's bullet or number
                if str(kid.S) == "/Note":
                    in_note = True
                    said.begin_note(self._number(kid), at_foot=str(parent.S) == "/NonStruct")
                sign = self._sign(kid)
                said.add_sign(sign, in_note=in_note)
                if "/ActualText" in kid:
                    said.add(str(kid.ActualText), in_note=in_note)
                elif kid.S not in (Name.Figure, Name.Formula):
                    waiting += ((each, kid, in_note) for each in reversed(_kids(kid)))

    def _sign(self, element: Object) -> str:
        """The sign of an element, if it is more than its words."""
        kind = element.S
        if kind in (Name.Figure, Name.Formula):
            return self._signs.of("figure" if kind == Name.Figure else "formula", str(element.get("/Alt", "")))
        if kind == Name.Table:
            return self._signs.of("table")
        if kind == Name.Note:
            return self._signs.of("note", self._number(element))
        if kind == Name.Link and (target := self._target(element)):
            return self._signs.of("link", target)
        return ""

    def _number(self, note: Object) -> str:
        """The number of a note: what it begins with."""
        element: Object | None = note
        while element is not None:
            first = next((kid for kid in _kids(element) if isinstance(kid, int) or "/S" in kid), None)
            if isinstance(first, int):
                return next(iter(self._content(element.Pg, first).split()), "")
            element = first
        return ""

    def _target(self, link: Object) -> str | None:
        """Where a link leads, as the model says it; None where it leads nowhere."""
        for kid in _kids(link):
            if not isinstance(kid, int) and kid.get("/Type") == Name.OBJR:
                action = kid.Obj.get("/A", Dictionary())
                if "/URI" in action:
                    return bytes(action.URI).decode("utf-8", "replace")
                name = bytes(action.get("/D", String(""))).decode("ascii", "replace")
                if name in self._names:
                    return f"#{name}"
        return None

    def _content(self, holder: Object, number: int) -> str:
        """What a stretch of marked content shows on a page or in a form."""
        if holder.objgen not in self._contents:
            self._contents[holder.objgen] = dict(self._marked(holder))
        return self._contents[holder.objgen].get(number, "")

    def _marked(self, holder: Object) -> Iterator[tuple[int, str]]:
        """The marked contents of a page or a form by number."""
        fonts = holder.get("/Resources", Dictionary()).get("/Font", Dictionary())
        numbers: list[int] = []
        shown: dict[int, list[str]] = defaultdict(list)
        width = 2
        meanings: Meanings = {}
        for instruction in parse_content_stream(holder, _OPERATORS):
            operands, name = instruction.operands, str(instruction.operator)
            if name in ("BDC", "BMC"):
                numbers.append(_number_in(operands, numbers[-1] if numbers else -1))
            elif name == "EMC":
                numbers.pop()
            elif name == "Tf":
                width, meanings = self._font(fonts[str(operands[0])])
            elif numbers and numbers[-1] >= 0:
                strings = operands[0] if name == "TJ" else [operands[-1]]
                for string in strings:
                    if isinstance(string, String):
                        shown[numbers[-1]] += _glyphs(bytes(string), width, meanings)
        return ((number, _logical(glyphs, is_rtl=self._is_rtl)) for number, glyphs in shown.items())

    def _font(self, font: Object) -> tuple[int, Meanings]:
        """How many bytes a font's codes have, and what they mean."""
        if font.objgen not in self._fonts:
            meanings = dict(_meanings(font.ToUnicode.read_bytes())) if "/ToUnicode" in font else {}
            self._fonts[font.objgen] = (2 if font.Subtype == Name.Type0 else 1, meanings)
        return self._fonts[font.objgen]


class _Said:
    """What is read, the notes behind all else, in the order of their numbers: one may stand further behind than others,
    as it was too long for the foot of a page."""

    def __init__(self) -> None:
        # A character is folded with those beside it, signs are left as they are.
        self._main: list[tuple[str, bool]] = []
        self._notes: list[tuple[int, list[tuple[str, bool]]]] = []
        self._number = {True: 0, False: 0}

    def begin_note(self, number: str, *, at_foot: bool) -> None:
        """What is taken in of a note from now on belongs to another one. One without a number goes on with the one
        before: of those at the feet of pages, or of those behind the text."""
        if number.isdecimal():
            self._number[at_foot] = int(number)
        self._notes.append((self._number[at_foot], []))

    def add(self, text: str, *, in_note: bool) -> None:
        """Take words in."""
        self._at(in_note=in_note).append((text, False))

    def add_sign(self, sign: str, *, in_note: bool) -> None:
        """Take the sign of a thing in."""
        self._at(in_note=in_note).append((sign, True))

    def _at(self, *, in_note: bool) -> list[tuple[str, bool]]:
        return self._notes[-1][1] if in_note else self._main

    def signs(self, signs: Signs) -> str:
        """All in signs."""
        notes = (each for _, pieces in sorted(self._notes, key=itemgetter(0)) for each in pieces)
        return "".join(text if is_sign else signs.of_text(text) for text, is_sign in (*self._main, *notes))


def _number_in(operands: Iterable[object], around: int) -> int:
    """The number of marked content that begins; one without a number belongs to the one around it."""
    *_, marked = operands
    return int(marked.MCID) if isinstance(marked, Dictionary) and "/MCID" in marked else around


def _kids(element: Object) -> list[Object | int]:
    kids = element.get("/K", Array())
    return list(kids) if isinstance(kids, Array) else [kids]


def _elements(parent: Object) -> Iterator[Object]:
    return (kid for kid in _kids(parent) if not isinstance(kid, int) and "/S" in kid)


def _named(node: Object) -> Iterator[tuple[str, Object]]:
    """A tree of names: each with the place that it means."""
    names = node.get("/Names", Array())
    for name, place in zip(names[::2], names[1::2], strict=True):
        yield bytes(name).decode("ascii", "replace"), place
    for kid in node.get("/Kids", ()):
        yield from _named(kid)


def _meanings(cmap: bytes) -> Iterator[tuple[int, str]]:
    """What the codes of a font mean."""
    for kind, body in _SECTION.findall(cmap):
        codes = [code for code, *_ in _CODE.findall(body)]
        if kind == b"bfchar":
            yield from ((int(code, 16), _text(said)) for code, said in zip(codes[::2], codes[1::2], strict=False))
        else:
            for first, last, said in zip(codes[::3], codes[1::3], codes[2::3], strict=False):
                begin, text = int(first, 16), _text(said)
                for place in range(int(last, 16) - begin + 1):
                    yield begin + place, text[:-1] + chr(ord(text[-1]) + place)


def _text(code: bytes) -> str:
    return bytes.fromhex(code.decode()).decode("utf-16-be", "replace")


def _glyphs(codes: bytes, width: int, meanings: Meanings) -> Iterator[str]:
    """What each glyph means; nothing for one without a meaning."""
    for place in range(0, len(codes), width):
        yield meanings.get(int.from_bytes(codes[place : place + width], "big"), "")


def _logical(glyphs: list[str], *, is_rtl: bool) -> str:
    """What glyphs say that stand in a line from left to right: it is read in the book's direction, but in that of its
    letters where nearly all have the other. (Unicode Standard Annex 9)"""
    turned = [_is_turned(glyph) for glyph in glyphs]
    if not any(turned):
        return "".join(glyphs)
    letters = sum(any(map(str.isalpha, glyph)) for glyph in glyphs)
    if is_rtl or sum(turned) >= _NEARLY_ALL * letters:
        return _from_right(glyphs, turned)
    # What has no direction of its own goes with the letters at both its sides, or with the line.
    said: list[str] = []
    begin = last = -1
    for place, (glyph, is_turned) in enumerate(zip(glyphs, turned, strict=True)):
        if is_turned:
            begin, last = place if begin < 0 else begin, place
        elif begin < 0:
            said.append(glyph)
        elif any(map(str.isalpha, glyph)):
            said += (_from_right(glyphs[begin : last + 1], turned[begin : last + 1]), *glyphs[last + 1 : place + 1])
            begin = -1
    if begin >= 0:
        said += (_from_right(glyphs[begin : last + 1], turned[begin : last + 1]), *glyphs[last + 1 :])
    return "".join(said)


def _from_right(glyphs: list[str], turned: list[bool]) -> str:
    """What glyphs say that are read from right to left: letters back to front, and what stands among them of the other
    direction, such as a number, turned back.

    Where a number and a word of that direction stand side by side, the line does not tell which was first.
    """
    said: list[str] = []
    between: list[str] = []
    for glyph, is_turned in zip(reversed(glyphs), reversed(turned), strict=True):
        if is_turned:
            said += _turned_back(between)
            said.append(glyph)
            between = []
        else:
            between.append(glyph)
    return "".join((*said, *_turned_back(between)))


@cache
def _is_turned(glyph: str) -> bool:
    """Whether a glyph is of a script that runs from right to left."""
    classes = {bidirectional(character) for character in glyph}
    return not classes.isdisjoint(("R", "AL")) or ("NSM" in classes and _ARABIC_MARKS.search(glyph) is not None)


def _turned_back(glyphs: list[str]) -> Iterator[str]:
    """Glyphs of a stretch that holds no letter of the other direction, in the order they are read in: from its first
    word to its last in one piece, or each number by itself."""
    words = [place for place, glyph in enumerate(glyphs) if any(map(str.isalnum, glyph))]
    if words and any(character.isalpha() for glyph in glyphs for character in glyph):
        yield from glyphs[: words[0]]
        yield from reversed(glyphs[words[0] : words[-1] + 1])
        yield from glyphs[words[-1] + 1 :]
        return
    number: list[str] = []
    for glyph in glyphs:
        if _DIGIT.search(glyph) or (number and glyph in _BETWEEN):
            number.append(glyph)
        else:
            yield from _number(number)
            yield glyph
            number = []
    yield from _number(number)


def _number(glyphs: list[str]) -> Iterator[str]:
    """A number turned back; what only follows it stays behind it."""
    last = max((place for place, glyph in enumerate(glyphs, start=1) if _DIGIT.search(glyph)), default=0)
    yield from reversed(glyphs[:last])
    yield from glyphs[last:]
