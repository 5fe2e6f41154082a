"""Pages put on their paper, with the furniture laid over them as artifacts: no reading voice says a folio in the middle
of a sentence. (ISO 32000-1, 14.8.2.2)

What a sheet says in coordinates moves along: links, the boxes of figures in the tags, patterns, which know the page and
not what it is drawn in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from io import BytesIO

from pikepdf import Array, Dictionary, Name, Object, Page, Pdf

from pmpress.pdf.binding.boxes import Boxes, Matrix, Rectangle, crop_marks, point
from pmpress.pdf.facts import Furniture

_FORM = "/Furniture"
_FURNITURE = b"/Artifact <</Type /Pagination>> BDC\n/Furniture Do\nEMC\n"
_MARKS = b"/Artifact <</Type /Page>> BDC\n%s\nEMC\n"
_UNMOVED: Matrix = (1, 0, 0, 1, 0, 0)
_PATTERN = re.compile(rb"/(\w+) (?:scn|SCN)\b")


class Overlay:
    """Puts the pages of a book on their paper, and the drawn furniture over them."""

    def __init__(self, pdf: Pdf) -> None:
        self._pdf = pdf
        # Most pages say the same around their own text: they share these.
        self._streams: dict[bytes, Object] = {}

    def lay_over(self, pages: Sequence[Object], boxes: Sequence[Boxes], furniture: Furniture) -> Object | None:
        """Put the pages of a sheet on their paper, with its furniture. Returns the resources that is drawn with, if
        there is any."""
        resources: Object | None = None
        forms: list[Object | None] = [None] * len(pages)
        if furniture.data:
            with Pdf.open(BytesIO(furniture.data)) as drawn:
                resources = self._pdf.copy_foreign(drawn.pages[0].obj.Resources)
                forms = [
                    None if number is None else self._form(drawn.pages[number], resources) for number in furniture.pages
                ]
        _move_patterns(pages, boxes)
        for page, box, form in zip(pages, boxes, forms, strict=True):
            self.put(page, box, form)
        return resources

    def put(self, page: Object, boxes: Boxes, furniture: Object | None = None) -> None:
        """Put one page on its paper."""
        page.MediaBox, page.BleedBox, page.TrimBox = (
            Array(box.sides) for box in (boxes.media, boxes.bleed, boxes.trim)
        )
        shown = boxes.bleed if boxes.bleed != boxes.media else None
        parts: list[Object] = []
        if "/Contents" in page:
            wraps = boxes.content != _UNMOVED or furniture is not None or shown is not None
            parts += [self._stream(_begin(boxes.content, shown))] if wraps else []
            parts += [page.Contents, *([self._stream(b"\nQ\n")] if wraps else [])]
        if furniture is not None:
            page.Resources = _with_form(page.Resources, furniture)
            parts.append(self._stream(_begin(boxes.furniture, shown) + _FURNITURE + b"Q\n"))
        if shown is not None:
            parts.append(self._stream(_MARKS % crop_marks(boxes)))
        if len(parts) > 1 or (parts and "/Contents" not in page):
            page.Contents = Array(parts)
        for annotation in page.get("/Annots", ()):
            annotation.Rect = Array(_moved(boxes.content, annotation.Rect))

    def _stream(self, data: bytes) -> Object:
        if data not in self._streams:
            self._streams[data] = self._pdf.make_stream(data)
        return self._streams[data]

    def _form(self, drawn: Page, resources: Object) -> Object:
        """A drawn page as a form XObject: its content stream is one already but for a few keys."""
        form = self._pdf.copy_foreign(drawn.obj.Contents)
        form.Type = Name.XObject
        form.Subtype = Name.Form
        form.BBox = Array(drawn.mediabox)
        form.Resources = resources
        return form


def move_figures(figures: Iterable[Object], pages: Sequence[Object], boxes: Sequence[Boxes]) -> None:
    """Bring the boxes of figures, elements of the structure tree, to where the figures are on these pages."""
    matrices = {page.objgen: box.content for page, box in zip(pages, boxes, strict=True)}
    for figure in figures:
        figure.A.BBox = Array(_moved(matrices[figure.Pg.objgen], figure.A.BBox))


def _begin(matrix: Matrix, shown: Rectangle | None) -> bytes:
    """What stands before a text that is moved, and of which only that area is shown."""
    text = "q\n"
    if shown is not None:
        left, bottom, right, top = shown.sides
        text += f"{left:g} {bottom:g} {right - left:g} {top - bottom:g} re W n\n"
    if matrix != _UNMOVED:
        text += " ".join(f"{round(number, 3):g}" for number in matrix) + " cm\n"
    return text.encode()


def _moved(matrix: Matrix, sides: Object) -> tuple[float, float, float, float]:
    left, bottom, right, top = map(float, sides)
    (x1, y1), (x2, y2) = point(matrix, left, bottom), point(matrix, right, top)
    return round(min(x1, x2), 3), round(min(y1, y2), 3), round(max(x1, x2), 3), round(max(y1, y2), 3)


def _with_form(resources: Object, form: Object) -> Object:
    own = Dictionary(dict(resources.items()))
    forms = Dictionary(dict(own.get("/XObject", Dictionary()).items()))
    forms[_FORM] = form
    own.XObject = forms
    return own


def _move_patterns(pages: Sequence[Object], boxes: Sequence[Boxes]) -> None:
    """Move the patterns that pages are painted with. Each is one page's: the engine makes one whenever it paints."""
    patterns = pages[0].Resources.get("/Pattern", Dictionary())
    if not len(patterns):
        return
    for page, box in zip(pages, boxes, strict=True):
        if "/Contents" not in page or box.content == _UNMOVED:
            continue
        a, b, c, d, _, _ = box.content
        for name in dict.fromkeys(_PATTERN.findall(page.Contents.read_bytes())):
            pattern = patterns[f"/{name.decode()}"]
            p, q, r, s, t, u = map(float, pattern.get("/Matrix", _UNMOVED))
            pattern.Matrix = Array(
                round(each, 6)
                for each in (a * p + c * q, b * p + d * q, a * r + c * s, b * r + d * s, *point(box.content, t, u))
            )
