"""Attribute lists, `{#id .class key=value}`: what they may say, and of which element.

Only what has this form is one, so that braces of other meaning stay. An attribute HTML does not have for the element,
or that would change more than the element itself, is left out with a warning.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import ETX, INLINE_PLACEHOLDER_RE, STX, AtomicString
from markdown_it.common.utils import unescapeAll

from pmpress.dialect.html import policy
from pmpress.dialect.inline.atoms import source_of
from pmpress.dialect.inline.matching import Matching
from pmpress.dialect.reading import Reading, first_line_of
from pmpress.dialect.tree import ATTRIBUTES, SOURCE
from pmpress.xhtml import SPAN

KEYS = (
    *("id", "class", "lang", "dir", "width", "height", "title", "alt", "start", "startFrom", "short", "credit"),
    *policy.OF_MARKED,
)
STEP = 5  # per cent: the widths in per cent a layout has classes for

_ITEM = (
    r"""(?:\#[^\s{}\#]++|\.-?[^\W\d][\w-]*+|"""
    r"""[A-Za-z][\w:-]*+=(?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|[^\s"'{}<>=*_`~^$]++))"""
)
_INSIDE = rf"[ \t]*+{_ITEM}(?:[ \t]++{_ITEM})*[ \t]*+\}}"
LIST = rf"\{{{_INSIDE}"
_ITEMS = re.compile(_ITEM)
_AT_THE_END = re.compile(rf"(?:^|(?<![ \t])[ \t]++)({LIST})[ \t]*$")
_PER_CENT = re.compile(r"\s*([0-9]{1,3})(?:\.[0-9]*)?\s*%\s*")
# What the press itself reads, by element: the keys, and the attributes in which that waits for it.
_OF_PICTURE = {"short": "data-short", "credit": "data-credit"}
_OF_ELEMENT = {
    "div": _OF_PICTURE,
    "img": _OF_PICTURE,
    "pre": {"short": "data-short", "start": "data-start", "startFrom": "data-start"},
    "table": {"short": "data-short"},
}
_NUMBERED = frozenset({"numbered", "numberLines", "number-lines"})
_INLINE = frozenset({"a", "code", "del", "em", "img", "mark", "span", "strong", "sub", "sup"})


def given(written: str) -> dict[str, str]:
    """What a list says, by name; classes are one attribute."""
    said: dict[str, str] = {}
    for item in _ITEMS.findall(written):
        if item[0] == "#":
            name, value = "id", item[1:]
        elif item[0] == ".":
            name, value = "class", item[1:]
        else:
            name, _, value = item.partition("=")
            value = value[1:-1] if value[0] in "\"'" else value
            # Between the levels of an entry stands `!`: the backslash before another one must outlive this reading.
            value = unescapeAll(value.replace(r"\!", r"\\!") if name in policy.OF_MARKED else value)
        said[name] = f"{said[name]} {value}" if name == "class" and name in said else value
    return said


def put(element: Element, said: dict[str, str], reading: Reading, line: int) -> None:
    """Set those attributes that the element may have."""
    width = _PER_CENT.fullmatch(said.get("width", ""))
    if width and element.tag == "img":
        said = {name: value for name, value in said.items() if name != "width"}
        per_cent = min(100, max(STEP, STEP * round(int(width[1]) / STEP)))
        said["class"] = f"{said.get('class', '')} width-{per_cent}".strip()
    names = {**policy.OF_MARKED, **_OF_ELEMENT.get(str(element.tag), {})}
    asked = {names.get(name, name): value for name, value in said.items() if name in KEYS}
    allowed = policy.start(str(element.tag), asked).attributes
    for name in said:
        if names.get(name, name) not in allowed:
            what = "has no meaning" if name not in KEYS else f"cannot be “{said[name]}”"
            reading.warn("attribute-unknown", f"{name} {what} here: it is left out", line, _hint(name))
    if "class" in allowed and element.get("class"):
        allowed["class"] = f"{element.get('class')} {allowed['class']}"
    for name, value in allowed.items():
        element.set(name, value)


def _hint(name: str) -> str:
    if name == "style":
        return "give a class, and style that in the layout"
    if name == "width":
        return "images take a width in pixels or in per cent: width=300, width=50%"
    return ""


