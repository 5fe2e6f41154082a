"""Uses of terms in a chapter become links: what an author has marked, and the first use of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from pmpress import xhtml
from pmpress.features.collation import tidy
from pmpress.features.galley import Galley
from pmpress.features.glossary.finding import Terms
from pmpress.textplaces import OUTPUT

WAITING = "data-term"
"""Where a marked use says which term it is one of."""

# Not running text, or text that is somebody else's.
_OPAQUE = frozenset(xhtml.tag(name) for name in (
    "a", "blockquote", "caption", "cite", "code", "dfn", "figcaption", "h1", "h2", "h3", "h4", "h5", "h6", "kbd",
    "pre", "q", "ruby", "samp", "var",
))  # fmt: skip
_LINK, _SHORT = xhtml.tag("a"), xhtml.tag("abbr")


def link(galley: Galley, terms: Terms, *, automatic: bool) -> Iterator[tuple[etree._Element, str]]:
    """Link the uses of terms, and yield each marked one that is of no known term."""
    linking = _Linking(terms)
    if automatic:
        linking.walk(galley.title, automatic=False)
        linking.walk(galley.body, automatic=True)
    else:
        for root in galley.roots:
            linking.walk(root, automatic=False)
    yield from linking.unknown


@dataclass(slots=True)
class _Linking:
    """One chapter, gone through once."""

    terms: Terms
    seen: set[str] = field(default_factory=set)
    unknown: list[tuple[etree._Element, str]] = field(default_factory=list)

    def walk(self, root: etree._Element, *, automatic: bool) -> None:
        """Link what is under an element. Places are listed first, since links change the tree."""
        for kind, element in list(_places(root, automatic=automatic)):
            if kind == "marked":
                self._marked(element)
            elif kind == "short":
                self._short(element)
            else:
                self._text(element, kind)

    def _marked(self, element: etree._Element) -> None:
        wanted = element.attrib.pop(WAITING)
        anchor = self.terms.anchor(wanted)
        if not anchor:
            self.unknown.append((element, wanted))
        elif all(each.tag != _LINK for each in (*element.iterancestors(), *element.iter())):
            self.seen.add(anchor)
            element.tag = _LINK
            _lead(element, anchor)

    def _short(self, element: etree._Element) -> None:
        anchor = self.terms.anchor(tidy(xhtml.text_of(element)))
        if anchor and anchor not in self.seen:
            self.seen.add(anchor)
            inner = _lead(etree.Element(_LINK), anchor)
            inner.text, element.text = element.text, None
            inner.extend(list(element))
            element.append(inner)

    def _text(self, element: etree._Element, kind: str) -> None:
        """Link the terms in the text in an element, or behind it."""
        text = (element.text if kind == "text" else element.tail) or ""
        made: list[etree._Element] = []
        before, written = "", 0
        for start, end, anchor in self.terms.find(text):
            if anchor in self.seen:
                continue
            self.seen.add(anchor)
            piece = text[written:start]
            if made:
                made[-1].tail = piece
            else:
                before = piece
            made.append(_lead(etree.Element(_LINK), anchor))
            made[-1].text, written = text[start:end], end
        if not made:
            return
        made[-1].tail = text[written:]
        if kind == "text":
            element.text = before
            element[:0] = made
        else:
            element.tail = before
            for one in reversed(made):
                element.addnext(one)  # which lxml does behind the text that follows


def _lead(element: etree._Element, anchor: str) -> etree._Element:
    element.set("href", f"#{anchor}")
    xhtml.set_classes(element, [*xhtml.classes_of(element), "glossref"])
    element.set(xhtml.EPUB_TYPE, "glossref")
    return element


def _places(root: etree._Element, *, automatic: bool) -> Iterator[tuple[str, etree._Element]]:
    """In reading order: marked uses, and, where links may be made, abbreviations, and text in elements and behind."""
    hidden = 0 if automatic else 1
    for event, element in etree.iterwalk(root, events=("start", "end")):
        within = _hides(element) and element is not root
        if event == "start":
            if element.get(WAITING) is not None:
                yield "marked", element
            elif element.tag == _SHORT and not hidden:
                yield "short", element
            hidden += within
            if not hidden and element.text:
                yield "text", element
        else:
            hidden -= within
            if not hidden and element is not root and element.tail:
                yield "tail", element


def _hides(element: etree._Element) -> bool:
    """Whether no term is looked for inside an element."""
    return (
        element.tag in _OPAQUE
        or element.tag == _SHORT
        or not str(element.tag).startswith(xhtml.tag(""))
        or element.get(WAITING) is not None
        or element.get(OUTPUT) is not None
        or element.get("data-cite") is not None
        or element.get("class", "").startswith("math")
    )
