"""The tree of a book's titles, from which every list of contents is made."""

from __future__ import annotations

from collections.abc import Iterable

from pmpress.model import Chapter, Entry, Heading, Leaf, Part

_UNLISTED = ("dedication", "epigraph")


def contents_of(items: Iterable[Chapter | Leaf | Part]) -> tuple[Entry, ...]:
    """One entry a part or chapter, with the headings inside a chapter nested by their levels. Leaves, dedications and
    epigraphs are in no list of contents."""
    return tuple(
        _part(item) if isinstance(item, Part) else _chapter(item)
        for item in items
        if not (isinstance(item, Leaf) or (isinstance(item, Chapter) and item.kind in _UNLISTED))
    )


def _part(part: Part) -> Entry:
    return Entry(part.slug, part.title, "part", part.number, contents_of(part.chapters))


def _chapter(chapter: Chapter) -> Entry:
    below = _nested(chapter.slug, chapter.headings)
    return Entry(chapter.slug, chapter.title, chapter.kind, chapter.number, below, chapter.title_language)


def _nested(slug: str, headings: tuple[Heading, ...]) -> tuple[Entry, ...]:
    """The headings as a tree: each with those that follow it and are lower, up to the next of its own level."""
    entries = []
    place = 0
    while place < len(headings):
        head = headings[place]
        end = place + 1
        while end < len(headings) and headings[end].level > head.level:
            end += 1
        below = _nested(slug, headings[place + 1 : end])
        entries.append(Entry(f"{slug}--{head.id}", head.title, "section", head.number, below, head.language))
        place = end
    return tuple(entries)
