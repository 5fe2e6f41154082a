"""The index: words marked where they stand, sorted, and told by the place where they are found.

An author marks a word, or a place, with the class `index`; `marking` reads that, `entries` makes one tree of all marks
of the book, and `setting` writes it into the chapter that is there for it.
"""

from __future__ import annotations

from pmpress.features.index.entries import register
from pmpress.features.index.marking import MARK, collect
from pmpress.features.index.setting import resolve
from pmpress.features.marks import of_kind
from pmpress.model import Marks, Settings

__all__ = ["FILLS", "collect", "register", "resolve"]


def _is_wanted(marks: tuple[Marks, ...], settings: Settings) -> bool:
    return any(of_kind(marks, MARK))


FILLS = {"index": _is_wanted}
