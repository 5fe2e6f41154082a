"""Running heads and folios, drawn when the pages of the book are known.

For every sheet the engine draws as many empty pages under the same `@page` rules, so that `:first`, `:left`, `:right`
and named pages mean what the designer means; only the margin boxes show. The strings that a running head may name are
set on those pages as the sheet would have set them.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any
from xml.sax.saxutils import quoteattr

from pmpress.numerals import ABJAD, in_digits
from pmpress.pdf.binding import archive
from pmpress.pdf.facts import Furnishing, Furniture, PageFacts
from pmpress.pdf.preparing.glyphs import Coverage
from pmpress.pdf.typesetter.engine import BEYOND, FOLIO, Document, Engine, StyleSheet, breaking_down
from pmpress.pdf.typesetter.listen import diagnose, listening
from pmpress.pdf.typesetter.typefaces import Fonts

_STRINGS = """
@page { background: none !important; border-color: transparent !important }
html, body, div {
  display: block !important; margin: 0 !important; padding: 0 !important; border: 0 !important; height: auto !important;
}
.next { break-before: page !important }
[data-chapter] {
  string-set: book-title attr(data-book), book-authors attr(data-authors), part-title attr(data-part),
    chapter-title attr(data-chapter), section-title attr(data-chapter)
}
[data-section] { string-set: section-title attr(data-section) }
"""
_ABJAD = f"@counter-style abjad {{ system: alphabetic; symbols: {' '.join(ABJAD)}; suffix: '' }}"


def draw_furniture(asked: Furnishing, engine: Engine) -> Furniture:
    """Draw the margin boxes of a sheet's pages, in one PDF so that they share what they can."""
    drawn: list[Any] = []
    where: list[int | None] = []
    with listening() as heard:
        style_sheets = _style_sheets(asked, engine)
        tree = engine.tree(_empty_pages(asked, engine.coverage))
        with breaking_down(engine.look.layout, "running heads and folios", None):
            document: Document = engine.lay_out(tree, style_sheets, margin_boxes=True)
        for page, known in zip(document.pages, asked.pages, strict=True):
            shows = not known.is_blank and _has_margin_boxes(page)
            where.append(len(drawn) if shows else None)
            drawn += [page] if shows else []
        document = document.copy(drawn)
        document.fonts = shown = Fonts()
        with breaking_down(engine.look.layout, "running heads and folios", None):
            data: bytes = document.write_pdf(finisher=archive.finish) if drawn else b""
    found = diagnose(heard, engine.look.layout, lambda name: None)
    # What the style sheets have wrong was said when the engine first read them.
    return Furniture(data, tuple(where), shown.uses(), tuple(each for each in found if each.code != "css-ignored"))


def _style_sheets(asked: Furnishing, engine: Engine) -> list[StyleSheet]:
    # A page counter that is reset is not counted up on the same page.
    start = f"@page :nth(1) {{ counter-reset: page {asked.number} !important }}"
    side = f"html {{ break-before: {asked.starts} !important }}"
    own = [engine.parse(each) for each in (_ABJAD, BEYOND, _STRINGS, side, start)]
    return [own[0], _numbered(asked, engine), *own[1:]]


def _numbered(asked: Furnishing, engine: Engine) -> StyleSheet:
    """The layout's style sheet with the digits of these pages, and the number of all pages, in its margin boxes."""
    digits = engine.dress.digits
    roman, arabic = ("lower-roman", "decimal") if digits == "western" else ("abjad", digits)
    folios = roman if asked.is_roman else arabic
    count = "string", in_digits(str(asked.count), digits)

    def said(part: Any) -> Any:
        name, value = part
        if name != "counter()":
            return part
        counter, style = value
        return count if counter == "pages" else (name, (counter, folios)) if style == FOLIO else part

    return engine.with_contents(lambda parts: [said(part) for part in parts])


def _empty_pages(asked: Furnishing, coverage: Coverage) -> str:
    """A body with an empty element a page, in groups of the same page name as the sheet has them."""
    strings = asked.strings
    heads = {
        "book": strings.book_title,
        "authors": strings.book_authors,
        "part": strings.part_title,
        "chapter": strings.chapter_title,
    }
    first = "".join(f" data-{name}={quoteattr(coverage.printable(text))}" for name, text in heads.items())
    html = ""
    for name, group in groupby(enumerate(asked.pages), key=lambda numbered: numbered[1].name):
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
