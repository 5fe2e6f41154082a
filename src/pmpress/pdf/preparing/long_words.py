"""Words too long for any line: broken anywhere, never hyphenated, and laid out in time that grows with their length.

The engine looks at the whole rest of a word for each line it makes of it, and hyphenates it from its end. What is
tagged and copied stays the word as it was: it is only set in several elements.
"""

from __future__ import annotations

import re

from lxml import etree

from pmpress import xhtml

_LONG = 100
_ENDLESS = 1000
_PIECE = 100
# Letters between which a line may end anyway, as the ideographs, and those of scripts written without spaces.
_BREAKABLE = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff9f\U0001f000-\U0003ffff"
)
_WORD = re.compile(rf"[^ \t\n\u1680\u2000-\u2006\u2008-\u200b\u205f\u3000{_BREAKABLE}]{{{_LONG + 1},}}")
_UNHYPHENATED = "hyphens: none"
_BROKEN = "hyphens: none; word-break: break-all"


def break_up(body: etree._Element) -> None:
    """Set every long word in the XHTML of a tree in elements of its own."""
    for element in list(body.iter(etree.Element)):
        if etree.QName(element).namespace != xhtml.XHTML:  # a drawing's letters are placed, not flowed
            continue
        for child in list(element):
            if child.tail and (pieces := _pieces(child.tail)):
                child.tail = pieces[0]
                _insert(element, element.index(child) + 1, pieces[1])
        if element.text and (pieces := _pieces(element.text)):
            element.text = pieces[0]
            _insert(element, 0, pieces[1])


def _insert(parent: etree._Element, place: int, children: list[etree._Element]) -> None:
    parent[place:place] = children


def _pieces(text: str) -> tuple[str, list[etree._Element]] | None:
    """The text before the first long word, and the elements that hold the rest; None if no word is long."""
    end = 0
    before = ""
    pieces: list[etree._Element] = []
    for found in _WORD.finditer(text):
        between = text[end : found.start()]
        if pieces:
            pieces[-1].tail = between
        else:
            before = between
        pieces.extend(_in_pieces(found[0]))
        end = found.end()
    if not pieces:
        return None
    pieces[-1].tail = text[end:]
    return before, pieces


def _in_pieces(word: str) -> list[etree._Element]:
    if len(word) <= _ENDLESS:
        return [_piece(word, _UNHYPHENATED)]
    return [_piece(word[start : start + _PIECE], _BROKEN) for start in range(0, len(word), _PIECE)]


def _piece(text: str, style: str) -> etree._Element:
    piece = etree.Element(xhtml.tag("span"), {"style": style})
    piece.text = text
    return piece
