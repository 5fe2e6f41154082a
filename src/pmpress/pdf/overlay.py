"""The furniture laid over the pages, as artifacts: no reading voice says a folio in the middle of a sentence.

(ISO 32000-1, 14.8.2.2: pagination artifacts)
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from pikepdf import Array, Dictionary, Name, Object, Page, Pdf

from pmpress.pdf.facts import Furniture

_FORM = "/Furniture"
_BEFORE = b"q\n"
_AFTER = b"\nQ\n/Artifact <</Type /Pagination>> BDC\n/Furniture Do\nEMC\n"


class Overlay:
    """Lays the drawn furniture over the pages of a book."""

    def __init__(self, pdf: Pdf) -> None:
        self._pdf = pdf
        # Every page says the same around its own text, so that all share these two streams.
        self._before = pdf.make_stream(_BEFORE)
        self._after = pdf.make_stream(_AFTER)

    def lay_over(self, pages: Sequence[Object], furniture: Furniture) -> Object | None:
        """Lay its furniture over the pages of a sheet. Returns the resources that it is drawn with, if there is any."""
        if not furniture.data:
            return None
        with Pdf.open(BytesIO(furniture.data)) as drawn:
            resources = self._pdf.copy_foreign(drawn.pages[0].obj.Resources)
            for page, number in zip(pages, furniture.pages, strict=True):
                if number is not None:
                    self._lay_over(page, self._form(drawn.pages[number], resources))
        return resources

    def _lay_over(self, page: Object, form: Object) -> None:
        resources = Dictionary(dict(page.Resources.items()))
        forms = Dictionary(dict(resources.get("/XObject", Dictionary()).items()))
        forms[_FORM] = form
        resources.XObject = forms
        page.Resources = resources
        page.Contents = Array([self._before, page.Contents, self._after])

    def _form(self, drawn: Page, resources: Object) -> Object:
        """A drawn page as a form XObject: its content stream is one already but for a few keys."""
        form = self._pdf.copy_foreign(drawn.obj.Contents)
        form.Type = Name.XObject
        form.Subtype = Name.Form
        form.BBox = Array(drawn.mediabox)
        form.Resources = resources
        return form
