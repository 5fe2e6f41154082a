"""Notes: each reference gets its number, each body its place at the end, in the order in which they are first read."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree

from pmpress import xhtml
from pmpress.dialect.finish.anchors import Names, as_name
from pmpress.dialect.reading import Reading, first_line_of
from pmpress.xhtml import EPUB_TYPE, SPAN, tag

LABEL = "data-note"  # on a reference and on a body alike, until they are settled


@dataclass(slots=True)
class _Note:
    """A body, the references written inside it, and once it is known to be read, its id and how often."""

    body: etree._Element
    inside: list[etree._Element] = field(default_factory=list)
    id: str = ""
    number: int = 0
    uses: int = 0


def settle(body: etree._Element, names: Names, reading: Reading) -> None:
    """Number the notes under `body`, name both ends of each, and leave out what no reference leads to."""
    notes: dict[str, _Note] = {}
    for aside in xhtml.elements(body, "aside"):
        label = aside.get(LABEL)
        if label in notes:
            message = f"the note [^{label}] is written twice: this one is left out"
            reading.warn("note-duplicate", message, first_line_of(aside.get(SPAN, "")), "give it another label")
            xhtml.remove(aside)
        elif label:
            notes[label] = _Note(aside)
    unread = _references(body, notes)
    order: list[_Note] = []
    while unread:
        for reference in unread:
            note = notes.get(reference.get(LABEL, ""))
            if note is None:
                _refuse(reference, reading)
                continue
            if not note.uses:
                order.append(note)
                note.number = len(order)
                note.id = names.give(as_name(f"fn-{reference.get(LABEL)}"))
            note.uses += 1
            _link(reference, note, names)
        unread = [reference for note in order for reference in note.inside]
        for note in order:
            note.inside = []
    _arrange(notes, order, reading)


def _references(body: etree._Element, notes: dict[str, _Note]) -> list[etree._Element]:
    """The references in the text; those in notes are put with their notes."""
    text: list[etree._Element] = []
    for reference in list(body.iter(tag("span"))):
        if reference.get(LABEL):
            around = next((aside for aside in reference.iterancestors(tag("aside")) if aside.get(LABEL)), None)
            (text if around is None else notes[around.get(LABEL, "")].inside).append(reference)
    return text


def _refuse(reference: etree._Element, reading: Reading) -> None:
    """Leave a reference to no note as the text it was."""
    label = reference.get(LABEL)
    message = f"there is no note [^{label}]: the reference is kept as text"
    hint = f"write the note as a paragraph of its own: [^{label}]: …"
    reading.warn("note-undefined", message, first_line_of(reference.get(SPAN, "")), hint)
    xhtml.unwrap(reference)


def _link(reference: etree._Element, note: _Note, names: Names) -> None:
    """Make the reference a link to the note's body."""
    source = reference.get(SPAN, "")
    again = "" if note.uses == 1 else f"-{note.uses}"
    reference.tag = tag("a")
    reference.attrib.clear()
    reference.set(EPUB_TYPE, "noteref")
    reference.set("role", "doc-noteref")
    reference.set("class", "noteref")
    reference.set("id", names.give(f"fnref{note.id[2:]}{again}"))
    reference.set("href", f"#{note.id}")
    reference.set(SPAN, source)
    reference.text = str(note.number)
    link = next(reference.iterancestors(tag("a")), None)
    if link is not None:
        _move_behind(reference, link)


def _move_behind(reference: etree._Element, link: etree._Element) -> None:
    """Take a reference out of a link, which holds no links, and put it behind it and those moved before."""
    parent = reference.getparent()
    assert parent is not None
    tail, reference.tail = reference.tail, None
    place = parent.index(reference)
    parent.remove(reference)
    xhtml.append_text(parent, place, tail)
    while not link.tail and (following := link.getnext()) is not None and following.get("class") == "noteref":
        link = following
    reference.tail, link.tail = link.tail, None
    link.addnext(reference)


def _arrange(notes: dict[str, _Note], order: list[_Note], reading: Reading) -> None:
    """Put the bodies in order; those nobody reads go."""
    for label, note in notes.items():
        if not note.uses:
            message = f"nothing refers to the note [^{label}]: it is left out"
            reading.warn("note-unused", message, first_line_of(note.body.get(SPAN, "")))
    section = next((note.body.getparent() for note in notes.values()), None)
    if section is None:
        return
    section.set(EPUB_TYPE, "footnotes")
    section[:] = [note.body for note in order]
    section.text = "\n"
    if not order:
        xhtml.remove(section)
    for note in order:
        source = note.body.get(SPAN, "")
        note.body.tail = "\n"
        note.body.attrib.clear()
        note.body.set(EPUB_TYPE, "footnote")
        note.body.set("role", "doc-footnote")
        note.body.set("id", note.id)
        note.body.set("class", "footnote")
        note.body.set("data-number", str(note.number))
        note.body.set(SPAN, source)
