"""What a typesetter would see in the finished lines, told to the author: notes, for whoever wants to mend it.

Only running text is looked at: paragraphs, items of lists, definitions, quotes and notes at the foot. What is set in
lines of its own making (code, verse, tables, captions, lists of references), is centred, or stands where lines end is
not.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from xml.etree.ElementTree import Element

from weasyprint.formatting_structure import boxes

from pmpress import xhtml
from pmpress.diagnostics import Diagnostic, note
from pmpress.pdf.places import place_in
from pmpress.pdf.typesetter.engine import Document

_Box: TypeAlias = Any

_LEAST = 5
_STACK = 3
_SHOWN = 40

_NOT_RUNNING = frozenset({"caption", "figcaption", "nav", "pre", "table", *xhtml.HEADINGS})
_NOT_RUNNING_CLASSES = frozenset(
    {"admonition-title", "contents", "equation", "index", "index-entries", "list-of", "references", "verse"}
)
_HYPHENS = ("-", "\u2010")
_NO_LETTERS = frozenset({"Cc", "Cf", "Me", "Mn", "Zl", "Zp", "Zs"})
_SET_APART = frozenset({"center", "end"})
_FORCED = frozenset({"always", "left", "page", "recto", "right", "verso"})

_ANY_WORD = "A word more or less in the paragraph changes its lines."
_HINTS = {
    "runt": "A word less takes it back into the line before, some more make it longer.",
    "widow": _ANY_WORD,
    "orphan": _ANY_WORD,
    "hyphens-stacked": f"{_ANY_WORD} A word in which &shy; says where it may be broken is broken only there.",
    "heading-stranded": "Put a sentence between them, or give what follows less room.",
}


def remarks(document: Document) -> tuple[Diagnostic, ...]:
    """What is to be seen in the lines of a laid-out document, in the order of its text: `runt`, `widow`, `orphan`,
    `hyphens-stacked` and `heading-stranded`. What was not written in the manuscript has no place and is not told."""
    look = _Look()
    for page in document.pages:
        look.at(page._page_box)
    return tuple(look.remarks())


@dataclass(slots=True)
class _Paragraph:
    """What of an element's lines has been seen: how many, the last two, and on which page those are."""

    page: int
    begins: bool
    lines: int
    last: Sequence[_Box]

    @property
    def goes_on(self) -> bool:
        """Whether the engine means to set more lines."""
        return self.last[-1].resume_at is not None


@dataclass(slots=True)
class _Block:
    """What stands on a page by itself, one below the other: lines, or anything else."""

    element: Element | None
    source: Element | None
    breaks: bool = False


@dataclass(slots=True)
class _Look:
    """A look through the pages of a document."""

    pages: int = 0
    paragraphs: dict[Element, _Paragraph] = field(default_factory=dict)
    found: dict[Element, list[tuple[str, str]]] = field(default_factory=dict)
    sources: dict[Element, Element] = field(default_factory=dict)
    below: _Block | None = None
    """What stands last on the page before."""

    def at(self, page: _Box) -> None:
        """Look at the next page."""
        self.pages += 1
        for child in page.children:
            if isinstance(child, boxes.FootnoteAreaBox):
                for each in child.children:
                    list(self._blocks(each, None))
            elif child.element is not None:  # a margin box has none
                self._follow(list(self._blocks(child, None)))

    def remarks(self) -> Iterator[Diagnostic]:
        """What was seen on all pages."""
        for element, paragraph in self.paragraphs.items():
            if paragraph.lines > 1 and (text := _runt(paragraph.last)):
                self._tell(element, "runt", f"the last line of this paragraph is only '{text}'")
        for element in self.sources:
            where = place_in(self.sources[element])
            for code, said in self.found.get(element, ()):
                yield note(code, said, where, _HINTS[code])

    def _follow(self, blocks: Sequence[_Block]) -> None:
        """Take in what stands on the next page, below one another."""
        if not blocks:
            return
        before, self.below = self.below, blocks[-1]
        if before is None or before.breaks or before.element is None or before.source is not before.element:
            return
        if before.element.tag in xhtml.HEADINGS:
            self.sources.setdefault(before.element, before.source)
            said = f"'{_shortened(''.join(before.element.itertext()))}' stands last on its page"
            self._tell(before.element, "heading-stranded", f"the heading {said}: what follows it is on the next")

    def _blocks(self, box: _Box, source: Element | None) -> Iterator[_Block]:
        """What stands below one another in a box, and see to its lines. `source` is the nearest element around it that
        says where it was written."""
        if not isinstance(box, boxes.Box) or not (source is None or box.is_in_normal_flow()):
            return
        element = box.element
        if element is not None and element.get(xhtml.SPAN):
            source = element
        if not _is_running(box):
            if box.height:
                yield _Block(element, source, breaks=box.style["break_after"] in _FORCED)
        elif _has_lines(box):
            yield _Block(element, source)
            if source is not None:
                self.sources.setdefault(element, source)
                self._see(element, [line for line in box.children if isinstance(line, boxes.LineBox)])
        else:
            for child in box.children:
                yield from self._blocks(child, source)

    def _see(self, element: Element, lines: Sequence[_Box]) -> None:
        """See lines of an element that stand together."""
        before = self.paragraphs.get(element)
        goes_on = before is not None and before.goes_on
        if before is not None and goes_on:
            if before.page < self.pages:
                if before.begins and before.lines == 1:
                    said = f"stands alone at the foot of a page: '{_words(before.last[-1])}'"
                    self._tell(element, "orphan", f"the first line of this paragraph {said}")
                if len(lines) == 1 and lines[0].resume_at is None:
                    said = f"stands alone at the head of a page: '{_words(lines[0])}'"
                    self._tell(element, "widow", f"the last line of this paragraph {said}")
            last = (*before.last, *lines)[-2:]
            self.paragraphs[element] = _Paragraph(self.pages, False, before.lines + len(lines), last)
        else:
            self.paragraphs[element] = _Paragraph(self.pages, True, len(lines), lines[-2:])
        for stack in _stacks(lines):
            ends = ", ".join(f"'{_text(line).rpartition(' ')[2]}'" for line in stack)
            self._tell(element, "hyphens-stacked", f"{len(stack)} lines in a row end with a hyphen: {ends}")

    def _tell(self, element: Element, code: str, said: str) -> None:
        self.found.setdefault(element, []).append((code, said.replace("\u2010", "-")))


