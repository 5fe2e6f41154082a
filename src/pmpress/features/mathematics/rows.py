"""Rows of a formula: what follows what, with its scripts, up to what closes it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection
from dataclasses import replace as changed
from xml.etree.ElementTree import Element

from pmpress.features.mathematics.pieces import (
    Atom,
    Style,
    fenced,
    grid,
    in_style,
    is_empty,
    leaf,
    primes,
    single,
    spaced,
    still,
    typed,
    with_scripts,
    within,
)
from pmpress.features.mathematics.scanning import Scanner, Unreadable
from pmpress.formulas import symbols

_DEEPEST = 20  # groups inside groups
_STYLES = {
    "displaystyle": (True, 0),
    "textstyle": (False, 0),
    "scriptstyle": (False, 1),
    "scriptscriptstyle": (False, 2),
}
_INFIX = {
    "over": (None, "", ""),
    "atop": ("0", "", ""),
    "choose": ("0", "(", ")"),
    "brace": ("0", "{", "}"),
    "brack": ("0", "[", "]"),
}


class Rows(Scanner):
    """Reads rows, and leaves what a macro means to others."""

    def __init__(self, tex: str) -> None:
        super().__init__(tex)
        self._depth = 0

    @abstractmethod
    def _macro(self, name: str, style: Style) -> list[Atom]:
        """What the macro that was just read puts into a row."""

    def lines(self, style: Style) -> list[Element]:
        """The whole formula; one of several lines is set as lines."""
        rows: list[Element] = []
        while True:
            rows.append(single(spaced(self._row(style, {"", "\\\\"}), style)))
            if not self._takes("\\\\"):
                break
            if not style.display:
                raise Unreadable(r"\\ begins a new line, which only a formula between $$ has")
            self._skip_length()
        if not any(element.tag != "mrow" or len(element) for element in rows):
            raise Unreadable("it is empty")
        if len(rows) == 1:
            return rows
        return [grid([[row] for row in rows], columnalign="center", rowspacing="0.5em", displaystyle="true")]

    def _row(self, style: Style, stops: Collection[str]) -> list[Atom]:
        """What stands up to one of the `stops`, which is left where it is."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise Unreadable(f"more than {_DEEPEST} groups stand inside each other")
        atoms: list[Atom] = []
        while (token := self._peek()) not in stops:
            self._refuse_stray(token)
            name = token[1:] if token[0] == "\\" else ""
            if name in _INFIX:
                self._take()
                atoms = [self._infix(name, atoms, style, stops)]
                break
            if name in _STYLES:
                self._take()
                atoms.append(self._restyled(name, style, stops))
                break
            if name == "color":
                self._take()
                colour = self._colour()
                atoms.append(Atom.of(within("mstyle", self._rest(style, stops), mathcolor=colour)))
                break
            atoms.extend(self._scripted(style))
        self._depth -= 1
        return atoms

    def _rest(self, style: Style, stops: Collection[str]) -> Element:
        return single(spaced(self._row(style, stops), style))

    def _restyled(self, name: str, style: Style, stops: Collection[str]) -> Atom:
        display, level = _STYLES[name]
        rest = self._rest(changed(style, display=display, tight=level > 0), stops)
        return Atom.of(in_style(rest, display, level))

    def _infix(self, name: str, before: list[Atom], style: Style, stops: Collection[str]) -> Atom:
        thickness, left, right = _INFIX[name]
        after = self._rest(style.inner(), stops)
        if not before or is_empty(after):
            raise Unreadable(f"\\{name} lacks what stands {'below' if before else 'above'} it")
        fraction = within("mfrac", single(spaced(before, style.inner())), after)
        return self._fraction(fraction, thickness, left, right)

    @staticmethod
    def _fraction(fraction: Element, thickness: str | None, left: str = "", right: str = "") -> Atom:
        if thickness is not None:
            fraction.set("linethickness", thickness)
        return Atom.of(fenced(left, [fraction], right) if left or right else fraction)

    @staticmethod
    def _refuse_stray(token: str) -> None:
        said = {
            "": "it ends too early: something that was begun is not closed",
            "}": "a } closes nothing",
            "&": "a & stands outside of a table: it parts columns only between \\begin and \\end",
            "\\\\": r"\\ begins a new line where no line is",
            "\\right": r"\right stands without \left",
            "\\end": r"\end stands without \begin",
            "#": r"# means nothing here: for the sign write \#",
            "%": r"% begins a comment in TeX: for the sign write \%",
            "$": r"$ stands inside the formula: for the sign write \$",
            "\\": "it ends with a single \\",
        }.get(token)
        if said:
            raise Unreadable(said)

    def _scripted(self, style: Style) -> list[Atom]:
        """The next atom with what stands above and below it; more than one for a text with formulas in it."""
        if self._peek() in {"_", "^"} or self._peek()[0] == "'":
            atoms = [Atom.of(Element("mrow"))]
        else:
            atoms = self._atoms(style)
        if not atoms:
            return atoms
        limits = None
        while (token := self._peek()) in {"\\limits", "\\nolimits"}:
            if atoms[-1].kind not in {"large", "int", "lim", "fun"}:
                raise Unreadable(f"{token} stands behind what has no limits")
            limits = self._take() == "\\limits"
        below, above = self._scripts(style)
        if below is not None or above is not None:
            atoms[-1] = with_scripts(atoms[-1], below, above, limits, style)
        return atoms

    def _scripts(self, style: Style) -> tuple[Element | None, Element | None]:
        below: Element | None = None
        above: list[Element] = []
        raised = False
        while True:
            token = self._peek()
            if token == "_":
                self._take()
                if below is not None:
                    raise Unreadable(
                        "two subscripts stand behind each other", "Put braces around what belongs together."
                    )
                below = self._argument("_", style.script())
            elif token == "^":
                self._take()
                if raised:
                    raise Unreadable(
                        "two superscripts stand behind each other", "Put braces around what belongs together."
                    )
                raised = True
                above.append(self._argument("^", style.script()))
            elif token[:1] == "'":
                if above:
                    raise Unreadable("a prime stands behind a superscript", "Put braces around what belongs together.")
                self._take()
                above.append(leaf("mo", primes(len(token)), lspace="0", rspace="0"))
            else:
                return below, single(above) if above else None

    def _argument(self, owner: str, style: Style) -> Element:
        """What a macro or a script is put on: a group, or the one thing that follows."""
        token = self._peek()
        if token == "{":
            return self._group(style)
        if token in {"", "}", "&", "\\\\", "\\right", "\\end", "^", "_"} or token[0] == "'":
            raise Unreadable(f"{owner} lacks what it belongs to: nothing follows it")
        self._refuse_stray(token)
        if token[0].isdigit():
            self._at += 1
            return leaf("mn", symbols.styled(token[0], style.alphabet))
        self._depth += 1
        if self._depth > _DEEPEST:
            raise Unreadable(f"more than {_DEEPEST} groups stand inside each other")
        atoms = self._atoms(style)
        self._depth -= 1
        return single(spaced(atoms, style))

    def _group(self, style: Style) -> Element:
        self._take()
        atoms = self._row(style, {"}", ""})
        if not self._takes("}"):
            raise Unreadable("a { is not closed")
        return single(spaced(atoms, style))

    def _atoms(self, style: Style) -> list[Atom]:
        token = self._peek()
        if token == "{":
            return [Atom.of(still(self._group(style)))]
        self._take()
        if token[0] == "\\":
            return self._macro(token[1:], style)
        if token[0].isdigit():
            return [Atom.of(leaf("mn", "".join(symbols.styled(d, style.alphabet) for d in token.replace("{,}", ","))))]
        return [typed(token, style)]
