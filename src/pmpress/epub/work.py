"""What is done for an e-book's page by whoever is given it: this process, another, another machine.

A task carries all it needs and gives plain values back.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree

from pmpress import xhtml
from pmpress.diagnostics import Diagnostic, Span, error
from pmpress.epub.accessibility import Content, look_at
from pmpress.epub.adaptation import Surroundings, adapt
from pmpress.epub.documents import document, properties
from pmpress.epub.faces import Shown, cascade
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
class Page:
    """A finished page: the file, what the manifest says of it, and what the whole book must know of it."""

    file: str
    data: bytes = field(default=b"", repr=False)
    properties: tuple[str, ...] = ()
    shown: tuple[Shown, ...] = ()
    content: Content = field(default_factory=Content)
    diagnostics: tuple[Diagnostic, ...] = ()


def make_page(filled: Filled, style_sheet: str) -> Page:
    """Make a page. One that is not well-formed comes back empty, with an error among its diagnostics."""
    try:
        body = xhtml.parse(filled.xhtml)
    except etree.XMLSyntaxError as fault:
        if filled.around is None:
            raise
        return Page(filled.file, diagnostics=(_not_well_formed(filled.template, filled.around.slug, fault),))
    found = adapt(body, filled.around) if filled.around else ()
    content = look_at(body)  # before the press's own attributes are gone
    return Page(
        file=filled.file,
        data=document(body, filled.title, filled.kind, filled.language, filled.direction),
        properties=properties(body),
        shown=cascade(style_sheet, filled.language).shown(body),
        content=content,
        diagnostics=found,
    )


def _not_well_formed(template: str, slug: str, fault: etree.XMLSyntaxError) -> Diagnostic:
    page = f" (for '{slug}')" if slug else ""
    message = f"what the template makes{page} is not well-formed XHTML: {fault.msg}"
    hint = "Close every element, quote every attribute, and write &#160; instead of &nbsp;."
    return error("layout-template", message, Span(template), hint)