def at_end(text: str) -> tuple[str, dict[str, str]]:
    """A heading's text without the list at its end, and what the list says."""
    m = _AT_THE_END.search(text) if text.rstrip().endswith("}") else None
    return (text[: m.start()], given(m[1])) if m else (text, {})


def of_fence(info: str) -> tuple[str, dict[str, str]]:
    """What stands after a fence, without the list in it; the first class of a list alone is the language."""
    m = re.search(LIST, info)
    if not m:
        return info, {}
    said, before = given(m[0]), info[: m.start()].strip()
    said = {name: value for name, value in said.items() if name not in {"title", "caption"}}  # see `listings`
    classes = ["numbered" if each in _NUMBERED else each for each in said.get("class", "").split()]
    said |= {"class": " ".join(classes)} if classes else {}
    language, _, others = said.get("class", "").partition(" ")
    if not before and language and language != "numbered":
        said = {name: value for name, value in said.items() if name != "class"} | ({"class": others} if others else {})
        return language, said
    return before, said


class Lists(InlineProcessor):
    """Takes each list that may belong to what stands before it out of the way of all other mark-up."""

    def __init__(self, md: Markdown) -> None:
        super().__init__(rf"\{{(?<=[)\]*_~^={ETX}]\{{){_INSIDE}", md)

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[Element | None, int | None, int | None]:
        """See the base class."""
        element = Element(ATTRIBUTES)
        element.text = AtomicString(source_of(self.md, m[0]))
        return element, m.start(), m.end()


class BracketedSpans(InlineProcessor):
    """`[text]{.class}`: pandoc's bracketed span."""

    def __init__(self, md: Markdown) -> None:
        super().__init__(r"\[(?<![!\]]\[)(?!\^)", md)
        self._matching = Matching()

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[Element | None, int | None, int | None]:
        """See the base class."""
        if data.find(f"]{STX}", m.end()) < 0:  # most texts: no bracket in it is followed by a list
            return None, m.start(), len(data)
        end = self._matching.end(data, m.start())
        following = INLINE_PLACEHOLDER_RE.match(data, end + 1) if end is not None else None
        if end is None or following is None:
            return None, m.start(), m.end()
        stash = self.md.treeprocessors["inline"].stashed_nodes  # type: ignore[attr-defined]
        found = stash.get(following[1])
        if not isinstance(found, Element) or found.tag != ATTRIBUTES:
            return None, m.start(), m.end()
        span = Element("span", {SOURCE: source_of(self.md, data[m.start() : end + 1])})
        span.text = data[m.end() : end]
        return span, m.start(), end + 1


class Apply(Treeprocessor):
    """Gives each list to the element it follows; one that follows none is text."""

    def __init__(self, md: Markdown, reading: Reading) -> None:
        super().__init__(md)
        self._reading = reading

    def run(self, root: Element) -> None:
        """See the base class."""
        if root.find(f".//{ATTRIBUTES}") is None:
            return
        for parent in list(root.iter()):
            if any(child.tag == ATTRIBUTES for child in parent):
                parent[:] = self._without_lists(parent, list(parent))

    def _without_lists(self, parent: Element, children: Iterable[Element]) -> list[Element]:
        kept: list[Element] = []
        for child in children:
            if child.tag != ATTRIBUTES:
                kept.append(child)
                continue
            text = child.tail or ""
            if kept and not kept[-1].tail and kept[-1].tag in _INLINE:
                self._give(kept[-1], child)
            else:
                text = (child.text or "").replace("&", "&amp;") + text
            if kept:
                kept[-1].tail = (kept[-1].tail or "") + text
            else:
                parent.text = (parent.text or "") + text
        return kept

    def _give(self, element: Element, written: Element) -> None:
        source = written.get(SPAN, "")
        said = given(written.text or "")
        put(element, said, self._reading, first_line_of(source))
        if element.tag == "img" and "alt" in said:  # what stands between the brackets would be taken for it
            element.text = AtomicString(said["alt"].replace("&", "&amp;"))
            del element[:]
        if element.get("id") or policy.is_marked(element.get("class", "")):
            element.set(SPAN, element.get(SPAN, source))
