"""Captions, pandoc's: a paragraph that begins with `:` or `Table:` right before or after a table is the table's."""

from __future__ import annotations

import re

from markdown_it.rules_block import StateBlock

from pmpress.dialect.blocks import tables, tokens
from pmpress.dialect.inline import attributes

_LIST = re.compile(rf"[ \t]++(?P<list>{attributes.LIST})[ \t]*+$")
_MOST_LINES = 20  # of one caption: it keeps the look ahead short


def captioned(state: StateBlock, first: int, end: int, silent: bool) -> bool:
    """A caption, and the table it stands before."""
    if silent or not _begins(state, first):
        return False
    table = _table_after(state, first, end)
    if table < 0:
        return False
    place = len(state.tokens)
    tables.table(state, table, end, False)
    _put(state, place, first, table)
    return True


def table(state: StateBlock, first: int, end: int, silent: bool) -> bool:
    """A table, and the caption after it."""
    place = len(state.tokens)
    if not tables.table(state, first, end, silent):
        return False
    line = state.line
    if silent:
        return True
    if line < end and state.isEmpty(line):
        line += 1
    if line < end and _begins(state, line) and _table_after(state, line, end, blank=False) < 0:
        last = line + 1
        while last < end and last - line < _MOST_LINES and not _ends(state, last, end):
            last += 1
        _put(state, place, line, last)
        state.line = last
    return True


def follows(state: StateBlock, line: int, end: int) -> bool:
    """Whether line is where a caption begins that stands before its table."""
    return _begins(state, line) and _table_after(state, line, end) >= 0


def _begins(state: StateBlock, line: int) -> bool:
    if state.sCount[line] < state.blkIndent or state.is_code_block(line):
        return False
    return bool(tables.CAPTION.match(state.src, state.bMarks[line] + state.tShift[line], state.eMarks[line]))


def _ends(state: StateBlock, line: int, end: int) -> bool:
    if state.isEmpty(line) or state.sCount[line] < state.blkIndent:
        return True
    return any(rule(state, line, end, True) for rule in state.md.block.ruler.getRules("paragraph"))


def _table_after(state: StateBlock, first: int, end: int, *, blank: bool = True) -> int:
    """The line a table begins in, right after the caption that begins in line `first`; -1 if there is none."""
    line = first + 1
    while line < end and line - first < _MOST_LINES and not state.isEmpty(line):
        if tables.table(state, line, end, True):
            return line
        line += 1
    line += 1
    return line if blank and line < end and tables.table(state, line, end, True) else -1


def _put(state: StateBlock, place: int, first: int, last: int) -> None:
    """Make the lines the caption of the table whose tokens begin at `place`."""
    text = state.getLines(first, last, state.blkIndent, False).strip()
    table = state.tokens[place]
    if m := _LIST.search(text):
        tokens.dress(table, m["list"], state, first)
        text = text[: m.start()]
    text = tables.CAPTION.sub("", text, count=1)
    if table.map:
        table.map = [min(first, table.map[0]), max(last, table.map[1])]
    tokens.leaf(state, "caption", text, (first, last), place + 1)
