"""Running heads and folios, drawn when the pages of the book are known.

For every sheet the engine draws as many empty pages under the same `@page` rules, so that `:first`, `:left`, `:right`
and named pages mean what the designer means; only the margin boxes show. The strings that a running head may name are
set on those pages as the sheet would have set them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any
from xml.sax.saxutils import quoteattr

from pmpress.diagnostics import Diagnostic
from pmpress.pdf.engine import Document, Engine, StyleSheet
from pmpress.pdf.facts import PageFacts
from pmpress.pdf.glyphs import Coverage
from pmpress.pdf.listen import diagnose, listening
from pmpress.pdf.numbering import Pages, Placed

_STRINGS = """
@page { background: none !important; border-color: transparent !important; marks: none !important }
html, body, div {
  display: block !important; margin: 0 !important; padding: 0 !important; border: 0 !important; height: auto !important;
}
.next { break-before: page !important }
[data-chapter] { string-set: book-title attr(data-book), part-title attr(data-part), chapter-title attr(data-chapter) }
[data-section] { string-set: section-title attr(data-section) }
"""
_PAGE = re.compile(r"counter\(\s*page\s*\)")
# In a font's map to Unicode, a glyph that stands for more than eight letters.
_CUT_SHORT = re.compile(rb"(<[0-9a-f]{4}>) <[0-9a-f]{33,}>")
_PAGES = re.compile(r"counter\(\s*pages\s*(?:,[^)]*)?\)")


@dataclass(frozen=True, slots=True)
class Furniture:
    """What is laid over the pages: a PDF, and for each page_index of the book its page in there, if it has one."""

    data: bytes = field(repr=False)
    pages: dict[int, int]
    diagnostics: tuple[Diagnostic, ...] = ()


def draw_furniture(pages: Pages, engine: Engine, coverage: Coverage) -> Furniture:
    """Draw the margin boxes of every page of the book, all in one PDF so that they share their fonts."""
    css = _PAGES.sub(f'"{pages.count}"', engine.dress.css)
    document: Document = None
    drawn: list[Any] = []
    where: dict[int, int] = {}
    with listening() as heard:
        numerals = {True: engine.parse(_PAGE.sub("counter(page, lower-roman)", css)), False: engine.parse(css)}
        for placed in pages.placed:
            style_sheets = _style_sheets(placed, pages, engine, numerals[placed.start < pages.body])
            document = engine.lay_out(engine.tree(_empty_pages(placed, coverage)), style_sheets)
            facts = placed.laid_out.facts.pages
            for page_index, (page, known) in enumerate(zip(document.pages, facts, strict=True), start=placed.start):
                if not known.is_blank and _has_margin_boxes(page):
                    where[page_index] = len(drawn)
                    drawn.append(page)
        data: bytes = document.copy(drawn).write_pdf(finisher=_spell_ellipses) if drawn else b""
    found = diagnose(heard, engine.dress.layout, lambda name: None)
    # What the style sheets have wrong was said when the engine first read them.
    return Furniture(data, where, tuple(each for each in found if each.code != "css-ignored"))


def _style_sheets(placed: Placed, pages: Pages, engine: Engine, numerals: StyleSheet) -> list[StyleSheet]:
    # A page counter that is reset is not counted up on the same page.
    start = f"@page :nth(1) {{ counter-reset: page {pages.number(placed.start)} !important }}"
    side = f"html {{ break-before: {placed.sheet.starts} !important }}"
    return [numerals, engine.parse(_STRINGS), engine.parse(side), engine.parse(start)]


def _empty_pages(placed: Placed, coverage: Coverage) -> str:
    """A body with an empty element a page, in groups of the same page name as the sheet has them."""
    strings = placed.sheet.strings
    heads = {"book": strings.book_title, "part": strings.part_title, "chapter": strings.chapter_title}
    first = "".join(f" data-{name}={quoteattr(coverage.printable(text))}" for name, text in heads.items())
    pages = enumerate(placed.laid_out.facts.pages)
    html = ""
    for name, group in groupby(pages, key=lambda numbered: numbered[1].name):
        style = f' style="page: {name}"' if name else ""
        html += f"<div{style}>"
        for number, page in group:
            attributes = ' class="next"' if number else first
            html += f"<div{attributes}>{''.join(_sections(page, coverage))}</div>"
        html += "</div>"
    return html


def _sections(page: PageFacts, coverage: Coverage) -> Iterator[str]:
    for title in page.sections:
        yield f"<div data-section={quoteattr(coverage.printable(title))}></div>"


def _has_margin_boxes(page: Any) -> bool:
    return any(hasattr(box, "at_keyword") for box in page._page_box.children)


def _spell_ellipses(document: object, pdf: Any) -> None:
    """Have the ellipsis that cuts a long running head short mean "…", where the engine has it mean all it stands for:
    a mapping that programs refuse to read."""
    for stream in pdf.objects:
        lines: list[Any] = getattr(stream, "stream", [])
        for place, line in enumerate(lines):
            if isinstance(line, bytes) and (mapped := _CUT_SHORT.fullmatch(line)):
                lines[place] = mapped[1] + b" <2026>"
