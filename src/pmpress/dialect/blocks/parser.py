"""Blocks: what markdown-it-py takes apart becomes the element tree Python-Markdown works on.

markdown-it-py reads CommonMark's blocks, tables and note definitions, and knows the lines of each. Their inline text is
left as it is written: it becomes the text of the elements, for Python-Markdown's inline patterns.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any
from xml.etree.ElementTree import Element, ElementTree, SubElement

from markdown import Markdown
from markdown.blockparser import BlockParser
from markdown.util import AtomicString
from markdown_it import MarkdownIt
from markdown_it.common.utils import unescapeAll
from markdown_it.rules_block import StateBlock, blockquote, fence, heading, hr, html_block, list_block
from markdown_it.token import Token
from mdit_py_plugins.footnote.index import footnote_def

from pmpress.dialect.blocks import extras, listings
from pmpress.dialect.inline import attributes
from pmpress.dialect.reading import Reading
from pmpress.dialect.tree import RAW_BLOCK, TIGHT
from pmpress.xhtml import SPAN

MAX_NESTING = 24  # levels of quotes and lists (a list counts for two): past this each level costs time, not readers


_INDENT = re.compile(r"\n[ \t]+")
_LANGUAGE = re.compile(r"[\s{]*\.?([^\s,{}]+)")
_TASK = re.compile(r"\[([ xX])\][ \t]+(?=\S)")
# What may end the text of a quote; markdown-it-py's own rules under their names there.
_INTERRUPTING = {
    "fence": fence,
    "blockquote": blockquote,
    "hr": hr,
    "list": list_block,
    "html_block": html_block,
    "heading": heading,
}


class _Tokenizer(MarkdownIt):
    """markdown-it-py, without its judging and rewriting the addresses in link definitions: that is done for all."""

    def normalizeLink(self, url: str) -> str:
        return url

    def validateLink(self, url: str) -> bool:
        return True


@cache
def _tokenizer() -> MarkdownIt:
    """The tokeniser for blocks; it holds no state between texts."""
    md = _Tokenizer("commonmark", {"maxNesting": 2 * MAX_NESTING})
    md.core.ruler.enableOnly(["normalize", "block"])
    md.block.ruler.before("table", "too_deep", _too_deep)
    md.block.ruler.before("reference", "footnote_def", footnote_def, {"alt": ["paragraph", "reference"]})
    for name, rule in _INTERRUPTING.items():
        ends_lists = ["list"] if name in {"fence", "blockquote", "hr"} else []
        md.block.ruler.at(name, rule, {"alt": ["paragraph", "reference", *ends_lists]})
    md.block.ruler.push("interrupted", _interrupted, {"alt": ["blockquote"]})
    md.enable(["table"])
    extras.register(md)
    return md


def _interrupted(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """Whether a line that does not continue a quote's text begins something else: asked by quotes only.

    A line that a quote further out has judged, and marked as it does, is not judged again at each level: that would
    cost depth times length.
    """
    return silent and state.sCount[line] >= 0 and any(rule(state, line, end, True) for rule in _INTERRUPTING.values())


def _too_deep(state: StateBlock, first: int, end: int, silent: bool) -> bool:
    """Past the deepest nesting allowed, everything is one paragraph: the tokeniser itself would leave it out."""
    if silent or state.level < MAX_NESTING:
        return False
    line = first
    while line < end and (state.isEmpty(line) or state.sCount[line] >= state.blkIndent):
        line += 1
    paragraph = state.push("paragraph_open", "p", 1)
    inline = state.push("inline", "", 0)
    inline.content = state.getLines(first, line, state.blkIndent, False).strip()
    paragraph.map = inline.map = [first, line]
    paragraph.meta = {"deep": True}
    state.push("paragraph_close", "p", -1)
    state.line = line
    return True


class Blocks(BlockParser):
    """Python-Markdown's block parser, replaced: it takes a text apart as CommonMark does."""

    def __init__(self, md: Markdown, reading: Reading) -> None:
        super().__init__(md)
        self._reading = reading

    def parseDocument(self, lines: Any) -> ElementTree:
        """The text as an element tree whose texts are inline Markdown; fills `md.references` and `md.htmlStash`."""
        env: dict[str, Any] = {"reading": self._reading}
        text = "\n".join(lines).replace("\r\n", "\n").replace("\r", "\n")
        tokens = _tokenizer().parse(text, env)
        for label, found in env.get("references", {}).items():
            self.md.references[label] = (found["href"], found["title"])
        self.root = _Builder(self.md, self._reading, text).build(tokens)
        return ElementTree(self.root)


