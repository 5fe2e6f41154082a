"""What an author marks for the index, read chapter by chapter.

`[term]{.index}` is a word to be found under itself; `entry` files it elsewhere, with `!` between up to three levels,
and with nothing in the brackets the place is marked and nothing printed. `see` and `see-also` lead to other entries,
`range` begins or ends a stretch of text, `sort` says how an entry is filed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy

from lxml import etree

from pmpress import xhtml
from pmpress.diagnostics import error, warning
from pmpress.dialect import set_line
from pmpress.features.collation import tidy
from pmpress.features.galley import Galley, plain_text
from pmpress.features.one_format import formats_of
from pmpress.model import Mark

MARK = "index"
LEVELS = "\n"  # between the levels of an entry, in which white space is folded, wherever it is one text
_DEEPEST = 3
_KEYS = ("entry", "see", "see-also", "sort", "range")
_INLINE = frozenset(xhtml.tag(name) for name in (
    "a", "abbr", "b", "cite", "code", "del", "dfn", "em", "i", "ins", "kbd", "mark", "q", "s", "samp", "small", "span",
    "strong", "sub", "sup", "u", "var",
))  # fmt: skip
# How a term looks in the text, as far as it looks so in the index.
_SHOWN = frozenset(xhtml.tag(name) for name in ("b", "cite", "code", "em", "i", "strong", "sub", "sup"))
_OPENERS = frozenset(xhtml.tag(name) for name in ("p", "h2", "h3", "h4", "h5", "h6"))
_BETWEEN_LEVELS = re.compile(r"(?<!\\)!")


def collect(galley: Galley) -> None:
    """Take the marks out of the text: what is left of one is the place, an element with an id.

    An entry without a word in it is an error `index-empty`, one with more than three levels `index-too-deep`.
    """
    _settle_alone(galley.body)
    for section, element in list(_places(galley)):
        said = {key: str(element.attrib.pop(f"data-{key}", "")).strip() for key in _KEYS}
        classes = xhtml.classes_of(element)
        if MARK in classes and element.tag in _INLINE:
            xhtml.set_classes(element, (name for name in classes if name != MARK))
            _take(galley, element, said, section)
        elif any(said.values()):
            names = ", ".join(key for key, value in said.items() if value)
            message = f"{names} says something of what has the class 'index' only: it is left out"
            galley.diagnostics.append(warning("attribute-unknown", message, galley.span(element)))


def _places(galley: Galley) -> Iterator[tuple[str, etree._Element]]:
    """Every element, and the id of the heading it stands under; of what stands in a note, that of the reference."""
    headings = {heading.id for heading in galley.headings}
    of_notes: dict[str, str] = {}
    for root in galley.roots:
        section = ""
        for element in root.iter(etree.Element):
            identifier = str(element.get("id", ""))
            if identifier in headings:
                section = identifier
            elif element.get(xhtml.EPUB_TYPE) == "noteref":
                of_notes.setdefault(str(element.get("href", "")).removeprefix("#"), section)
            elif identifier in of_notes:
                section = of_notes[identifier]
            yield section, element


def _take(galley: Galley, element: etree._Element, said: dict[str, str], section: str) -> None:
    span, shown = galley.span(element), ""
    entry = levels_of(said["entry"], galley.language)
    if not said["entry"]:
        entry, shown = (tidy(plain_text(element)),), _as_shown(element)
    if not all(entry):
        hint = 'Write the word between the brackets, or entry="word".'
        galley.diagnostics.append(error("index-empty", "an entry of the index has no word", span, hint))
    elif len(entry) > _DEEPEST:
        message = f"an entry of the index has {len(entry)} levels: {_DEEPEST} is the most"
        galley.diagnostics.append(error("index-too-deep", message, span, r"A '!' that is printed is written '\!'."))
    else:
        about = {
            "entry": LEVELS.join(entry),
            "shown": shown,
            "sort": LEVELS.join(levels_of(said["sort"], galley.language)),
            "see": LEVELS.join(levels_of(said["see"], galley.language)),
            "see-also": LEVELS.join(levels_of(said["see-also"], galley.language)),
            "range": said["range"],
            "section": section,
            "formats": " ".join(sorted(formats_of(element))),
        }
        if said["see"]:  # which stands in the place of a locator
            galley.marks.append(Mark(MARK, span, about=about))
        else:
            element.set("id", element.get("id") or galley.free_id("idx"))
            galley.marks.append(Mark(MARK, span, str(element.get("id")), about=about))
    _leave(element)


def levels_of(written: str, language: str) -> tuple[str, ...]:
    """The levels of an entry as it is written, typeset as text is."""
    pieces = _BETWEEN_LEVELS.split(written) if written.strip() else []
    return tuple(tidy(set_line(piece.replace(r"\!", "!"), language)) for piece in pieces)


def _as_shown(element: etree._Element) -> str:
    """The term as it looks in the text, as an inner fragment, if it does not look plain."""
    copy = etree.Element(xhtml.tag("body"), nsmap={None: xhtml.XHTML})
    copy.append(deepcopy(element))
    copy[0].tail = None
    for inner in list(copy.iter(etree.Element))[1:]:
        inner.tail = re.sub(r"\s+", " ", inner.tail) if inner.tail else None
        inner.text = re.sub(r"\s+", " ", inner.text) if inner.text else None
        if inner.get(xhtml.EPUB_TYPE) == "noteref":
            xhtml.remove(inner)
        elif inner.tag not in _SHOWN:
            xhtml.unwrap(inner)
        else:
            for name in list(inner.attrib):
                del inner.attrib[name]
    return xhtml.serialise(copy).strip() if len(copy) else ""


def _leave(element: etree._Element) -> None:
    """Leave of a mark only what is still needed."""
    if element.tag != xhtml.tag("span") or any(name != xhtml.SPAN for name in element.attrib):
        return
    if len(element) or element.text:
        xhtml.unwrap(element)
    else:
        xhtml.remove(element)


def _settle_alone(body: etree._Element) -> None:
    """Put marks that are a paragraph by themselves, and would be an empty line, into the text they were written at:
    before the next, or behind the one before if there is none, or a stretch ends with them."""
    for paragraph in xhtml.elements(body, "p"):
        marks = list(paragraph)
        if not marks or xhtml.text_of(paragraph) or not all(map(_is_invisible, marks)):
            continue
        before, behind = paragraph.getprevious(), paragraph.getnext()
        for mark in marks:
            mark.tail = None
        opening = [mark for mark in marks if mark.get("data-range") != "end"]
        if before is not None and before.tag in _OPENERS:
            before.extend([mark for mark in marks if mark not in opening])
        if behind is not None and behind.tag in _OPENERS:
            left = list(paragraph)
            for mark in reversed(left):
                mark.tail, behind.text = (behind.text if mark is left[-1] else None), None
                behind.insert(0, mark)
        elif before is not None and before.tag in _OPENERS:
            before.extend(list(paragraph))
        if not len(paragraph):
            xhtml.remove(paragraph)


def _is_invisible(element: etree._Element) -> bool:
    return element.tag == xhtml.tag("span") and MARK in xhtml.classes_of(element) and not len(element)
