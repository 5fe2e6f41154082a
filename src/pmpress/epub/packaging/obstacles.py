"""What keeps somebody from reading a page who listens to it, or has no mouse: as far as a program can tell.

The criteria are those of WCAG 2.2, levels A and AA. That every page has a title and says its language, that all is in
reach of the keyboard and nothing has a time limit is so by the way the pages are made.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from lxml import etree

from pmpress.diagnostics import Span
from pmpress.epub.places import place_of
from pmpress.languages import unregistered
from pmpress.xhtml import HEADINGS, classes_of, elements, local, tag, text_of

_SVG = "{http://www.w3.org/2000/svg}"


class Kind(StrEnum):
    """What an obstacle is in."""

    PICTURE = "picture"
    FORMULA = "formula"
    HEADING = "heading"
    LINK = "link"
    TABLE = "table"
    MOVING = "moving"
    LANGUAGE = "language"
    BOOK = "book"


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One thing in the way, where it was written, and what the author can do about it."""

    kind: Kind
    message: str
    span: Span | None = None
    hint: str = ""


def obstacles_in(body: etree._Element) -> Iterator[Obstacle]:
    """Look for obstacles in a page, which still has the press's own attributes."""
    yield from _pictures(body)
    yield from _headings(body)
    yield from _links(body)
    yield from _tables(body)
    yield from _languages(body)


def _pictures(body: etree._Element) -> Iterator[Obstacle]:
    """*Non-text Content*; with `data-alt="missing"` the words only say that there are none."""
    for image in elements(body, "img"):
        said = (image.get("alt") or "").strip() and image.get("data-alt") is None
        if said or image.get("role") == "presentation":
            continue
        if is_formula(image):
            yield Obstacle(Kind.FORMULA, "a formula is a picture that has no text", place_of(image))
            continue
        hint = "Write what it shows: ![what it shows](file), or, if that is nothing, ![](file){.decorative}."
        yield Obstacle(Kind.PICTURE, "a picture is not described in words", place_of(image), hint)
    for drawing in body.iter(f"{_SVG}svg"):
        if drawing.find(f"{_SVG}title") is None and drawing.get("aria-label") is None:
            yield Obstacle(Kind.PICTURE, "a drawing is not described in words", place_of(drawing))


def is_formula(image: etree._Element) -> bool:
    """Whether a picture stands for a formula."""
    return "formula" in classes_of(image)


def _headings(body: etree._Element) -> Iterator[Obstacle]:
    """*Info and Relationships*: one title a page, and below it no level left out."""
    titles, above = 0, 0
    for heading in elements(body, *HEADINGS):
        level = int(local(heading)[1])
        titles += level == 1
        if level > above + 1:
            message = (
                f"a heading of level {level} stands under one of level {above}" if above else "the title is missing"
            )
            yield Obstacle(Kind.HEADING, message, place_of(heading), "Use one '#' less.")
        above = level
    if titles > 1:
        yield Obstacle(Kind.HEADING, f"a page has {titles} titles", place_of(body), "Look into the layout's templates.")


def _links(body: etree._Element) -> Iterator[Obstacle]:
    """*Link Purpose (In Context)*: a link is called by what it says, or by the pictures in it."""
    for link in elements(body, "a"):
        pictures = "".join(image.get("alt") or "" for image in link.iter(tag("img")))
        if link.get("href") and not ((link.get("aria-label") or "") + text_of(link) + pictures).strip():
            hint = "Write between the brackets where it leads: [the words](address)."
            yield Obstacle(Kind.LINK, f"the link to {link.get('href')} has no words", place_of(link), hint)


def _tables(body: etree._Element) -> Iterator[Obstacle]:
    """*Info and Relationships*: a table says what its columns or rows are."""
    for table in elements(body, "table"):
        cells = [cell for cell in table.iter(tag("th")) if text_of(cell)]
        if not cells and table.get("role") != "presentation":
            hint = "Give its first row the names of the columns."
            yield Obstacle(Kind.TABLE, "a table has no header cells", place_of(table), hint)


def _languages(body: etree._Element) -> Iterator[Obstacle]:
    """*Language of Parts*: what is marked to be in another language is in one that there is."""
    for element in body.iter(etree.Element):
        if (said := element.get("lang")) and unregistered(said):
            hint = "Say a language by its registered tag: [bonjour]{lang=fr}."
            yield Obstacle(Kind.LANGUAGE, f"nobody knows the language '{said}'", place_of(element), hint)
