"""The layout's cover, drawn as a picture for those who need a cover image.

The layout writes it as a page in `em`; the press draws it in the largest type in which everything stays inside its box.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from io import BytesIO
from typing import Any

import pypdfium2

from pmpress import xhtml
from pmpress.model import Asset
from pmpress.pdf.facts import BLANK_COVER
from pmpress.pdf.preparing.for_print import Printable
from pmpress.pdf.sheets import body_of
from pmpress.pdf.typesetter.engine import Document, Engine, breaking_down
from pmpress.pdf.typesetter.listen import listening

WIDTH, HEIGHT = int(BLANK_COVER.width), int(BLANK_COVER.height)
_QUALITY = 90
_SLACK = 1.0
_PAGE = "@page { size: 1600px 2560px !important; margin: 0 !important; marks: none; bleed: 0 }"
# What is tried until all fits: what 1 em is, in px, and whether words may be broken.
_SIZES = (64, 58, 52, 47, 42, 38, 34, 30, 27, 24, 20, 16)
_TRIES = (*((size, False) for size in _SIZES[:6]), *((size, True) for size in _SIZES))


def draw(html: str, pictures: Iterable[Asset], engine: Engine) -> Asset:
    """The cover whose `body` holds this XHTML, as a JPEG."""
    body = body_of(html, engine.look.layout, "cover")
    # The title page says what glyphs are missing.
    Printable(engine.coverage, engine.dress.direction).change(body, "", None)
    engine.serve(pictures)
    with listening(), breaking_down(engine.look.layout, "the cover", None):
        document = _fitted(engine, xhtml.serialise(body))
        pdf: bytes = document.copy(document.pages[:1]).write_pdf()
    return replace(BLANK_COVER, data=_picture(pdf))


def _fitted(engine: Engine, html: str) -> Document:
    """The cover in the largest type in which it fits."""
    for size, breaks_words in _TRIES:
        breaking = "p { overflow-wrap: anywhere !important; hyphens: auto !important }" if breaks_words else ""
        css = f"{_PAGE} html {{ font-size: {size}px !important }} {breaking}"
        document = engine.lay_out(engine.tree(html), [engine.bare, engine.parse(css)])
        if len(document.pages) == 1 and _fits(document.pages[0]._page_box):
            break
    return document


def _fits(page: Any) -> bool:
    """Whether all text is on the page, and in each box that has a height of its own."""
    sized = (box for box in page.descendants() if hasattr(box, "descendants") and box.style["height"] != "auto")
    return all(_holds(room, text) for room in (page, *sized) for text in room.descendants() if hasattr(text, "text"))


def _holds(room: Any, text: Any) -> bool:
    left, top = room.content_box_x() - _SLACK, room.content_box_y() - _SLACK
    right, bottom = left + room.width + 2 * _SLACK, top + room.height + 2 * _SLACK
    return bool(
        left <= text.position_x <= text.position_x + text.width <= right
        and top <= text.position_y <= text.position_y + text.height <= bottom
    )


def _picture(pdf: bytes) -> bytes:
    out = BytesIO()
    document = pypdfium2.PdfDocument(pdf)
    try:
        page = document[0]
        # Pixels of four bytes in this order go to the encoder as they are: a third of the time, and the same picture.
        bitmap = page.render(scale=WIDTH / page.get_width(), rev_byteorder=True, prefer_bgrx=True)
        image = bitmap.to_pil()
        if image.size != (WIDTH, HEIGHT):
            image = image.resize((WIDTH, HEIGHT))
        image.save(out, "JPEG", quality=_QUALITY, subsampling=0)
    finally:
        document.close()
    return out.getvalue()
