"""The order of a book's files, however it was found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pmpress.model import Matter


@dataclass(frozen=True, slots=True)
class Source:
    """One file's text. `path` is relative to the manuscript's folder, with `/`; `depth` is how far its headings are
    lowered below the chapter's own (0: it begins a chapter); `title` is what the order calls it, where it does.

    `included` are the other files that its text comes from; if there are any, `lines` says for each line of the text
    the file and the line it was written in.
    """

    path: str
    text: str
    depth: int = 0
    title: str = ""
    lines: tuple[tuple[str, int], ...] | None = None
    included: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """What becomes a chapter, or several if its text has several titles: files in order, and an epub:type. `slug` is
    its name in the book; `is_placed`: the author has put it where it stands, it is no guess."""

    kind: str
    matter: Matter
    sources: tuple[Source, ...]
    slug: str = ""
    is_placed: bool = True


@dataclass(frozen=True, slots=True)
class PartSections:
    """The sections of one part."""

    title: str
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Sections:
    """A whole book's sections."""

    front: tuple[Section, ...] = ()
    body: tuple[Section | PartSections, ...] = ()
    back: tuple[Section, ...] = ()

    def all(self) -> Iterator[Section]:
        """Every section in reading order."""
        yield from self.front
        for item in self.body:
            yield from item.sections if isinstance(item, PartSections) else (item,)
        yield from self.back
