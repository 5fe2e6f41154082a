"""Text that says page numbers: "see page 42", the index, contents and lists.

In the model an element with `data-page-of="ANCHOR"` asks for the folio of an anchor's page; here it gets it. The links
of an element of the class `locators` become an index's: each page once, in order, and three and more pages on end a
range. A link there with `data-page-to` is a range by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml import etree

from pmpress import xhtml
from pmpress.model import PageMap

PAGE_OF, PAGE_TO, PAGED = "data-page-of", "data-page-to", "data-paged"

_UNKNOWN = "0"
_RANGE = 3


def say_pages(body: etree._Element, page_map: PageMap) -> None:
    """Put the folios into a text that asks for them; a page that is not known yet is 0."""
    for locators in _locators(body):
        _merge(locators, page_map)
    for element in body.iter(etree.Element):
        if anchor := element.attrib.pop(PAGE_OF, ""):
            element.text = page_map.folio(anchor) or _UNKNOWN


def _locators(body: etree._Element) -> Iterator[etree._Element]:
    for element in list(body.iter(etree.Element)):
        if "locators" in xhtml.classes_of(element):
            yield element


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Pages on end, by page_index, with the anchors that they begin and end at."""

    first: int
    last: int
    begins: str
    ends: str


def _merge(locators: etree._Element, page_map: PageMap) -> None:
    links = [link for link in locators if link.get(PAGE_OF)]
    found = sorted(filter(None, (_stretch(link, page_map) for link in links)), key=lambda each: (each.first, each.last))
    if not found:
        return
    is_index = any(link.get(xhtml.EPUB_TYPE) for link in links)
    separator, behind = (locators[0].tail if len(locators) > 1 else "") or ", ", locators[-1].tail
    for link in links:
        locators.remove(link)
    for stretch in _joined(found, page_map.labels):
        for place in _shown(stretch):
            if len(locators):
                locators[-1].tail = "–" if place == stretch.last and stretch.first != stretch.last else separator
            anchor = stretch.begins if place == stretch.first else stretch.ends
            link = etree.SubElement(locators, xhtml.tag("a"), {"href": f"#{anchor}"})
            if is_index:
                link.set(xhtml.EPUB_TYPE, "index-locator")
            link.text = page_map.labels[place]
    locators[-1].tail = behind


def _stretch(link: etree._Element, page_map: PageMap) -> _Stretch | None:
    begins = link.get(PAGE_OF, "")
    ends = link.get(PAGE_TO, begins)
    if begins not in page_map.anchors or ends not in page_map.anchors:
        return None
    first, last = page_map.anchors[begins], page_map.anchors[ends]
    return _Stretch(first, max(first, last), begins, ends if last > first else begins)


def _joined(found: Sequence[_Stretch], labels: Sequence[str]) -> Iterator[_Stretch]:
    """Each page once, and pages on end together where they are enough for a range or one was asked for. Where page 1
    follows on the front matter they are not on end: a reader sees no row in "vi–2"."""
    runs: list[list[_Stretch]] = []
    end = -1
    for each in found:
        is_next = each.first == end + 1 and labels[each.first].isdigit() == labels[end].isdigit()
        if runs and (each.first <= end or is_next):
            runs[-1].append(each)
        else:
            runs.append([each])
        end = max(end, each.last)
    for run in runs:
        last = max(run, key=lambda each: each.last)
        whole = _Stretch(run[0].first, last.last, run[0].begins, last.ends)
        if whole.last - whole.first + 1 >= _RANGE or any(each.first != each.last for each in run):
            yield whole
        else:
            pages: dict[int, _Stretch] = {}
            for each in run:
                pages.setdefault(each.first, each)
            yield from pages.values()


def _shown(stretch: _Stretch) -> tuple[int, ...]:
    return (stretch.first,) if stretch.first == stretch.last else (stretch.first, stretch.last)
