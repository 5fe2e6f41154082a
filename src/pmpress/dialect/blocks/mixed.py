"""Raw HTML blocks with `markdown="1"`: what is in them is read as Markdown. As a block rule for markdown-it-py.

`markdown="block"` asks for blocks and `markdown="span"` for running text; `1`, or nothing, for what the element may
have.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from markdown_it.rules_block import StateBlock

from pmpress.dialect.blocks import tokens
from pmpress.dialect.html import policy

_VALUE = r"""(?:"[^"]*+"|'[^']*+'|[^\s"'=<>`]++)"""
_ATTRIBUTE = rf"""\s++(?!markdown\b)[A-Za-z_:][\w.:-]*+(?:\s*+=\s*+{_VALUE})?"""
_OPENING = re.compile(
    rf"<(?P<name>[A-Za-z][A-Za-z0-9]*+)(?P<before>(?:{_ATTRIBUTE})*)"
    rf"\s++markdown(?:=(?P<quote>[\"']?)(?P<mode>1|block|span|markdown)(?P=quote))?(?P<after>(?:{_ATTRIBUTE})*)\s*+>",
    re.IGNORECASE,
)
_PHRASING = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "summary", "dt", "td", "th"})
_READ = (policy.BLOCKS | {name for name in policy.REPLACED if name not in {"listing", "xmp"}}) - policy.VOID - {"pre"}


def mixed(state: StateBlock, first: int, end: int, silent: bool) -> bool:
    """An element with `markdown="1"`, up to its end tag."""
    if state.is_code_block(first):
        return False
    m = _OPENING.match(state.src, state.bMarks[first] + state.tShift[first], state.eMarks[first])
    if not m or m["name"].lower() not in _READ:
        return False
    close = _ends(state, m["name"].lower()).get(m.start())
    if close is None or close[0] >= state.eMarks[end - 1]:
        return False
    if silent:
        return True
    last = bisect_right(state.bMarks, close[0], first, end) - 1
    name, mode = m["name"].lower(), (m["mode"] or "1").lower()
    _raw(state, first, f"<{m['name']}{m['before']}{m['after']}>")
    state.level += 1
    if mode == "span" or (mode != "block" and name in _PHRASING):
        _text(state, first, last, m.end(), close[0])
    else:
        _blocks(state, first, last, m.end(), close[0])
    state.level -= 1
    _raw(state, last, state.src[close[0] : state.eMarks[last]])
    state.line = last + 1
    return True


def _ends(state: StateBlock, name: str) -> dict[int, tuple[int, int]]:
    """Where each start tag of this name has its end tag: found once for the whole text."""
    known: dict[str, dict[int, tuple[int, int]]] = state.env.setdefault("ends", {})
    if name not in known:
        known[name] = pairs = {}
        waiting: list[int] = []
        for m in re.finditer(rf"<(/?){name}(?=[\s/>])[^<>]*+>", state.src, re.IGNORECASE):
            if not m[1]:
                waiting.append(m.start())
            elif waiting:
                pairs[waiting.pop()] = m.span()
    return known[name]


def _raw(state: StateBlock, line: int, text: str) -> None:
    token = state.push("html_block", "", 0)
    token.map = [line, line + 1]
    token.content = text + "\n"


def _text(state: StateBlock, first: int, last: int, begin: int, end: int) -> None:
    text = state.src[begin:end]
    first += text.count("\n") - text.lstrip().count("\n")
    tokens.leaf(state, "p", text.strip(), (first, last + 1)).hidden = True


def _blocks(state: StateBlock, first: int, last: int, begin: int, end: int) -> None:
    """Read what stands between the tags; for that time the lines they stand in begin and end with it."""
    marks = state.bMarks[first], state.tShift[first], state.sCount[first], state.eMarks[last], state.lineMax
    text = state.src[begin : min(end, state.eMarks[first])]
    shift = len(text) - len(text.lstrip(" \t"))
    state.bMarks[first], state.tShift[first], state.sCount[first] = begin, shift, state.blkIndent
    state.eMarks[last] = max(end, state.bMarks[last] + state.tShift[last] if last > first else begin)
    state.lineMax = last + 1
    state.md.block.tokenize(state, first, last + 1)
    state.bMarks[first], state.tShift[first], state.sCount[first], state.eMarks[last], state.lineMax = marks
