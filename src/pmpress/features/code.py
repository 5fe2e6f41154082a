"""Code: listings with a title are counted, and lines numbered where the author asks for it."""

from __future__ import annotations

from lxml import etree

from pmpress import xhtml
from pmpress.features.captions import enter
from pmpress.features.galley import Galley, caption_of
from pmpress.features.numbering import SHORT

_OF_LISTING = ("id", SHORT)


def collect(galley: Galley) -> None:
    """Have each listing with a title or an id counted, and number the lines of those that say so (class `numbered`)."""
    for block in xhtml.elements(galley.body, "pre"):
        start = int(block.attrib.pop("data-start", "1"))
        if "numbered" in xhtml.classes_of(block):
            _number_lines(block, start)
        figure = _listing(block)
        if figure is not None:
            for name in _OF_LISTING:
                if name in block.attrib and name not in figure.attrib:
                    figure.set(name, block.attrib.pop(name))
            enter(galley, figure, "listing")


def _listing(block: etree._Element) -> etree._Element | None:
    """The figure of a block of code; one that has an id and none is put into one. None: it is no listing."""
    parent = block.getparent()
    if parent is None:
        return None
    if xhtml.local(parent) == "figure":
        is_listing = "listing" in xhtml.classes_of(parent) and caption_of(parent) is not None
        return parent if is_listing else None
    if not block.get("id"):
        return None
    figure = etree.Element(xhtml.tag("figure"), {"class": "listing"})
    figure.tail, block.tail = block.tail, None
    if source := block.get(xhtml.SPAN):
        figure.set(xhtml.SPAN, source)
    parent.replace(block, figure)
    etree.SubElement(figure, xhtml.tag("figcaption"))
    figure.append(block)
    return figure


def _number_lines(block: etree._Element, start: int) -> None:
    """Put its number at the beginning of each line: what a reading voice skips."""
    code = next((child for child in block if xhtml.local(child) == "code"), block)
    text = "".join(code.itertext())
    lines = text.count("\n") + (not text.endswith("\n"))
    numbers = (_number(number) for number in range(start, start + lines))
    walk = etree.iterwalk(code, events=("start", "end"))
    # Where there is text, in its order: in an element where that begins, behind it where it ends.
    places = [(element, event == "start") for event, element in walk if event == "start" or element is not code]
    code.text = f"\n{code.text or ''}"
    for element, is_inside in places:
        before, *following = ((element.text if is_inside else element.tail) or "").split("\n")
        begun = []
        for left, (line, number) in enumerate(zip(following, numbers, strict=False), start=1 - len(following)):
            number.tail = f"{line}\n" if left else line
            begun.append(number)
        _put(element, is_inside, f"{before}\n" if following else before, begun)
    code.text = None


def _number(number: int) -> etree._Element:
    span = etree.Element(xhtml.tag("span"), {"class": "line-number", "aria-hidden": "true"})
    span.text = str(number)
    return span


def _put(element: etree._Element, is_inside: bool, text: str, numbers: list[etree._Element]) -> None:
    if is_inside:
        element.text = text
        element[:0] = numbers
        return
    element.tail = text
    for number in reversed(numbers):  # not by index: to find one takes as long as there are elements before it
        element.addnext(number)
