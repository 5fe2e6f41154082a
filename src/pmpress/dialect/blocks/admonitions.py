"""Admonitions: `!!! note "Title"` with indented text, and GitHub's `> [!NOTE]`. Nothing folds in a book: `???` is open.

`admonition` is a block rule for markdown-it-py, which reads GitHub's by itself; `finish` makes both the same.
"""

from __future__ import annotations

import re

from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from pmpress.dialect.blocks import tokens
from pmpress.dialect.reading import Reading
from pmpress.terms import terms_for

_OPENING = re.compile(
    r"(?:!!!|\?\?\?\+?)[ \t]*+(?P<kinds>[A-Za-z][\w-]*+(?:[ \t]++[A-Za-z][\w-]*+)*+)"
    r"(?:[ \t]++(?:\"(?P<title>[^\"]*+)\"|'(?P<other>[^']*+)'))?[ \t]*+"
)
_INDENT = 4


def admonition(state: StateBlock, first: int, end: int, silent: bool) -> bool:
    """A line that names the kind, and text indented by four under it: without that it is only a sentence."""
    if state.is_code_block(first):
        return False
    indent = state.sCount[first] + _INDENT
    m = _OPENING.fullmatch(state.src, state.bMarks[first] + state.tShift[first], state.eMarks[first])
    content = first + 1 if first + 1 < end and not state.isEmpty(first + 1) else first + 2
    if not m or content >= end or state.isEmpty(content) or state.sCount[content] < indent:
        return False
    if silent:
        return True
    kinds = m["kinds"].lower().split()
    title = m["title"] if m["title"] is not None else m["other"]
    opened = state.push("admonition_open", "aside", 1)
    opened.attrs["class"] = " ".join(["admonition", *kinds])
    if title != "":
        title = title or _word(kinds[0], state.env["reading"])
        tokens.leaf(state, "p", title, (first, first + 1)).attrs["class"] = "admonition-title"
    last = content
    while last < end and (state.isEmpty(last) or state.sCount[last] >= indent):
        last += 1
    _tokenize(state, first + 1, last, indent)
    state.push("admonition_close", "aside", -1)
    opened.map = [first, state.line]
    return True


def _tokenize(state: StateBlock, first: int, end: int, indent: int) -> None:
    """Read the lines as blocks of their own, indented by `indent`; no paragraph goes on behind them."""
    before = state.blkIndent, state.lineMax, state.parentType
    state.blkIndent, state.lineMax, state.parentType = indent, end, "admonition"
    state.md.block.tokenize(state, first, end)
    state.blkIndent, state.lineMax, state.parentType = before


def finish(state: StateCore) -> None:
    """Make GitHub's alerts admonitions, with a title in the language of the text."""
    opened: Token | None = None
    for index, token in enumerate(state.tokens):
        if token.type == "alert_open":
            opened = token
            token.attrs["class"] = f"admonition {token.info.lower()}"
        elif token.type == "alert_title_open" and opened and opened.map:
            token.attrs["class"] = "admonition-title"
            token.map = [opened.map[0], opened.map[0] + 1]
            state.tokens[index + 1].content = _word(opened.info.lower(), state.env["reading"])
        if token.type in {"alert_open", "alert_close"}:
            token.tag = "aside"


def _word(kind: str, reading: Reading) -> str:
    return terms_for(reading.language).get(kind) or kind.replace("-", " ").capitalize()
