"""The marks of a whole book, for whoever registers what they say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pmpress.model import Mark, Marks


def of_kind(marks: Iterable[Marks], kind: str) -> Iterator[tuple[str, Mark]]:
    """The marks of one kind, in reading order, each behind the slug of its chapter."""
    return ((each.chapter.slug, mark) for each in marks for mark in each.marks if mark.kind == kind)


def ids_in(marks: Iterable[Marks], chapter: str) -> set[str]:
    """The ids that stand in a chapter, by its slug."""
    return {mark.id for slug, mark in of_kind(marks, "anchor") if slug == chapter}
