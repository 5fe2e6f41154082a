"""`^[Notes written where they are referred to]`, as pandoc reads them; from then on they are notes as any other."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor

from pmpress.dialect.finish.notes import LABEL
from pmpress.dialect.inline.atoms import source_of
from pmpress.dialect.inline.matching import Matching
from pmpress.dialect.tree import INLINE_NOTE, SOURCE
from pmpress.xhtml import SPAN


class InlineNotes(InlineProcessor):
    """Finds them. There is no note in a note: there its mark-up is text."""

    ANCESTOR_EXCLUDES = (INLINE_NOTE,)

    def __init__(self, md: Markdown) -> None:
        super().__init__(r"\^\[", md)
        self._matching = Matching()

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[Element | None, int | None, int | None]:
        """See the base class."""
        end = self._matching.end(data, m.end() - 1)
        if end is None or not data[m.end() : end].strip():
            return None, m.start(), m.end()
        note = Element(INLINE_NOTE, {SOURCE: source_of(self.md, data[m.start() : end + 1])})
        note.text = data[m.end() : end]
        return note, m.start(), end + 1


class Lift(Treeprocessor):
    """Puts the body of each among the other notes, and a reference where it stood."""

    def run(self, root: Element) -> None:
        """See the base class."""
        found = list(root.iter(INLINE_NOTE))
        if not found:
            return
        section = root.find("./section[@class='footnotes']")
        if section is None:
            section = SubElement(root, "section", {"class": "footnotes"})
        for number, note in enumerate(found, start=1):
            label = f"inline {number}"  # an author's own label has no space in it
            lines = {SPAN: note.get(SPAN, "")}
            body = SubElement(SubElement(section, "aside", {LABEL: label, **lines}), "p", lines)
            body.text, note.text = (note.text or "").strip() if not len(note) else (note.text or "").lstrip(), None
            body.extend(list(note))
            del note[:]
            note.tag = "span"
            note.set("class", "noteref")
            note.set(LABEL, label)
