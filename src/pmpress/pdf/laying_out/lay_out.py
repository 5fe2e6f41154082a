"""One sheet → its pages as a tagged PDF, and what is known of them. Depends on the sheet and its dress, and on nothing
else: never on the page the book will put it at."""

from __future__ import annotations

from functools import partial
from typing import Any
from xml.etree.ElementTree import Element

from lxml import etree

from pmpress import xhtml
from pmpress.diagnostics import Diagnostic, PressError, Span, error
from pmpress.pdf.addresses import address
from pmpress.pdf.binding import archive
from pmpress.pdf.facts import PT, LaidOut, PageFacts, Place, SheetFacts
from pmpress.pdf.laying_out import grounds, lines, overflow, pictures, second_look, see_through, tags, turnovers
from pmpress.pdf.laying_out.page_starts import page_starts
from pmpress.pdf.laying_out.smallest import smallest_type
from pmpress.pdf.laying_out.spots import spots
from pmpress.pdf.places import place_of
from pmpress.pdf.preparing.drawings import report
from pmpress.pdf.preparing.for_print import Printable
from pmpress.pdf.sheets import Sheet, body_of
from pmpress.pdf.typesetter.engine import BEYOND, Document, Engine, breaking_down
from pmpress.pdf.typesetter.listen import diagnose, listening
from pmpress.pdf.typesetter.typefaces import Fonts
from pmpress.trims import LEAST_SIDE, MOST_SIDE

_VARIANT = "pdf/ua-1"
_LOOKS = 6
_SIDE = "html {{ break-before: {} !important }}"


def lay_out(sheet: Sheet, engine: Engine) -> LaidOut:
    """Lay a sheet out. What the engine cannot draw is a diagnostic, never an exception."""
    # Running heads and folios are drawn when the book is joined, where pages have numbers (pmpress.pdf.furniture).
    rules = (BEYOND, second_look.WIDE, _SIDE.format(sheet.starts))
    style_sheets = [engine.bare, *map(engine.parse, rules)]
    body = body_of(sheet.html, engine.look.layout, sheet.template)
    unprintable = Printable(engine.coverage, engine.dress.direction).change(body, sheet.anchor, sheet.span)
    locate = partial(_where_used, body, sheet.span)
    lost = report(engine.serve(sheet.assets), locate)
    attempt = partial(breaking_down, engine.look.layout, "what begins here" if sheet.span else sheet.name, sheet.span)
    with listening() as heard:
        root = engine.tree(xhtml.serialise(body))
        with attempt():
            document = engine.lay_out(root, style_sheets, _VARIANT)
        _check_size(document, engine.look.layout)
        changed: list[Diagnostic] = []
        for _ in range(_LOOKS):
            with attempt():
                mended = second_look.mend(root, document, sheet.span)
            if mended is None:
                break
            changed += mended
            with attempt():
                document = engine.lay_out(root, style_sheets, _VARIANT)
        wide = second_look.wide_tables(document)
        changed += second_look.tell_tables(wide, sheet.span)
        if sheet.assets:
            changed += pictures.fit(document, sheet.span)
            if engine.dress.opaque:
                grounds.flatten(document)
        facts = _facts(sheet, document, root)
        changed += overflow.tell(facts.overflows, root, wide, sheet.span)
        changed += lines.remarks(document)
        document.fonts = shown = Fonts()
        finish = partial(_finish, sheet=sheet.name, unnamed=engine.dress.unnamed)
        with attempt():
            pdf: bytes = document.write_pdf(pdf_variant=_VARIANT, finisher=finish)
    found = (*engine.diagnostics, *lost, *unprintable, *changed, *diagnose(heard, engine.look.layout, locate))
    return LaidOut(pdf, facts, shown.uses(), tuple(dict.fromkeys(found)))


def _finish(document: Document, pdf: Any, *, sheet: str, unnamed: str) -> None:
    """What is done to the PDF of a sheet before it is written."""
    tags.mend(document, pdf, prefix=sheet, unnamed=unnamed)
    turnovers.mark(document, pdf)
    see_through.own(pdf)
    archive.finish(document, pdf)


def _check_size(document: Document, layout: str) -> None:
    """Raises PressError (`layout-page-size`) for a page that no PDF can have."""
    for page in document.pages:
        width, height = page.width * PT, page.height * PT
        if not (LEAST_SIDE <= width <= MOST_SIDE and LEAST_SIDE <= height <= MOST_SIDE):
            said = f"a page of {width:g} × {height:g} pt: a PDF's are between {LEAST_SIDE} and {MOST_SIDE} pt a side"
            hint = "Change `size` and `margin` in `@page`."
            raise PressError(error("layout-page-size", said, Span(f"layouts/{layout}/print.css"), hint))


def _facts(sheet: Sheet, document: Document, root: Element) -> SheetFacts:
    anchors: dict[str, Place] = {}
    pages = []
    titles = dict(sheet.sections)
    for number, page in enumerate(document.pages):
        begun = []
        for identifier, (left, top, _, _) in page.anchors.items():
            anchor = sheet.anchor_of(identifier)
            if sheet.anchor and anchor not in anchors:
                anchors[anchor] = Place(number, left * PT, (page.height - top) * PT)
                begun.extend([titles[identifier]] if identifier in titles else [])
        pages.append(_page(page, tuple(begun)))
    return SheetFacts(
        tuple(pages),
        anchors,
        page_starts(document, root),
        overflow.sticking_out(document),
        tuple(pictures.printed(document, sheet.span)) if sheet.assets else (),
        smallest_type(document, root, sheet.span),
        spots(document),
    )


def _page(page: Any, sections: tuple[str, ...]) -> PageFacts:
    box = page._page_box  # the engine has no other way to say which @page rules hold
    kind = box.page_type
    # A page left out to get to the other side, unless notes that found no room before have come to stand on it.
    is_blank = bool(kind.blank) and len(box.children) == 1
    top, bottom = box.content_box_y(), page.height - box.content_box_y() - box.height
    left, right = box.content_box_x(), page.width - box.content_box_x() - box.width
    margins = (round(top * PT, 3), round(right * PT, 3), round(bottom * PT, 3), round(left * PT, 3))
    return PageFacts(kind.name or "", page.width * PT, page.height * PT, is_blank, sections, margins)


def _where_used(body: etree._Element, span: Span | None, name: str) -> Span | None:
    """Where in the manuscript the sheet uses an asset; if it is not told by name, where the sheet begins."""
    wanted = address(name)
    users = [image for image in xhtml.elements(body, "img") if image.get("src") == wanted]
    return next((place for place in map(place_of, [*users, *body.iter()]) if place is not None), span)
