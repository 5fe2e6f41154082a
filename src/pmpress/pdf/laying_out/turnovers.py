"""Lines of code too long for the page, and the mark beside each that goes on in the next.

The mark is drawn as lines, not as text, and is no part of the tagged text: it is not copied out of the book with the
code.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias
from xml.etree.ElementTree import Element

from weasyprint.formatting_structure.boxes import BlockContainerBox, LineBox, TextBox

from pmpress.pdf.facts import PT
from pmpress.pdf.typesetter.engine import Document

_Box: TypeAlias = Any
_HEIGHT = 3.6  # pt, of the hook
_WIDTH = 3.0
_BARB = 1.2
# A hook that comes from above and turns back to the left, with its point.
_HOOK = (
    "{right:.2f} {top:.2f} m {right:.2f} {foot:.2f} l {left:.2f} {foot:.2f} l S "
    "{barb:.2f} {above:.2f} m {left:.2f} {foot:.2f} l {barb:.2f} {below:.2f} l S"
)


def mark(document: Document, pdf: Any) -> None:
    """Draw the marks into the pages of a document that is being written as `pdf`: a part of the engine's `finisher`."""
    reached: dict[Element, tuple[str, int]] = {}
    for page, reference in zip(document.pages, pdf.page_references, strict=True):
        hooks = [_hook(block, line) for block, line in _turned(page._page_box, reached)]
        if hooks:
            contents = pdf.objects[int(pdf.objects[int(reference.split()[0])]["Contents"].split()[0])]
            contents.stream.append(f"/Artifact BMC q 0.5 w 0.45 G {' '.join(hooks)} Q EMC")


def _turned(box: _Box, reached: dict[Element, tuple[str, int]]) -> Iterator[tuple[_Box, _Box]]:
    """The lines of code in a box that go on in the next line, each with its block. `reached` holds the text of each
    block of code, and how much of that stands on the pages before."""
    for child in getattr(box, "children", ()):
        if isinstance(child, LineBox) or not hasattr(child, "children"):
            continue
        element = child.element
        if element is not None and element.tag == "pre" and isinstance(child, BlockContainerBox):
            yield from ((child, line) for line in _turned_lines(child, element, reached))
        else:
            yield from _turned(child, reached)


def _turned_lines(block: _Box, element: Element, reached: dict[Element, tuple[str, int]]) -> Iterator[_Box]:
    text, place = reached.get(element) or ("".join(element.itertext()), 0)
    for line in block.children:
        shown = "".join(_texts(line))
        if not text.startswith(shown, place):  # the engine may leave out the spaces at which it turns a line
            place = _behind_spaces(text, place)
        place += len(shown)
        if text.startswith("\n", place):
            place += 1
        elif _behind_spaces(text, place) < len(text):
            yield line
    reached[element] = text, place


def _behind_spaces(text: str, place: int) -> int:
    while text.startswith(" ", place):
        place += 1
    return place


def _texts(box: _Box) -> Iterator[str]:
    for child in box.children:
        if isinstance(child, TextBox):
            yield child.text
        elif hasattr(child, "children"):
            yield from _texts(child)


def _hook(block: _Box, line: _Box) -> str:
    """The mark in the middle of the block's padding, beside a line: in pt from the page's left and top edge."""
    left = (block.content_box_x() + block.width + block.padding_right / 2) * PT - _WIDTH / 2
    middle = (line.position_y + line.height / 2) * PT
    foot = middle + _HEIGHT / 2
    return _HOOK.format(
        left=left,
        right=left + _WIDTH,
        top=middle - _HEIGHT / 2,
        foot=foot,
        barb=left + _BARB,
        above=foot - _BARB,
        below=foot + _BARB,
    )
