"""Figures: counted, lettered where several share a caption, and credited to those whose work they are. An example is
one too, of text."""

from __future__ import annotations

from lxml import etree

from pmpress import xhtml
from pmpress.features.captions import PART, enter
from pmpress.features.galley import Galley, caption_of
from pmpress.model import Mark, Registry
from pmpress.numerals import letters

_CREDIT = "data-credit"


def collect(galley: Galley) -> None:
    """Have those with a caption or an id counted, and letter the figures inside others."""
    for figure in xhtml.elements(galley.body, "figure"):
        names = xhtml.classes_of(figure)
        if "listing" in names or PART in names:
            continue
        parts = [child for child in figure if PART in xhtml.classes_of(child)]
        if caption_of(figure) is not None or figure.get("id"):
            if caption_of(figure) is None:
                etree.SubElement(figure, xhtml.tag("figcaption"))
            enter(galley, figure, "example" if "example" in names else "figure")
        for number, part in enumerate(parts, start=1):
            _letter(galley, figure, part, letters(number))


def _letter(galley: Galley, figure: etree._Element, part: etree._Element, said: str) -> None:
    caption = caption_of(part)
    if caption is None:
        caption = etree.SubElement(part, xhtml.tag("figcaption"))
    xhtml.put_first(caption, "subfigure-letter", f"({said})")
    if part.get("id") and figure.get("id"):
        about = {"of": str(figure.get("id")), "letter": said}
        galley.marks.append(Mark(PART, galley.span(part), str(part.get("id")), about=about))


def resolve(galley: Galley, registry: Registry) -> None:
    """Put the credits at the end of the captions."""
    for figure in xhtml.elements(galley.body, "figure"):
        credit = figure.attrib.pop(_CREDIT, "").strip()
        if not credit:
            continue
        caption = caption_of(figure)
        if caption is None:
            caption = etree.SubElement(figure, xhtml.tag("figcaption"))
        if len(caption) or caption.text:
            xhtml.append_text(caption, len(caption), " ")
        etree.SubElement(caption, xhtml.tag("span"), {"class": "credit"}).text = credit
