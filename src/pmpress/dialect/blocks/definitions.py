"""Definition lists, pandoc's, by the plug-in for markdown-it-py."""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, paragraph
from markdown_it.rules_core import StateCore
from mdit_py_plugins.deflist import deflist_plugin

from pmpress.dialect.blocks import captions


def register(md: MarkdownIt) -> None:
    """Add definition lists to a tokeniser."""
    md.use(deflist_plugin)
    md.block.ruler.before("deflist", "no_term", _no_term)
    md.core.ruler.push("definition_lines", _give_lines)


def _no_term(state: StateBlock, first: int, end: int, silent: bool) -> bool:
    """A paragraph before what the plug-in would take for a definition: indented code, or a table's caption."""
    line = first + 2 if first + 2 < end and state.isEmpty(first + 1) else first + 1
    if silent or line >= end or not state.src.startswith((":", "~"), state.bMarks[line] + state.tShift[line]):
        return False
    wrong = state.is_code_block(line) or (line > first + 1 and captions.follows(state, line, end))
    return wrong and paragraph(state, first, end, False)


def _give_lines(state: StateCore) -> None:
    """The plug-in has a term end where it begins, and a definition begin with the term of the one before."""
    for index, token in enumerate(state.tokens):
        if token.type == "dt_open" and token.map:
            token.map = [token.map[0], token.map[0] + 1]
        elif token.type == "dd_open" and token.map and (first := state.tokens[index + 1].map):
            token.map = [first[0], token.map[1]]
