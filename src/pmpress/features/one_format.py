"""Content for one format only: `.only-print` and `.only-ebook`, on whatever may have a class.

Each renderer drops what is the other's. What is counted is counted in both: a figure or a note has the same number
wherever the book is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy

from lxml import etree

from pmpress import xhtml
from pmpress.diagnostics import Diagnostic, warning
from pmpress.features.galley import Galley
from pmpress.features.marks import of_kind
from pmpress.folios import PAGED
from pmpress.model import Mark, Marks, Registry
from pmpress.textplaces import OUTPUT

FORMATS = ("print", "ebook")

_CLASSES = {f"only-{format_}": format_ for format_ in FORMATS}
_PART = _MARK = "one-format"
_CALLED = {"print": "the printed book", "ebook": "the e-book"}


def collect(galley: Galley) -> None:
    """Turn the classes into what the model says. An element that has both stands in both formats."""
    for root in galley.roots:
        for element in root.iter(etree.Element):
            classes = xhtml.classes_of(element)
            found = [_CLASSES[name] for name in classes if name in _CLASSES]
            if found:
                xhtml.set_classes(element, (name for name in classes if name not in _CLASSES))
                if len(set(found)) == 1:
                    element.set(OUTPUT, found[0])


def formats_of(element: etree._Element) -> frozenset[str]:
    """The formats that an element stands in: none, if what is for one stands in what is for the other."""
    said = {around.get(OUTPUT) for around in (element, *element.iterancestors())} - {None}
    return frozenset(format_ for format_ in FORMATS if said <= {format_})


def keep_to(element: etree._Element, formats: frozenset[str]) -> None:
    """Have an element in one format only, if these are all that it is of use in."""
    if len(formats) == 1:
        element.set(OUTPUT, *formats)


def list_places(galley: Galley) -> None:
    """List every id that stands in one format; works behind whatever gives ids."""
    for root in galley.roots:
        for element in root.iter(etree.Element):
            if identifier := element.get("id"):
                formats = formats_of(element)
                if len(formats) < len(FORMATS):
                    told = {"formats": " ".join(sorted(formats))}
                    galley.marks.append(Mark(_MARK, galley.span(element), str(identifier), about=told))


def register(marks: tuple[Marks, ...], registry: Registry) -> tuple[Registry, tuple[Diagnostic, ...]]:
    """Say of each such anchor in which formats it is."""
    anchors = {f"{slug}--{mark.id}": mark.about["formats"] for slug, mark in of_kind(marks, _MARK)}
    return registry.with_part(_PART, anchors), ()


def resolve(galley: Galley, registry: Registry) -> None:
    """Make a link text where it would lead nowhere, with a warning `link-one-format` if the author has written it.

    Works behind `references`, when all links are anchors.
    """
    anchors: Mapping[str, str] = registry.parts[_PART]
    if not anchors:
        return
    for root in galley.roots:
        for link in xhtml.elements(root, "a"):
            anchor = link.get("href", "").removeprefix("#")
            if anchor in anchors:
                there = frozenset(anchors[anchor].split())
                _keep_from_ebook(link, there)
                _judge(galley, link, there)


def _keep_from_ebook(link: etree._Element, there: frozenset[str]) -> None:
    """Have an e-book that knows the print's pages not say one that its reader finds nothing of."""
    for element in (link, *link.iterancestors(xhtml.tag("span"))):
        if "ebook" not in there:
            element.attrib.pop(PAGED, None)


def _judge(galley: Galley, link: etree._Element, there: frozenset[str]) -> None:
    here = formats_of(link)
    if here <= there:
        return
    if link.get(xhtml.SPAN):  # else a feature has made it, who knows
        lost = " and ".join(_CALLED[format_] for format_ in FORMATS if format_ in here - there)
        said = f"the link '{link.get('href')}' leads to what is not in {lost}: it is plain text there"
        hint = "Put the link into text for that format too: [words](#place){.only-print}."
        galley.diagnostics.append(warning("link-one-format", said, galley.span(link), hint))
    if not here & there:
        xhtml.unwrap(link)
    elif _is_entry(link):
        link.getparent().set(OUTPUT, *there)  # type: ignore[union-attr]
    else:
        _divide(link, *here & there, *here - there)


def _is_entry(link: etree._Element) -> bool:
    """Whether the link is a line of a list, which has no use without it."""
    parent = link.getparent()
    if parent is None or xhtml.local(parent) != "li" or link.get(xhtml.SPAN):
        return False
    return len(parent) == 1 and not (parent.text or link.tail or "").strip()


def _divide(link: etree._Element, linked: str, plain: str) -> None:
    """Make of a link that holds in the format `linked` alone a link there, and text in the format `plain`."""
    words = deepcopy(link)
    words.tag = xhtml.tag("span")
    words.attrib.clear()
    for inner in words.iter(etree.Element):
        inner.attrib.pop("id", None)
    words.set(OUTPUT, plain)
    words.tail, link.tail = link.tail, None
    link.set(OUTPUT, linked)
    link.addnext(words)
