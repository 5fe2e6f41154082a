"""What HTML's own parser lets through and a book's XHTML may not have, brought into order without losing text.

Each rule looks at one element and what is in it; elements are gone through from the inside out.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from lxml import etree

from pmpress import xhtml
from pmpress.dialect.finish.notes import LABEL
from pmpress.dialect.html import policy
from pmpress.xhtml import SPAN, local, tag

MARK = "wbr"  # with lines of its own it marks the beginning of a block of raw HTML
_TRANSPARENT = frozenset({"a", "del", "ins"})
_PHRASING_ONLY = (policy.PHRASES - _TRANSPARENT) | {"h1", "h2", "h3", "h4", "h5", "h6", "p", "pre", "summary"}
_HEADINGS = frozenset(xhtml.HEADINGS)
_LINED = frozenset({"p", "li", "ul", "ol", "blockquote", "pre", "table", "tr", "hr", "aside", "figure", *_HEADINGS})
# Elements with a place of their own, and what they are elsewhere.
_AT_HOME = {
    "li": ({"ul", "ol"}, "div"),
    "dt": ({"dl"}, "div"),
    "dd": ({"dl"}, "div"),
    "figcaption": ({"figure"}, "div"),
    "summary": ({"details"}, "div"),
    **dict.fromkeys(("rb", "rt", "rp"), ({"ruby"}, "span")),
}
_OF_ONE_ELEMENT = frozenset().union(*(names for name, names in policy.ATTRIBUTES.items() if name != "*"))
_RUBY = re.compile(r"(?:[xb]+(?:t+|(?:pt+p)+))+")


def repair(body: etree._Element) -> None:
    """Make the children of `body` what XHTML's content model asks for, and give every block its lines."""
    _wrap_runs(body, lambda child: _is_flow(child) or _is_mark(child), "p")
    _take_marks(body)
    for group in xhtml.elements(body, "dl"):
        for part in [child for child in group if local(child) == "div"]:
            xhtml.unwrap(part)
    for element in reversed(list(body.iter(etree.Element))):
        if element is not body:
            _repair(element)
    source = ""
    for element in body.iter(etree.Element):
        source = element.get(SPAN, source)
        if source and local(element) in _LINED:
            element.set(SPAN, source)


def _is_mark(element: etree._Element) -> bool:
    return local(element) == MARK and SPAN in element.attrib


def _take_marks(body: etree._Element) -> None:
    """Give the lines of each block of raw HTML to the paragraph its loose text became, and take their marks away."""
    for mark in filter(_is_mark, xhtml.elements(body, MARK)):
        following = mark.getnext()
        if following is not None and not (mark.tail or "").strip() and local(following) == "p":
            following.set(SPAN, following.get(SPAN, mark.get(SPAN, "")))
        xhtml.remove(mark)


def _repair(element: etree._Element) -> None:
    name = local(element)
    parent = element.getparent()
    homes, elsewhere = _AT_HOME.get(name, ((), ""))
    if elsewhere and (parent is None or local(parent) not in homes):
        _rename(element, elsewhere)
    elif name in _RULES:
        _RULES[name](element)
    name = local(element)
    allowed = _HEADINGS if name == "summary" else frozenset()
    if name in _PHRASING_ONLY and any(_is_flow(child) and local(child) not in allowed for child in element):
        _rename(element, "div")
    elif name == "p" and not _matters(element):
        xhtml.remove(element)


def _matters(element: etree._Element) -> bool:
    """Whether anything would be missing without the element: something to see, to link to, or to put into an index, or
    a reference to a note, which is still without its number."""
    if xhtml.text_of(element) or any(_is_told(part) for part in element.iter(etree.Element)):
        return True
    return next(element.iter(*map(tag, ("a", "br", "code", "img"))), None) is not None


def _is_told(element: etree._Element) -> bool:
    return bool(element.get("id") or policy.is_marked(element.get("class", "")) or element.get(LABEL))


def _is_flow(element: etree._Element) -> bool:
    name = local(element)
    return name in policy.BLOCKS or (name in _TRANSPARENT and any(map(_is_flow, element)))


def _rename(element: etree._Element, name: str) -> None:
    """Make it another element, without the attributes that only the old one may have."""
    element.tag = tag(name)
    for attribute in _OF_ONE_ELEMENT:
        element.attrib.pop(attribute, None)


def _wrap_runs(parent: etree._Element, at_home: Callable[[etree._Element], bool], wrapper: str) -> None:
    """Put what stands loose in `parent`, text and children that are not `at_home`, into elements of its own.

    What shows nothing is left where it is, if it may be there: as a paragraph it would show as a blank line.
    """
    run: etree._Element | None = None
    if (parent.text or "").strip():
        run = etree.Element(tag(wrapper))
        run.text, parent.text = parent.text, None
        parent.insert(0, run)
    for child in list(parent):
        if child is run:
            continue
        loose_tail = bool((child.tail or "").strip())
        if at_home(child):
            run = None
            if loose_tail:
                run = etree.Element(tag(wrapper))
                run.text, child.tail = child.tail, None
                child.addnext(run)
        elif run is not None or wrapper != "p" or _shows(child) or loose_tail:
            if run is None:
                run = etree.Element(tag(wrapper))
                child.addprevious(run)
            run.append(child)


