"""The blocks that are not CommonMark's: which rules read them, and where these stand among the others."""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock

from pmpress.dialect.blocks import admonitions, captions, definitions
from pmpress.dialect.blocks.admonitions import admonition
from pmpress.dialect.blocks.captions import captioned
from pmpress.dialect.blocks.divs import div
from pmpress.dialect.blocks.mixed import mixed
from pmpress.dialect.blocks.verse import verse
from pmpress.dialect.finish.abbreviations import definition
from pmpress.dialect.inline.mathematics import display

# By the character they begin with: most blocks begin with none of these, and are asked nothing more.
_RULES = {
    ":": (div, captioned),
    "T": (captioned,),
    "t": (captioned,),
    "!": (admonition,),
    "?": (admonition,),
    "|": (verse,),
    "<": (mixed,),
    "*": (definition,),
    "$": (display,),
}


def register(md: MarkdownIt) -> None:
    """Add the blocks to a tokeniser that has CommonMark's and tables."""
    md.options["alerts"] = True
    md.block.ruler.at("table", captions.table, {"alt": ["paragraph", "reference"]})
    md.block.ruler.after("table", "extras", _extras, {"alt": ["paragraph", "reference", "blockquote"]})
    definitions.register(md)
    md.core.ruler.push("admonitions", admonitions.finish)


def _extras(state: StateBlock, first: int, end: int, silent: bool) -> bool:
    place = state.bMarks[first] + state.tShift[first]
    if place >= state.eMarks[first] or state.src[place] not in _RULES:
        return False
    return any(rule(state, first, end, silent) for rule in _RULES[state.src[place]])
