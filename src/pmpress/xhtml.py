"""Inner fragments of XHTML: from `str` to a tree and back, the same bytes each time.

Between stages text is a `str`; a stage that changes it parses it here, works on the tree, and serialises it here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lxml import etree

XHTML = "http://www.w3.org/1999/xhtml"
EPUB = "http://www.idpf.org/2007/ops"
EPUB_TYPE = f"{{{EPUB}}}type"
SPAN = "data-src"
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
SAID = "data-said"

_OPEN = f'<body xmlns="{XHTML}" xmlns:epub="{EPUB}">'
_PARSER = etree.XMLParser(
    resolve_entities=False, no_network=True, huge_tree=True, remove_comments=True, remove_pis=True
)
_VOID = frozenset({"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})


def tag(name: str) -> str:
    """`p` → `{http://www.w3.org/1999/xhtml}p`, as lxml names an element."""
    return f"{{{XHTML}}}{name}"


def local(element: etree._Element) -> str:
    """The element's name without its name space; empty for a comment or an instruction."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def parse(fragment: str) -> etree._Element:
    """The fragment as the children of a `body`. Raises lxml.etree.XMLSyntaxError if it is not well-formed."""
    return etree.fromstring(f"{_OPEN}{fragment}</body>".encode(), _PARSER)


def serialise(body: etree._Element) -> str:
    """The children of `body` as an inner fragment: `parse` undone. Elements that may not be empty in HTML are given
    an end tag, so that the text means the same to an HTML parser and to an XML one."""
    for element in body.iter(etree.Element):
        if element.text is None and len(element) == 0 and _of_xhtml(element) and local(element) not in _VOID:
            element.text = ""
    text: str = etree.tostring(body, encoding="unicode", with_tail=False)
    start = text.index(">") + 1
    return "" if text[start - 2] == "/" else text[start : text.rindex("</")]


def _of_xhtml(element: etree._Element) -> bool:
    return etree.QName(element).namespace == XHTML


def text_of(element: etree._Element) -> str:
    """All the text inside, white space folded: what a reader would read out.

    Of two forms of one thing, the one that is printed only is left out; a form may say its own words (`SAID`).
    """
    pieces: list[str | None] = []
    walk = etree.iterwalk(element, events=("start", "end", "comment", "pi"))
    for event, inner in walk:
        if event != "start":
            pieces.append(inner.tail if inner is not element else None)
        elif inner is not element and inner.get("data-for") == "print":
            walk.skip_subtree()
        elif (said := inner.get(SAID)) is not None:
            pieces.append(said)
            walk.skip_subtree()
        else:
            pieces.append(inner.text)
    return re.sub(r"\s+", " ", "".join(filter(None, pieces))).strip()


def elements(root: etree._Element, *names: str) -> Iterator[etree._Element]:
    """The elements of those names under `root`, in document order, safe against changes while walking."""
    return iter(list(root.iter(*(tag(name) for name in names))))


def classes_of(element: etree._Element) -> list[str]:
    """The classes of an element."""
    return str(element.get("class", "")).split()


def set_classes(element: etree._Element, names: Iterable[str]) -> None:
    """Give an element these classes; without any it has no attribute for them."""
    if written := " ".join(names):
        element.set("class", written)
    else:
        element.attrib.pop("class", None)


def ids_of(*roots: etree._Element) -> set[str]:
    """Every id that stands under the roots."""
    return {str(element.get("id")) for root in roots for element in root.iter(etree.Element) if element.get("id")}


def free_id(wanted: str, taken: set[str]) -> str:
    """The id that is wanted, or with the first `-2`, `-3`… that is free. It is taken from then on."""
    name, count = wanted, 1
    while name in taken:
        count += 1
        name = f"{wanted}-{count}"
    taken.add(name)
    return name


def unwrap(element: etree._Element) -> None:
    """Take the element away and leave its text and children where it stood."""
    parent = element.getparent()
    if parent is None:
        raise ValueError("the root has no place to leave its children in")
    place = parent.index(element)
    append_text(parent, place, element.text)
    children = list(element)
    for offset, child in enumerate(children):
        parent.insert(place + offset, child)
    tail = element.tail
    parent.remove(element)
    append_text(parent, place + len(children), tail)


def put_first(element: etree._Element, name: str, text: str) -> None:
    """Put a span of the class `name` before all else in the element, and a space behind it."""
    span = etree.Element(tag("span"), {"class": name})
    span.text, span.tail, element.text = text, f" {(element.text or '').lstrip()}", None
    element.insert(0, span)


def remove(element: etree._Element) -> None:
    """Take the element away with all that is in it, and keep the text after it."""
    parent = element.getparent()
    if parent is None:
        raise ValueError("the root cannot be removed")
    place, tail = parent.index(element), element.tail
    parent.remove(element)
    append_text(parent, place, tail)


def append_text(parent: etree._Element, place: int, text: str | None) -> None:
    """Put text before the child at `place`."""
    if not text:
        return
    if place == 0:
        parent.text = (parent.text or "") + text
    else:
        before = parent[place - 1]
        before.tail = (before.tail or "") + text
