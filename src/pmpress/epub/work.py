"""What is done for an e-book's page by whoever is given it: this process, another, another machine.

A task carries all it needs and gives plain values back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from pmpress import xhtml
from pmpress.diagnostics import Diagnostic, Span, error
from pmpress.epub.fonts.faces import Shown, cascade
from pmpress.epub.packaging.accessibility import Content, look_at
from pmpress.epub.pages.adaptation import Surroundings, adapt
from pmpress.epub.pages.division import Division, divide, join, split
from pmpress.epub.pages.documents import document, properties
from pmpress.model import Direction


@dataclass(frozen=True, slots=True)
class Filled:
    """A page as a template filled it in, and all else that it is made from: a change elsewhere in the book is none in
    it. `kind` is the epub:type of its body.

    A page of the model knows its `around` and the file of its `template`; one without is of the e-book already.
    """

    file: str
    title: str
    kind: str
    language: str
    direction: Direction
    xhtml: str = field(repr=False)
    around: Surroundings | None = None
    template: str = ""


@dataclass(frozen=True, slots=True)
class Continued:
    """A file that goes on with a page, and what the manifest says of it."""

    file: str
    data: bytes = field(repr=False)
    properties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """A finished page: the file, what the manifest says of it, and what the whole book must know of it. If the page is
    divided the file is its first, which others go on with; if it is too long for one, `division` says how to."""

    file: str
    data: bytes = field(default=b"", repr=False)
    properties: tuple[str, ...] = ()
    shown: tuple[Shown, ...] = ()
    content: Content = field(default_factory=Content)
    diagnostics: tuple[Diagnostic, ...] = ()
    continued: tuple[Continued, ...] = ()
    division: Division | None = None


def make_page(filled: Filled, style_sheet: str, most: int = 0) -> Page:
    """Make a page, whose file should have at most so many bytes, 0 for any.

    One that is not well-formed comes back empty, with an error among its diagnostics.
    """
    try:
        body = xhtml.parse(filled.xhtml)
    except etree.XMLSyntaxError as fault:
        if filled.around is None:
            raise
        return Page(filled.file, diagnostics=(_not_well_formed(filled.template, filled.around.slug, fault),))
    found = adapt(body, filled.around) if filled.around else ()
    content = look_at(body)  # before the press's own attributes are gone
    shown = cascade(style_sheet, filled.language).shown(body)
    first, *others = _files(body, filled)
    return Page(
        file=filled.file,
        data=first.data,
        properties=first.properties,
        shown=shown,
        content=content,
        diagnostics=found,
        continued=tuple(others),
        division=_division(filled, body, most) if 0 < most < len(first.data) and not others else None,
    )


def _files(body: etree._Element, filled: Filled) -> Iterator[Continued]:
    """The page in its files, the first of which goes on with nothing."""
    cuts = filled.around.cuts if filled.around else ()
    pieces = split(body, [cut.start for cut in cuts])
    files = [filled.file, *(cut.file for cut in cuts)]
    if cuts:
        join(pieces, files)
    for number, (piece, file) in enumerate(zip(pieces, files, strict=True), start=1):
        goes_on = number > 1
        title = f"{filled.title} ({number})" if goes_on else filled.title
        data = document(piece, title, filled.kind, filled.language, filled.direction, goes_on=goes_on)
        yield Continued(file, data, properties(piece))


def _division(filled: Filled, body: etree._Element, most: int) -> Division | None:
    """How to divide a page of the model that is too long for one file."""
    if filled.around is None or not filled.around.slug:
        return None
    written = xhtml.parse(filled.xhtml)
    adapt(written, filled.around)
    empty = document(xhtml.parse(""), filled.title, filled.kind, filled.language, filled.direction)
    return divide(body, written, filled.file, most - len(empty))


def _not_well_formed(template: str, slug: str, fault: etree.XMLSyntaxError) -> Diagnostic:
    page = f" (for '{slug}')" if slug else ""
    message = f"what the template makes{page} is not well-formed XHTML: {fault.msg}"
    hint = "Close every element, quote every attribute, and write &#160; instead of &nbsp;."
    return error("layout-template", message, Span(template), hint)
