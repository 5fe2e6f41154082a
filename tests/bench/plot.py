"""The results as a drawing: an SVG with three panels, written by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from .bars import Path
from .results import COLD, PRESS, WORD, Case, Results

_WIDTH, _HEIGHT = 300, 210
_LEFT, _TOP, _GAP = 52, 40, 66
_LEGEND = 18
# Okabe and Ito's colours, which the colour-blind tell apart too.
_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#555555", "#000000")


@dataclass(frozen=True)
class Line:
    """One line of a panel: its name in the legend, and its points."""

    name: str
    points: Sequence[tuple[float, float]]
    dashed: bool = False


@dataclass(frozen=True)
class Panel:
    """One panel: what it shows, over what, in what, and its lines."""

    title: str
    across: str
    up: str
    lines: Sequence[Line] = field(default=())


def plot(results: Results, paths: Mapping[int, Path]) -> str:
    """The growth of time and memory over the book, and of time over the workers."""
    time, memory = _growth(results, "wall", "Time", "s"), _growth(results, "largest", "Largest process", "MB")
    return draw([time, memory, _workers(results, paths)])


def _growth(results: Results, what: str, title: str, up: str) -> Panel:
    lines = []
    for tool, case in dict.fromkeys((each.tool, each.what) for each in results.runs if each.what in (COLD, WORD)):
        points = [
            (float(size), middle)
            for size in results.sizes()
            if (middle := results.median(Case(tool, case, size), what)) is not None
        ]
        if points:
            lines.append(Line(f"{tool}, {case}" if tool == PRESS else results.name(tool), points))
    return Panel(title, "copies of the book", up, lines)


def _workers(results: Results, paths: Mapping[int, Path]) -> Panel:
    lines = []
    for size in results.sizes():
        points = sorted(
            (float(case.jobs), results.median(case, "wall") or 0.0)
            for case in results.runs
            if case.size == size and case.jobs
        )
        if points:
            lines.append(Line(f"{PRESS}, {size}×, over workers", points))
        if points and size in paths:
            ends = (points[0][0], points[-1][0])
            lines.append(Line(f"critical path, {size}×", [(end, paths[size].critical) for end in ends], dashed=True))
    return Panel("Workers, cold", "workers", "s", lines)


def draw(panels: Sequence[Panel]) -> str:
    """An SVG of panels side by side, with one legend below."""
    names = dict.fromkeys(line.name for panel in panels for line in panel.lines)
    colours = {name: _COLOURS[place % len(_COLOURS)] for place, name in enumerate(names)}
    dashed = {line.name for panel in panels for line in panel.lines if line.dashed}
    width = _LEFT + len(panels) * (_WIDTH + _GAP) - _GAP + 20
    rows = -(-len(names) // 3)
    height = _TOP + _HEIGHT + 56 + rows * _LEGEND
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'font-family="sans-serif" font-size="12" fill="#222" role="img">',
        "<title>How long the press and its peers take</title>",
        f'<rect width="{width}" height="{height}" fill="white"/>',
    ]
    for place, panel in enumerate(panels):
        parts += _panel(panel, _LEFT + place * (_WIDTH + _GAP), colours)
    for place, name in enumerate(names):
        x, y = _LEFT + place % 3 * (_WIDTH + _GAP), _TOP + _HEIGHT + 62 + place // 3 * _LEGEND
        stroke = _stroke(colours[name], name in dashed)
        parts.append(f'<path d="M{x} {y - 4}h22" {stroke}/><text x="{x + 28}" y="{y}">{escape(name)}</text>')
    return "\n".join([*parts, "</svg>", ""])


def _panel(panel: Panel, left: float, colours: Mapping[str, str]) -> Iterator[str]:
    bottom, points = _TOP + _HEIGHT, [point for line in panel.lines for point in line.points]
    yield f'<text x="{left}" y="20" font-weight="bold">{escape(panel.title)}</text>'
    yield f'<text x="{left - 6}" y="{_TOP - 8}" text-anchor="end">{escape(panel.up)}</text>'
    yield f'<text x="{left + _WIDTH / 2}" y="{bottom + 36}" text-anchor="middle">{escape(panel.across)}</text>'
    yield f'<path d="M{left} {_TOP}V{bottom}H{left + _WIDTH}" fill="none" stroke="#222"/>'
    if not points:
        yield f'<text x="{left + _WIDTH / 2}" y="{_TOP + _HEIGHT / 2}" text-anchor="middle">not measured</text>'
        return
    step = _step(max(y for _, y in points))
    top = step * -(-max(y for _, y in points) // step)
    most = max(x for x, _ in points)

    def at(x: float, y: float) -> tuple[float, float]:
        return left + _WIDTH * x / most, bottom - _HEIGHT * y / top

    for count in range(round(top / step) + 1):
        _, y = at(0, count * step)
        yield f'<path d="M{left} {y:.1f}h{_WIDTH}" stroke="#ddd"/>' if count else ""
        yield f'<text x="{left - 6}" y="{y + 4:.1f}" text-anchor="end">{count * step:g}</text>'
    for across in sorted({x for x, _ in points}):
        x, _ = at(across, 0)
        yield f'<text x="{x:.1f}" y="{bottom + 18}" text-anchor="middle">{across:g}</text>'
    for line in panel.lines:
        places = [at(*point) for point in line.points]
        path = "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
        yield f'<path d="M{path}" {_stroke(colours[line.name], line.dashed)}/>'
        if not line.dashed:
            yield from (f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colours[line.name]}"/>' for x, y in places)


def _stroke(colour: str, dashed: bool) -> str:
    return f'fill="none" stroke="{colour}" stroke-width="1.8"' + (' stroke-dasharray="5 4"' if dashed else "")


def _step(most: float) -> float:
    """A round distance between lines: some four to eight of them."""
    step = 0.001
    for factor in (2, 2.5, 2) * 9:
        if most / step <= 7:
            break
        step *= factor
    return float(f"{step:g}")
