"""The order of `SUMMARY.md`, as mdBook and GitBook write it.

Entries before the first list and after the last are front and back matter (mdBook's prefix and suffix chapters), a
heading between lists opens a part, depth 1 is a chapter, and what is deeper is a section of that chapter.
"""

from __future__ import annotations

import os
import posixpath
import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import unquote

from pmpress.diagnostics import Diagnostic, Span, error, note, warning
from pmpress.manuscript.includes import read_source
from pmpress.manuscript.kinds import guess, kind_of
from pmpress.manuscript.order import PartSections, Section, Sections, Source
from pmpress.manuscript.reading import locate, read_text
from pmpress.model import Matter

_ENTRY = re.compile(
    r"(?P<indent>[ \t]*)(?P<bullet>[-*+]\s+|\d+[.)]\s+)?"
    r"\[(?P<title>(?:[^\[\]\\]|\\.|\[[^\]]*\])*)\]\((?P<target>[^)]*)\)"
)
_HEADING = re.compile(r"#{1,6}\s+(?P<title>.*?)\s*#*\s*$")


@dataclass(slots=True)
class _Reading:
    """Where the reader of a summary stands."""

    folder: Path
    index: str
    diagnostics: list[Diagnostic]
    front: list[Section] = field(default_factory=list)
    body: list[Section | PartSections] = field(default_factory=list)
    back: list[Section] = field(default_factory=list)
    part: str = ""
    part_span: Span | None = None
    in_part: list[Section] = field(default_factory=list)
    chapter: list[Source] = field(default_factory=list)
    indents: list[int] = field(default_factory=list)
    listed: set[str] = field(default_factory=set)


def sections(folder: Path, index: str, diagnostics: list[Diagnostic]) -> Sections:
    """The files that a summary lists, read, in its order; each that is not there is an error `chapter-missing`."""
    text = read_text(folder, index, Span(index), diagnostics) or ""
    at = _Reading(folder, index, diagnostics)
    for number, line in enumerate(text.splitlines(), start=1):
        if entry := _ENTRY.match(line):
            _read_entry(at, entry, Span(index, number))
        elif heading := _HEADING.match(line):
            _close_chapter(at)
            # The first heading is the summary's own, "Summary".
            if at.listed or at.front:
                _close_part(at)
                at.part, at.part_span = heading["title"], Span(index, number)
    _close_part(at)
    return Sections(tuple(at.front), tuple(at.body), tuple(at.back))


def _read_entry(at: _Reading, entry: re.Match[str], span: Span) -> None:
    source = _source(at, entry, span)
    if source is None:
        return
    if not entry["bullet"]:
        _close_part(at)
        matter: Matter = "backmatter" if at.body else "frontmatter"
        (at.back if at.body else at.front).append(Section(kind_of(source.path, matter), matter, (source,)))
        return
    indent = len(entry["indent"].expandtabs(4))
    while at.indents and at.indents[-1] >= indent:
        at.indents.pop()
    depth = len(at.indents)
    at.indents.append(indent)
    if depth == 0 or not at.chapter:
        _close_chapter(at)
        at.indents = [indent]
        at.chapter = [source]
    else:
        at.chapter.append(replace(source, depth=depth))


def _source(at: _Reading, entry: re.Match[str], span: Span) -> Source | None:
    target, _, fragment = entry["target"].strip().strip("<>").partition("#")
    title = re.sub(r"\\(.)", r"\1", entry["title"])
    if re.match(r"[a-z]+://", target):
        at.diagnostics.append(note("entry-left-out", f"'{title}' leads out of the book", span))
        return None
    if not target:
        if not fragment:
            at.diagnostics.append(note("entry-left-out", f"'{title}' names no file yet", span))
        return None
    path = posixpath.normpath(posixpath.join(posixpath.dirname(at.index), unquote(target)))
    file = locate(at.folder, path, span, at.diagnostics)
    if file is None or path in at.listed:
        return None
    at.listed.add(path)
    if not os.path.isfile(file):
        at.diagnostics.append(
            error("chapter-missing", f"'{path}' is listed and not there", span, "Mend the name or the list.")
        )
        return None
    return read_source(at.folder, path, span, at.diagnostics, title)


def _close_chapter(at: _Reading) -> None:
    if at.chapter:
        kind, matter = guess(at.chapter[0].path)
        kind = kind if matter == "bodymatter" else "chapter"
        at.in_part.append(Section(kind, "bodymatter", tuple(at.chapter)))
    at.chapter, at.indents = [], []


def _close_part(at: _Reading) -> None:
    _close_chapter(at)
    if at.part and not at.in_part:
        hint = "List its chapters below it, or take the heading out."
        said = f"the part '{at.part}' has no chapters"
        at.diagnostics.append(warning("part-empty", said, at.part_span, hint))
    if at.part and at.in_part:
        at.body.append(PartSections(at.part, tuple(at.in_part)))
    else:
        at.body.extend(at.in_part)
    at.part, at.in_part = "", []
