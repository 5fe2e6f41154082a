"""Names made from file names: for files, plain ASCII; for readers, words."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from pathlib import PurePosixPath

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


def named(sections: Sections) -> Sections:
    """Give each section a slug of its own, by its first file's name: the name of its file in the EPUB."""
    given: set[str] = set()

    def name(section: Section) -> Section:
        slug = _free_slug(section.sources[0].path, given)
        given.add(slug)
        return replace(section, slug=slug)

    def name_all(item: Section | PartSections) -> Section | PartSections:
        if isinstance(item, Section):
            return name(item)
        return replace(item, sections=tuple(name(section) for section in item.sections))

    front = tuple(name(section) for section in sections.front)
    body = tuple(name_all(item) for item in sections.body)
    return Sections(front, body, tuple(name(section) for section in sections.back))


def _free_slug(path: str, given: set[str]) -> str:
    file = PurePosixPath(path)
    # Every folder's README would be called the same.
    opens_folder = file.stem.lower() in ("readme", "index") and file.parent.name
    base = ascii_slug(file.parent.name if opens_folder else file.stem) or "text"
    # The slug is an id in XML too, and may not begin with a digit there.
    base = f"ch{base}" if base[0].isdecimal() else base
    slug, count = base, 1
    while slug in given or _TAKEN.fullmatch(slug):
        count += 1
        slug = f"{base}-{count}"
    return slug
