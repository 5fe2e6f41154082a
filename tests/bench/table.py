"""The results as Markdown tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from .bars import Bar, Path
from .results import COLD, EPUB, PLAIN, Case, Results


def table(head: Sequence[str], rows: Iterable[Sequence[str]], text_columns: int = 1) -> str:
    """A Markdown table; the columns after the first ones hold numbers."""
    marks = [":---" if place < text_columns else "---:" for place in range(len(head))]
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, marks, *rows))


def of_size(results: Results, size: int) -> str:
    """Every case of one size."""
    plain = Case(PLAIN, COLD, size)
    head = (
        "tool", "case", "pages", "wall s (least–most)", "× plain", "CPU s", "× plain", "largest MB", "tree MB",
        "main MB", "worker MB",
    )  # fmt: skip
    rows = []
    for case in results.cases(size):
        compared = plain if case.what != EPUB else Case("epub", EPUB, size)
        rows.append(
            [
                results.name(case.tool),
                case.what,
                str(results.pages.get(case, "")),
                spread(results.values(case, "wall"), results.median(case, "wall")),
                times(results.ratio(case, compared, "wall")),
                number(results.median(case, "cpu")),
                times(results.ratio(case, compared, "cpu")),
                *(whole(results.median(case, what)) for what in ("largest", "tree", "main", "worker")),
            ]
        )
    return table(head, rows, 2)


def growth(results: Results) -> str:
    """How wall and memory grow with the book."""
    sizes = results.sizes()
    heads = [[f"{what} {size}×" for size in sizes] for what in ("wall s", "largest MB", "pages")]
    rows = []
    for tool, what in dict.fromkeys((case.tool, case.what) for case in results.runs if not case.jobs):
        cases = [Case(tool, what, size) for size in sizes]
        walls = [number(results.median(case, "wall")) for case in cases]
        memory = [whole(results.median(case, "largest")) for case in cases]
        rows.append([results.name(tool), what, *walls, *memory, *(str(results.pages.get(case, "")) for case in cases)])
    return table(["tool", "case", *(cell for head in heads for cell in head)], rows, 2)


def workers(results: Results, paths: Mapping[int, Path]) -> str:
    """The cold PDF over the workers, with what the fit expects."""
    rows = []
    for case in sorted((case for case in results.runs if case.jobs), key=lambda case: (case.size, case.jobs)):
        one = Case(case.tool, case.what, case.size, 1)
        expected = paths[case.size].expected(case.jobs) if case.size in paths else None
        wall = results.median(case, "wall")
        rows.append(
            [
                f"{case.size}×",
                str(case.jobs),
                spread(results.values(case, "wall"), wall),
                times(results.ratio(one, case, "wall")),
                number(expected),
                number(results.median(case, "cpu")),
                *(whole(results.median(case, what)) for what in ("main", "worker", "tree")),
            ]
        )
    head = ("book", "workers", "wall s (least–most)", "speed-up", "fit s", "CPU s", "main MB", "worker MB", "tree MB")
    return table(head, rows)


def critical(paths: Mapping[int, Path]) -> str:
    """The critical path of each size that has one."""
    rows = [
        [f"{size}×", number(path.serial), number(path.shared), number(path.largest), number(path.critical)]
        for size, path in sorted(paths.items())
    ]
    return table(("book", "serial s", "shared s", "largest sheet s", "critical path s"), rows)


def of_bars(bars: Iterable[Bar]) -> str:
    """The bars, each with its value and whether it holds."""
    rows = []
    for bar in bars:
        measured, limit = f"{number(bar.value)} {bar.unit}", f"≤ {number(bar.limit)} {bar.unit}"
        rows.append([bar.what, bar.size, measured, limit, "yes" if bar.holds else "**no**"])
    return table(("bar", "book", "measured", "limit", "holds"), rows)


def number(value: float | None) -> str:
    """A number of three figures or so."""
    if value is None:
        return ""
    return f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"


def whole(value: float | None) -> str:
    return "" if not value else f"{value:.0f}"


def times(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def spread(values: Sequence[float], middle: float | None) -> str:
    """A median, with the least and the most."""
    return f"{number(middle)} ({number(min(values))}–{number(max(values))})" if values else ""
