"""Text that says the print's page numbers, in an e-book that knows them: "see page 42", the index."""

from __future__ import annotations

import re
from html import unescape

from lxml import etree

from pmpress.folios import PAGE_OF, PAGE_TO, PAGED, say_pages
from pmpress.model import PageMap
from pmpress.textplaces import OUTPUT
from pmpress.xhtml import remove

_ASKED = re.compile(rf'(?:{PAGE_OF}|{PAGE_TO})="([^"<]*)"')


def asked_by(page: str, page_map: PageMap) -> PageMap:
    """The few pages that a page's XHTML asks for; nothing if it asks for none."""
    asked = {unescape(anchor) for anchor in _ASKED.findall(page)}
    anchors = {anchor: page_map.anchors[anchor] for anchor in sorted(asked & page_map.anchors.keys())}
    return PageMap(page_map.labels, anchors) if anchors else PageMap()


def show_pages(body: etree._Element, page_map: PageMap) -> None:
    """Say pages wherever the text asks for one that is known; elsewhere the e-book's own words stay."""
    asking = [element for element in body.iter(etree.Element) if element.get(PAGE_OF)]
    for element in asking:
        if not {element.get(PAGE_OF), element.get(PAGE_TO, element.get(PAGE_OF))} <= page_map.anchors.keys():
            del element.attrib[PAGE_OF]
    for element in [element for element in body.iter(etree.Element) if element.get(PAGED)]:
        if any(inner.get(PAGE_OF) for inner in element.iter(etree.Element)):
            _take_over(element)
    say_pages(body, page_map)


def _take_over(element: etree._Element) -> None:
    """Have what is for print stand in the e-book too, perhaps instead of what is there for it."""
    before = element.getprevious()
    if element.get(PAGED) == "instead" and before is not None and before.get(OUTPUT) == "ebook":
        remove(before)
    element.attrib.pop(OUTPUT, None)
