"""Fenced divs, pandoc's: `::: name` or `::: {#id .class}`, text, and `:::`; as a block rule for markdown-it-py.

A fence with attributes opens, a fence without closes what was opened last. Three colons are enough at every level.
"""

from __future__ import annotations

import re

from markdown_it.rules_block import StateBlock

from pmpress.dialect.blocks import tokens
from pmpress.dialect.inline import attributes
from pmpress.dialect.reading import Reading

_OPENING = re.compile(rf":::+[ \t]*+(?:(?P<name>[^\s{{}}:][^\s{{}}:]*+)|(?P<list>{attributes.LIST}))[ \t]*+:*+[ \t]*+")
_CLOSING = re.compile(r":::+[ \t]*+")


def div(state: StateBlock, first: int, end: int, silent: bool) -> bool:
    """Either fence of a div. One that is never closed is text, with a warning."""
    if state.is_code_block(first):
        return False
    line = state.src[state.bMarks[first] + state.tShift[first] : state.eMarks[first]]
    open_levels: list[int] = state.env.setdefault("divs", [])
    if _CLOSING.fullmatch(line):
        if silent:
            return bool(open_levels)
        return _close(state, first, open_levels)
    m = _OPENING.fullmatch(line)
    if not m or silent:
        return bool(m)
    place = len(state.tokens)
    opened = state.push("div_open", "div", 1)
    open_levels.append(state.level)
    indent = state.blkIndent
    state.md.block.tokenize(state, first + 1, end)
    state.blkIndent = indent
    opened.map = [first, state.line]
    if open_levels and open_levels[-1] == state.level:
        open_levels.pop()
        state.level -= 1
        del state.tokens[place]
        tokens.leaf(state, "p", line.strip(), (first, first + 1), place)
        reading: Reading = state.env["reading"]
        message = f"“{line.strip()}” is never closed: it is text"
        reading.warn("div-unclosed", message, first + reading.first_line, "close it with a line :::")
        return True
    state.push("div_close", "div", -1)
    if m["name"]:
        opened.attrs["class"] = m["name"]
    else:
        tokens.dress(opened, m["list"], state, first)
    return True


def _close(state: StateBlock, line: int, open_levels: list[int]) -> bool:
    if not open_levels or open_levels[-1] != state.level:
        return False
    open_levels.pop()
    # No line is indented as deep as this: it ends the tokeniser's loop over the div's content.
    state.blkIndent = len(state.src) + 4
    state.line = line + 1
    return True
