"""Footnotes at the end of a chapter: each with its number, and a way back from it to every place that refers to it.

Reading systems show `<aside epub:type="footnote">` as a pop-up when `<a epub:type="noteref">` is touched; everybody
else follows the links. (EPUB 3 Structural Semantics Vocabulary, *Notes*; DPUB-ARIA 1.1, doc-backlink)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lxml import etree

from pmpress.epub.pages.semantics import typed, types_of
from pmpress.xhtml import EPUB_TYPE, append_text, elements, local, tag

_ARROW = "\u21a9\ufe0e"  # the selector keeps phones from drawing an emoji
_NO_BREAK_SPACE = "\u00a0"
_IDS = etree.XPath("descendant-or-self::*/@id", smart_strings=False)


def link_notes(body: etree._Element, terms: Mapping[str, str]) -> None:
    """Number the notes of one chapter and link them back; the links in the text must already be resolved."""
    references = _references(body)
    for section in _of_type(body, "footnotes"):
        section.set("aria-label", terms["notes"])
    for note in _of_type(body, "footnote"):
        _number(note)
        _link_back(note, references.get(note.get("id") or "", []), terms["back"])


def _of_type(body: etree._Element, kind: str) -> Iterator[etree._Element]:
    return (element for element in typed(body) if kind in types_of(element))


def _references(body: etree._Element) -> Mapping[str, list[str]]:
    """For each note the ids of the links to it, in reading order. A link that has none is given one."""
    taken = set(_IDS(body))
    found: dict[str, list[str]] = {}
    for link in elements(body, "a"):
        href = link.get("href") or ""
        if "noteref" not in types_of(link) or not href.startswith("#"):
            continue
        note = href[1:]
        if link.get("id") is None:
            number = len(found.get(note, [])) + 1
            wanted = f"fnref-{note}" if number == 1 else f"fnref-{note}-{number}"
            while wanted in taken:
                wanted += "-"
            taken.add(wanted)
            link.set("id", wanted)
        found.setdefault(note, []).append(link.get("id") or "")
    return found


def _number(note: etree._Element) -> None:
    number = etree.Element(tag("span"), {"class": "footnote-number"})
    number.text = note.get("data-number") or ""
    if not number.text:
        return
    first = _paragraph(note, 0)
    number.tail, first.text = f" {first.text or ''}", None
    first.insert(0, number)


def _link_back(note: etree._Element, references: list[str], label: str) -> None:
    last = _paragraph(note, -1) if references else note
    for place, reference in enumerate(references, start=1):
        name = label if len(references) == 1 else f"{label} ({place})"
        if len(last) or last.text:
            append_text(last, len(last), _NO_BREAK_SPACE)
        link = etree.SubElement(last, tag("a"), {EPUB_TYPE: "backlink", "class": "backlink", "aria-label": name})
        link.set("href", f"#{reference}")
        link.text = _ARROW


def _paragraph(note: etree._Element, place: int) -> etree._Element:
    """The paragraph a note begins with (0) or ends with (-1); where it has another block there, a new one."""
    if not len(note) or (note.text or "").strip():
        return note
    if local(note[place]) == "p":
        return note[place]
    paragraph = etree.Element(tag("p"))
    note.insert(0 if place == 0 else len(note), paragraph)
    return paragraph
