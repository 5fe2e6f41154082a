"""Citations in a chapter's text, as pandoc writes them: found around the keys that the dialect has marked.

`[@key, p. 3]`, `[see @a, pp. 3-5; also @b]`, `[-@key]`, `@key` and `@key [p. 3]`. A bracket is a citation if there is a
key between all its semicolons; a key outside such a bracket is one by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from lxml import etree

from pmpress import xhtml
from pmpress.features.citations import richtext

KEY = "data-cite"
"""The attribute in which the dialect has put a key."""

_HERE = "\ufffc"  # an element, in the text of its parent
_SIGN = re.compile(r"[\[\]\ufffc]")
_PLAIN = {
    "em": richtext.ITALIC, "i": richtext.ITALIC, "strong": richtext.BOLD, "b": richtext.BOLD, "sup": richtext.RAISED,
    "sub": richtext.LOWERED,
}  # fmt: skip
_BEHIND = re.compile(r"[ \xa0\n]?\[")
_KEYS = re.compile(r"(-?)\ufffc")


@dataclass(frozen=True, slots=True)
class Cite:
    """One work in a citation, with what is said before and behind its key; `bare`: without who wrote it."""

    key: str
    before: str = ""
    after: str = ""
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A citation in the text of an element: from where to where, and whether it is in brackets."""

    first: int
    end: int
    cites: tuple[Cite, ...]
    in_brackets: bool


def marked(root: etree._Element) -> list[etree._Element]:
    """The keys that the dialect has marked."""
    return [element for element in root.iter(xhtml.tag("span")) if element.get(KEY)]


def dissolve(elements: Sequence[etree._Element]) -> None:
    """Take the elements away and leave what is in them: `xhtml.unwrap` for very many at once."""
    chosen = set(elements)
    for parent in list(dict.fromkeys(element.getparent() for element in elements)):
        if parent is None:
            continue
        contents = _contents(parent)
        filler = _Filler(parent)
        for part in contents:
            for piece in _contents(part) if isinstance(part, etree._Element) and part in chosen else (part,):
                filler.add(piece)
        filler.end()


def _contents(element: etree._Element) -> list[str | etree._Element]:
    """What is in an element, taken out of it."""
    contents: list[str | etree._Element] = [element.text or ""]
    for child in list(element):
        contents += [child, child.tail or ""]
        element.remove(child)
        child.tail = None
    element.text = None
    return contents


class _Filler:
    """Puts text and elements into an empty element, one behind the other."""

    def __init__(self, target: etree._Element) -> None:
        self._target = target
        self._last: etree._Element | None = None
        self._pieces: list[str] = []

    def add(self, what: str | etree._Element) -> None:
        """Put a piece of text, or an element without tail, behind what is there."""
        if isinstance(what, str):
            self._pieces.append(what)
            return
        self.end()
        self._target.append(what)
        self._last = what

    def end(self) -> None:
        """Write the text down that is still to be written."""
        text = "".join(self._pieces)
        if self._last is None:
            self._target.text = text or None
        else:
            self._last.tail = text or None
        self._pieces = []


def wrap(root: etree._Element) -> Iterator[tuple[etree._Element, Found]]:
    """Put a `span` around each citation under `root`, and give it with what it says."""
    in_links = [key for key in marked(root) if next(key.iterancestors(xhtml.tag("a")), None) is not None]
    dissolve(in_links)
    for parent in list(dict.fromkeys(element.getparent() for element in marked(root))):
        if parent is not None:
            text = _Text(parent)
            yield from text.wrapped(_Reading(text).run())


class _Text:
    """What is in an element, as one text in which each element is one character."""

    def __init__(self, parent: etree._Element) -> None:
        self.parent = parent
        self.children: dict[int, etree._Element] = {}
        pieces: list[str] = []
        length = 0
        for part in _contents(parent):
            if isinstance(part, etree._Element):
                self.children[length] = part
            pieces.append(part if isinstance(part, str) else _HERE)
            length += len(pieces[-1])
        self.text = "".join(pieces)

    def key(self, place: int) -> str:
        """The key at this place, or nothing."""
        child = self.children.get(place)
        return "" if child is None else str(child.get(KEY, ""))

    def said(self, first: int, end: int) -> str:
        """A stretch of it without keys, as `richtext`."""
        pieces, place = [], first
        for sign in re.finditer(_HERE, self.text[first:end]):
            at = first + sign.start()
            child = self.children.get(at)
            pieces += [self.text[place:at], "" if child is None else _rich(child)]
            place = at + 1
        return re.sub("[ \t\n]+", " ", "".join([*pieces, self.text[place:end]]))

    def is_simple(self, first: int, end: int) -> bool:
        """Whether a stretch holds nothing that a citation cannot."""
        inside = (self.children.get(first + sign.start()) for sign in re.finditer(_HERE, self.text[first:end]))
        return all(child is None or child.get(KEY) or _is_plain(child) for child in inside)

    def wrapped(self, found: list[Found]) -> list[tuple[etree._Element, Found]]:
        """Put everything in place again, and around each citation an element."""
        filler, place, made = _Filler(self.parent), 0, []
        for each in found:
            self._put(filler, place, each.first)
            element = etree.Element(xhtml.tag("span"), {"class": "citation"})
            inner = _Filler(element)
            self._put(inner, each.first, each.end)
            inner.end()
            filler.add(element)
            made.append((element, each))
            place = each.end
        self._put(filler, place, len(self.text))
        filler.end()
        return made

    def _put(self, filler: _Filler, first: int, end: int) -> None:
        place = first
        for sign in re.finditer(_HERE, self.text[first:end]):
            at = first + sign.start()
            if at in self.children:
                filler.add(self.text[place:at])
                filler.add(self.children[at])
                place = at + 1
        filler.add(self.text[place:end])


