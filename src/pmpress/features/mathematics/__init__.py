"""Mathematics: LaTeX between dollars becomes MathML with the LaTeX as its alternative text. A formula that cannot be
read is an error, and never stands in the book as it was written."""

from __future__ import annotations

from lxml import etree

from pmpress import xhtml
from pmpress.diagnostics import error
from pmpress.features.galley import Galley
from pmpress.features.mathematics import tex
from pmpress.features.mathematics.words import in_a_line
from pmpress.features.numbering import SERIES
from pmpress.textplaces import OUTPUT

_SHOWN = 60


def collect(galley: Galley) -> None:
    """Give every formula its form; one between `$$` stands in a block of its own, and has a number if it has an
    id. One that cannot be read is an error `math-invalid`."""
    for root in galley.roots:
        for span in [span for span in xhtml.elements(root, "span") if _is_formula(span)]:
            if _set(galley, span) and span.get("class", "").startswith("math display"):
                _stand_apart(span)


def _is_formula(span: etree._Element) -> bool:
    return span.get("class", "").startswith(("math inline", "math display")) and not len(span)


def _set(galley: Galley, span: etree._Element) -> bool:
    """Put MathML in the place of a formula's source; False if it cannot be read."""
    source = " ".join((span.text or "").split())
    try:
        mathml = tex.read(span.text or "", span.get("class", "").startswith("math display"))
    except tex.Unreadable as fault:
        _refuse(galley, span, source, fault)
        return False
    span.text = None
    formula = etree.fromstring(mathml)
    formula.set(OUTPUT, "ebook")
    formula.set(xhtml.SAID, in_a_line(mathml))
    span.append(formula)
    return True


def _refuse(galley: Galley, span: etree._Element, source: str, fault: tex.Unreadable) -> None:
    shown = source if len(source) <= _SHOWN else f"{source[: _SHOWN - 1]}…"
    said = f"the formula '{shown}' cannot be read: {fault}"
    galley.diagnostics.append(error("math-invalid", said, galley.span(span), fault.hint))
    galley.mark_broken(span, str(fault))
    mark = span.getnext()
    if mark is not None and (identifier := span.get("id")):
        mark.set("id", identifier)  # so that nothing that refers to it is broken too
    xhtml.remove(span)


def _stand_apart(span: etree._Element) -> None:
    """Put a formula between `$$` into a block of its own; the rest of its paragraph goes on behind it."""
    parent = span.getparent()
    if parent is None or parent.getparent() is None or xhtml.local(parent) not in {"p", "li", "dd", "td", "div"}:
        return
    block = etree.Element(xhtml.tag("div"), {"class": "equation"})
    if lines := span.attrib.pop(xhtml.SPAN, "") or parent.get(xhtml.SPAN):
        block.set(xhtml.SPAN, lines)
    if identifier := span.attrib.pop("id", ""):
        block.set("id", identifier)
        block.set(SERIES, "equation")
    rest, span.tail = span.tail, None
    if xhtml.local(parent) != "p":
        parent.replace(span, block)
        block.append(span)
        block.tail = rest
        return
    _split(parent, span, block, rest)


def _split(paragraph: etree._Element, span: etree._Element, block: etree._Element, rest: str | None) -> None:
    behind = etree.Element(xhtml.tag("p"))
    behind.text = (rest or "").lstrip()
    behind.extend(span.itersiblings())
    block.append(span)
    paragraph.addnext(block)
    block.tail, paragraph.tail = paragraph.tail, None
    if behind.text or len(behind):
        if lines := paragraph.get(xhtml.SPAN):
            behind.set(xhtml.SPAN, lines)
        block.addnext(behind)
        behind.tail, block.tail = block.tail, None
    if not len(paragraph) and not (paragraph.text or "").strip():
        if (identifier := paragraph.get("id")) and not block.get("id"):
            block.set("id", identifier)
        xhtml.remove(paragraph)
