"""Quotes, dashes and ellipses as a printer sets them, by the language of the book.

Works on the finished tree, over a whole run of text at a time: `"*Hello*," she said` is quoted across the emphasis.
What the author has escaped (`\\"`, `&quot;`) arrives as a stand-in and leaves as the plain character.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate, chain
from typing import NamedTuple

from lxml import etree

from pmpress.dialect.html.policy import PHRASES
from pmpress.xhtml import local

# Noncharacters of Unicode, which no text may hold for itself.
STAND_INS = {'"': "\ufdd0", "'": "\ufdd1", "-": "\ufdd2", ".": "\ufdd3"}
_BACK = str.maketrans({stand_in: plain for plain, stand_in in STAND_INS.items()})

_OPAQUE = frozenset({"code", "kbd", "samp", "var", "img", "rt"})
_OBJECT = "\ufffc"  # what an opaque element is to the text around it: neither space nor punctuation

_ADDRESS = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]*:|www\.)\S+|\S+@\S+")
_WORTH_A_LOOK = re.compile(r"[\"'\ufdd0-\ufdd3]|--|\.\.\.")
# Two hyphens where a word begins are an option of a program: `--help`.
_MARK = re.compile(
    r"[\"']|(?<![-\s(\[\"'])--(?!-)|(?<!-)--(?![-\w])|(?<!-)--(?=\d)|(?<!-)---(?!-)|(?<!\.)\.{3}(?=\.?(?!\.))"
)
# Where French has a space that no line may end at. It is made of the one the author has written, so that a `:` in an
# address or a time is left alone.
_FRENCH_SPACE = re.compile(r"(?<=\S) (?=(?:[;!?]+|:|»)(?![^\s)\]»”\"']))|(?<=«) (?=\S)")
# Squares as Chinese and Japanese are set in, between which a line's end in the source is no space.
_SQUARES = "\u2e80-\u303e\u3041-\ua4cf\uf900-\ufaff\ufe30-\ufe4f\uff01-\uff60\uffe0-\uffe6\U00020000-\U0003fffd"
_LINES_END = re.compile(rf"(?<=[{_SQUARES}])\n(?=[{_SQUARES}])")
_CLOSING_SINGLE = re.compile(r"(?<=[^\s(\[{])'(?!\w)")
_BEFORE_OPENING = frozenset(" \t\n\xa0\u2009\u200a\u202f([{<-–—/‘“«‹„‚¿¡=")
_AFTER_CLOSING = frozenset(",.;:!?)]}…")
_YEARS = re.compile(r"'\d\ds?\b(?!')")
_CLIPPED = re.compile(
    r"'(?:n\b|(?:bout|cause|cuz|em|gainst|neath|nuff|round|til|till|tis|twas|tween|twere|twill)\b(?!'))", re.I
)


class Quotes(NamedTuple):
    """The quotation marks of a language, outer and inner."""

    open: str
    close: str
    inner_open: str
    inner_close: str


_ENGLISH = Quotes("“", "”", "‘", "’")
_QUOTES = {
    "de": Quotes("„", "“", "‚", "‘"),
    "de-ch": Quotes("«", "»", "‹", "›"),
    "fr": Quotes("«\u202f", "\u202f»", "“", "”"),
    "fr-ch": Quotes("«\u202f", "\u202f»", "‹\u202f", "\u202f›"),
    **dict.fromkeys(("ca", "es", "it", "pt-pt"), Quotes("«", "»", "“", "”")),
    **dict.fromkeys(("es-419", "es-ar", "es-co", "es-mx", "es-us"), _ENGLISH),
    "it-ch": Quotes("«", "»", "‹", "›"),
    **dict.fromkeys(("nb", "nn", "no"), Quotes("«", "»", "‘", "’")),
    **dict.fromkeys(("cs", "et", "hr", "lt", "sk", "sl"), Quotes("„", "“", "‚", "‘")),
    "hu": Quotes("„", "”", "»", "«"),
    **dict.fromkeys(("pl", "ro"), Quotes("„", "”", "«", "»")),
    **dict.fromkeys(("fi", "sv"), Quotes("”", "”", "’", "’")),
    # Unicode turns these round where lines run from right to left: the first of each opens.
    **dict.fromkeys(("ar", "fa"), Quotes("«", "»", "‹", "›")),
}
# Of other languages not written in Latin letters the quotes are the author's own.
_OTHER_LETTERS = """
    am be bg bn ckb dv el gu he hi hy ja ka km kn ko lo mk ml mr my ne or pa ps ru si sr ta te th ti ug uk ur yi
    yue zh
"""
_LEFT_ALONE = frozenset(_OTHER_LETTERS.split())


def quotes_for(language: str) -> Quotes | None:
    """The quotation marks for a BCP 47 tag; None where straight quotes stay straight."""
    tag = language.lower().replace("_", "-")
    primary = tag.split("-")[0]
    if primary in _LEFT_ALONE:
        return None
    return _QUOTES.get(tag) or _QUOTES.get(primary) or _ENGLISH


def without_stand_ins(text: str) -> str:
    """The text with the characters the author wrote."""
    return text.translate(_BACK)


def improve(body: etree._Element, language: str) -> None:
    """Set quotes, dashes and ellipses in the running text under `body`; takes every stand-in away."""
    quotes = quotes_for(language)
    spaces = _SPACES.get(language.lower().split("-")[0])
    for run in _runs(body):
        text = "".join(slot.text for slot in run)
        if _WORTH_A_LOOK.search(text) or (spaces and spaces[0].search(text)):
            _write(run, text, sorted(chain(_changes(text, quotes), spaces[1](text) if spaces else ())))


@dataclass(slots=True)
class _Slot:
    """A stretch of text in the tree: an element's text or its tail; without element, what stands for something else."""

    text: str
    element: etree._Element | None = None
    tail: bool = False

    def put(self, text: str) -> None:
        """Write the text back to where it came from."""
        if self.element is None:
            return
        if self.tail:
            self.element.tail = text
        else:
            self.element.text = text