def _is_running(box: _Box) -> bool:
    """Whether what is in a box may be running text."""
    element = box.element
    if not isinstance(box, boxes.BlockBox) or (_has_lines(box) and box.style["text_align_all"] in _SET_APART):
        return False
    is_other = element is not None and element.tag in _NOT_RUNNING
    return not is_other and _NOT_RUNNING_CLASSES.isdisjoint(_classes(element))


def _has_lines(box: _Box) -> bool:
    return bool(box.children) and isinstance(box.children[0], boxes.LineBox)


def _runt(last: Sequence[_Box]) -> str:
    """The text of a last line that is too short; nothing if it is long enough, or if the author ended the one before
    it, or if it holds more than text."""
    *before, line = last
    if line.resume_at is not None or any(map(_is_ended, before)) or _holds_pictures(line):
        return ""
    text = _text(line)
    return text if 0 < _length(text) < _LEAST else ""


def _length(text: str) -> int:
    """How many characters can be seen, without hyphens; one that is as wide as it is high counts for two."""
    seen = (each for each in text if each not in _HYPHENS and unicodedata.category(each) not in _NO_LETTERS)
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in seen)


def _is_ended(line: _Box) -> bool:
    """Whether the author had the line end where it does."""
    while isinstance(line, (boxes.LineBox, boxes.InlineBox)) and line.children:
        line = line.children[-1]
        if line.element_tag == "br":
            return True
    return False


def _holds_pictures(box: _Box) -> bool:
    return any(isinstance(each, boxes.AtomicInlineLevelBox) for each in box.descendants())


def _stacks(lines: Sequence[_Box]) -> Iterator[Sequence[_Box]]:
    """The lines that end with a hyphen, where enough of them stand together."""
    stack: list[_Box] = []
    for line in (*lines, None):
        if line is not None and _is_hyphenated(line):
            stack.append(line)
            continue
        if len(stack) >= _STACK:
            yield stack
        stack = []


def _is_hyphenated(line: _Box) -> bool:
    box = line
    while isinstance(box, (boxes.LineBox, boxes.InlineBox)) and box.children:
        box = box.children[-1]
    if line.resume_at is None or not isinstance(box, boxes.TextBox):
        return False
    return bool(box.text.endswith((*_HYPHENS, box.style["hyphenate_character"])))


def _words(line: _Box) -> str:
    return _shortened(_text(line))


def _text(line: _Box) -> str:
    """The words of a line, without the numbers of notes."""
    return " ".join("".join(_texts(line.children)).replace("\u00ad", "").split())


def _texts(children: Iterable[_Box]) -> Iterator[str]:
    for box in children:
        if isinstance(box, boxes.TextBox):
            yield box.text
        elif isinstance(box, (boxes.InlineBox, boxes.LineBox)) and "noteref" not in _classes(box.element):
            yield from _texts(box.children)


def _classes(element: Element | None) -> Sequence[str]:
    return [] if element is None else element.get("class", "").split()


def _shortened(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _SHOWN else f"{words[:_SHOWN].rstrip()}…"
