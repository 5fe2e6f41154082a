"""What stands between \\begin and \\end: matrices, cases, and equations below each other."""

from __future__ import annotations

import re
from dataclasses import replace as changed
from itertools import pairwise
from xml.etree.ElementTree import Element

from pmpress.features.mathematics.pieces import Atom, Style, fenced, grid, in_style, is_empty, single, spaced
from pmpress.features.mathematics.rows import Rows
from pmpress.features.mathematics.scanning import Unreadable, shortened

_MATRICES = {
    "matrix": ("", ""), "pmatrix": ("(", ")"), "bmatrix": ("[", "]"), "Bmatrix": ("{", "}"), "vmatrix": ("|", "|"),
    "Vmatrix": ("‖", "‖"), "smallmatrix": ("", ""), "cases": ("{", ""), "dcases": ("{", ""), "rcases": ("", "}"),
}  # fmt: skip
_ALIGNED = frozenset(
    {"aligned", "align", "align*", "split", "alignedat", "alignat", "alignat*", "eqnarray", "eqnarray*"}
)
_GATHERED = frozenset({"gathered", "gather", "gather*", "multline", "multline*"})
_PLAIN = frozenset({"equation", "equation*", "displaymath", "math"})
_COUNTED = frozenset({"alignedat", "alignat", "alignat*"})


class Environments(Rows):
    """Reads environments."""

    def _environment(self, style: Style) -> Atom:
        name = self._raw(r"\begin").strip()
        rows_style = changed(style, display=name in _ALIGNED | _GATHERED | {"dcases"}, tight=name == "smallmatrix")
        columns: list[str] = []
        if name == "array":
            columns = self._columns()
        elif name in _COUNTED:
            self._raw(f"\\begin{{{name}}}")
        elif name in _PLAIN:
            inside = self._rest(style, {"\\end", ""})
            self._close(name)
            return Atom.of(inside)
        elif name not in _MATRICES and name not in _ALIGNED and name not in _GATHERED:
            raise Unreadable(f"\\begin{{{shortened(name)}}} is unknown")
        elif name.endswith("ed") or name in {"matrix", "cases"}:
            self._skip_placement()
        rows, lines = self._cells(rows_style, name)
        self._close(name)
        return Atom.of(_arranged(name, rows, columns, lines))

    def _skip_placement(self) -> None:
        """`[t]`, `[c]`, `[b]`: tables are set around the middle of their line."""
        if self._peek() == "[" and re.match(r"\[[tcb]\]", self._tex[self._at : self._at + 3]):
            self._at += 3

    def _columns(self) -> list[str]:
        self._skip_placement()
        written = [character for character in self._raw(r"\begin{array}") if not character.isspace()]
        if not written or not set(written) <= {*"lcr|"}:
            raise Unreadable(f"“{shortened(''.join(written))}” are no columns of an array: these are l, c, r and |")
        return written

    def _cells(self, style: Style, name: str) -> tuple[list[list[Element]], list[int]]:
        """The cells by rows, and before which rows there is a line."""
        rows: list[list[Element]] = [[]]
        lines: list[int] = []
        while self._takes(r"\hline"):
            lines.append(0)
        while True:
            # Behind the & that relations are aligned at, + and - join.
            joins = name in _ALIGNED and len(rows[-1]) % 2 == 1
            atoms = self._row(style, {"&", "\\\\", "\\end", "", r"\hline"})
            rows[-1].append(single(spaced(atoms, style, "ord" if joins else "")))
            ended = self._peek()
            if ended == "&":
                self._take()
            elif ended == "\\\\":
                self._take()
                self._skip_length()
                rows.append([])
                while self._takes(r"\hline"):
                    lines.append(len(rows) - 1)
            elif ended == r"\hline":
                raise Unreadable(r"\hline stands inside a row")
            else:
                break
        if len(rows) > 1 and len(rows[-1]) == 1 and is_empty(rows[-1][0]):  # behind a last \\
            rows.pop()
        return rows, lines

    def _close(self, name: str) -> None:
        if not self._takes("\\end"):
            raise Unreadable(f"\\begin{{{name}}} stands without \\end{{{name}}}")
        ended = self._raw(r"\end").strip()
        if ended != name:
            raise Unreadable(f"\\begin{{{name}}} is closed by \\end{{{shortened(ended)}}}")

    def _stack(self, style: Style) -> Atom:
        if not self._takes("{"):
            raise Unreadable(r"\substack lacks what it belongs to: no { follows it")
        rows: list[list[Element]] = []
        while True:
            rows.append([single(spaced(self._row(style, {"\\\\", "}", ""}), style))])
            if not self._takes("\\\\"):
                break
            self._skip_length()
        if not self._takes("}"):
            raise Unreadable("a { is not closed")
        return Atom.of(grid(rows, rowspacing="0.15em", columnalign="center"))


def _arranged(name: str, rows: list[list[Element]], columns: list[str], lines: list[int]) -> Element:
    """The rows of an environment as it sets them, between its fences."""
    width = max(map(len, rows))
    sides = [side for side in columns if side != "|"]
    if columns and width > len(sides):
        raise Unreadable(f"a row has {width} cells, and the array {len(sides)} columns")
    attributes = {"columnspacing": "1em", "rowspacing": "0.4em", "columnalign": "center"}
    if name in _ALIGNED:
        side = ("right", "center", "left") if name.startswith("eqnarray") else ("right", "left")
        gaps = ("0.278em", "0.278em") if name.startswith("eqnarray") else ("0em", "2em")
        attributes = {
            "columnalign": " ".join(side[place % len(side)] for place in range(width)),
            "columnspacing": " ".join(gaps[place % 2] for place in range(max(1, width - 1))),
            "rowspacing": "0.5em",
            "displaystyle": "true",
        }
    elif name in _GATHERED:
        attributes |= {"rowspacing": "0.5em", "displaystyle": "true"}
    elif name.endswith("cases"):
        attributes |= {"columnalign": "left", "displaystyle": "true" if name == "dcases" else "false"}
    elif name == "smallmatrix":
        attributes |= {"columnspacing": "0.33em", "rowspacing": "0.15em"}
    elif columns:
        words = {"l": "left", "c": "center", "r": "right"}
        attributes["columnalign"] = " ".join(words[side] for side in sides)
        if "|" in columns[1:-1]:
            attributes["columnlines"] = " ".join(_column_lines(columns))
    if (last := max((line for line in lines if line < len(rows)), default=0)) > 0:
        attributes["rowlines"] = " ".join(
            "solid" if row in lines else "none" for row in range(1, max(last + 1, len(rows)))
        )
    table = grid(rows, **attributes)
    if name == "smallmatrix":
        table = in_style(table, False, 1)
    left, right = _MATRICES.get(name, ("", ""))
    return fenced(left, [table], right) if left or right else table


def _column_lines(columns: list[str]) -> list[str]:
    """For each gap between columns, whether a line is in it."""
    lines: list[str] = []
    for before, side in pairwise(columns):
        if side != "|":
            lines.append("solid" if before == "|" else "none")
    return lines[1:] if columns[0] == "|" else lines
