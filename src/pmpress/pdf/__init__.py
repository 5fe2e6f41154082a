"""A book → a PDF for print: the only owner of WeasyPrint, pikepdf and PDFium.

The book is laid out in sheets, each alone (`sheets`, `work`, `lay_out`); the pages are counted (`numbering`), the
running heads and folios drawn (`furniture`), and all is joined (`assemble`). It sees no Markdown and no EPUB, reads no
file but the layout's fonts, and fetches nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Executor

from pmpress.cache import Cache
from pmpress.layout import Layout
from pmpress.model import Asset, Book, Edition, Rendered
from pmpress.pdf.facts import BLANK_COVER
from pmpress.pdf.versions import version
from pmpress.tasks import InProcess, Means, Progress, promised, silent

__all__ = ["BLANK_COVER", "begin", "draw_cover", "draw_pixels", "render", "version"]


def render(
    book: Book,
    layout: Layout,
    edition: Edition,
    *,
    executor: Executor | None = None,
    cache: Cache | None = None,
    progress: Progress = silent,
) -> Rendered:
    """Lay the book out and join it into one PDF.

    The sheets are laid out over the `executor`, or here without one, and kept in the `cache`. `progress` is told what
    is being done, how many pages of it are done, and about how many there are. Returns the PDF, what was found on the
    way, and the page of every anchor. Raises MachineError (`pango-missing`) where the machine lacks Pango, and
    PressError (`layout-template`) for a template that gives no well-formed XHTML.
    """
    # What lays out and joins takes a while to import, and is not needed for a book that has not changed.
    from pmpress.pdf.rendering import render_book

    return render_book(book, layout, edition, Means(executor or InProcess(), cache or Cache(), progress))


def draw_cover(
    book: Book, layout: Layout, *, executor: Executor | None = None, cache: Cache | None = None
) -> Callable[[], Asset]:
    """Begin to draw the layout's own cover for the book, and give what waits for it.

    It comes as `BLANK_COVER` with its data, the same bytes each time. Raises as `render` does.
    """
    from pmpress.pdf.dress import dress  # as above
    from pmpress.pdf.work import draw_cover as work_on_cover

    task = (dress(book, layout), layout.render("cover", book=book), book.assets)
    return promised(work_on_cover, Asset, task, executor or InProcess(), cache or Cache(), version())


def draw_pixels(
    drawings: Iterable[Asset],
    most_pixels: int,
    book: Book,
    layout: Layout,
    *,
    executor: Executor | None = None,
    cache: Cache | None = None,
) -> Callable[[], tuple[Asset, ...]]:
    """Begin to draw drawings in vectors as PNG files, in the order given, and give what waits for them.

    A drawing has a width and a height, in CSS px; its picture has as many pixels as a screen of 300 dpi, but not more
    than `most_pixels` (0: any), and the same name. Each is drawn by a task of its own. Raises as `render` does.
    """
    from pmpress.pdf.dress import dress  # as above
    from pmpress.pdf.work import draw_pixels as work_on_pixels

    worn = dress(book, layout)
    means = executor or InProcess(), cache or Cache(), version()
    waiting = [promised(work_on_pixels, Asset, (worn, drawing, most_pixels), *means) for drawing in drawings]
    return lambda: tuple(wait() for wait in waiting)


def begin(executor: Executor, layout: Layout, workers: int) -> None:
    """Let so many of an executor's workers get ready, if it has any, for when there is something to lay out."""
    if not isinstance(executor, InProcess):
        from pmpress.pdf.dress import look  # as above
        from pmpress.pdf.typesetter.fonts import use_only
        from pmpress.pdf.work import get_ready

        # Before its workers are there: then its folder is theirs, too, and gone when this process ends.
        use_only(layout.fonts)
        for _ in range(workers):
            executor.submit(get_ready, look(layout))
