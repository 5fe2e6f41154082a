"""What a file's name says it is, in the words of the epub:type vocabulary."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from pmpress.model import Matter

_KINDS: dict[str, tuple[str, Matter]] = {
    "preface": ("preface", "frontmatter"),
    "foreword": ("foreword", "frontmatter"),
    "acknowledgements": ("acknowledgments", "frontmatter"),
    "acknowledgments": ("acknowledgments", "frontmatter"),
    "dedication": ("dedication", "frontmatter"),
    "epigraph": ("epigraph", "frontmatter"),
    "prologue": ("prologue", "bodymatter"),
    "introduction": ("introduction", "bodymatter"),
    "readme": ("introduction", "bodymatter"),
    "conclusion": ("conclusion", "bodymatter"),
    "epilogue": ("epilogue", "bodymatter"),
    "afterword": ("afterword", "backmatter"),
    "appendix": ("appendix", "backmatter"),
    "glossary": ("glossary", "backmatter"),
    "bibliography": ("bibliography", "backmatter"),
    "colophon": ("colophon", "backmatter"),
}
_OTHERWISE: dict[Matter, str] = {"frontmatter": "preface", "bodymatter": "chapter", "backmatter": "appendix"}


def _word(path: str) -> str:
    stem = PurePosixPath(path).stem.lower()
    match = re.match(r"[a-z]+", re.sub(r"^[\d\W_]+", "", stem))
    return match[0] if match else ""


def kind_of(path: str, matter: Matter) -> str:
    """The kind of a file that stands in the given matter: `02-preface.md` in the front matter is a preface.

    A word that belongs to another matter is not believed; what is left is a chapter, a preface or an appendix.
    """
    kind, usual = _KINDS.get(_word(path), ("", ""))
    return kind if usual == matter else _OTHERWISE[matter]


def is_kind(word: str, matter: Matter) -> bool:
    """Whether an author may call a text of this matter that."""
    return word == _OTHERWISE[matter] or (word, matter) in _KINDS.values()


def guess(path: str) -> tuple[str, Matter]:
    """The kind and the matter that a file's name alone makes likely."""
    return _KINDS.get(_word(path), ("chapter", "bodymatter"))
