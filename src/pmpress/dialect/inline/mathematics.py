"""Mathematics between dollars: found by pandoc's rule, so that prices stay prices, and kept as the author wrote it.

A formula between `$$` may have an attribute list behind it, `$$x$$ {#eq-x}`.
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from markdown.util import AtomicString
from markdown_it.rules_block import StateBlock

from pmpress.dialect.tree import SOURCE

# After the opening dollar stands no space, before the closing one neither, and after that no digit.
_INLINE = re.compile(r"(?=[^\s$])(?:[^\s\\$]++|\\.?|\$(?=[0-9])|\s++(?![\s$]))*", re.DOTALL)

_BEFORE_LIST = re.compile(r"[ \t]++(?=\{\#)")
_LAST_LINE = re.compile(r"\$\$(?:[ \t]*+\{\#[^{}]*+\})?\Z")
_UNCLOSED = "unclosed mathematics"  # key in a block state's environment


class Dollars:
    """Reads on from a `$` or `$$`.

    `_unclosed` has for each the text after the last one that nothing closed, and how long that text was where the
    search for an end stopped: what begins in between has no end either.
    """

    def __init__(self) -> None:
        self._unclosed = {"$": ("", 0), "$$": ("", 0)}

    def read(self, m: re.Match[str], data: str) -> tuple[Element | None, int, int]:
        """The mathematics that begins with the dollars `m`, if it is any, in the form `handleMatch` gives it."""
        rest = data[m.end() :]
        text, left = self._unclosed[m[0]]
        if len(rest) > left and text.endswith(rest):
            return None, m.start(), m.end()
        stop = where_ended(data, m.end(), m[0])
        tex = data[m.end() : stop].strip()
        if not tex or not data.startswith(m[0], stop):
            self._unclosed[m[0]] = rest, len(data) - stop
            return None, m.start(), m.end()
        end = stop + len(m[0])
        element = Element("span", {"class": "math inline" if m[0] == "$" else "math display"})
        element.set(SOURCE, data[m.start() : end])
        element.text = AtomicString(tex.replace("&", "&amp;"))
        if m[0] == "$$" and (spaces := _BEFORE_LIST.match(data, end)):
            end = spaces.end()
        return element, m.start(), end


def where_ended(data: str, begin: int, dollars: str) -> int:
    """Where the `dollars` stand that close mathematics which begins at `begin`, or where the search for them ended."""
    if dollars == "$$":
        end = data.find("$$", begin)
        return len(data) if end < 0 else end
    m = _INLINE.match(data, begin)
    return m.end() if m else begin


def display(state: StateBlock, first: int, end: int, silent: bool) -> bool:
    """A block rule: lines from one that begins with `$$` to one that ends with it are a paragraph, whatever is between.

    Otherwise a `-` at the beginning of a line would make a list of it. It needs no blank line before it.
    """
    if state.is_code_block(first) or not _line(state, first).startswith("$$"):
        return False
    last = _last_line(state, first, end)
    if last is None or silent:
        return last is not None
    state.line = last + 1
    opened = state.push("paragraph_open", "p", 1)
    inline = state.push("inline", "", 0)
    inline.content = state.getLines(first, state.line, state.blkIndent, False).strip()
    opened.map = inline.map = [first, state.line]
    state.push("paragraph_close", "p", -1)
    return True


def _last_line(state: StateBlock, first: int, end: int) -> int | None:
    """The line that closes the mathematics which `first` opens, if it is another; where one opens that nothing closes,
    those up to where the search ended are closed by nothing either."""
    if "$$" in _line(state, first)[2:]:
        return None
    begin, stop, indent = state.env.get(_UNCLOSED, (0, 0, -1))
    if begin <= first < stop and indent == state.blkIndent:
        return None
    for line in range(first + 1, end):
        if state.isEmpty(line) or state.sCount[line] < state.blkIndent:
            state.env[_UNCLOSED] = (first, line, state.blkIndent)
            return None
        if _LAST_LINE.search(_line(state, line)):
            return line
    state.env[_UNCLOSED] = (first, end, state.blkIndent)
    return None


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]].rstrip()
