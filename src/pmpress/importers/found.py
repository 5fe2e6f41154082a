"""What is brought in from a source, whatever kind it was: what the book says of itself, its texts, its pictures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pmpress.diagnostics import Diagnostic
from pmpress.model import Contributor, Matter


@dataclass(frozen=True, slots=True)
class About:
    """What a source says of the book: the values of `[book]`, still unchecked, and the layout that suits it. `cover` is
    the path of a picture in the manuscript's folder."""

    title: str = ""
    subtitle: str = ""
    contributors: tuple[Contributor, ...] = ()
    language: str = ""
    publisher: str = ""
    date: str = ""
    edition: str = ""
    rights: str = ""
    licence: str = ""
    description: str = ""
    subjects: tuple[str, ...] = ()
    isbn: str = ""
    identifier: str = ""
    cover: str = ""
    layout: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """A file of the manuscript: Markdown that begins with its title. `path` is relative to the folder; of one that has
    none yet a name is made from its title. `part` is the title of the part it stands in."""

    markdown: str
    title: str = ""
    path: str = ""
    part: str = ""
    matter: Matter = "bodymatter"
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A source, read. `files` are pictures and whatever else is copied, by their paths in the manuscript's folder.
    `has_order`: one of them is a `SUMMARY.md` that says the order of the texts."""

    about: About
    texts: tuple[Text, ...]
    files: Mapping[str, bytes] = field(default_factory=dict)
    diagnostics: tuple[Diagnostic, ...] = ()
    has_order: bool = False
