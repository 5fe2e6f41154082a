"""Numbers: of parts, chapters, appendices and sections, and of whatever is counted in a series of its own.

A figure, a table, an equation, a listing or an example is counted if it says so by `data-series` and has an id; the
feature that knows what it is has seen to that.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from lxml import etree

from pmpress import xhtml
from pmpress.config import Key, Table, one_of, shaped
from pmpress.diagnostics import Diagnostic
from pmpress.features.galley import Galley, caption_of, plain_text
from pmpress.features.marks import of_kind
from pmpress.model import Heading, Label, Mark, Marks, Registry, Settings
from pmpress.numerals import DIGITS, abjad, in_digits, letters, roman

SERIES = "data-series"
SHORT = "data-short"
MARK = "numbered"

_KEYS = {"figure": "figures", "table": "tables", "equation": "equations", "listing": "listings", "example": "examples"}
_DEEPEST = 5

# What says its own number: of titles "4. …", "Chapter IV: …", "Appendix B. …", of captions "Figure 2-1. …".
_NUMBERED_TITLE = re.compile(r"(\w+\s+)?(\d|[IVXLC]+\b[.:)])|\w+\s+[A-Z]\b[.:)]", re.I)
_NUMBERED_CAPTION = re.compile(r"[^\W\d]+\.?\s*([A-Z][.-]?)?\d+([.–-]\d+)*[.:)]?(\s|$)")
_NUMBERED_PART = re.compile(r"(part|teil|partie|parte)\b|\d|[IVX]+[.:]", re.I)


@shaped({"enum": [True, False, "auto"], "title": '`true`, `false` or `"auto"`'})
def _auto(value: Any) -> bool | str:
    if isinstance(value, bool) or value == "auto":
        return value if isinstance(value, bool) else "auto"
    raise ValueError('true, false or "auto": wherever the titles say no numbers of their own')


@shaped({"type": "integer", "minimum": 0, "maximum": _DEEPEST, "title": f"a depth, 0 to {_DEEPEST}"})
def _depth(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= _DEEPEST:
        raise ValueError(f"a depth from 0, no numbers, to {_DEEPEST}")
    return value


_range = one_of("chapter", "book", "off")

TABLE = Table(
    "numbering",
    (
        Key("parts", _auto, "Whether parts have numbers.", "auto"),
        Key("chapters", _auto, "Whether chapters have numbers and appendices letters.", "auto"),
        Key("sections", _depth, "How many levels of headings have numbers.", 0),
        *(Key(name, _range, f"How {name} are counted: by chapter, through the book, or not.", "chapter")
          for name in _KEYS.values()),
        Key("digits", one_of(*DIGITS), "In which digits the press writes numbers, those of pages too.", "western"),
    ),
)  # fmt: skip


def collect(galley: Galley) -> None:
    """List what is to be counted, with its caption."""
    for element in galley.body.iter(etree.Element):
        if (series := element.get(SERIES)) and element.get("id"):
            about = {"series": series, "title": element.get(SHORT) or _caption_text(element)}
            galley.marks.append(Mark(MARK, galley.span(element), str(element.get("id")), about=about))


def _caption_text(element: etree._Element) -> str:
    caption = caption_of(element)
    return "" if caption is None else plain_text(caption)


@dataclass(slots=True)
class _Counting:
    """Numbers of one book, as they are given out."""

    settings: Mapping[str, Any]
    own: frozenset[str]  # the series whose captions say their own numbers
    labels: dict[str, Label] = field(default_factory=dict)
    counts: dict[tuple[str, str], int] = field(default_factory=dict)

    def chapter(self, marks: Marks, number: str) -> None:
        """Label a chapter, its sections, and what is counted in it."""
        chapter = marks.chapter
        self.labels[chapter.slug] = Label(chapter.kind, self._written(number), chapter.title)
        counted = chapter.kind in ("chapter", "appendix") and chapter.is_numbered
        for heading, said in self._sections(chapter.headings, number, counted=counted):
            self.labels[f"{chapter.slug}--{heading.id}"] = Label("section", self._written(said), heading.title)
        for mark in marks.marks:
            if mark.kind == MARK:
                series, title = mark.about["series"], mark.about["title"]
                label = Label(series, self._written(self._next(series, number)), title)
                self.labels[f"{chapter.slug}--{mark.id}"] = label

    def _written(self, number: str) -> str:
        return in_digits(number, self.settings["digits"])

    def _sections(self, headings: Iterable[Heading], number: str, *, counted: bool) -> Iterator[tuple[Heading, str]]:
        depth = self.settings["sections"] if counted else 0
        counts: list[int] = []
        for heading in headings:
            level = heading.level - 1
            if level > depth or not heading.is_numbered:
                yield heading, ""
                continue
            counts = [*counts[:level], *[0] * (level - len(counts))]
            counts[level - 1] += 1
            yield heading, ".".join(filter(None, (number, *map(str, counts))))

    def _next(self, series: str, chapter: str) -> str:
        by = self.settings[_KEYS[series]]
        if by == "off" or series in self.own:
            return ""
        prefix = chapter if by == "chapter" else ""
        count = self.counts[series, prefix] = self.counts.get((series, prefix), 0) + 1
        return f"{prefix}.{count}" if prefix else str(count)


def register(marks: tuple[Marks, ...], registry: Registry) -> tuple[Registry, tuple[Diagnostic, ...]]:
    """Count, and say what everything is called.

    Chapters of the body are numbered from 1 through all parts and appendices lettered: if the author says so, and if
    nothing is said, unless there is only one chapter or the titles of most already say a number ("Chapter 4: …"). No
    series is numbered whose captions mostly do ("Figure 2-1. …").
    """
    settings = registry.settings["numbering"]
    numbers = _of_chapters(marks, settings["chapters"], _letter_by(settings))
    counting = _Counting(settings, _own_numbers(marks), dict(registry.labels))
    for each in marks:
        counting.chapter(each, numbers.get(each.chapter.slug, ""))
    return replace(registry, labels=counting.labels), ()


def _letter_by(settings: Mapping[str, Any]) -> Callable[[int], str]:
    """How appendices are lettered."""
    return (lambda number: letters(number).upper()) if settings["digits"] == "western" else abjad


def _of_chapters(marks: Iterable[Marks], setting: bool | str, letter: Callable[[int], str]) -> dict[str, str]:
    numbered = [each.chapter for each in marks if each.chapter.is_numbered]
    chapters = [each for each in numbered if each.kind == "chapter" and each.matter == "bodymatter"]
    appendices = [each for each in numbered if each.kind == "appendix"]
    found: dict[str, str] = {}
    if setting is True or (
        setting == "auto" and len(chapters) > 1 and not _say_numbers((each.title for each in chapters), _NUMBERED_TITLE)
    ):
        found.update({each.slug: str(number) for number, each in enumerate(chapters, start=1)})
    if setting is True or (
        setting == "auto" and not _say_numbers((each.title for each in appendices), _NUMBERED_TITLE)
    ):
        found.update({each.slug: letter(number) for number, each in enumerate(appendices, start=1)})
    return found


def _own_numbers(marks: Iterable[Marks]) -> frozenset[str]:
    titles: dict[str, list[str]] = {}
    for _, mark in of_kind(marks, MARK):
        if mark.about["title"]:
            titles.setdefault(mark.about["series"], []).append(mark.about["title"])
    return frozenset(series for series, said in titles.items() if _say_numbers(said, _NUMBERED_CAPTION))


def _say_numbers(titles: Iterable[str], numbered: re.Pattern[str]) -> bool:
    known = tuple(titles)
    return sum(1 for title in known if numbered.match(title)) * 2 > len(known)


def resolve(galley: Galley, registry: Registry) -> None:
    """Put the numbers in: before headings, before captions, behind equations. Lists say in which digits they count."""
    slug = galley.chapter.slug
    digits = registry.settings["numbering"]["digits"]
    galley.chapter = replace(galley.chapter, number=registry.labels[slug].number)
    galley.headings = [
        replace(heading, number=registry.labels[f"{slug}--{heading.id}"].number) for heading in galley.chapter.headings
    ]
    sections = {heading.id: heading.number for heading in galley.headings if heading.number}
    for element in list(galley.body.iter(etree.Element)):
        identifier = str(element.get("id", ""))
        if identifier in sections:
            xhtml.put_first(element, "section-number", sections[identifier])
        elif element.tag == xhtml.tag("ol") and digits != "western" and not {"class", "type"} & set(element.attrib):
            element.set("class", digits)
        elif series := element.attrib.pop(SERIES, ""):
            element.attrib.pop(SHORT, None)
            label = registry.labels.get(f"{slug}--{identifier}")
            if label is not None and label.number:
                _put_number(element, series, label.number, galley.terms)


def _put_number(element: etree._Element, series: str, number: str, terms: Mapping[str, str]) -> None:
    if series == "equation":
        etree.SubElement(element, xhtml.tag("span"), {"class": "equation-number"}).text = f"({number})"
    elif (caption := caption_of(element)) is not None:
        xhtml.put_first(caption, "caption-label", terms[f"label-{series}"].format(number))


def number_parts(titles: Iterable[str], settings: Settings) -> tuple[str, ...]:
    """Roman numbers for parts of those titles, or plain ones where digits are not western; none if the author wants
    none, or says nothing and there is only one, or a title says its own ("Part One")."""
    known = tuple(titles)
    setting = settings["numbering"]["parts"]
    says_own = len(known) < 2 or any(_NUMBERED_PART.match(title) for title in known)
    if setting is False or (setting == "auto" and says_own):
        return tuple("" for _ in known)
    digits = settings["numbering"]["digits"]
    counted = range(1, len(known) + 1)
    return tuple(roman(each).upper() if digits == "western" else in_digits(str(each), digits) for each in counted)
