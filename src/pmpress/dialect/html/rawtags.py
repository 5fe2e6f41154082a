"""The converted text as a row of events: Markdown's own tags, raw HTML's tags with their lines, and text between."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from markdown.util import ETX, STX

from pmpress.dialect.html import policy
from pmpress.dialect.html.contentmodel import MARK
from pmpress.dialect.reading import Reading
from pmpress.xhtml import SPAN

_PART = re.compile(
    rf"{STX}wzxhzdk:(?P<raw>[0-9]+){ETX}|</(?P<end>[^>]*)>|<(?P<start>[a-z0-9]+)(?:>|\s[^>]*[^/]>)|<[^>]*>|[^<{STX}]+|."
)
_VALUE = r"""(?:"[^"]*+"|'[^']*+'|[^\s"'=<>`]++)"""
_NAME = r"""[^\s"'<>/=]++"""
_TAG = re.compile(
    rf"<(?P<end>/?)(?P<name>[A-Za-z][A-Za-z0-9:_.-]*+)"
    rf"(?P<attributes>(?:[\s/]*+{_NAME}(?:\s*+=\s*+{_VALUE})?)*)\s*+(?P<alone>/?)\s*+>"
)
_ATTRIBUTE = re.compile(rf"({_NAME})(?:\s*+=\s*+({_VALUE}))?")
_NO_TAGS = {"<!--": "-->", "<![CDATA[": "]]>", "<?": "?>", "<!": ">"}


@dataclass(slots=True)
class Tag:
    """A raw tag. `alone`: it has no partner and wants none. `partner` is the place among the events of the tag (or the
    event) that ends it, or of the tag it ends; -1 while there is none."""

    name: str
    line: int
    attributes: dict[str, str] = field(default_factory=dict)
    starts: bool = True
    alone: bool = False
    partner: int = -1
    too_deep: bool = False


@dataclass(frozen=True, slots=True)
class Border:
    """A tag of an element that Markdown made."""

    text: str
    name: str
    opens: bool


Event: TypeAlias = str | Tag | Border


def events(converted: str, pieces: Sequence[str], reading: Reading) -> Iterator[Event]:
    """What `converted` holds, `pieces` of raw HTML in place of their placeholders; all text of it can be written."""
    for m in _PART.finditer(converted):
        if m["raw"]:
            index = int(m["raw"])
            line = reading.html_lines.get(index, reading.first_line)
            if index in reading.html_blocks:
                yield f'<{MARK} {SPAN}="{html.escape(reading.source(line, line))}">'
            yield from _tags(pieces[index], line, reading)
        elif name := m["start"] or m["end"]:
            yield Border(m[0], name, bool(m["start"]))
        else:
            yield m[0]


def _tags(raw: str, line: int, reading: Reading) -> Iterator[Event]:
    """The tags and texts of one piece of raw HTML; comments and the like are passed over."""
    place = 0
    while (begin := raw.find("<", place)) >= 0:
        yield raw[place:begin]
        line += raw.count("\n", place, begin)
        if m := _TAG.match(raw, begin):
            tag = _tag(m, line)
            yield tag
            place = m.end()
            if tag.starts and tag.name in {"script", "style"}:  # what is in them is not HTML
                close = raw.lower().find(f"</{tag.name}", place)
                place = close if close >= 0 else place
        else:
            text, place = _no_tag(raw, begin, line, reading)
            yield text
        line += raw.count("\n", begin, place)
    yield raw[place:]


def _tag(m: re.Match[str], line: int) -> Tag:
    attributes: dict[str, str] = {}
    for name, value in _ATTRIBUTE.findall(m["attributes"]):
        bare = value[1:-1] if value[:1] in {'"', "'"} else value
        attributes.setdefault(name.lower(), html.unescape(bare))
    name = m["name"].lower()
    return Tag(name, line, attributes, not m["end"], bool(m["alone"]) or name in policy.VOID)


def _no_tag(raw: str, begin: int, line: int, reading: Reading) -> tuple[str, int]:
    """What a `<` that begins no tag is: a comment, an instruction, or a character. Its text, and where it ends."""
    for opening, closing in _NO_TAGS.items():
        if not raw.startswith(opening, begin):
            continue
        end = raw.find(closing, begin + 2)
        if end < 0:
            reading.warn("html-broken", f"{opening} is never closed with {closing}: it is left out", line)
            return "", begin + len(opening)
        after = end + len(closing)
        if opening == "<![CDATA[":
            return html.escape(raw[begin + len(opening) : end]), after
        if opening != "<!--":
            reading.warn("html-removed", f"{raw[begin:after][:40]} has no place in a book", line)
        return "", after
    if raw[begin + 1 : begin + 2].isalpha() or raw.startswith("</", begin):
        reading.warn("html-broken", f"“{raw[begin : begin + 20].strip()}” is no whole tag: it is kept as text", line)
    return "&lt;", begin + 1
