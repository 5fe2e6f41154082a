"""What a text is, in the words of the epub:type vocabulary: as its author says, or as its file is called."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath

from pmpress.model import Matter

# Where a text of each kind may stand, its usual place first.
_MATTERS: Mapping[str, tuple[Matter, ...]] = {
    "dedication": ("frontmatter",),
    "epigraph": ("frontmatter",),
    "loi": ("frontmatter", "backmatter"),
    "lot": ("frontmatter", "backmatter"),
    "foreword": ("frontmatter",),
    "preface": ("frontmatter",),
    "acknowledgments": ("frontmatter", "backmatter"),
    "introduction": ("bodymatter", "frontmatter"),
    "prologue": ("bodymatter",),
    "chapter": ("bodymatter", "frontmatter", "backmatter"),
    "conclusion": ("bodymatter",),
    "epilogue": ("bodymatter",),
    "afterword": ("backmatter", "bodymatter"),
    "appendix": ("backmatter", "bodymatter"),
    "endnotes": ("backmatter",),
    "glossary": ("backmatter", "frontmatter"),
    "bibliography": ("backmatter",),
    "index": ("backmatter",),
    "contributors": ("backmatter", "frontmatter"),
    "colophon": ("backmatter", "frontmatter"),
}
_OTHER_NAMES = {"acknowledgements": "acknowledgments", "about-the-author": "contributors"}
_FILES = {"readme": "introduction", "about": "contributors", **_OTHER_NAMES}
# Too common as names of files to say anything where nobody has given them a place.
_COMMON = frozenset({"chapter", "index", "contributors"})
_OTHERWISE: dict[Matter, str] = {"frontmatter": "preface", "bodymatter": "chapter", "backmatter": "chapter"}


def kind_named(word: str) -> str:
    """The kind that an author calls by that word; empty if there is none."""
    kind = _OTHER_NAMES.get(word, word)
    return kind if kind in _MATTERS else ""


def matter_of(kind: str, wanted: Matter | None = None) -> Matter:
    """Where a text of a kind stands: where it is wanted, if it may stand there, else in its usual place."""
    return wanted if wanted in _MATTERS[kind] else _MATTERS[kind][0]


def kind_of(path: str, matter: Matter) -> str:
    """The kind of a file that stands in the given matter: `02-preface.md` in the front matter is a preface.

    A word that belongs to another matter is not believed; what is left is a preface or a chapter.
    """
    kind = _by_name(path)
    return kind if matter in _MATTERS.get(kind, ()) else _OTHERWISE[matter]


def guess(path: str) -> tuple[str, Matter]:
    """The kind and the matter that a file's name alone makes likely."""
    kind = _by_name(path)
    return (kind, _MATTERS[kind][0]) if kind and kind not in _COMMON else ("chapter", "bodymatter")


def _by_name(path: str) -> str:
    stem = PurePosixPath(path).stem.lower()
    match = re.match(r"[a-z]+", re.sub(r"^[\d\W_]+", "", stem))
    word = match[0] if match else ""
    kind = _FILES.get(word, word)
    return kind if kind in _MATTERS else ""
