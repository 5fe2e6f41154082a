"""The furniture laid over the pages, as artifacts: no reading voice says a folio in the middle of a sentence.

(ISO 32000-1, 14.8.2.2: pagination artifacts)
"""

from __future__ import annotations

from io import BytesIO

from pikepdf import Array, Dictionary, Name, Object, Page, Pdf

from pmpress.pdf.furniture import Furniture

_FORM = "/Furniture"
_BEFORE = b"q\n"
_AFTER = b"\nQ\n/Artifact <</Type /Pagination>> BDC\n/Furniture Do\nEMC\n"


class Overlay:
    """Lays the drawn furniture over the pages of a book."""

    def __init__(self, pdf: Pdf, furniture: Furniture) -> None:
        self._pdf = pdf
        self._where = furniture.pages
        self._drawn = Pdf.open(BytesIO(furniture.data)) if furniture.data else Pdf.new()
        # Every page says the same around its own text, so that all share these two streams.
        self._before = pdf.make_stream(_BEFORE)
        self._after = pdf.make_stream(_AFTER)

    def lay_over(self, page: Page, page_index: int) -> None:
        """Lay its furniture, if it has any, over a page of the book."""
        if page_index not in self._where:
            return
        resources = Dictionary(dict(page.obj.Resources.items()))
        forms = Dictionary(dict(resources.get("/XObject", Dictionary()).items()))
        forms[_FORM] = self._form(self._drawn.pages[self._where[page_index]])
        resources.XObject = forms
        page.obj.Resources = resources
        page.obj.Contents = Array([self._before, page.obj.Contents, self._after])

    def _form(self, drawn: Page) -> Object:
        """A drawn page as a form XObject: its content stream is one already but for a few keys."""
        form = self._pdf.copy_foreign(drawn.obj.Contents)
        form.Type = Name.XObject
        form.Subtype = Name.Form
        form.BBox = Array(drawn.mediabox)
        form.Resources = self._pdf.copy_foreign(drawn.obj.Resources)
        return form
