"""Raw HTML put back where it stood, judged tag by tag, sanitised, and read as XHTML."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence

import nh3
from lxml import etree

from pmpress import xhtml
from pmpress.dialect.html import contentmodel, policy
from pmpress.dialect.html.pairing import pair
from pmpress.dialect.html.rawtags import Border, Event, Tag, events
from pmpress.dialect.inline.links import SCHEME_IN_HTML, UNSAFE_SCHEMES, tidied, usable
from pmpress.dialect.reading import Reading

_VOID = re.compile(r"<((?:br|col|hr|img|wbr)\b[^>]*)>")
_NOT_IN_XML = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_REFERENCE = re.compile("&#(?:[xX]0*([0-9A-Fa-f]{1,8})|0*([0-9]{1,9}));")


def read(converted: str, pieces: Sequence[str], reading: Reading) -> etree._Element:
    """Python-Markdown's output, and the raw HTML of its stash, as a tree with nothing in it that a book may not have.

    `converted` has placeholders where the `pieces` go. What is lost on the way is in `reading.findings`.
    """
    row = list(events(converted, pieces, reading))
    merged = "".join(_Writer(row, pair(row, reading), reading).write())
    body = xhtml.parse(_as_xhtml(_sanitised(merged)))
    contentmodel.repair(body)
    return body


def without_impossible(text: str) -> str:
    """Mark-up in which nothing, written out or as a reference, is a character that XML cannot have (XML 1.0, 2.2)."""

    def checked(reference: re.Match[str]) -> str:
        number = int(reference[1], 16) if reference[1] else int(reference[2])
        return "\ufffd" if number > 0x10FFFF or _NOT_IN_XML.fullmatch(chr(number)) else reference[0]

    return _NOT_IN_XML.sub("\ufffd", _REFERENCE.sub(checked, text))


def _sanitised(merged: str) -> str:
    """HTML with elements and attributes of the allow-list only, whatever the steps before have overlooked."""
    return nh3.clean(
        merged,
        tags=set(policy.KEPT),
        clean_content_tags=set(policy.WITHOUT_CONTENT),
        attributes=policy.ATTRIBUTES,
        link_rel=None,
        url_schemes={found.lower() for found in SCHEME_IN_HTML.findall(merged)} - (UNSAFE_SCHEMES - {"data"}),
    )


def _as_xhtml(clean: str) -> str:
    """The sanitiser's output for an XML parser: it closes every element, quotes every attribute and escapes all text,
    so that only the void elements and one entity are left to be written otherwise."""
    return without_impossible(_VOID.sub(r"<\1/>", clean).replace("&nbsp;", "\xa0"))


class _Writer:
    """Writes the row of events as HTML, and reports what it leaves out."""

    def __init__(self, row: list[Event], ends: dict[int, list[int]], reading: Reading) -> None:
        self._row = row
        self._ends = ends
        self._reading = reading
        self._written: dict[int, str] = {}  # the names under which start tags were written, by their places
        self._unknown: set[str] = set()

    def write(self) -> Iterator[str]:
        """The pieces of the merged text."""
        skip_to = 0
        for place, event in enumerate([*self._row, ""]):
            if place < skip_to:
                continue
            yield from (self._end_tag(start) for start in self._ends.get(place, ()))
            if isinstance(event, str):
                yield event
            elif isinstance(event, Border):
                yield event.text
            elif not event.starts:
                yield self._end_tag(event.partner)
            elif event.name in policy.WITHOUT_CONTENT or event.name in policy.UNSUPPORTED:
                self._report_removed(event)
                skip_to = event.partner
            else:
                yield self._start_tag(place, event)

    def _end_tag(self, start: int) -> str:
        name = self._written.get(start)
        return f"</{name}>" if name else ""

    def _start_tag(self, place: int, tag: Tag) -> str:
        if tag.name not in policy.KEPT and tag.name not in policy.REPLACED:
            self._report_removed(tag)
            return ""
        if tag.name == "a" and "attachment" in tag.attributes.get("rel", "").lower():
            self._reading.warn("html-removed", "<a rel=attachment> would put a file into the book", tag.line)
            return ""
        if tag.too_deep:
            self._reading.warn("html-broken", f"<{tag.name}> is nested too deeply: the tag is left out", tag.line)
            return ""
        if not tag.alone and tag.partner < 0:
            return ""
        start = policy.start(tag.name, tag.attributes)
        self._report_lost(tag, start)
        if start.name == "img" and "src" not in start.attributes:
            return html.escape(start.attributes.get("alt", ""))
        if start.name in policy.BLOCKS or start.name in {"a", "img"} or "id" in start.attributes:
            start.attributes[xhtml.SPAN] = self._reading.source(tag.line, self._last_line(tag))
        attributes = "".join(f' {name}="{html.escape(value)}"' for name, value in start.attributes.items())
        if tag.alone:
            return f"<{start.name}{attributes}>" + ("" if start.name in policy.VOID else f"</{start.name}>")
        self._written[place] = start.name
        return f"<{start.name}{attributes}>"

    def _last_line(self, tag: Tag) -> int:
        partner = self._row[tag.partner] if 0 <= tag.partner < len(self._row) else tag
        return partner.line if isinstance(partner, Tag) else tag.line

    def _report_lost(self, tag: Tag, start: policy.Start) -> None:
        """Say which attributes are left out; takes unsafe addresses out."""
        for name in start.lost:
            hint = "give the element a class, and style that in the layout" if name == "style" else ""
            message = f"the attribute {name} of <{tag.name}> is left out"
            self._reading.warn("html-attribute-removed", message, tag.line, hint)
        for name in ("href", "src"):
            if name not in start.attributes:
                continue
            address = start.attributes.pop(name)
            if usable(address, self._reading, tag.line, image=name == "src"):
                start.attributes[name] = tidied(address)

    def _report_removed(self, tag: Tag) -> None:
        if tag.name in policy.UNSUPPORTED:
            message = f"inline <{tag.name}> is not supported: what it shows would be missing"
            hint = "put it into a file of its own, and include that as an image" if tag.name == "svg" else ""
            self._reading.fail("html-removed", message, tag.line, hint)
        elif policy.is_known(tag.name):
            kept = "" if tag.name in policy.WITHOUT_CONTENT | policy.VOID else ": only the text in it is kept"
            self._reading.warn("html-removed", f"<{tag.name}> has no place in a book{kept}", tag.line)
        elif tag.name not in self._unknown:
            self._unknown.add(tag.name)
            message = f"<{tag.name}> is no element of HTML: its tags are left out, here and further on"
            self._reading.warn("html-removed", message, tag.line, f"write \\<{tag.name}> to have it printed")
