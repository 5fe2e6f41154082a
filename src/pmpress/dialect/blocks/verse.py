"""Verse: pandoc's line blocks, in which each line begins with `|` and stays a line."""

from __future__ import annotations

from markdown_it.rules_block import StateBlock

from pmpress.dialect.blocks import tokens

_NO_BREAK_SPACE = "\xa0"


def verse(state: StateBlock, first: int, end: int, silent: bool) -> bool:
    """Two or more lines that begin with `| `; a line indented by a space goes on with the one before."""
    if silent or state.is_code_block(first):
        return False
    lines: list[str] = []
    marks, last = 0, first
    while last < end and not state.isEmpty(last) and state.sCount[last] >= state.blkIndent:
        text = state.src[state.bMarks[last] + state.tShift[last] : state.eMarks[last]].rstrip()
        if text == "|" or text.startswith("| "):
            if text.endswith("|") and len(text) > 1:  # a table's row
                return False
            marks += 1
        elif not (lines and state.sCount[last] > state.sCount[first]):
            return False
        lines.append(text)
        last += 1
    if marks < 2:
        return False
    opened = state.push("verse_open", "div", 1)
    opened.attrs["class"] = "verse"
    opened.map = [first, last]
    _stanzas(state, first, lines)
    state.push("verse_close", "div", -1)
    state.line = last
    return True


def _stanzas(state: StateBlock, first: int, lines: list[str]) -> None:
    begin = 0
    for index, line in enumerate([*lines, "|"]):
        if line == "|":
            if index > begin:
                tokens.leaf(state, "p", _text(lines[begin:index]), (first + begin, first + index))
            begin = index + 1


def _text(lines: list[str]) -> str:
    pieces: list[str] = []
    for line in lines:
        if not line.startswith("| "):
            pieces.append(f"\n{line}")
            continue
        text = line[2:].expandtabs(4)
        indent = len(text) - len(text.lstrip(" "))
        pieces.append(("  \n" if pieces else "") + _NO_BREAK_SPACE * indent + text[indent:])
    return "".join(pieces)
