"""Source lines for what stands in the text, counted along the finished tree.

Blocks have their lines from the tokeniser. Inside them the line follows from the line breaks left in the text and from
the source of those elements that have swallowed some.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor
from markdown.util import HTML_PLACEHOLDER_RE, STX

from pmpress.dialect.reading import Reading, first_line_of
from pmpress.dialect.tree import ATTRIBUTES, BLOCKS, CITED, INLINE_NOTE, RAW_BLOCK, SOURCE, VARIABLE, walk
from pmpress.xhtml import SPAN

_LINED = frozenset({"a", "img", INLINE_NOTE, ATTRIBUTES})


class SourceLines(Treeprocessor):
    """Gives links, images, formulas, variables and references to notes their line as `data-src`, and each piece of raw
    HTML its own."""

    def __init__(self, md: Markdown, reading: Reading) -> None:
        super().__init__(md)
        self._reading = reading

    def run(self, root: Element) -> None:
        """See the base class."""
        line, begun = 0, [0]
        for begins, element in walk(root):
            if begins:
                if element.tag in BLOCKS:
                    line = first_line_of(element.get(SPAN, "")) or line
                begun.append(line)
                if element.tag not in {"pre", RAW_BLOCK}:
                    line += self._breaks(element.text, line)
                continue
            began = begun.pop()
            source = element.attrib.pop(SOURCE, None)
            if source is not None:
                line = began + source.count("\n")
            is_reference = "data-note" in element.attrib and element.tag != "aside"
            is_asked = CITED in element.attrib or bool(element.get(VARIABLE))
            if element.tag in _LINED or is_reference or is_asked or _is_math(element):
                element.set(SPAN, self._reading.source(began, began))
            line += self._breaks(element.tail, line)

    def _breaks(self, text: str | None, line: int) -> int:
        """How many lines the text goes on; raw HTML in it is told its line."""
        if not text:
            return 0
        breaks = text.count("\n")
        if STX not in text:
            return breaks
        place = before = 0
        for match in HTML_PLACEHOLDER_RE.finditer(text):
            index = int(match[1])
            before += text.count("\n", place, match.start())
            place = match.end()
            self._reading.html_lines[index] = line + before
            inside = str(self.md.htmlStash.rawHtmlBlocks[index]).count("\n")
            before += inside
            breaks += inside
        return breaks


def _is_math(element: Element) -> bool:
    return element.tag == "span" and element.get("class", "").startswith("math ")
