"""`python -m tests.gallery`: pictures of finished pages, to be looked at.

Contact sheets of whole books in every layout, edition and script go into `build/gallery/`; with `--docs` the spreads
that `docs/layouts.md` shows are drawn anew too.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from math import ceil
from multiprocessing import get_context
from pathlib import Path

import pypdfium2
from PIL import Image

from pmpress.model import EditionKind
from pmpress.press import Order, load, render

ROOT = Path(__file__).parents[1]
BOOKS = ROOT / "tests" / "books"
LAYOUTS = ("classic", "manual", "essay")

_GROUND = 200  # a grey that paper stands out from
_GAP = 8  # px between pages of a contact sheet


@dataclass(frozen=True, slots=True)
class Shown:
    """A book as the gallery shows it."""

    name: str
    book: Path
    layout: str
    edition: EditionKind = "book"
    target: str = ""


def shelf() -> Iterator[Shown]:
    """Everything that is shown: the manuscript in each layout, edition and target, and a book in each script."""
    for layout in LAYOUTS:
        yield Shown(layout, ROOT / "manuscript", layout)
    yield Shown("classic-screen", ROOT / "manuscript", "classic", "screen")
    yield Shown("classic-kdp", ROOT / "manuscript", "classic", target="kdp")
    for script in ("arabic", "japanese"):
        for layout in LAYOUTS:
            yield Shown(f"{script}-{layout}", BOOKS / script, layout)


def pages(shown: Shown, dpi: float) -> list[Image.Image]:
    """A picture of every page, in reading order, so many pixels to the inch."""
    order = Order(shown.book, (("layout.name", shown.layout),), shown.edition, shown.target, draft=True)
    document = pypdfium2.PdfDocument(render(load(order), "pdf").data)
    try:
        return [page.render(scale=dpi / 72).to_pil().convert("RGB") for page in document]
    finally:
        document.close()


def pages_apart(shown: Shown, dpi: float) -> list[Image.Image]:
    """The pages, made in a process of their own as those of a reader: drawings know the fonts of one layout."""
    with ProcessPoolExecutor(1, get_context("spawn")) as own:
        return own.submit(pages, shown, dpi).result()


def contact_sheet(pictures: Sequence[Image.Image], columns: int) -> Image.Image:
    """All pictures in rows of so many."""
    width = max(each.width for each in pictures) + _GAP
    height = max(each.height for each in pictures) + _GAP
    rows = ceil(len(pictures) / columns)
    sheet = Image.new("RGB", (columns * width + _GAP, rows * height + _GAP), (_GROUND,) * 3)
    for number, each in enumerate(pictures):
        row, column = divmod(number, columns)
        sheet.paste(each, (column * width + _GAP, row * height + _GAP))
    return sheet


def spread(left: Image.Image, right: Image.Image) -> Image.Image:
    """Two facing pages, with a thin line where the book is bound."""
    both = Image.new("RGB", (left.width + 1 + right.width + 2, left.height + 2), (_GROUND,) * 3)
    both.paste(left, (1, 1))
    both.paste(right, (left.width + 2, 1))
    return both


def main() -> None:
    """Draw the gallery."""
    parser = argparse.ArgumentParser(prog="make gallery", description="Draw pictures of finished pages.")
    parser.add_argument("--out", type=Path, default=Path("build/gallery"), help="a folder (build/gallery)")
    parser.add_argument("--docs", action="store_true", help="draw the spreads of docs/layouts.md anew too")
    parser.add_argument("--only", nargs="*", default=(), help="names of what to draw, as their files are called")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    for shown in shelf():
        if given.only and shown.name not in given.only:
            continue
        drawn = pages_apart(shown, 40)
        # Page 1 is a recto: an empty place before it puts facing pages side by side.
        first = Image.new("RGB", drawn[0].size, (_GROUND,) * 3)
        path = given.out / f"{shown.name}.png"
        contact_sheet([first, *drawn], 12).save(path, optimize=True)
        print(path)
    if given.docs:
        _draw_spreads(ROOT / "docs" / "layouts")


# The first of two facing pages of the manuscript in each layout, counted from 1.
_SPREADS: dict[str, Iterable[int]] = {"classic": (20, 24, 64), "manual": (24, 40, 60), "essay": (18, 30, 46)}


def _draw_spreads(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    for layout, firsts in _SPREADS.items():
        drawn = pages_apart(Shown(layout, ROOT / "manuscript", layout), 72)
        for number, first in enumerate(firsts, start=1):
            path = folder / f"{layout}-{number}.png"
            spread(drawn[first - 1], drawn[first]).quantize(64).save(path, optimize=True)
            print(path)


if __name__ == "__main__":
    main()