def _runs(body: etree._Element) -> Iterator[list[_Slot]]:
    """The runs of text between the borders of blocks, in document order."""
    run: list[_Slot] = []
    walker = etree.iterwalk(body, events=("start", "end"))
    for event, element in walker:
        name = local(element)
        inline = name in PHRASES
        if not inline:
            if run:
                yield run
            run = []
        if event == "start":
            if name == "pre":
                walker.skip_subtree()
            elif name in _OPAQUE or _is_address(element) or element.get("class", "").startswith("math "):
                run.append(_Slot(_OBJECT))
                walker.skip_subtree()
            elif element.get("class") == "noteref":
                walker.skip_subtree()
            elif name == "br":
                run.append(_Slot("\n"))
            elif element.text:
                run.append(_Slot(element.text, element))
        elif element.tail and element is not body:
            run.append(_Slot(element.tail, element, tail=True))
    if run:
        yield run


def _is_address(element: etree._Element) -> bool:
    """Whether this is a link that shows an address."""
    return local(element) == "a" and len(element) == 0 and bool(_ADDRESS.fullmatch(element.text or ""))


def _write(run: list[_Slot], text: str, changes: Iterable[tuple[int, int, str]]) -> None:
    """Put the improved text into the slots it came from."""
    starts = list(accumulate((len(slot.text) for slot in run), initial=0))
    pieces: list[list[str]] = [[] for _ in run]
    written = list(starts)
    for place, length, better in changes:
        index = bisect_right(starts, place) - 1
        while starts[index + 1] == place:  # an empty slot
            index += 1
        if place + length > starts[index + 1]:
            continue
        begin = starts[index]
        pieces[index] += [run[index].text[written[index] - begin : place - begin], better]
        written[index] = place + length
    for index, slot in enumerate(run):
        slot.put(without_stand_ins("".join(pieces[index]) + slot.text[written[index] - starts[index] :]))


def _french_spaces(text: str) -> Iterator[tuple[int, int, str]]:
    """What to change about spaces: one before a colon is as wide as any other, the others are narrow."""
    for m in _FRENCH_SPACE.finditer(text):
        yield m.start(), 1, "\xa0" if text[m.end()] == ":" else "\u202f"


def _lines_ends(text: str) -> Iterator[tuple[int, int, str]]:
    """What to change where a line ended in the source: nothing parts the letters. (CSS Text Module Level 3, 4.1.2)"""
    for m in _LINES_END.finditer(text):
        yield m.start(), 1, ""


_SPACES = {"fr": (_FRENCH_SPACE, _french_spaces), **dict.fromkeys(("ja", "zh", "yue"), (_LINES_END, _lines_ends))}


def _changes(text: str, quotes: Quotes | None) -> Iterator[tuple[int, int, str]]:
    """What to change: place, length, and what to put there."""
    setter = _QuoteSetter(text, quotes) if quotes else None
    for m in _MARK.finditer(text):
        if m[0] == "...":
            yield m.start(), 3, "…"
        elif m[0][0] == "-":
            yield m.start(), len(m[0]), "–" if len(m[0]) == 2 else "—"
        elif setter:
            yield m.start(), 1, setter.double(m.start()) if m[0] == '"' else setter.single(m.start())


class _QuoteSetter:
    """Chooses each quote of a run from its neighbours and from what is open."""

    def __init__(self, text: str, quotes: Quotes) -> None:
        self._text = text
        self._quotes = quotes
        self._last_close = max((m.start() for m in _CLOSING_SINGLE.finditer(text)), default=-1)
        self._in_double = self._in_single = False
        self._opened_at = -1

    def double(self, place: int) -> str:
        """The quotation mark for the `"` at this place."""
        before, after = self._around(place)
        if before == after or (before.isalnum() and after.isalnum()):
            opens = not self._in_double
        else:
            ends = after.isspace() or (self._in_double and after in _AFTER_CLOSING)
            opens = self._may_open(place, before) and not ends
        self._in_double = opens
        if opens:
            self._opened_at = place
        return self._quotes.open if opens else self._quotes.close

    def single(self, place: int) -> str:
        """The quotation mark or apostrophe for the `'` at this place."""
        before, after = self._around(place)
        text = self._text
        if self._may_open(place, before) and not after.isspace():
            clipped = _YEARS.match(text, place) or _CLIPPED.match(text, place)
            if not clipped and self._last_close > place:
                self._in_single, self._opened_at = True, place
                return self._quotes.inner_open
        elif self._in_single and not after.isalnum():
            self._in_single = False
            return self._quotes.inner_close
        return "’"

    def _around(self, place: int) -> tuple[str, str]:
        return self._text[place - 1 : place] or " ", self._text[place + 1 : place + 2] or " "

    def _may_open(self, place: int, before: str) -> bool:
        return before in _BEFORE_OPENING or self._opened_at == place - 1 >= 0
