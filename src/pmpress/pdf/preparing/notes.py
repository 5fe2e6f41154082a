"""Footnotes as a printed page has them: each at the foot of the page its first reference is on.

The model keeps such a note once, at the end of its chapter. Here its body moves to right after the first reference, as
an element that the layout floats to the foot (`float: footnote`); its number is the model's, never a counter. The notes
of a table, and those at the end of a chapter or the book, stand where the model has them.
"""

from __future__ import annotations

import re

from lxml import etree

from pmpress import textplaces, xhtml

NOTE = "main"
"""The element a note's body becomes. The engine tags it `Part`, which nothing else in a sheet is, so that the tags can
say afterwards what it is (see `pmpress.pdf.laying_out.tags`)."""

_SPACE = re.compile(r"[ \t\r\n\f]+")
_OWN_PAGE = frozenset({"full-bleed", "full-page", "landscape"})
_BLOCKS = frozenset({"blockquote", "dd", "div", "dl", "dt", "figcaption", "figure", "li", "ol", "p", "pre", "section",
                     "table", "tbody", "td", "th", "thead", "tr", "ul"})  # fmt: skip


def place_notes(body: etree._Element, slug: str) -> None:
    """Move the notes of the chapter `slug` behind their first references, and drop the emptied list of notes.

    A note that nothing refers to stays where it is.
    """
    notes = {f"{slug}--{aside.get('id')}": aside for aside in xhtml.elements(body, "aside") if _is_of_foot(aside)}
    for reference in _references(body):
        if not any(map(_is_of_foot, reference.iterancestors())):
            _place(reference, reference, notes, slug)
    for section in xhtml.elements(body, "section", "div"):
        if _is(section, "footnotes") and next(section.iter(xhtml.tag("aside")), None) is None:
            xhtml.remove(section)


def _place(
    reference: etree._Element, after: etree._Element, notes: dict[str, etree._Element], slug: str
) -> etree._Element:
    """Put the note that `reference` asks for behind the element `after`, and behind that one the notes which that note
    refers to itself, as a float holds no other. Returns what stands last."""
    _add_class(reference, "noteref")
    aside = notes.pop(reference.get("href", "").removeprefix("#"), None)
    if aside is None:
        return after
    number = aside.get("data-number") or xhtml.text_of(reference)
    if not xhtml.text_of(reference):
        reference.text = number
    back = reference.get("id") or f"ref-{aside.get('id')}"
    reference.set("id", back)
    note = _printed(aside, number, f"#{slug}--{back}")
    xhtml.remove(aside)
    after.addnext(note)  # which lxml does behind the text that follows
    note.tail, after.tail = after.tail, None
    last = note
    for inner in _references(note):
        last = _place(inner, last, notes, slug)
    return last


def _printed(aside: etree._Element, number: str, back: str) -> etree._Element:
    """The note's body as it stands at the foot of the page: led in by its number, which leads back to the text."""
    note = etree.Element(xhtml.tag(NOTE), {"class": "footnote", "id": aside.get("id", "")})
    for name in (xhtml.SPAN, textplaces.BLOCK):
        if name in aside.attrib:
            note.set(name, aside.get(name, ""))
    note.text = aside.text
    note.extend(list(aside))
    _keep_on_page(note)
    _fold_white_space(note)
    if len(note) and xhtml.local(note[0]) == "p" and not (note.text or "").strip():
        first = note[0]
    else:
        first = etree.Element(xhtml.tag("p"))
        note.insert(0, first)
        first.text, note.text = note.text, None
    link = etree.Element(xhtml.tag("a"), {"class": "footnote-number", "href": back})
    link.text, link.tail, first.text = number, f" {(first.text or '').lstrip()}", None
    first.insert(0, link)
    return note


def _keep_on_page(note: etree._Element) -> None:
    """Take from what a note holds a page of its own: the engine loses what is behind a turn of the page in a float."""
    for element in note.iterdescendants(etree.Element):
        names = element.get("class", "").split()
        if not _OWN_PAGE.isdisjoint(names):
            element.set("class", " ".join(name for name in names if name not in _OWN_PAGE))


def _fold_white_space(element: etree._Element) -> None:
    """Make a line's end in the source a space, and nothing between blocks. The engine does that itself, but not in
    what it floats to the foot."""
    if xhtml.local(element) == "pre":
        return
    element.text = _folded(element.text, next(iter(element), None))
    for child in element:
        _fold_white_space(child)
        child.tail = _folded(child.tail, child, child.getnext())


def _folded(text: str | None, *beside: etree._Element | None) -> str | None:
    folded = _SPACE.sub(" ", text or "")
    between = any(element is not None and xhtml.local(element) in _BLOCKS for element in beside)
    return None if folded == " " and between else folded or None


def _references(root: etree._Element) -> list[etree._Element]:
    return [link for link in xhtml.elements(root, "a") if _is(link, "noteref")]


def _is_of_foot(element: etree._Element) -> bool:
    return _is(element, "footnote") and "table-note" not in xhtml.classes_of(element)


def _is(element: etree._Element, kind: str) -> bool:
    return kind in element.get(xhtml.EPUB_TYPE, "").split()


def _add_class(element: etree._Element, name: str) -> None:
    names = xhtml.classes_of(element)
    if name not in names:
        xhtml.set_classes(element, [*names, name])
