"""From the book's own text to an e-book's: the steps that turn one page of the model into one of the container."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

from pmpress.config import direction_of
from pmpress.diagnostics import Diagnostic, warning
from pmpress.epub.names import Names
from pmpress.epub.packaging.page_list import PageBreak
from pmpress.epub.pages.division import Cut
from pmpress.epub.pages.formulas import suit_browsers
from pmpress.epub.pages.notes import link_notes
from pmpress.epub.pages.page_breaks import mark_pages
from pmpress.epub.pages.page_references import show_pages
from pmpress.epub.pages.semantics import describe_at_length, divide_into_sections, set_block_roles, set_roles
from pmpress.epub.places import place_of
from pmpress.model import Direction, PageMap
from pmpress.xhtml import elements, local, remove, tag

_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_FOR_PRINT = etree.XPath("descendant-or-self::*[@data-for='print']")
_OF_ID = etree.XPath("descendant-or-self::*[@id=$id]")
_WITH_LANGUAGE = etree.XPath("descendant-or-self::*[@lang]")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a page must know of the rest: the names of all files, its own slug, the book's words and direction, which
    pages of the printed book begin in it, and on which is what it asks for; and the files that go on with it, if it is
    divided."""

    names: Names
    slug: str
    terms: Mapping[str, str]
    right_to_left: bool
    breaks: tuple[PageBreak, ...] = ()
    page_map: PageMap = field(default_factory=PageMap)
    cuts: tuple[Cut, ...] = ()


def adapt(body: etree._Element, around: Surroundings) -> tuple[Diagnostic, ...]:
    """Change a page of the model, in place, into one of the e-book.

    Returns what could not be kept: links that lead nowhere.
    """
    mark_pages(body, around.breaks)
    show_pages(body, around.page_map)
    _leave_out_print(body)
    _keep_ids_apart(body, around.slug)
    found = tuple(_resolve_links(body, around))
    _name_images(body, around.names)
    _let_tables_scroll(body)
    suit_browsers(body)
    link_notes(body, around.terms)
    set_roles(body)
    set_block_roles(body)
    describe_at_length(body)
    _mark_languages(body, "rtl" if around.right_to_left else "ltr")
    divide_into_sections(body)
    if around.right_to_left:
        _keep_code_left_to_right(body)
    return found


def _leave_out_print(body: etree._Element) -> None:
    for element in _FOR_PRINT(body):
        remove(element)


def _keep_ids_apart(body: etree._Element, slug: str) -> None:
    """A template names the page's outermost element after its chapter; a heading inside may have the same name."""
    same = _OF_ID(body, id=slug)
    if len(same) > 1:
        del same[0].attrib["id"]


def _resolve_links(body: etree._Element, around: Surroundings) -> list[Diagnostic]:
    """`#CHAPTER--ID`, wherever it is written, becomes the file and the fragment it stands for."""
    found = []
    for link in elements(body, "a"):
        anchor = link.get("href") or ""
        if not anchor.startswith("#"):
            continue
        if around.names.leads(anchor[1:]):
            link.set("href", around.names.href(anchor[1:], around.slug))
        else:
            del link.attrib["href"]
            message = f"the link to {anchor} leads to no page of the e-book and was taken out"
            found.append(warning("link-unresolved", message, place_of(link)))
    return found


def _name_images(body: etree._Element, names: Names) -> None:
    for image in elements(body, "img"):
        for attribute in ("src", "srcset"):
            if name := image.get(attribute):
                image.set(attribute, names.assets.get(name, name))


def _let_tables_scroll(body: etree._Element) -> None:
    """A table too wide for the screen moves in a frame that the keyboard reaches too (WCAG 2.2, *Keyboard*)."""
    for table in elements(body, "table"):
        parent = table.getparent()
        if parent is None or next(table.iterancestors(tag("table")), None) is not None:
            continue
        frame = etree.Element(tag("div"), {"class": "table-frame", "tabindex": "0"})
        parent.replace(table, frame)
        frame.tail, table.tail = table.tail, None
        frame.append(table)


def _mark_languages(body: etree._Element, direction: Direction) -> None:
    """XML tools read `xml:lang` and HTML tools `lang`; an e-book meets both (EPUB 3.3, *XHTML content documents*). What
    runs the other way than what is around it says so: its stops would stand at the wrong end."""
    for element in _WITH_LANGUAGE(body):
        element.set(_XML_LANG, element.get("lang"))
        around = (outer.get("dir") for outer in element.iterancestors())
        runs = direction_of(element.get("lang"))
        if element.get("dir") is None and runs != next(filter(None, around), direction):
            element.set("dir", runs)


def _keep_code_left_to_right(body: etree._Element) -> None:
    """By attribute, because an e-book's style sheet may not set `direction` (EPUB 3.3, *CSS style sheets*)."""
    for code in elements(body, "pre", "code", "kbd", "samp"):
        around = code.getparent()
        if code.get("dir") is None and (around is None or local(around) != "pre"):
            code.set("dir", "ltr")
