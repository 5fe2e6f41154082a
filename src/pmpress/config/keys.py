"""What a table of `book.toml` is: keys as data, so that what is checked is also what can be listed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

Read = TypeVar("Read")
Shape = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reader(Generic[Read]):
    """What a value must be. Called with the TOML value it returns the checked one, or raises ValueError saying what is
    wanted. `shape` says the same in JSON Schema as far as that can, and as its `title` in words."""

    read: Callable[[Any], Read]
    shape: Shape

    def __call__(self, value: Any) -> Read:
        """The checked value."""
        return self.read(value)


def shaped(shape: Shape) -> Callable[[Callable[[Any], Read]], Reader[Read]]:
    """Make a function the reader of values of that shape."""
    return lambda read: Reader(read, shape)


@dataclass(frozen=True, slots=True)
class Doubt:
    """What is odd about a value, though it can be taken: a diagnostic still without its place, which is the line where
    the author wrote `said`. It is a warning, or only a note."""

    code: str
    message: str
    hint: str = ""
    said: str = ""
    is_note: bool = False


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a table. `read` says what its value must be; `code` is the diagnostic if it is not; `doc` is for the
    author. `files` says which files of the manuscript's folder a checked value names: the press reads their text.
    `doubts` looks at the TOML value of one that was taken."""

    name: str
    read: Reader[Any]
    doc: str
    default: Any = ""
    required: bool = False
    code: str = "config-type"
    files: Callable[[Any], Iterable[str]] | None = None
    doubts: Callable[[Any], Iterable[Doubt]] | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """One table of `book.toml`. `others`, if there is one, is what a key of any other name must be."""

    name: str
    keys: tuple[Key, ...]
    others: Key | None = None