class _Builder:
    """Puts elements together from a flat row of tokens; `_open` are the elements not yet closed."""

    def __init__(self, md: Markdown, reading: Reading, text: str) -> None:
        self._md = md
        self._reading = reading
        self._written = _last_written_lines(text)
        self._root = Element(md.doc_tag)
        self._open = [self._root]
        self._notes: list[Element] = []
        self._leaves: dict[str, Callable[[Token], None]] = {
            "inline": self._inline,
            "fence": self._code,
            "code_block": self._code,
            "html_block": self._html,
            "hr": self._rule,
        }

    def build(self, tokens: list[Token]) -> Element:
        """The root element, note bodies in a section at its end."""
        for token in tokens:
            if token.nesting > 0:
                self._enter(token)
            elif token.nesting < 0:
                self._open.pop()
            else:
                self._leaves[token.type](token)
        if self._notes:
            SubElement(self._root, "section", {"class": "footnotes"}).extend(self._notes)
        return self._root

    def _enter(self, token: Token) -> None:
        if token.type == "footnote_reference_open":
            element = self._note(token)
        else:
            element = SubElement(self._open[-1], TIGHT if token.hidden else token.tag)
            for name, value in token.attrs.items():
                element.set(name, str(value))
        if token.tag == "th":
            element.set("scope", "col")
        if token.map:
            element.set(SPAN, self._lines(token))
            self._report(token)
        self._open.append(element)

    def _note(self, token: Token) -> Element:
        label = token.meta["label"]
        self._notes.append(Element("aside", {"data-note": label}))
        return self._notes[-1]

    def _report(self, token: Token) -> None:
        """What the block rules noticed."""
        if token.meta.get("deep"):
            message = "nested too deeply: from here on quotes and lists are read as plain text"
            self._reading.warn("nesting-deep", message, self._first(token))
        if ragged := token.meta.get("ragged"):
            message = (
                "this row has more cells than the table has columns: they are kept in its last cell"
                if ragged > 0
                else "this row has fewer cells than the table has columns: the last ones are empty"
            )
            hint = "write | as \\| where it separates nothing" if ragged > 0 else "write | for each cell, empty or not"
            self._reading.warn("table-ragged", message, self._first(token), hint)

    def _inline(self, token: Token) -> None:
        element, content = self._open[-1], token.content
        if "\n" in content:
            content = _INDENT.sub("\n", content)
        if element.tag in {"h1", "h2", "h3", "h4", "h5", "h6"}:
            content, said = attributes.at_end(content)
            attributes.put(element, said, self._reading, self._first(token))
        holder = self._open[-2] if len(self._open) > 1 else self._root
        if holder.tag == "li" and holder[0] is element and (m := _TASK.match(content)):
            holder.set("class", "task")
            mark = SubElement(element, "span", {"class": "task-mark"})
            mark.text = AtomicString("☐" if m[1] == " " else "☑")
            mark.tail = " " + content[m.end() :]
        elif content:
            element.text = content

    def _code(self, token: Token) -> None:
        source = self._lines(token)
        pre = SubElement(listings.holder(self._open[-1], token.info, source), "pre", {SPAN: source})
        if listings.is_captioned_twice(token.info):
            said = "a listing has one title or caption: the first is taken, and the others are left out"
            self._reading.warn("caption-twice", said, self._first(token))
        code = SubElement(pre, "code")
        info, given = attributes.of_fence(token.info)
        attributes.put(pre, given, self._reading, self._first(token))
        if m := _LANGUAGE.match(unescapeAll(info)):
            code.set("class", f"language-{m[1]}")
        code.text = AtomicString(token.content.replace("&", "&amp;"))

    def _html(self, token: Token) -> None:
        index = self._md.htmlStash.html_counter
        self._reading.html_lines[index] = self._first(token)
        self._reading.html_blocks.add(index)
        holder = SubElement(self._open[-1], RAW_BLOCK)
        holder.text = AtomicString(self._md.htmlStash.store(token.content))

    def _rule(self, token: Token) -> None:
        SubElement(self._open[-1], "hr", {SPAN: self._lines(token)})

    def _first(self, token: Token) -> int:
        return (token.map[0] if token.map else 0) + self._reading.first_line

    def _lines(self, token: Token) -> str:
        begin, end = token.map or (0, 1)
        last = max(begin, self._written[min(end, len(self._written)) - 1])
        return self._reading.source(begin + self._reading.first_line, last + self._reading.first_line)


def _last_written_lines(text: str) -> list[int]:
    """For each line (counted from 0) the last one up to it that is not blank."""
    last, found = 0, []
    for index, line in enumerate(text.split("\n")):
        if line.strip(" \t>"):
            last = index
        found.append(last)
    return found
