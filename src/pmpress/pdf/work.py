"""What is done for a book by whoever is given it: this process, another, another machine.

A task carries all it needs and gives plain values back. Nothing here imports the engine before a task asks for it: it
takes most of a second, and finds its fonts while it is imported.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from pmpress.diagnostics import MachineError, PressError, error
from pmpress.model import Asset
from pmpress.pdf.dress import Dress, Look
from pmpress.pdf.facts import Furnishing, Furniture, LaidOut
from pmpress.pdf.sheets import Sheet
from pmpress.pdf.typesetter import (
    first_words,
    fonts,
    kept_notes,
    numbers,
    register,
    right_to_left,
    square_letters,
    tuning,
)

_RELEASE = "70.0"

if TYPE_CHECKING:
    from pmpress.pdf.typesetter.engine import Engine


def lay_out_sheet(worn: Dress, sheet: Sheet) -> LaidOut:
    """Lay a sheet out (see `pmpress.pdf.laying_out.lay_out`)."""
    engine = _dressed(worn)
    from pmpress.pdf.laying_out.lay_out import lay_out

    with _undisturbed():
        return lay_out(sheet, engine)


def furnish(worn: Dress, asked: Furnishing) -> Furniture:
    """Draw the furniture of a sheet's pages (see `pmpress.pdf.furniture`)."""
    engine = _dressed(worn)
    from pmpress.pdf.furniture import draw_furniture

    return draw_furniture(asked, engine)


def draw_cover(worn: Dress, html: str, pictures: tuple[Asset, ...]) -> Asset:
    """Draw a cover (see `pmpress.pdf.cover`)."""
    engine = _dressed(worn)
    from pmpress.pdf.cover import draw

    return draw(html, pictures, engine)


def draw_pixels(worn: Dress, drawing: Asset, most_pixels: int) -> Asset:
    """Draw a picture in pixels (see `pmpress.pdf.pixels`)."""
    engine = _dressed(worn)
    from pmpress.pdf.pixels import draw

    return draw(drawing, most_pixels, engine)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Without the garbage collector, which looks through all boxes of a sheet again and again while there are more of
    them. It comes before the next one, and looks at what is new since the last: the rest stays for good."""
    gc.collect(1)
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def import_engine() -> None:
    """Import the engine, once there are fonts for it to find, and make it faster and right. Raises OSError without
    Pango."""
    tuning.import_engine()
    put_right()
    tuning.tune()


@cache
def put_right() -> None:
    """Have the imported engine set lines and notes as a typesetter would: once, by functions in the place of its own,
    in the release that they were written for and in no other."""
    import weasyprint

    if weasyprint.__version__ != _RELEASE:
        return
    for each in (first_words, kept_notes, numbers, register, right_to_left, square_letters):
        each.mend()


def get_ready(look: Look) -> None:
    """Set the engine up, in a worker that has nothing else to do yet."""
    gc.disable()
    with suppress(PressError):  # a task will say what is missing
        engine_for(look)
        import pmpress.pdf.laying_out.lay_out  # noqa: F401
    # What is there by now stays for good: the garbage collector never looks at it.
    gc.freeze()
    gc.enable()


def _dressed(worn: Dress) -> Engine:
    engine = engine_for(worn.look)
    engine.dress = worn
    return engine


@lru_cache(maxsize=2)
def engine_for(look: Look) -> Engine:
    """The engine with a look. Raises MachineError (`pango-missing`) where the machine lacks Pango, and as it does."""
    fonts.use_only([fonts.unpack(family) for family in look.families])
    try:
        import_engine()
    except OSError as fault:
        raise MachineError(
            error(
                "pango-missing",
                f"the page engine cannot load Pango: {fault}",
                hint="Run `pmpress doctor`: it says what to install.",
            )
        ) from fault
    from pmpress.pdf.typesetter.engine import Engine

    return Engine(look)
