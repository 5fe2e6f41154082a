"""Mathematics between dollars: found by pandoc's rule, so that prices stay prices, and kept as the author wrote it."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from markdown.util import AtomicString
from markdown_it.rules_block import StateBlock

from pmpress.dialect.tree import SOURCE

# After the opening dollar stands no space, before the closing one neither, and after that no digit.
_INLINE = re.compile(r"(?=[^\s$])(?:[^\s\\$]++|\\.?|\$(?=[0-9])|\s++(?![\s$]))*", re.DOTALL)


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
        stop = _inline_end(data, m.end()) if m[0] == "$" else _display_end(data, m.end())
        tex = data[m.end() : stop].strip()
        if not tex or not data.startswith(m[0], stop):
            self._unclosed[m[0]] = rest, len(data) - stop
            return None, m.start(), m.end()
        end = stop + len(m[0])
        element = Element("span", {"class": "math inline" if m[0] == "$" else "math display"})
        element.set(SOURCE, data[m.start() : end])
        element.text = AtomicString(tex.replace("&", "&amp;"))
        return element, m.start(), end


def _inline_end(data: str, begin: int) -> int:
    """Where a closing `$` stands, or where the search for it ended."""
    m = _INLINE.match(data, begin)
    return m.end() if m else begin


def _display_end(data: str, begin: int) -> int:
    end = data.find("$$", begin)
    return len(data) if end < 0 else end


def display(state: StateBlock, first: int, end: int, silent: bool) -> bool:
    """A block rule: lines from one that begins with `$$` to one that ends with it are a paragraph, whatever is between.

    Otherwise a `-` at the beginning of a line would make a list of it.
    """
    if silent or state.is_code_block(first) or not _line(state, first).startswith("$$"):
        return False
    last = first
    while not (_line(state, last).endswith("$$") and (last > first or len(_line(state, last)) > 4)):
        last += 1
        if last >= end or state.isEmpty(last) or state.sCount[last] < state.blkIndent:
            return False
    if last == first:
        return False
    state.line = last + 1
    opened = state.push("paragraph_open", "p", 1)
    inline = state.push("inline", "", 0)
    inline.content = state.getLines(first, state.line, state.blkIndent, False).strip()
    opened.map = inline.map = [first, state.line]
    state.push("paragraph_close", "p", -1)
    return True


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]].rstrip()
