"""The tree between blocks and text: its names that are not HTML, a way through it, and its last shape.

The tree is the standard library's, as Python-Markdown builds it. A paragraph in a list without blank lines is a `tight`
and a block of raw HTML a `raw`: they are there to be counted by, and only what is in them reaches the text.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from markdown.treeprocessors import Treeprocessor

from pmpress import xhtml

TIGHT = "tight"
RAW_BLOCK = "raw"
INLINE_NOTE = "note"
ATTRIBUTES = "attributes"  # a list of them, until it is given to the element before it
CITED = "data-cite"  # the attribute with the key of a work that may be cited
VARIABLE = "data-variable"  # the attribute with the name of a variable; empty if it is escaped
SOURCE = "raw"  # the attribute with an inline element's exact source, while there is use for it
CONTAINERS = frozenset(
    {"div", "blockquote", "ul", "ol", "li", "dl", "dd", "section", "aside", "figure", "table", "thead", "tbody"}
)
HEADINGS = frozenset(xhtml.HEADINGS)
BLOCKS = CONTAINERS | HEADINGS | {"p", "pre", "hr", "tr", "dt", "caption", "figcaption", TIGHT, RAW_BLOCK}
MAX_INLINE_DEPTH = 40  # emphasis in emphasis in …: past this the text stays and the mark-up goes


def walk(root: Element) -> Iterator[tuple[bool, Element]]:
    """Each element twice: (True, it) where it begins and (False, it) where it ends. Does not recurse."""
    path = [(root, iter(root))]
    yield True, root
    while path:
        element, children = path[-1]
        child = next(children, None)
        if child is None:
            path.pop()
            yield False, element
        else:
            path.append((child, iter(child)))
            yield True, child


def omit(element: Element) -> None:
    """Have Python-Markdown's serialiser leave the element out and write only what is in it."""
    element.tag = None  # type: ignore[assignment]


class Shape(Treeprocessor):
    """Takes away what only the steps before had use for, emphasis too deep for any reader, and puts blocks on lines."""

    def run(self, root: Element) -> None:
        """See the base class."""
        depth = 0
        for begins, element in walk(root):
            if begins:
                _escape_attributes(element)
            if element.tag in BLOCKS:
                depth = 0
                if begins and element.tag in CONTAINERS:
                    _on_lines(element)
                elif not begins and element.tag in {TIGHT, RAW_BLOCK}:
                    omit(element)
            elif begins:
                depth += 1
            else:
                depth -= 1
                if depth >= MAX_INLINE_DEPTH and element.tag in {"em", "strong", "del"}:
                    omit(element)


def _escape_attributes(element: Element) -> None:
    """Python-Markdown's serialiser takes `&copy;` for an entity; here it is text."""
    for name, value in element.items():
        if "&" in value:
            element.set(name, value.replace("&", "&amp;"))


def _on_lines(container: Element) -> None:
    """A line for each block in the container; the text of a tight item stays beside its tag."""
    last = len(container) - 1
    for index, child in enumerate(container):
        if index == 0 and child.tag != TIGHT:
            container.text = "\n"
        if child.tag != RAW_BLOCK and not (child.tag == TIGHT and index == last):
            child.tail = "\n"
