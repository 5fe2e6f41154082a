"""Characters that end a line or a paragraph by themselves: the engine breaks down on them, and no font has them.

They count as white space: a space in running text, a new line where lines are kept.
"""

from __future__ import annotations

import re

from lxml import etree

from pmpress import xhtml

# Carriage return, next line, line separator, paragraph separator. (Unicode Standard, 5.8)
_SEPARATOR = re.compile("\r\n|[\r\u0085\u2028\u2029]")


def spaced(text: str) -> str:
    """The text with a space for every separator."""
    return _SEPARATOR.sub(" ", text)


def space_out(body: etree._Element) -> None:
    """Put a space for every separator in a tree, a new line inside `pre`, and a space in all attributes."""
    for element in body.iter(etree.Element):
        keeps_lines = _is_preformatted(element) or any(map(_is_preformatted, element.iterancestors()))
        if element.text:
            element.text = _SEPARATOR.sub("\n" if keeps_lines else " ", element.text)
        for child in element:
            if child.tail:
                child.tail = _SEPARATOR.sub("\n" if keeps_lines else " ", child.tail)
        for name, value in element.attrib.items():
            if _SEPARATOR.search(value):
                element.set(name, spaced(value))


def _is_preformatted(element: etree._Element) -> bool:
    return xhtml.local(element) == "pre"
