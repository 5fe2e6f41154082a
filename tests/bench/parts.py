"""Where the time of a PDF goes: each step in this process alone, in CPU seconds.

`python -m tests.bench.parts --book BOOK [--set KEY=VALUE] [--without tuning] [--without quiet] [--profile]`

Without `tuning` the engine is as it was installed; without `quiet` the garbage collector comes when it likes.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from pmpress.pdf import work
from pmpress.pdf.binding.assemble import Assembly
from pmpress.pdf.dress import dress
from pmpress.pdf.facts import Furnishing
from pmpress.pdf.numbering import Pages, Placed, settle
from pmpress.pdf.page_references import comes_late, with_pages
from pmpress.pdf.sheets import Binder
from pmpress.pdf.typesetter import tuning
from pmpress.press import Order, load

T = TypeVar("T")


def main() -> None:
    """Make a book step by step."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--book", type=Path, required=True)
    parser.add_argument("--set", dest="settings", action="append", default=[], metavar="KEY=VALUE")
    parser.add_argument("--without", action="append", default=[], choices=["tuning", "quiet"])
    parser.add_argument("--profile", action="store_true", help="the functions in which the sheets' time is spent")
    options = parser.parse_args()
    if "tuning" in options.without:
        tuning.tune = lambda: 0
    if "quiet" in options.without:
        work._undisturbed = nullcontext
    settings = tuple(tuple(each.split("=", 1)) for each in options.settings)
    _make(Order(options.book, settings, draft=True), profiled=options.profile)


def _make(order: Order, *, profiled: bool) -> None:
    loaded = _timed("read the text", lambda: load(order))
    worn = dress(loaded.book, loaded.layout)
    _timed("import the engine", lambda: (work.fonts.use_only(loaded.layout.fonts), work.import_engine()))
    _timed("set the engine up", lambda: work.engine_for(worn.look))
    sheets = tuple(Binder(loaded.book, loaded.layout).sheets())
    with _profile() if profiled else nullcontext():
        laid_out = _timed(
            "lay the sheets out",
            lambda: {
                number: work.lay_out_sheet(worn, sheet) for number, sheet in enumerate(sheets) if not comes_late(sheet)
            },
        )
    pages, _ = _timed(
        "settle page numbers",
        lambda: settle(
            sheets,
            laid_out,
            partial(with_pages, layout=loaded.layout.name),
            lambda changed: [partial(work.lay_out_sheet, worn, sheet) for sheet in changed],
        ),
    )
    asked = [_asked(placed, pages) for placed in pages.placed]
    furniture = _timed("draw the furniture", lambda: [work.furnish(worn, each) for each in asked])
    assembly = Assembly(loaded.book, loaded.layout, loaded.edition)
    _timed("join: open", lambda: [assembly.take(each.sheet.name, each.laid_out.data) for each in pages.placed])
    data, _ = _timed("join: bind and save", lambda: assembly.bind(pages, pages.page_map(), furniture))
    print(f"{pages.count} pages, {len(laid_out)} sheets, {len(data) / 1e6:.2f} MB")


def _asked(placed: Placed, pages: Pages) -> Furnishing:
    facts = placed.laid_out.facts.pages
    number, is_roman = pages.number(placed.start), placed.start < pages.body
    return Furnishing(placed.sheet.strings, placed.sheet.starts, facts, number, is_roman)


def _timed(step: str, do: Callable[[], T]) -> T:
    begin = time.process_time()
    result = do()
    print(f"{step:22} {time.process_time() - begin:7.2f} s", flush=True)
    return result


@contextmanager
def _profile() -> Iterator[None]:
    profile = cProfile.Profile()
    profile.enable()
    yield
    profile.disable()
    _show(pstats.Stats(profile))


def _show(found: Any) -> None:
    for order in ("cumtime", "tottime"):
        found.sort_stats(order).print_stats("weasyprint|pydyf|pmpress", 25)


if __name__ == "__main__":
    main()
