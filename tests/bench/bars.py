"""The critical path over the workers, and the bars that the press is to clear."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .results import COLD, EPUB, NOTHING, PAGE, PLAIN, PRESS, WORD, Case, Results

_MANY_SHEETS = 80


@dataclass(frozen=True)
class Path:
    """How the time falls over the workers: `serial + shared / workers`, fitted to what was measured, and the layout of
    the largest sheet, which no number of workers makes shorter."""

    serial: float
    shared: float
    largest: float

    @property
    def critical(self) -> float:
        """The time that no number of workers gets under."""
        return self.serial + min(self.largest, self.shared)

    def expected(self, workers: int) -> float:
        """What the fit says for a number of workers."""
        return max(self.serial + self.shared / workers, self.critical)


def critical_path(results: Results, size: int, largest: float, cores: int) -> Path | None:
    """Fit the path to the runs of one size, by least squares. Workers beyond the cores share these; None if fewer than
    two numbers of workers tell."""
    walls: dict[int, list[float]] = {}
    for case in results.runs:
        if case.size == size and case.jobs:
            walls.setdefault(min(case.jobs, cores), []).append(results.median(case, "wall") or 0.0)
    if len(walls) < 2:
        return None
    # What more workers than cores take is not the path's.
    points = [(1 / workers, min(taken)) for workers, taken in walls.items()]
    middle_x = sum(x for x, _ in points) / len(points)
    middle_y = sum(y for _, y in points) / len(points)
    slope = sum((x - middle_x) * (y - middle_y) for x, y in points) / sum((x - middle_x) ** 2 for x, _ in points)
    shared = min(max(slope, 0.0), middle_y / middle_x)
    return Path(middle_y - shared * middle_x, shared, largest)


@dataclass(frozen=True)
class Bar:
    """A bar: what is measured over which book, its value and the limit, as numbers of one unit."""

    what: str
    size: str
    value: float
    limit: float
    unit: str

    @property
    def holds(self) -> bool:
        return self.value <= self.limit


def bars(results: Results, largest: Mapping[int, float], sheets: Mapping[int, int]) -> Iterator[Bar]:
    """Every bar that what was measured can tell of. `largest` is the layout time of the largest sheet and `sheets`
    their number, by size."""
    sizes = results.sizes()
    for size in sizes:
        yield from _of_plain(results, size, sizes)
        yield from _of_changes(results, size, largest.get(size), sheets.get(size, 0))
        of_pandoc = results.ratio(Case(PRESS, EPUB, size), Case("epub", EPUB, size), "wall")
        yield from _bar("EPUB, cold: wall over pandoc's", f"{size}×", of_pandoc, 0.6, "×")
    if sizes:
        yield from _of_memory(results, sizes[0], sizes[-1])


def _bar(what: str, size: str, value: float | None, limit: float | None, unit: str) -> Iterator[Bar]:
    if value is not None and limit is not None:
        yield Bar(what, size, value, limit, unit)


def _of_plain(results: Results, size: int, sizes: list[int]) -> Iterator[Bar]:
    press, plain = Case(PRESS, COLD, size), Case(PLAIN, COLD, size)
    if size in (sizes[0], sizes[-1]):
        limit = 0.6 if size == sizes[-1] and len(sizes) > 1 else 0.7
        wall = results.ratio(press, plain, "wall")
        yield from _bar("cold: wall over plain WeasyPrint's", f"{size}×", wall, limit, "×")
    yield from _bar("cold: CPU over plain WeasyPrint's", f"{size}×", results.ratio(press, plain, "cpu"), 1.15, "×")


def _of_changes(results: Results, size: int, largest: float | None, sheets: int) -> Iterator[Bar]:
    def wall(what: str, tool: str = PRESS) -> float | None:
        return results.median(Case(tool, what, size), "wall")

    cold, word, shown = wall(COLD), wall(WORD), f"{size}×"
    if cold is not None:
        yield from _bar("nothing changed: 0.3 s or 0.05 × cold", shown, wall(NOTHING), max(0.3, 0.05 * cold), "s")
    if largest is not None:
        yield from _bar("one word changed: the largest sheet's layout + 1.5 s", shown, word, largest + 1.5, "s")
    yield from _bar("one word changed: pandoc → typst's whole time", shown, word, wall(COLD, "typst"), "s")
    if cold is not None and sheets >= _MANY_SHEETS:
        yield from _bar(f"one word changed: 0.12 × cold ({sheets} sheets)", shown, word, 0.12 * cold, "s")
    if word is not None:
        yield from _bar("one page added: 2 × one word changed", shown, wall(PAGE), 2 * word, "s")


def _of_memory(results: Results, short: int, long: int) -> Iterator[Bar]:
    cold, plain = Case(PRESS, COLD, long), Case(PLAIN, COLD, long)
    worker, main, shown = results.median(cold, "worker"), results.median(cold, "main"), f"{long}×"
    if not worker or main is None:
        return
    of_plain = results.median(plain, "largest")
    if of_plain:
        yield Bar("largest worker over plain WeasyPrint's peak", shown, worker / of_plain, 0.4, "×")
    before = results.median(Case(PRESS, COLD, short), "worker")
    if before and long != short:
        yield Bar(f"largest worker over its {short}×", shown, worker / before, 1.3, "×")
    pages = results.pages.get(cold)
    if pages:
        yield Bar("joining process above the largest worker, a page", shown, (main - worker) / pages, 0.15, "MB")
