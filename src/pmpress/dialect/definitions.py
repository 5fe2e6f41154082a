"""Definition lists, pandoc's, by the plug-in for markdown-it-py."""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from mdit_py_plugins.deflist import deflist_plugin

from pmpress.dialect import captions


def register(md: MarkdownIt) -> None:
    """Add definition lists to a tokeniser."""
    md.use(deflist_plugin)
    md.block.ruler.before("deflist", "before_caption", captions.before_caption)
    md.core.ruler.push("definition_lines", _give_lines)


def _give_lines(state: StateCore) -> None:
    """The plug-in has a term end where it begins, and a definition begin with the term of the one before."""
    for index, token in enumerate(state.tokens):
        if token.type == "dt_open" and token.map:
            token.map = [token.map[0], token.map[0] + 1]
        elif token.type == "dd_open" and token.map and (first := state.tokens[index + 1].map):
            token.map = [first[0], token.map[1]]
