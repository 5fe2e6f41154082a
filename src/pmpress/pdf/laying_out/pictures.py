"""Pictures at the size they are printed at: no finer than a press can show, and a word on those too coarse."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterator
from math import ceil
from typing import Any, TypeAlias

from PIL import Image
from weasyprint.formatting_structure.boxes import ReplacedBox
from weasyprint.images import RasterImage

from pmpress.diagnostics import Diagnostic, Span, note
from pmpress.pdf.addresses import name_at
from pmpress.pdf.facts import PictureFacts
from pmpress.pdf.places import place_in
from pmpress.pdf.typesetter.engine import Document

_Box: TypeAlias = Any

FINEST = 300  # pixels an inch
COARSEST = 150
_INCH = 96  # CSS px
_SMALL = 0.5 * _INCH  # what is smaller both ways is a sign in the text
_WORTH = 1.1  # times as many pixels as can be shown: fewer are not worth the loss
_QUALITY = 90


def fit(document: Document, span: Span | None) -> Iterator[Diagnostic]:
    """Make smaller the pictures of a laid out document that have more pixels than print can show. Gives a note
    `image-coarse` for each that has too few; `span` is the place to name where one does not know its own."""
    shown: dict[int, list[_Box]] = defaultdict(list)
    for box in _shown(document):
        shown[id(box.replacement)].append(box)
    for boxes in shown.values():
        picture = boxes[0].replacement
        finest = min(_dots(picture, box) for box in boxes)
        if finest > FINEST * _WORTH:
            factor = FINEST / finest
            smaller = _reduced(picture, ceil(picture.width * factor), ceil(picture.height * factor))
            for box in boxes:
                box.replacement = smaller
        yield from filter(None, (_judged(picture, box, span) for box in boxes))


def printed(document: Document, span: Span | None) -> Iterator[PictureFacts]:
    """The pictures of pixels in a laid out document, but for small signs in the text."""
    for box in _shown(document):
        if max(box.width, box.height) >= _SMALL and box.element is not None:
            name = name_at(box.element.get("src", ""))
            yield PictureFacts(name, round(_dots(box.replacement, box), 1), place_in(box.element) or span)


def _shown(document: Document) -> Iterator[_Box]:
    for page in document.pages:
        for box in page._page_box.descendants():
            if isinstance(box, ReplacedBox) and isinstance(box.replacement, RasterImage) and box.width and box.height:
                yield box


def _dots(picture: Any, box: _Box) -> float:
    """How many pixels of a picture are printed on an inch, the way that has fewer."""
    return float(min(picture.width / box.width, picture.height / box.height)) * _INCH


def _judged(picture: Any, box: _Box, span: Span | None) -> Diagnostic | None:
    dots = _dots(picture, box)
    if dots >= COARSEST or max(box.width, box.height) < _SMALL or box.element is None:
        return None
    name = name_at(box.element.get("src", ""))
    wanted = ceil(box.width / _INCH * FINEST)
    hint = f"For print it wants {wanted} pixels in its width, or less room: {{width=…}}."
    said = f"the picture '{name}' has {dots:.0f} pixels an inch where it is printed"
    return note("image-coarse", said, place_in(box.element) or span, hint)


def _reduced(picture: Any, width: int, height: int) -> Any:
    """The engine's picture anew, with so many pixels."""
    image: Image.Image = Image.open(io.BytesIO(picture.image_data.data))
    kind = image.format
    if kind == "JPEG":
        image.draft(image.mode, (width, height))
    if image.mode in ("P", "1"):  # whose pixels cannot be mixed
        image = image.convert("RGBA" if image.has_transparency_data else "RGB" if image.mode == "P" else "L")
    smaller = image.resize((width, height), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    smaller.save(out, kind, quality=_QUALITY)
    data = out.getvalue()
    return RasterImage(Image.open(io.BytesIO(data)), picture.id, data, cache=picture._cache)
