"""What the block rules have in common: a leaf of text put among the tokens, and attributes given to one."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

from pmpress.dialect.inline import attributes
from pmpress.dialect.reading import Reading


def leaf(state: StateBlock, tag: str, content: str, lines: tuple[int, int], place: int | None = None) -> Token:
    """Add an element that holds inline Markdown, at the end or at a place among the tokens; its opening token."""
    name = "paragraph" if tag == "p" else tag
    opened = state.push(f"{name}_open", tag, 1)
    inline = state.push("inline", "", 0)
    inline.content = content
    opened.map = inline.map = list(lines)
    closed = state.push(f"{name}_close", tag, -1)
    if place is not None:
        del state.tokens[-3:]
        state.tokens[place:place] = [opened, inline, closed]
    return opened


def dress(token: Token, written: str, state: StateBlock, line: int) -> None:
    """Give a token the attributes of a list such as `{#id .class}`, which stands in `line`."""
    reading: Reading = state.env["reading"]
    element = Element(token.tag)
    attributes.put(element, attributes.given(written), reading, line + reading.first_line)
    token.attrs.update(element.attrib)
