"""GitHub's tables, as a block rule for markdown-it-py that never loses what an author put into a cell.

Two things differ from GitHub's reading, which drops text in both: a `|` inside a code span or between dollars separates
nothing where the row then fits its table, and cells beyond the last column are kept in the last column.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from markdown_it.rules_block import StateBlock

from pmpress.dialect.inline.mathematics import where_ended

_DELIMITER_ROW = re.compile(r"\|?[ \t]*+:?-++:?[ \t]*+(?:\|[ \t]*+:?-++:?[ \t]*+)*\|?[ \t]*+")
_PART = re.compile(r"\\.|`++|\$\$?|\|", re.DOTALL)
CAPTION = re.compile(r"(?::|[Tt]able:)[ \t]++(?=\S)")  # how a caption begins
_FILLED_CELLS = 10_000  # how many cells missing from short rows one table is given: 20 kB must not become 10 million


def table(state: StateBlock, first: int, end: int, silent: bool) -> bool:
    """A header row, a row of dashes with as many cells, and rows up to a blank line or another kind of block."""
    if first + 1 >= end or state.sCount[first + 1] < state.blkIndent or state.is_code_block(first + 1):
        return False
    header, delimiters = _line(state, first), _line(state, first + 1)
    if "|" not in header or not _DELIMITER_ROW.fullmatch(delimiters):
        return False
    classes = [_alignment(cell) for cell in _split(delimiters, frozenset())]
    titles = cells(header, len(classes))
    if len(titles) != len(classes):
        return False
    if silent:
        return True
    opened = state.push("table_open", "table", 1)
    state.push("thead_open", "thead", 1)
    _row(state, first, "th", titles, classes)
    state.push("thead_close", "thead", -1)
    state.line = _body(state, first + 2, end, classes)
    state.push("table_close", "table", -1)
    opened.map = [first, state.line]
    return True


def _body(state: StateBlock, first: int, end: int, classes: list[str]) -> int:
    """Push the rows from line `first` on, and return the first line that is none."""
    line, filled, columns = first, 0, len(classes)
    while line < end and filled < _FILLED_CELLS and not _ends(state, line, end):
        if line == first:
            state.push("tbody_open", "tbody", 1)
        found = cells(_line(state, line), columns)
        ragged = (len(found) > columns) - (len(found) < columns)
        if ragged > 0:
            found[columns - 1 :] = [" | ".join(found[columns - 1 :])]
        filled += columns - len(found)
        found += [""] * (columns - len(found))
        _row(state, line, "td", found, classes, ragged)
        line += 1
    if line > first:
        state.push("tbody_close", "tbody", -1)
    return line


def _ends(state: StateBlock, line: int, end: int) -> bool:
    if state.isEmpty(line) or state.sCount[line] < state.blkIndent or state.is_code_block(line):
        return True
    text = _line(state, line)
    if CAPTION.match(text) and "|" not in text:
        return True
    return any(rule(state, line, end, True) for rule in state.md.block.ruler.getRules("blockquote"))


def _row(state: StateBlock, line: int, tag: str, found: list[str], classes: list[str], ragged: int = 0) -> None:
    opened = state.push("tr_open", "tr", 1)
    opened.map = [line, line + 1]
    opened.meta = {"ragged": ragged}
    for text, name in zip(found, classes, strict=True):
        cell = state.push(f"{tag}_open", tag, 1)
        if name:
            cell.attrs["class"] = name
        inline = state.push("inline", "", 0)
        inline.content, inline.map = text, [line, line + 1]
        state.push(f"{tag}_close", tag, -1)
    state.push("tr_close", "tr", -1)


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]].strip()


def _alignment(cell: str) -> str:
    sides = (cell.startswith(":"), cell.endswith(":"))
    return {(True, True): "align-center", (True, False): "align-left", (False, True): "align-right"}.get(sides, "")


def cells(row: str, columns: int) -> list[str]:
    """The texts of a row's cells: its pipes in code and formulas left alone, unless GitHub's reading fits `columns`."""
    plain = _split(row, frozenset())
    return plain if len(plain) == columns else _split(row, frozenset(_pipes_inside(row)))


def _split(row: str, protected: frozenset[int]) -> list[str]:
    """The row cut at its pipes, but for escaped ones and those at the places `protected`."""
    cuts = [m.start() for m in _PART.finditer(row) if m[0] == "|" and m.start() not in protected]
    # A backslash inside a code span escapes a pipe too, so escapes are looked for everywhere.
    found = [row[before + 1 : cut].strip().replace("\\|", "|") for before, cut in pairwise([-1, *cuts, len(row)])]
    if row.startswith("|"):
        del found[0]
    if cuts and cuts[-1] == len(row) - 1 and found:
        del found[-1]
    return found


def _pipes_inside(row: str) -> Iterator[int]:
    """The places of unescaped pipes inside code spans and between dollars."""
    if "`" not in row and "$" not in row:
        return
    parts = [(m.start(), m[0]) for m in _PART.finditer(row)]
    closers: defaultdict[str, list[int]] = defaultdict(list)
    for index in range(len(parts) - 1, -1, -1):
        if parts[index][1][0] == "`":
            closers[parts[index][1]].append(index)
    searched = {"$": 0, "$$": 0}  # up to where nothing closes what such dollars open
    index = 0
    while index < len(parts):
        place, text = parts[index]
        while text[0] == "`" and closers[text] and closers[text][-1] <= index:
            closers[text].pop()
        close = index
        if text[0] == "`" and closers[text]:
            close = closers[text][-1]
        elif text[0] == "$" and place >= searched[text]:
            searched[text] = where_ended(row, place + len(text), text)
            if row.startswith(text, searched[text]) and searched[text] > place + len(text):
                close = next(later for later in range(index, len(parts)) if parts[later][0] >= searched[text])
        yield from (place for place, inside in parts[index:close] if inside == "|")
        index = close + 1
