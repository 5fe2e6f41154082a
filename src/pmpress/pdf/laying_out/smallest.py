"""The smallest type of a laid-out sheet: printers say how small it may be."""

from __future__ import annotations

from typing import Any, TypeAlias
from xml.etree.ElementTree import Element

from weasyprint.formatting_structure.boxes import TextBox

from pmpress.diagnostics import Span
from pmpress.pdf.facts import PT, TypeFacts
from pmpress.pdf.places import place_near
from pmpress.pdf.typesetter.engine import Document

_Box: TypeAlias = Any
_RAISED = frozenset({"sub", "sup"})


def smallest_type(document: Document, root: Element, span: Span | None) -> TypeFacts | None:
    """The smallest type in a document that was laid out from the tree `root`. What is raised or lowered beside other
    type does not count."""
    found: _Box = None
    for page in document.pages:
        for box in page._page_box.descendants():
            if isinstance(box, TextBox) and (found is None or box.style["font_size"] < found.style["font_size"]):
                element = box.element
                if box.text.strip() and not (element is None or element.tag in _RAISED or _is_noteref(element)):
                    found = box
    if found is None:
        return None
    return TypeFacts(round(found.style["font_size"] * PT, 2), place_near(found.element, root) or span)


def _is_noteref(element: Element) -> bool:
    return "noteref" in element.get("class", "").split()
