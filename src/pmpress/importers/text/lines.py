"""Lines of a plain text, and the blocks they turn out to be."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

Kind = Literal["prose", "lines", "heading", "items", "quote", "code", "table", "break"]


@dataclass(frozen=True, slots=True)
class Line:
    """A line without the space around it. `number` counts from 1 in the source, `indent` in columns; `gap` is how many
    empty lines stand before it."""

    text: str
    number: int
    indent: int
    gap: int = 0


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of text. `lines` are its words: of prose one, of a table the rows with tabs between cells, of code the
    lines as they were. `inside` are the blocks of a quote, or of each item of a list; `start` is the number of its
    first item, 0 for bullets; `label` is what a code block or an item says of itself."""

    kind: Kind
    number: int
    lines: tuple[str, ...] = ()
    gap: int = 1
    level: int = 2
    inside: tuple[tuple[Block, ...], ...] = ()
    start: int = 0
    label: str = ""
    indents: tuple[int, ...] = field(default=())

    @property
    def text(self) -> str:
        """Its words in one line."""
        return " ".join(self.lines)

    @property
    def is_line(self) -> bool:
        """Whether it is one line that stands alone, and no longer than a line is."""
        return self.kind == "prose" and len(self.lines) == 1 and self.label == "line"


def only_lines(block: Block, places: Sequence[int]) -> Block:
    """A block with some of its lines; what is left of several may be one that stands alone."""
    if len(places) == len(block.lines):
        return block
    number = block.number + min(places, default=0)
    if len(places) == 1 and block.kind == "lines":
        return Block("prose", number, (block.lines[places[0]],), block.gap, label="line")
    lines = tuple(block.lines[place] for place in places)
    indents = tuple(block.indents[place] for place in places) if block.indents else ()
    return replace(block, number=number, lines=lines, indents=indents)


def lines_of(text: str, above: int = 0) -> list[Line]:
    """The lines that say something, each with its place; so many lines are above them."""
    found: list[Line] = []
    gap = 0
    for number, written in enumerate(text.split("\n"), start=above + 1):
        bare = written.strip(" \t\u00a0\u3000\u200b\ufeff") if not written.isspace() else ""
        if not bare:
            gap += 1
            continue
        before = written[: len(written) - len(written.lstrip(" \t\u00a0\u3000\u200b\ufeff"))]
        found.append(Line(bare, number, len(before.expandtabs(4)), gap))
        gap = 0
    return found


def width(text: str) -> int:
    """How many columns a text takes: letters of East Asia take two (Unicode Standard Annex 11)."""
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)


def runs(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """The lines that stand together without an empty one between."""
    run: list[Line] = []
    for line in lines:
        if line.gap and run:
            yield run
            run = []
        run.append(line)
    if run:
        yield run


def starts_low(text: str) -> bool:
    """Whether the first letter is a small one."""
    found = re.search(r"[^\W\d_]", text[:20])
    return bool(found) and found[0].islower() if found else False
