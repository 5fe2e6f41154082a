"""Single sheets and single pages of a book that is being written: nothing waits for a whole file."""

from __future__ import annotations

from collections.abc import Iterator

from pmpress.epub.proofs import EbookProofs
from pmpress.epub.proofs import proofs as fill_in
from pmpress.model import PageMap
from pmpress.pdf.proofs import Awaited, Proofs
from pmpress.pdf.proofs import proofs as lay_out
from pmpress.press import Loaded
from pmpress.press.workers import cores
from pmpress.tasks import Means


def printed(loaded: Loaded, earlier: Proofs | None, means: Means, awaited: Awaited | None = None) -> Iterator[Proofs]:
    """The pages of the print: first each sheet that is not as in the `earlier` proofs, as soon as it is laid out, those
    `awaited` before others; at last all of them, with the page numbers that they have in the book. Whoever stops
    asking has no more laid out. Raises as `pmpress.press.render` does."""
    return lay_out(loaded.book, loaded.layout, loaded.edition, earlier, means, abreast=cores(), awaited=awaited)


def ebook(loaded: Loaded, page_map: PageMap | None) -> EbookProofs:
    """The files of the e-book, made one by one when they are asked for. It knows the pages of the print, if it is to
    and they are known. Raises PressError (`layout-template`) if a template fails."""
    knows = loaded.printed is not None and loaded.printed[1] == loaded.edition
    return fill_in(loaded.book, loaded.layout, page_map if knows else None)
