"""XHTML of the model made ready for print: formulas drawn, the e-book's forms dropped, notes set, links sealed.

Links inside the book become addresses that the engine takes for foreign, because it drops what leads out of the sheet
it is laying out; the assembly knows them again.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from lxml import etree

from pmpress import xhtml
from pmpress.diagnostics import Diagnostic, Span
from pmpress.model import Direction
from pmpress.pdf.addresses import address, link_to
from pmpress.pdf.laying_out.tags import DECORATION
from pmpress.pdf.preparing import directions, emoji, ruby
from pmpress.pdf.preparing.drop_caps import set_drop_caps
from pmpress.pdf.preparing.formulas import draw_formulas, give_words, is_formula
from pmpress.pdf.preparing.glyphs import Coverage
from pmpress.pdf.preparing.long_words import break_up
from pmpress.pdf.preparing.notes import place_notes
from pmpress.pdf.preparing.separators import space_out

_SCHEMES = frozenset({"http", "https", "mailto"})
_NUMERALS = {"a": "lower-alpha", "A": "upper-alpha", "i": "lower-roman", "I": "upper-roman"}
_WORD_JOINER = "\u2060"
_SVG = "{http://www.w3.org/2000/svg}svg"


@dataclass(frozen=True, slots=True)
class Printable:
    """How a book's XHTML is changed for print. `coverage` says which characters its fonts have, `direction` how its
    lines run."""

    coverage: Coverage
    direction: Direction = "ltr"

    def change(self, body: etree._Element, slug: str, span: Span | None) -> tuple[Diagnostic, ...]:
        """Change a parsed sheet in place; `slug` is the chapter's, `span` where the chapter is written.

        Returns what was found on the way: characters that no font has.
        """
        titles, lost = draw_formulas(body, span)
        _drop_other_forms(body)
        space_out(body)
        ruby.set_over(body)
        _hold_references(body)
        place_notes(body, slug)
        _free_images(body)
        _seal_links(body)
        _seal_images(body)
        _number_lists(body)
        found = self.coverage.change(body, span)
        emoji.join(body)
        give_words(titles)
        _name_decorations(body)
        set_drop_caps(body)
        directions.gather(body, self.direction)
        break_up(body)
        return (*lost, *found)


def _drop_other_forms(body: etree._Element) -> None:
    for element in list(body.iter(etree.Element)):
        if element.get("data-for") == "ebook" and element.getparent() is not None:
            xhtml.remove(element)


def _hold_references(body: etree._Element) -> None:
    """Let no line begin with the sign of a note: between letters that fill squares it could."""
    for link in xhtml.elements(body, "a"):
        parent = link.getparent()
        if parent is None or "noteref" not in link.get(xhtml.EPUB_TYPE, "").split():
            continue
        before = link.getprevious()
        text = (before.tail if before is not None else parent.text) or ""
        text = text or ("".join(before.itertext()) if before is not None else "")
        if unicodedata.east_asian_width(text[-1:] or " ") in "WF":
            xhtml.append_text(parent, parent.index(link), _WORD_JOINER)


def _free_images(body: etree._Element) -> None:
    """Set images before the link they stand in: a link holding an image cannot be tagged as PDF/UA wants it.

    A link that held nothing else takes the image's alternative text as its own.
    """
    for link in xhtml.elements(body, "a"):
        if link.get("href") is None:
            continue
        moved = [child for child in link if not all(map(is_formula, child.iter(xhtml.tag("img"), _SVG)))]
        alt = " ".join(image.get("alt", "") for child in moved for image in child.iter(xhtml.tag("img")))
        for child in moved:
            _move_before(child, link)
        if moved and not xhtml.text_of(link):
            link.text = alt.strip() or link.get("href", "").removeprefix("#")
            link.set("class", f"{link.get('class', '')} image-link".strip())


def _move_before(child: etree._Element, link: etree._Element) -> None:
    parent = link.getparent()
    if parent is None:
        return
    tail, child.tail = child.tail, " "
    place = link.index(child)
    parent.insert(parent.index(link), child)
    xhtml.append_text(link, place, tail)


def _seal_links(body: etree._Element) -> None:
    """Give every link an address that means the same wherever the sheet ends up, or take it away and leave its text."""
    for link in xhtml.elements(body, "a"):
        href = link.get("href")
        for name in ("rel", "download", "target"):
            link.attrib.pop(name, None)
        if href is not None and href.startswith("#") and len(href) > 1:
            link.set("href", link_to(unquote(href[1:])))
        elif href is None or not _leads_out(href):
            link.attrib.pop("href", None)
            link.tag = xhtml.tag("span")  # the engine tags every `a` as a link, with a target or without
        elif xhtml.text_of(link).startswith(("http://", "https://", "www.")):
            link.set("class", f"{link.get('class', '')} address".strip())


def _leads_out(href: str) -> bool:
    try:
        return urlsplit(href.strip()).scheme.lower() in _SCHEMES
    except ValueError:
        return False


def _seal_images(body: etree._Element) -> None:
    """Name images by full address, and their size in the one way the engine reads it."""
    for image in xhtml.elements(body, "img"):
        image.set("src", address(image.get("src", "")))
        sizes = [(side, image.attrib.pop(side, "").removesuffix("px")) for side in ("width", "height")]
        for side, size in sizes:
            if _is_size(size):
                _add_style(image, f"{side}: {size}{'' if size.endswith('%') else 'px'}")


def _name_decorations(body: etree._Element) -> None:
    """Have the pictures that show nothing known again among the tags."""
    for image in xhtml.elements(body, "img"):
        if image.get("role") == "presentation":
            image.set("alt", DECORATION)


def _number_lists(body: etree._Element) -> None:
    """Say in CSS what HTML's own attributes say of a list's numbers."""
    for ordered in xhtml.elements(body, "ol"):
        if ordered.get("type", "") in _NUMERALS:
            _add_style(ordered, f"list-style-type: {_NUMERALS[ordered.get('type', '')]}")
        if _is_integer(ordered.get("start", "")):
            _add_style(ordered, f"counter-reset: list-item {int(ordered.get('start', '')) - 1}")
    for item in xhtml.elements(body, "li"):
        if _is_integer(item.get("value", "")):
            _add_style(item, f"counter-reset: list-item {int(item.get('value', ''))}; counter-increment: none")


def _add_style(element: etree._Element, declaration: str) -> None:
    element.set("style", f"{declaration}; {element.get('style', '')}".rstrip("; "))


def _is_integer(text: str) -> bool:
    return text.removeprefix("-").isdecimal()


def _is_size(size: str) -> bool:
    return size.removesuffix("%").replace(".", "", 1).isdecimal()
