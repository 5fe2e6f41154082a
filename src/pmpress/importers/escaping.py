"""Words → Markdown that says the same words: whatever would mean something in the dialect is escaped, and only that.

A line of text is a list of pieces: words as they are, Markdown that stays as it is, and the ends of emphasis. Whether a
sign means something depends on its neighbours, so that the pieces are joined before anything is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

# Of the code points that no text may have (Unicode, 23.7), two stand for what is put in when all is escaped.
_RAW, _MARK = "\ufdd0", "\ufdd1"
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")

_ADDRESS = re.compile(
    r"(?P<url>\b(?:https?://|www\.)[^\s<>\"\u3000-\u9fff\uff00-\uffef]+)"
    r"|(?P<mail>\b[A-Z0-9_.+-]{1,64}@[A-Z0-9-]+(?:\.[A-Z0-9-]+)+)",
    re.I,
)
_PLAIN_ADDRESS = re.compile(r"(?!.*(?:__|&\w+;))[\w.:/?=&%#+@-]*[\w/=]", re.ASCII)
_AT_ITS_END = ".,;:!?'*_~\u2019\u201d\u00bb)]}"
# A name between doubled braces is a variable: before both stands one backslash.
_ALWAYS = re.compile(r"\{\{|[\[`{]")
# A sign that begins or ends mark-up only beside something else than a space, or only inside one word or outside it.
_BESIDE = re.compile(
    r"\\(?=[!-/:-@\[-`{-~\ufdd0\ufdd1]|$)|(?<!\s)\*|\*(?!\s)|(?<![^\W_])_|_(?![^\W_])|<(?=[A-Za-z/!?])|&(?=#|\w+;)"
)
_PAIRED = ("$", "^", "~", "==")
_AT_START = re.compile(
    r"(?P<sign>#{1,6}(?=\s|$)|>|[-+*](?=\s|$)|:|~|\||!!!|\?\?\?|-(?=[-\s|:]*$)|=(?==*\s*$)|\*(?=[*\s]*$)|_(?=[_\s]*$))"
    r"|(?P<number>[0-9]{1,9})(?=[.)](\s|$))|(?P<word>Table)(?=:)"
)


@dataclass(frozen=True, slots=True)
class Raw:
    """Markdown that is put in as it is."""

    markdown: str


@dataclass(frozen=True, slots=True)
class Mark:
    """One end of emphasis: `em` or `strong`."""

    name: str
    is_end: bool = False


Piece = str | Raw | Mark


def fit(text: str) -> str:
    """The text without the characters that no book may have (XML 1.0, section 2.2)."""
    return _UNFIT.sub("", text)


def with_addresses(text: str) -> list[Piece]:
    """Words, and the addresses of the web and for mail in them as links to themselves."""
    pieces: list[Piece] = []
    place = 0
    for found in _ADDRESS.finditer(text):
        address = found[0].rstrip(_AT_ITS_END)
        # A bracket that was opened in it belongs to it.
        while address.count("(") > address.count(")") and found[0][len(address) :].startswith(")"):
            address += ")"
        pieces += [text[place : found.start()], Raw(_link(address))]
        place = found.start() + len(address)
    return [*pieces, text[place:]]


def _link(address: str) -> str:
    """The address as Markdown that makes a link of it."""
    if _PLAIN_ADDRESS.fullmatch(address):
        return address
    return line([address]) if address.lower().startswith("www.") else f"<{address}>"


def line(pieces: Iterable[Piece], *, is_start: bool = False) -> str:
    """The pieces as one line of Markdown. `is_start`: it begins a line, where more signs mean something."""
    held: list[str] = []
    marks: list[Mark] = []
    joined = []
    for piece in pieces:
        if isinstance(piece, Raw):
            held.append(piece.markdown)
            joined.append(_RAW)
        elif isinstance(piece, Mark):
            marks.append(piece)
            joined.append(_MARK)
        else:
            joined.append(fit(piece))
    text = _escaped("".join(joined))
    if is_start:
        text = at_start(text)
    if marks:
        text = _emphasised(text, marks)
    waiting = iter(held)
    return re.sub(_RAW, lambda _: next(waiting), text)


def _escaped(text: str) -> str:
    text = _BESIDE.sub(lambda found: f"\\{found[0]}", text)
    text = _ALWAYS.sub(lambda found: f"\\{found[0]}", text)
    for sign in _PAIRED:
        if text.count(sign) > 1:
            text = text.replace(sign, "".join(f"\\{each}" for each in sign))
    return text


def at_start(text: str) -> str:
    """The text with a backslash before what would begin a block."""
    found = _AT_START.match(text)
    if not found:
        return text
    if found["sign"]:
        return f"\\{text}"
    end = found.end()
    return f"{text[:end]}\\{text[end:]}"


def _emphasised(text: str, marks: list[Mark]) -> str:
    """The marks made stars where stars are understood (CommonMark 0.31.2, section 6.2), else tags of HTML."""
    places = [found.start() for found in re.finditer(_MARK, text)]
    written = [""] * len(marks)
    opened: list[int] = []
    for number, mark in enumerate(marks):
        if not mark.is_end:
            opened.append(number)
            continue
        first = opened.pop()
        begin, end = places[first], places[number]
        stars = "*" if mark.name == "em" else "**"
        if not _may_be_stars(text, begin, end):
            written[first], written[number] = f"<{mark.name}>", f"</{mark.name}>"
        else:
            written[first] = written[number] = stars
    waiting = iter(written)
    return re.sub(_MARK, lambda _: next(waiting), text)


def _may_be_stars(text: str, begin: int, end: int) -> bool:
    """Whether stars at two places begin and end emphasis: a sign inside wants none but a space or a sign outside."""
    outside = (text[begin - 1 : begin], text[end + 1 : end + 2])
    edges = (text[begin + 1 : begin + 2], text[end - 1 : end])
    if end - begin < 2 or any(each in (_MARK, "*", "_") or each.isspace() for each in edges):
        return False
    if any(each in (_MARK, "*", "_") for each in outside if each):
        return False
    return all(
        edge.isalnum() or not each or each.isspace() or each in "([{.,;:!?)]}\"'\u2014\u2013"
        for each, edge in zip(outside, edges, strict=True)
    )
