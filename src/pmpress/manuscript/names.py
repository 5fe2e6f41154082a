"""Names made from file names: for files, plain ASCII; for readers, words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import replace
from pathlib import PurePosixPath

from pmpress.diagnostics import Diagnostic, Span, note
from pmpress.manuscript.order import PartSections, Section, Sections

# Names that the parts of an EPUB have already.
_TAKEN = re.compile(r"nav|cover|titlepage|copyright-page|toc|contents|package|content|book|part-\d+")

_LONGEST = 80


def ascii_slug(text: str) -> str:
    """Lower-case ASCII letters and digits with single hyphens between, not too long for a file's name; empty if
    nothing is left."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain.replace("'", ""))[:_LONGEST].strip("-")


def humanise(name: str) -> str:
    """A file's or folder's name as a title: `02-first_steps` → "First steps"."""
    words = re.sub(r"[-_.\s]+", " ", re.sub(r"^[\d\W_]+(?=\w)", "", name)).strip() or name
    return words[:1].upper() + words[1:]


def named(sections: Sections, diagnostics: list[Diagnostic]) -> Sections:
    """Give each section a slug of its own, by its first file's name: the name of its file in the EPUB. Where plain
    letters make one name of two, a note says which the second is given."""
    given: dict[str, str] = {}

    def name(section: Section) -> Section:
        path = section.sources[0].path
        base, slug = _slug(path), _free_slug(path, given)
        first = given.get(base)
        if first is not None and slug != base and _differ(path, first):
            message = f"in plain letters '{path}' is called as '{first}' is: in the e-book its file is {slug}.xhtml"
            diagnostics.append(note("file-renamed", message, Span(path), "Name one of them otherwise."))
        given[slug] = path
        return replace(section, slug=slug)

    def name_all(item: Section | PartSections) -> Section | PartSections:
        if isinstance(item, Section):
            return name(item)
        return replace(item, sections=tuple(name(section) for section in item.sections))

    front = tuple(name(section) for section in sections.front)
    body = tuple(name_all(item) for item in sections.body)
    return Sections(front, body, tuple(name(section) for section in sections.back))


def _differ(path: str, other: str) -> bool:
    """Whether it is only their special letters by which the names of two files can be told apart."""
    one, two = (PurePosixPath(each).stem for each in (path, other))
    return one.casefold() != two.casefold() and bool(ascii_slug(one))


def _slug(path: str) -> str:
    """What a section of this file is called, if nothing else is."""
    file = PurePosixPath(path)
    # Every folder's README would be called the same.
    opens_folder = file.stem.lower() in ("readme", "index") and file.parent.name
    base = ascii_slug(file.parent.name if opens_folder else file.stem) or "text"
    # The slug is an id in XML too, and may not begin with a digit there.
    return f"ch{base}" if base[0].isdecimal() else base


def _free_slug(path: str, given: Collection[str]) -> str:
    base = _slug(path)
    slug, count = base, 1
    while slug in given or _TAKEN.fullmatch(slug):
        count += 1
        slug = f"{base}-{count}"
    return slug
