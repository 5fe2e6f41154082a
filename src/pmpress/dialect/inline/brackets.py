"""Links, images and references to notes: CommonMark's bracket matching, each text gone through once."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.inlinepatterns import InlineProcessor
from markdown.util import AtomicString
from markdown_it.common.utils import normalizeReference, unescapeAll

from pmpress.dialect.inline.atoms import source_of
from pmpress.dialect.tree import SOURCE

_SPACE = r"[ \t]*+\n?[ \t]*+"
_BARE = r"[^ \t\n()]*+"
for _ in range(32):  # the depth to which CommonMark asks brackets in a bare destination to be matched
    _BARE = rf"(?:[^ \t\n()]++|\({_BARE}\))*"
_DESTINATION = re.compile(
    rf"""\({_SPACE}(?:<(?P<angle>[^<>\n]*+)>|(?!<)(?P<bare>{_BARE}))"""
    rf"""(?:(?:[ \t]++\n?|\n)[ \t]*+(?P<title>"[^"]*+"|'[^']*+'|\([^()]*+\)))?{_SPACE}\)"""
)
_LABEL = re.compile(r"\[([^\[\]]*+)\]")
_BRACKET = re.compile(r"!?\[|\]")
_LONGEST_LABEL = 999  # CommonMark's


@dataclass(slots=True)
class _Opener:
    """A `[` or `![` whose end has not been seen: `inner` is where its text begins."""

    start: int
    inner: int
    image: bool
    active: bool = True
    nests: bool = False


@dataclass(frozen=True, slots=True)
class _Found:
    """A link, an image or a reference to a note, from `start` to `end`, its text from `inner` to `close`.

    Places are counted from the end of the text, which stays the same while the text before them is worked on.
    """

    kind: Literal["a", "img", "note"]
    start: int
    inner: int
    close: int
    end: int
    address: str  # or a note's label
    title: str
    plain: str
    children: tuple[_Found, ...]


@dataclass(slots=True)
class _Scan:
    """One walk through a text: the brackets open so far, and what has been found, outermost only."""

    md: Markdown
    text: str
    openers: list[_Opener] = field(default_factory=list)
    found: list[_Found] = field(default_factory=list)

    def run(self) -> list[_Found]:
        """Everything found, in the order of the text."""
        place = 0
        while bracket := _BRACKET.search(self.text, place):
            place = bracket.end()
            if bracket[0] == "]":
                place = self._close(bracket.start())
            else:
                for opener in self.openers[-1:]:
                    opener.nests = True
                self.openers.append(_Opener(bracket.start(), bracket.end(), bracket[0] == "!["))
        return self.found

    def _close(self, close: int) -> int:
        """What to do at a `]`; returns the place to go on from."""
        if not self.openers:
            return close + 1
        opener = self.openers.pop()
        if not opener.active:
            return close + 1
        target = self._destination(close) or self._reference(opener, close)
        if target:
            address, title, end = target
            self._add("img" if opener.image else "a", opener, close, end, address, title)
            if not opener.image:
                self._deactivate()
            return end
        label = self.text[opener.inner : close]
        if label.startswith("^") and len(label) > 1 and not opener.image and not re.search(r"[\s\[]", label):
            self._add("note", opener, close, close + 1, source_of(self.md, label[1:]))
        return close + 1

    def _deactivate(self) -> None:
        """A link holds no links: every `[` still open is text. Those before an inactive one are inactive already."""
        for opener in reversed(self.openers):
            if not opener.image:
                if not opener.active:
                    return
                opener.active = False

    def _destination(self, close: int) -> tuple[str, str, int] | None:
        """`(address "title")` after the bracket."""
        m = _DESTINATION.match(self.text, close + 1)
        if not m:
            return None
        bare = source_of(self.md, m["bare"] or "")
        address = source_of(self.md, m["angle"]) if m["angle"] is not None else bare
        if bare.startswith("<"):  # an address or a tag by itself, but a destination here
            address = bare[1:-1]
            if bare[-1] != ">" or re.search("[<>\n]", address):
                return None
        title = source_of(self.md, m["title"] or "")[1:-1]
        return unescapeAll(address), unescapeAll(title), m.end()

    def _reference(self, opener: _Opener, close: int) -> tuple[str, str, int] | None:
        """`[text][label]`, `[label][]` and `[label]`."""
        m = _LABEL.match(self.text, close + 1)
        end = close + 1
        if m and m[1].strip():
            label, end = m[1], m.end()
        elif opener.nests or close - opener.inner > _LONGEST_LABEL:
            return None
        else:
            label, end = self.text[opener.inner : close], m.end() if m else end
        if len(label) > _LONGEST_LABEL:
            return None
        found = self.md.references.get(normalizeReference(source_of(self.md, label)))
        return (unescapeAll(found[0]), unescapeAll(found[1] or ""), end) if found else None

    def _add(
        self, kind: Literal["a", "img", "note"], opener: _Opener, close: int, end: int, address: str, title: str = ""
    ) -> None:
        length = len(self.text)
        children = []
        while self.found and self.found[-1].start <= length - opener.inner:
            children.append(self.found.pop())
        inside = tuple(reversed(children))
        plain = "" if kind == "note" else _plain(self.text, opener.inner, close, inside)
        places = (length - opener.start, length - opener.inner, length - close, length - end)
        self.found.append(_Found(kind, *places, address, title, plain, inside))


def _plain(text: str, begin: int, end: int, inside: tuple[_Found, ...]) -> str:
    """The text between brackets, without what makes links and images of its parts."""
    pieces, place = [], begin
    for child in inside:
        pieces += [text[place : len(text) - child.start], child.plain]
        place = len(text) - child.end
    return "".join([*pieces, text[place:end]])


class Brackets(InlineProcessor):
    """Links and images in all their forms, and `[^notes]`.

    The whole text is read at its first bracket; what was found waits in `_waiting`, under the rest of the text that
    begins with it, until Python-Markdown comes to it.
    """

    def __init__(self, md: Markdown) -> None:
        super().__init__(r"!?\[", md)
        self._waiting: dict[str, list[_Found]] = {}

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[Element | None, int | None, int | None]:
        """See the base class."""
        rest = data[m.start() :]
        found = self._waiting.pop(rest, None)
        if found is None:
            found = _Scan(self.md, rest).run()
            found.reverse()
        if not found:
            return None, m.start(), len(data)
        length = len(data)
        start = length - found[-1].start
        if start > m.start():  # brackets that are only text come first
            self._waiting[data[start:]] = found
            return None, m.start(), start
        first = found.pop()
        following = self.compiled_re.search(data, length - first.end) if found else None
        if following:
            self._waiting[data[following.start() :]] = found
        return self._element(first, data), start, length - first.end

    def _element(self, found: _Found, data: str) -> Element:
        length = len(data)
        raw = source_of(self.md, data[length - found.start : length - found.end])
        if found.kind == "note":
            element = Element("span", {"class": "noteref", "data-note": found.address, SOURCE: raw})
            element.text = AtomicString(raw.replace("&", "&amp;"))
            return element
        element = Element(found.kind, {"src" if found.kind == "img" else "href": found.address})
        element.set(SOURCE, raw)
        if found.title:
            element.set("title", found.title)
        if found.kind == "img":
            element.text = found.plain
            return element
        place = length - found.inner
        element.text = data[place : length - (found.children[0].start if found.children else found.close)]
        for index, child in enumerate(found.children):
            inner = self._element(child, data)
            after = found.children[index + 1].start if index + 1 < len(found.children) else found.close
            inner.tail = data[length - child.end : length - after]
            element.append(inner)
        return element