def _shows(element: etree._Element) -> bool:
    notes = (part.get(LABEL) for part in element.iter(tag("span")))
    return bool(xhtml.text_of(element)) or any(notes) or next(element.iter(tag("img")), None) is not None


def _list(element: etree._Element) -> None:
    _wrap_runs(element, lambda child: local(child) == "li", "li")
    if local(element) == "ul":
        for item in element:
            item.attrib.pop("value", None)


def _definitions(element: etree._Element) -> None:
    _wrap_runs(element, lambda child: local(child) in {"dt", "dd"}, "dd")
    order = "".join(local(child)[1] for child in element)
    if not re.fullmatch("(?:t+d+)+", order):
        for child in element:
            _rename(child, "div")
        _rename(element, "div")


def _table(element: etree._Element) -> None:
    """One caption, columns, one head, bodies, one foot, in this order."""
    parts = {name: [child for child in element if local(child) == name] for name in ("caption", "thead", "tfoot")}
    for caption in parts["caption"][1:]:
        _rename(caption, "div")
        parts["caption"][0].append(caption)
    for extra in parts["thead"][1:] + parts["tfoot"][:-1]:
        _rename(extra, "tbody")
    places = {"caption": 0, "colgroup": 1, "thead": 2, "tbody": 3, "tfoot": 4}
    children = sorted(element, key=lambda child: places.get(local(child), 3))
    element[:] = children
    if parts["tfoot"] and all(local(child) not in {"tbody", "tr"} for child in element):
        _rename(parts["tfoot"][-1], "tbody")
    if element.find(f".//{tag('tr')}") is None:
        for column in xhtml.elements(element, "colgroup", "col"):
            xhtml.remove(column)
        for child in list(element):
            _rename(child, "div")
        _rename(element, "div")


def _caption(element: etree._Element) -> None:
    for table in xhtml.elements(element, "table"):
        for part in table.iter(etree.Element):
            if local(part) in {"table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption"}:
                _rename(part, "div")


def _columns(element: etree._Element) -> None:
    if len(element):
        element.attrib.pop("span", None)


def _figure(element: etree._Element) -> None:
    """One caption, at the beginning or at the end."""
    captions = [child for child in element if local(child) == "figcaption"]
    for extra in captions[1:]:
        _rename(extra, "div")
    if captions and captions[0] is not element[0] and captions[0] is not element[-1]:
        tail, captions[0].tail = captions[0].tail, None
        xhtml.append_text(element, element.index(captions[0]), tail)
        element.append(captions[0])


def _details(element: etree._Element) -> None:
    """One summary, at the beginning."""
    summaries = [child for child in element if local(child) == "summary"]
    for extra in summaries[1:]:
        _rename(extra, "div")
    if summaries:
        first = summaries[0]
        tail, first.tail = first.tail, None
        xhtml.append_text(element, element.index(first), tail)
        text, element.text = element.text, None
        element.insert(0, first)
        first.tail = (text or "") + (first.tail or "") or None
    else:
        _rename(element, "div")


def _ruby(element: etree._Element) -> None:
    letters = {"rb": "b", "rt": "t", "rp": "p"}
    order = "x" if (element.text or "").strip() else ""
    for child in element:
        order += letters.get(local(child), "x") + ("x" if (child.tail or "").strip() else "")
    if not _RUBY.fullmatch(order):
        for child in element:
            if local(child) in letters:
                _rename(child, "span")
        _rename(element, "span")


def _parenthesis(element: etree._Element) -> None:
    text = xhtml.text_of(element)
    del element[:]
    element.text = text


def _link(element: etree._Element) -> None:
    """No link in a link, nothing in one that a reader could press, and none that neither leads nor is led to."""
    if "href" not in element.attrib and not element.get("id"):
        xhtml.unwrap(element)
        return
    around = element.iterancestors(tag("a"))
    if any(True for _ in around) or any(True for _ in element.iter(tag("details"))):
        _rename(element, "div" if _is_flow(element) else "span")


def _definition(element: etree._Element) -> None:
    if next(element.iterancestors(tag("dfn")), None) is not None:
        _rename(element, "span")


def _image(element: etree._Element) -> None:
    if "alt" not in element.attrib:
        element.set("alt", "")


_RULES: dict[str, Callable[[etree._Element], None]] = {
    "a": _link,
    "caption": _caption,
    "colgroup": _columns,
    "details": _details,
    "dfn": _definition,
    "dl": _definitions,
    "figure": _figure,
    "img": _image,
    "ol": _list,
    "rp": _parenthesis,
    "ruby": _ruby,
    "table": _table,
    "ul": _list,
}