@dataclass(slots=True)
class _Bracket:
    """A bracket that is open: where, the keys in it so far, and whether there are keys in brackets inside it."""

    place: int
    keys: list[int] = field(default_factory=list)
    holds_others: bool = False


@dataclass(slots=True)
class _Reading:
    """One walk through a text; `loose` are the keys that stand in no citation in brackets, `ends` says of brackets
    without keys where they end. No stretch is read twice: what holds brackets with keys is no citation itself."""

    text: _Text
    opened: list[_Bracket] = field(default_factory=list)
    loose: list[int] = field(default_factory=list)
    ends: dict[int, int] = field(default_factory=dict)
    found: list[Found] = field(default_factory=list)

    def run(self) -> list[Found]:
        for sign in _SIGN.finditer(self.text.text):
            place = sign.start()
            if sign[0] == "[":
                self.opened.append(_Bracket(place))
            elif sign[0] == "]":
                self._close(place)
            elif self.text.key(place):
                (self.opened[-1].keys if self.opened else self.loose).append(place)
        for bracket in self.opened:
            self.loose += bracket.keys
        self.found += [self._in_text(place) for place in sorted(self.loose)]
        return sorted(self.found, key=lambda each: each.first)

    def _close(self, place: int) -> None:
        if not self.opened:
            return
        bracket = self.opened.pop()
        if self.opened and (bracket.keys or bracket.holds_others):
            self.opened[-1].holds_others = True
        if not bracket.keys:
            if not bracket.holds_others:
                self.ends[bracket.place] = place
            return
        cites = () if bracket.holds_others else self._cites(bracket.place + 1, place)
        if cites:
            self.found.append(Found(bracket.place, place + 1, cites, in_brackets=True))
        else:
            self.loose += bracket.keys

    def _cites(self, first: int, end: int) -> tuple[Cite, ...]:
        """What stands between two brackets, if it is a citation."""
        if not self.text.is_simple(first, end):
            return ()
        cites = []
        for piece in re.finditer("[^;]+", self.text.text[first:end]):
            begin, stop = first + piece.start(), first + piece.end()
            keys = [key for key in _KEYS.finditer(self.text.text, begin, stop) if self.text.key(key.end() - 1)]
            if len(keys) != 1:
                return ()
            sign = keys[0].start()
            bare = bool(keys[0][1]) and (sign == begin or self.text.text[sign - 1].isspace())
            before = self.text.said(begin, sign if bare else keys[0].end() - 1)
            after = self.text.said(keys[0].end(), stop)
            cites.append(Cite(self.text.key(keys[0].end() - 1), before.strip(" "), after.rstrip(), bare))
        return tuple(cites)

    def _in_text(self, place: int) -> Found:
        """A key by itself, and what is in the brackets behind it."""
        begun = _BEHIND.match(self.text.text, place + 1)
        end = self.ends.get(begun.end() - 1) if begun else None
        if begun and end and self.text.is_simple(begun.end(), end):
            after = self.text.said(begun.end(), end).strip()
            return Found(place, end + 1, (Cite(self.text.key(place), after=after and f", {after}"),), in_brackets=False)
        return Found(place, place + 1, (Cite(self.text.key(place)),), in_brackets=False)


def _is_plain(element: etree._Element) -> bool:
    """Whether an element is mark-up that `richtext` has too."""
    return all(xhtml.local(each) in _PLAIN for each in element.iter(etree.Element))


def _rich(element: etree._Element) -> str:
    inside = (element.text or "") + "".join(_rich(child) + (child.tail or "") for child in element)
    return f"{_PLAIN[xhtml.local(element)]}{inside}{richtext.END}"
