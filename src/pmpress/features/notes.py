"""Notes: at the foot of the page, at the end of the chapter or of the book; those of a table alone, under the table.

Footnotes are numbered from 1 in each chapter, in the order of their first references, wherever they are set; those of
a table have letters. What is set at the foot of the page stays a list at the chapter's end in the model, and renderers
place it; all other notes stand in the model where they are read, with their numbers and their ways back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from lxml import etree

from pmpress import xhtml
from pmpress.config import Key, Table, one_of
from pmpress.features import blocks
from pmpress.features.galley import Galley, lay
from pmpress.features.marks import of_kind
from pmpress.features.one_format import FORMATS, formats_of, keep_to
from pmpress.model import Chapter, Mark, Marks, Registry, Settings
from pmpress.numerals import abjad, in_digits, letters
from pmpress.textplaces import OUTPUT

_WHERE = "Where notes are set: at the foot, or the end of chapter or book."
TABLE = Table("notes", (Key("place", one_of("foot", "chapter", "book"), _WHERE, "foot"),))

_MARK = "endnote"
_KIND = "endnotes"
_ARROW = "\u21a9\ufe0e"  # the selector keeps phones from drawing an emoji
_NO_BREAK_SPACE = "\u00a0"
_TURNED = "landscape"
# Attributes that name other elements of the same chapter.
_NAMING = ("aria-describedby", "aria-labelledby", "for", "headers")
_ANCHORS = ("href", "data-page-of", "data-page-to")


def _is_wanted(marks: tuple[Marks, ...], settings: Settings) -> bool:
    return settings[TABLE.name]["place"] == "book" and any(of_kind(marks, _MARK))


FILLS = {_KIND: _is_wanted}


# --- one chapter ----------------------------------------------------------------------------------------------------


def collect(galley: Galley) -> None:
    """Number references and notes anew, put the notes in that order and where they belong.

    What was one file may have become several chapters, and several files one chapter, so the numbers that the text
    came with need not hold.
    """
    bodies = {str(body.get("id")): body for body in galley.body.iter(xhtml.tag("aside")) if _is(body, "footnote")}
    if not bodies:
        return
    for body in bodies.values():
        _lower_headings(body)
    _set_under_tables(galley, bodies)
    numbered = _numbered(galley, bodies)
    for number, name in enumerate(numbered, start=1):
        body = bodies[name]
        body.set("data-number", in_digits(str(number), galley.settings["numbering"]["digits"]))
        _keep_to_format(body, numbered[name])
        parent = body.getparent()
        if parent is not None:
            parent.append(body)
    for section in xhtml.elements(galley.body, "section"):
        if _is(section, "footnotes"):
            if len(section):
                _keep_to_format(section, section)
            else:
                xhtml.remove(section)
    place = galley.settings[TABLE.name]["place"]
    if place != "foot":
        _set_at_end(galley, {bodies[name]: references for name, references in numbered.items()}, place)


def _is(element: etree._Element, word: str) -> bool:
    return word in element.get(xhtml.EPUB_TYPE, "").split()


def _lower_headings(body: etree._Element) -> None:
    """A heading in a note is a line of its own: the note may stand where its level would be wrong."""
    for heading in xhtml.elements(body, *xhtml.HEADINGS):
        heading.tag = xhtml.tag("p")
        heading.set("class", "note-heading")


def _references(root: etree._Element) -> Iterator[tuple[str, etree._Element]]:
    """The references under an element, each behind the id of its note."""
    for reference in root.iter(xhtml.tag("a")):
        if _is(reference, "noteref"):
            yield str(reference.get("href", "")).removeprefix("#"), reference


def _numbered(galley: Galley, bodies: Mapping[str, etree._Element]) -> dict[str, list[etree._Element]]:
    """Number the references to notes that are not a table's own: the references to each, in the order of the notes.

    A note that is referred to in a note first comes right behind that one, as it does at the foot of a page.
    """
    names = {body: name for name, body in bodies.items() if not _is_table_note(body)}
    inside: dict[str | None, list[tuple[str, etree._Element]]] = {}
    for root in galley.roots:
        for name, reference in _references(root):
            around = next((names[each] for each in reference.iterancestors() if each in names), None)
            if name in bodies and bodies[name] in names:
                inside.setdefault(around, []).append((name, reference))
    found: dict[str, list[etree._Element]] = {}
    reading = [iter(inside.get(None, ()))]
    while reading:
        name, reference = next(reading[-1], ("", galley.body))
        if not name:
            reading.pop()
        elif name in found:
            found[name].append(reference)
        else:
            found[name] = [reference]
            reading.append(iter(inside.get(name, ())))
    for number, references in enumerate(found.values(), start=1):
        for reference in references:
            reference.text = in_digits(str(number), galley.settings["numbering"]["digits"])
    return found


def _keep_to_format(element: etree._Element, users: Iterable[etree._Element]) -> None:
    """Have a note, which is of use only where a reference to it stands, or a list of notes, in one format only if all
    that it is there for are in that one."""
    keep_to(element, frozenset[str]().union(*map(formats_of, users)))


# --- notes of a table -----------------------------------------------------------------------------------------------


def _is_table_note(body: etree._Element) -> bool:
    return "table-note" in xhtml.classes_of(body)


def _set_under_tables(galley: Galley, bodies: Mapping[str, etree._Element]) -> None:
    """Set the notes that are referred to in one table alone under that table."""
    users: dict[str, set[etree._Element | None]] = {}
    inside: dict[etree._Element, dict[str, list[etree._Element]]] = {}
    for root in galley.roots:
        for name, reference in _references(root):
            table = _table_around(reference)
            users.setdefault(name, set()).add(table)
            if table is not None and name in bodies:
                inside.setdefault(table, {}).setdefault(name, []).append(reference)
    for table, notes in inside.items():
        own = {bodies[name]: references for name, references in notes.items() if len(users[name]) == 1}
        if own:
            _set_under(table, own, _lettered(galley.settings))


def _table_around(reference: etree._Element) -> etree._Element | None:
    """The outermost table around a reference, unless it stands in a note."""
    table = None
    for around in reference.iterancestors():
        if _is(around, "footnote"):
            return None
        if xhtml.local(around) == "table":
            table = around
    return table


def _lettered(settings: Settings) -> Callable[[int], str]:
    """How the notes of a table are lettered."""
    return letters if settings["numbering"]["digits"] == "western" else abjad


def _set_under(
    table: etree._Element, notes: Mapping[etree._Element, Sequence[etree._Element]], lettered: Callable[[int], str]
) -> None:
    block = etree.Element(xhtml.tag("div"), {"class": "table-block"})
    if source := table.get(xhtml.SPAN):
        block.set(xhtml.SPAN, source)
    names = xhtml.classes_of(table)
    if _TURNED in names:  # the notes stand on the page that the table has to itself
        block.set("class", f"table-block {_TURNED}")
        xhtml.set_classes(table, (name for name in names if name != _TURNED))
    parent = table.getparent()
    assert parent is not None
    parent.replace(table, block)
    block.tail, table.tail = table.tail, None
    block.append(table)
    under = etree.SubElement(block, xhtml.tag("div"), {"class": "table-notes"})
    for number, (body, references) in enumerate(notes.items(), start=1):
        letter = lettered(number)
        for reference in references:
            reference.text = letter
        body.attrib.pop("data-number", None)
        body.set("class", "table-note")
        _keep_to_format(body, references)
        _lead_in(body, letter, references)
        body.tail = None
        under.append(body)
    _keep_to_format(under, under)


# --- notes at the end -----------------------------------------------------------------------------------------------


def _set_at_end(galley: Galley, notes: Mapping[etree._Element, Sequence[etree._Element]], place: str) -> None:
    """Make endnotes of footnotes: with all that they say, in a section at the chapter's end.

    If they belong at the end of the book they stay there without a title until the chapter is finished.
    """
    for body, references in notes.items():
        _lead_in(body, body.attrib.pop("data-number"), references)
        _lead_back(body, references, galley.terms["back"])
        body.set(xhtml.EPUB_TYPE, "endnote")
        body.set("role", "note")
        body.set("class", "endnote")
        if place == "book":
            galley.marks.append(Mark(_MARK, galley.span(body), str(body.get("id"))))
    for section in xhtml.elements(galley.body, "section"):
        if _is(section, "footnotes"):
            section.set(xhtml.EPUB_TYPE, _KIND)
            section.set("class", _KIND)
            if place == "chapter":
                title = etree.Element(xhtml.tag("h2"), {"class": "endnotes-title"})
                title.text, title.tail = galley.terms["notes"], section.text
                section.text = None
                section.insert(0, title)


def _lead_in(body: etree._Element, number: str, references: Sequence[etree._Element]) -> None:
    """Put its number before a note: a link to the first reference there is in each format."""
    paragraph = _paragraph(body, 0)
    text, paragraph.text = (paragraph.text or "").lstrip(), None
    firsts = {format_: next((each for each in references if format_ in formats_of(each)), None) for format_ in FORMATS}
    links = []
    for first in dict.fromkeys(each for each in firsts.values() if each is not None):
        link = etree.Element(xhtml.tag("a"), {"class": "note-number", "href": f"#{first.get('id')}"})
        link.text = number
        if len(set(firsts.values())) > 1:
            link.set(OUTPUT, *(format_ for format_, each in firsts.items() if each is first))
        links.append(link)
    paragraph[:0] = links
    if links:
        links[-1].tail = f" {text}"


def _lead_back(body: etree._Element, references: Sequence[etree._Element], label: str) -> None:
    """Put behind a note, in the e-book, a way back to each reference."""
    ways = [each for each in references if "ebook" in formats_of(each)]
    paragraph = _paragraph(body, -1)
    if not len(paragraph) and not paragraph.text:
        paragraph.set(OUTPUT, "ebook")
    for number, reference in enumerate(ways, start=1):
        name = label if len(ways) == 1 else f"{label} ({number})"
        link = etree.SubElement(paragraph, xhtml.tag("a"), {xhtml.EPUB_TYPE: "backlink", "class": "backlink"})
        link.set("href", f"#{reference.get('id')}")
        link.set("aria-label", name)
        link.set(OUTPUT, "ebook")
        link.text = _NO_BREAK_SPACE + _ARROW


def _paragraph(body: etree._Element, place: int) -> etree._Element:
    """The paragraph a note begins with (0) or ends with (-1); where it has another block there, a new one."""
    if len(body) and xhtml.local(body[place]) == "p" and not (place == 0 and (body.text or "").strip()):
        return body[place]
    paragraph = etree.Element(xhtml.tag("p"))
    if place == 0:
        paragraph.text, body.text = body.text, None
    body.insert(0 if place == 0 else len(body), paragraph)
    return paragraph


# --- the whole book -------------------------------------------------------------------------------------------------


def gather(chapters: tuple[Chapter, ...], registry: Registry) -> tuple[Chapter, ...]:
    """Move the notes of all chapters to the book's end, under the number and the title of each.

    They are finished by then, with all that other features see in them; so only their anchors change, and with them
    every link in the book to a place in a note.
    """
    home = next((chapter.slug for chapter in chapters if chapter.kind == _KIND), None)
    if registry.settings[TABLE.name]["place"] != "book" or home is None:
        return chapters
    galleys = [lay(chapter, registry.language, registry.settings) for chapter in chapters]
    end = next(galley for galley in galleys if galley.chapter.slug == home)
    taken = xhtml.ids_of(end.body)
    moved: dict[str, str] = {}
    groups = []
    for galley in galleys:
        for section in [child for child in galley.body if _is(child, _KIND)]:
            xhtml.remove(section)
            section.tail = None
            renamed = _renamed(section, galley.chapter.slug, taken)
            moved.update({f"{galley.chapter.slug}--{old}": f"{home}--{new}" for old, new in renamed.items()})
            groups.append(_group(section, galley))
    end.body.extend(groups)
    for galley in galleys:
        _lead_to_new_places(galley, moved)
    blocks.resolve(end, registry)
    return tuple(galley.finished() for galley in galleys)


def _renamed(section: etree._Element, slug: str, taken: set[str]) -> dict[str, str]:
    """Give everything in the section ids that nothing else has at the book's end: the new ones by the old."""
    renamed = {}
    for element in section.iter(etree.Element):
        if old := element.get("id"):
            renamed[str(old)] = xhtml.free_id(f"{slug}-{old}", taken)
            element.set("id", renamed[str(old)])
    for element in section.iter(etree.Element):
        for name in _NAMING:
            if name in element.attrib:
                element.set(name, " ".join(renamed.get(each, each) for each in element.get(name, "").split()))
    return renamed


def _group(section: etree._Element, galley: Galley) -> etree._Element:
    """The notes of one chapter under its number and title."""
    chapter = galley.chapter
    del section.attrib[xhtml.EPUB_TYPE]  # which the text that they stand in says
    title = xhtml.parse(chapter.title_xhtml)
    for _, reference in list(_references(title)):
        xhtml.remove(reference)
    for link in xhtml.elements(title, "a"):
        xhtml.unwrap(link)
    for element in title.iter(etree.Element):
        element.attrib.pop("id", None)
    title.tag, title.tail = xhtml.tag("h2"), section.text
    title.set("class", "endnotes-title")
    if chapter.number:
        xhtml.put_first(title, "section-number", chapter.number)
    section.text = None
    section.insert(0, title)
    return section


def _lead_to_new_places(galley: Galley, moved: Mapping[str, str]) -> None:
    for root in galley.roots:
        for element in root.iter(etree.Element):
            for name in _ANCHORS:
                sign, anchor = ("#", element.get(name, "")[1:]) if name == "href" else ("", element.get(name, ""))
                if anchor in moved:
                    element.set(name, sign + moved[anchor])
