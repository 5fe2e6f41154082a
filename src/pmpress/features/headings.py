"""Headings: levels without gaps, an id for each, no empty ones."""

from __future__ import annotations

from lxml import etree

from pmpress import xhtml
from pmpress.diagnostics import warning
from pmpress.features.galley import Galley, language_of, plain_text
from pmpress.features.one_format import FORMATS, formats_of
from pmpress.model import Heading

# Without words yet: a picture, and a reference that will say what it leads to.
_SAY_SOMETHING = ("img", "a")
# A heading inside one of these belongs to what is quoted or listed, not to the book's own structure.
_APART = frozenset(xhtml.tag(name) for name in ("blockquote", "li", "td", "th", "aside", "figure", "dd", "details"))


def collect(galley: Galley) -> None:
    """Close up skipped levels (PDF/UA-1, section 7.4.2: no level is left out) and list the chapter's headings.

    Below the title, the first level is 2. A heading two levels below the one it stands under is a warning
    `heading-skipped`; one without text is taken out with a warning `heading-empty`. One that is a picture is called
    by what that shows, and is in no list if that is nothing, as is what is for one format only; below that nothing
    stands in the other.
    """
    above = {format_: [(1, 1)] for format_ in FORMATS}  # in each format, the level as written and as set
    for element in xhtml.elements(galley.body, *xhtml.HEADINGS):
        title = plain_text(element) or _shown(element)
        if not title and not any(element.find(f".//{xhtml.tag(name)}") is not None for name in _SAY_SOMETHING):
            galley.diagnostics.append(
                warning("heading-empty", "a heading without text is left out", galley.span(element))
            )
            xhtml.remove(element)
            continue
        written = max(2, int(xhtml.local(element)[1]))
        shown = formats_of(element)
        formats = [format_ for format_ in FORMATS if format_ in shown or not shown]
        for format_ in formats:
            while above[format_][-1][0] >= written:
                above[format_].pop()
        over, level = min((above[format_][-1] for format_ in formats), key=lambda each: each[1])
        level += 1
        if written > over + 1:
            said = f"a heading of level {written} stands under one of level {over}: set as level {level}"
            galley.diagnostics.append(warning("heading-skipped", said, galley.span(element), "Use one '#' less."))
        for format_ in formats:
            above[format_].append((written, level))
        element.tag = xhtml.tag(f"h{level}")
        if not element.get("id"):
            element.set("id", galley.free_id("section"))
        is_named = title or element.find(f".//{xhtml.tag('a')}") is not None
        is_apart = any(around.tag in _APART for around in element.iterancestors())
        if is_named and len(shown) == len(FORMATS) and not is_apart:
            is_numbered = "unnumbered" not in xhtml.classes_of(element)
            language = language_of(element)
            galley.headings.append(
                Heading(level, str(element.get("id")), title, is_numbered=is_numbered, language=language)
            )


def _shown(heading: etree._Element) -> str:
    """What the pictures in a heading show."""
    alts = (image.get("alt", "").strip() for image in heading.iter(xhtml.tag("img")))
    return " ".join(filter(None, alts))
