"""A section's Markdown becomes chapters: parsed file by file, joined, and divided at its titles.

A top heading begins a chapter wherever it stands, so that one long file is as good a manuscript as forty short ones.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from lxml import etree

from pmpress import dialect, xhtml
from pmpress.diagnostics import Diagnostic, Span, note, warning
from pmpress.manuscript import Section, Source, humanise, kind_named, matter_of
from pmpress.model import Chapter, Matter
from pmpress.terms import terms_for

_UNTITLED = ("dedication", "epigraph")
_HEADINGS = tuple(map(xhtml.tag, xhtml.HEADINGS))


@dataclass(frozen=True, slots=True)
class Composed:
    """A chapter as it was written, and the files it came from."""

    chapter: Chapter
    files: tuple[str, ...]


def compose(
    section: Section, language: str, extensions: Sequence[dialect.Addition] = ()
) -> tuple[tuple[Composed, ...], tuple[Diagnostic, ...]]:
    """Parse a section: the chapters in it, and what was noticed.

    A file that begins with a lower heading takes its title from that; one with no heading at all is given the title
    of its front matter, or the one that the order of the book has for it, or its file's name with a note
    `title-guessed`; a dedication or an epigraph, which are printed without one, is called that. A `kind` in the front
    matter of the first file counts for more than what the file is called, and, where the author has not put the file in
    its place, for where it stands.
    """
    diagnostics: list[Diagnostic] = []
    body = xhtml.parse("")
    matters = [_append(body, source, language, extensions, diagnostics) for source in section.sources]
    kind, matter = _kind(section, matters[0], diagnostics)
    named = matters[0].get("title", "") or (terms_for(language)[kind] if kind in _UNTITLED else "")
    pieces = _divided(body)
    written = [source.path for source in section.sources]
    included = [file for source in section.sources for file in source.included]
    files = tuple(dict.fromkeys([*written, *included]))
    composed = []
    for number, piece in enumerate(pieces, start=1):
        title = _take_title(piece, section.sources[0], named, language, diagnostics)
        chapter = Chapter(
            slug=section.slug if number == 1 else f"{section.slug}_{number}",
            kind=kind,
            matter=matter,
            title=xhtml.text_of(title),
            title_xhtml=xhtml.serialise(title),
            title_id=str(title.get("id") or ""),
            is_numbered="unnumbered" not in xhtml.classes_of(title),
            xhtml=xhtml.serialise(piece),
            span=_span(title, section.sources[0]),
        )
        composed.append(Composed(chapter, files))
    return tuple(composed), tuple(diagnostics)


def _span(title: etree._Element, source: Source) -> Span:
    file, _, lines = str(title.get(xhtml.SPAN) or f"{source.path}:1").rpartition(":")
    return Span(file, int(lines.split("-")[0]))


def _kind(section: Section, front_matter: Mapping[str, str], diagnostics: list[Diagnostic]) -> tuple[str, Matter]:
    word = front_matter.get("kind", "")
    if not word:
        return section.kind, section.matter
    kind = kind_named(word)
    if kind and not section.is_placed:
        return kind, matter_of(kind)
    if kind and matter_of(kind, section.matter) == section.matter:
        return kind, section.matter
    span, hint = Span(section.sources[0].path, 1), f"It is a {section.kind}."
    diagnostics.append(warning("kind-unknown", f"'{word}' is no kind of text for this place", span, hint))
    return section.kind, section.matter


def _append(
    body: etree._Element,
    source: Source,
    language: str,
    extensions: Sequence[dialect.Addition],
    diagnostics: list[Diagnostic],
) -> Mapping[str, str]:
    """Parse one file and put its text at the end of the section's, its headings lowered, its ids its own.

    Returns the file's front matter.
    """
    parsed = dialect.parse(source.text, source.path, language=language, lines=source.lines, extensions=extensions)
    diagnostics += parsed.diagnostics
    part = xhtml.parse(parsed.xhtml)
    if source.depth:
        for heading in part.iter(*_HEADINGS):
            heading.tag = xhtml.tag(f"h{min(6, int(xhtml.local(heading)[1]) + source.depth)}")
    _make_distinct(part, xhtml.ids_of(body))
    xhtml.append_text(body, len(body), part.text)
    body.extend(list(part))
    return parsed.front_matter


def _make_distinct(part: etree._Element, taken: set[str]) -> None:
    renamed: dict[str, str] = {}
    used = taken | xhtml.ids_of(part)
    for element in part.iter(etree.Element):
        identifier = str(element.get("id") or "")
        if identifier in taken:
            renamed[identifier] = xhtml.free_id(identifier, used)
            element.set("id", renamed[identifier])
    for link in part.iter(xhtml.tag("a")):
        target = str(link.get("href") or "").removeprefix("#")
        if target in renamed:
            link.set("href", f"#{renamed[target]}")


def _divided(body: etree._Element) -> list[etree._Element]:
    """The section cut before each top heading, and each piece with the notes it refers to."""
    notes = [child for child in body if child.get(xhtml.EPUB_TYPE) == "footnotes"]
    bodies = {str(aside.get("id")): aside for section in notes for aside in section}
    for section in notes:
        xhtml.remove(section)
    starts = [place for place, child in enumerate(body) if child.tag == _HEADINGS[0]]
    cuts = [0, *starts[1:], len(body)]
    children = list(body)
    pieces = []
    for first, last in itertools.pairwise(cuts):
        piece = xhtml.parse("")
        piece.text = body.text if first == 0 else None
        piece.extend(children[first:last])
        _append_notes(piece, bodies)
        pieces.append(piece)
    return pieces


def _append_notes(piece: etree._Element, bodies: dict[str, etree._Element]) -> None:
    wanted = [
        str(link.get("href"))[1:] for link in piece.iter(xhtml.tag("a")) if link.get(xhtml.EPUB_TYPE) == "noteref"
    ]
    found = [bodies.pop(name) for name in dict.fromkeys(wanted) if name in bodies]
    if found:
        attributes = {xhtml.EPUB_TYPE: "footnotes", "class": "footnotes"}
        etree.SubElement(piece, xhtml.tag("section"), attributes).extend(found)
        # A note may refer to another note.
        _append_notes_of_notes(piece[-1], bodies)


def _append_notes_of_notes(section: etree._Element, bodies: dict[str, etree._Element]) -> None:
    waiting = list(section)
    for aside in waiting:
        for link in aside.iter(xhtml.tag("a")):
            name = str(link.get("href"))[1:]
            if link.get(xhtml.EPUB_TYPE) == "noteref" and name in bodies:
                waiting.append(bodies.pop(name))
                section.append(waiting[-1])


def _take_title(
    piece: etree._Element, source: Source, named: str, language: str, diagnostics: list[Diagnostic]
) -> etree._Element:
    """Take the title out of a piece: its top heading, or a lower one that opens it, or one made up."""
    heading = next((child for child in piece if child.tag == _HEADINGS[0]), None)
    if heading is None and len(piece) and piece[0].tag in _HEADINGS:
        heading = piece[0]
    title = xhtml.parse("")
    if heading is not None:
        title.attrib.update(heading.attrib)
        held = _held(title, heading)
        held.text = heading.text
        held.extend(heading)
        xhtml.remove(heading)
        if xhtml.text_of(title):
            return title
    if named:
        title.text = dialect.set_line(named, language)
        return title
    title.text = dialect.set_line(source.title, language) or humanise(PurePosixPath(source.path).stem)
    hint = "Begin the file with '# Title'."
    diagnostics.append(
        note("title-guessed", f"the text has no title: '{title.text}' is taken", Span(source.path), hint)
    )
    return title


def _held(title: etree._Element, heading: etree._Element) -> etree._Element:
    """The element of the title that takes what is in a heading: one of its own if the heading has a language."""
    said = {name: str(heading.get(name)) for name in ("lang", "dir") if heading.get(name)}
    return etree.SubElement(title, xhtml.tag("span"), said) if said else title
