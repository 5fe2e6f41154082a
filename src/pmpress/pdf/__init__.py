"""A book → a PDF for print: the only owner of WeasyPrint, pikepdf and PDFium.

The book is laid out in sheets, each alone (`sheets`, `lay_out`); the pages are counted (`numbering`), the running heads
and folios drawn (`furniture`), and all is joined (`assemble`). It sees no Markdown and no EPUB, reads no file but the
layout's fonts, and fetches nothing.
"""

from __future__ import annotations

from collections.abc import Callable

from pmpress.diagnostics import MachineError, error
from pmpress.layout import FontFamily, Layout
from pmpress.model import Asset, Book, Edition, Rendered
from pmpress.pdf import fonts

__all__ = ["draw_cover", "render"]


def _no_progress(doing: str, done: int, total: int) -> None:
    pass


def render(
    book: Book, layout: Layout, edition: Edition, *, progress: Callable[[str, int, int], None] = _no_progress
) -> Rendered:
    """Lay the book out and join it into one PDF.

    `progress` is told what is being done, how much of it is done, and how much there is. Returns
    the PDF, what was found on the way, and the page of every anchor. Raises MachineError (`pango-missing`) where the
    machine lacks Pango, and PressError (`layout-template`) for a template that gives no well-formed XHTML.
    """
    _prepare_engine(layout.fonts)
    # The engine takes most of a second to import, and finds its fonts while it is imported: not before they are set.
    from pmpress.pdf.rendering import render_book

    return render_book(book, layout, progress)


def draw_cover(book: Book, layout: Layout) -> Asset:
    """Draw the layout's own cover for the book: a JPEG of 1600 × 2560 px named `cover.jpg`, the same bytes each time.

    Raises as `render` does.
    """
    _prepare_engine(layout.fonts)
    from pmpress.pdf.cover import draw  # as above

    return draw(book, layout)


def _prepare_engine(families: tuple[FontFamily, ...]) -> None:
    fonts.use_only(families)
    try:
        import weasyprint  # noqa: F401  as above
    except OSError as fault:
        raise MachineError(
            error(
                "pango-missing",
                f"the page engine cannot load Pango: {fault}",
                hint="Run `pmpress doctor`: it says what to install.",
            )
        ) from fault
