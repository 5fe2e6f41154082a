"""A formula in LaTeX read into MathML: all that is known is set, and anything else is said to be unreadable.

No macro is defined, none is expanded and nothing is guessed, so that a formula is read once from its beginning to its
end.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace as changed
from xml.etree.ElementTree import Element, tostring

from pmpress.features.mathematics.environments import Environments
from pmpress.features.mathematics.pieces import (
    Atom,
    Style,
    blank,
    fence,
    in_style,
    is_relation,
    leaf,
    rounded,
    single,
    space,
    spaced,
    symbol,
    texts,
    upright,
    within,
)
from pmpress.features.mathematics.scanning import WORD, Unreadable, in_em, shortened
from pmpress.formulas import symbols

__all__ = ["MATHML", "Unreadable", "read"]

MATHML = "http://www.w3.org/1998/Math/MathML"
LONGEST = 3000  # characters of one formula
_TEXT_PIECE = re.compile(r"[^\\{}$]+|\\(?:[A-Za-z]+|.|$)|[{}$]", re.DOTALL)
_FRACTIONS = {"frac": None, "dfrac": True, "tfrac": False, "cfrac": True}
_BINOMIALS = {"binom": None, "dbinom": True, "tbinom": False}
_CLASSES = {"mathop": "large", "mathbin": "bin", "mathrel": "rel", "mathord": "ord", "mathopen": "open",
            "mathclose": "close", "mathpunct": "punct", "mathinner": "ord"}  # fmt: skip
_STRIKES = {
    "cancel": "updiagonalstrike",
    "bcancel": "downdiagonalstrike",
    "xcancel": "updiagonalstrike downdiagonalstrike",
    "boxed": "box",
    "fbox": "box",
}
_PLACES = {
    "tag": "A formula gets its number from its id: write {#eq-name} behind the closing $$.",
    "label": "Name a formula by an id behind the closing $$: {#eq-name}.",
    "ref": "Refer to a formula outside of it.",
    "eqref": "Refer to a formula outside of it.",
    "def": "Write out what the macro stands for.",
    "newcommand": "Write out what the macro stands for.",
    "DeclareMathOperator": r"Write \operatorname{name} where it is used.",
}
_IN_A_TEXT = {
    "\\": " ",
    "~": "\u00a0",
    "textbackslash": "\\",
    "ldots": "…",
    "dots": "…",
    "textendash": "–",
    "textemdash": "—",
}


def read(tex: str, display: bool) -> str:
    """The formula as a `math` element. Raises Unreadable."""
    if len(tex) > LONGEST:
        raise Unreadable(f"it is {len(tex)} characters long: {LONGEST} is the most", "Break it up.")
    reader = _Macros(tex)
    root = Element("math", {"xmlns": MATHML, "display": "block" if display else "inline"})
    root.append(single(reader.lines(Style(display))))
    root.set("alttext", " ".join(tex.split()))
    return tostring(root, encoding="unicode")


class _Macros(Environments):
    """Reads what each macro is put on."""

    def _macro(self, name: str, style: Style) -> list[Atom]:
        if name in symbols.NAMED:
            return [symbol(*symbols.NAMED[name], style)]
        if name in symbols.FUNCTIONS or name in symbols.LIMITS:
            kind = "fun" if name in symbols.FUNCTIONS else "lim"
            return [Atom.of(upright(symbols.LIMITS.get(name, name)), kind)]
        if name == "colon":
            return [Atom.of(leaf("mo", ":", lspace="0.1em", rspace="0.28em"), "open")]
        if name in symbols.ESCAPED:
            return [Atom.of(leaf("mi", symbols.ESCAPED[name], mathvariant="normal"))]
        if name in symbols.SPACES:
            return [space(symbols.SPACES[name])]
        if name in symbols.TEXTS:
            return self._text(name)
        for known in (self._structure, self._decorated, self._spacing):
            if (found := known(name, style)) is not None:
                return [found]
        raise Unreadable(f"\\{name} is unknown", _PLACES.get(name, ""))

    def _structure(self, name: str, style: Style) -> Atom | None:
        if name in _FRACTIONS or name in _BINOMIALS:
            return self._over_each_other(name, style)
        if name == "sqrt":
            return self._root(style)
        if name == "genfrac":
            return self._general_fraction(style)
        if name in symbols.ALPHABETS:
            return self._in_alphabet(name, style)
        if name == "operatorname":
            return self._operator()
        if name in _CLASSES:
            element = self._argument(f"\\{name}", style)
            return Atom.of(element, "lim" if name == "mathop" and element.tag == "mi" else _CLASSES[name])
        if name == "left":
            return self._between_fences(style)
        if name == "middle":
            raise Unreadable(r"\middle stands outside of \left and \right")
        if name in symbols.BIG:
            return self._big(name)
        if name == "begin":
            return self._environment(style)
        if name == "substack":
            return self._stack(style)
        return None

    def _decorated(self, name: str, style: Style) -> Atom | None:
        said = f"\\{name}"
        if name in symbols.ACCENTS or name in symbols.OVER:
            narrow = name in symbols.ACCENTS
            mark = leaf(
                "mo", (symbols.ACCENTS if narrow else symbols.OVER)[name], stretchy="false" if narrow else "true"
            )
            over = within("mover", self._argument(said, style), mark, accent="true")
            return Atom.of(over, "brace" if name in {"overbrace", "overbracket", "overparen"} else "ord")
        if name in symbols.UNDER:
            mark = leaf("mo", symbols.UNDER[name], stretchy="true")
            under = within("munder", self._argument(said, style), mark, accentunder="true")
            return Atom.of(under, "brace" if name in {"underbrace", "underbracket", "underparen"} else "ord")
        if name in {"overset", "underset", "stackrel"}:
            script = self._argument(said, style.script())
            base = self._argument(said, style)
            kind = "rel" if name == "stackrel" or is_relation(base) else "ord"
            return Atom(kind, within("munder" if name == "underset" else "mover", base, script), base)
        if name in symbols.ARROWS:
            return self._arrow(name, style)
        if name in _STRIKES:
            return Atom.of(within("menclose", self._argument(said, style), notation=_STRIKES[name]))
        if name == "textcolor":
            colour = self._colour()
            return Atom.of(within("mstyle", self._argument(said, style), mathcolor=colour))
        if name == "not":
            return self._negated(style)
        return None

    def _spacing(self, name: str, style: Style) -> Atom | None:
        said = f"\\{name}"
        if name in {"phantom", "hphantom", "vphantom"}:
            hidden = within("mphantom", self._argument(said, style))
            if name != "phantom":
                hidden = within(
                    "mpadded", hidden, **({"width": "0"} if name[0] == "v" else {"height": "0", "depth": "0"})
                )
            return Atom.of(hidden)
        if name in {"hspace", "kern", "mskip", "mkern", "hskip"}:
            return space(self._length(said))
        if name == "bmod":
            return Atom.of(leaf("mo", "mod", lspace="0.22em", rspace="0.22em"))
        if name in {"pmod", "pod", "mod"}:
            inside = [] if name == "pod" else [upright("mod"), blank(0.33)]
            inside.append(self._argument(said, style))
            if name == "mod":
                return Atom.of(within("mrow", blank(0.67), *inside))
            opening, closing = fence("(", "prefix"), fence(")", "postfix")
            return Atom.of(within("mrow", blank(0.44), opening, *inside, closing))
        return None

    def _over_each_other(self, name: str, style: Style) -> Atom:
        display = (_FRACTIONS | _BINOMIALS)[name]
        inner = changed(style, display=name == "cfrac", tight=style.tight and display is None)
        parts = [self._argument(f"\\{name}", inner) for _ in range(2)]
        if name == "cfrac":
            parts = [in_style(part, True, 0) for part in parts]
        fraction = within("mfrac", *parts)
        atom = self._fraction(fraction, *((None,) if name in _FRACTIONS else ("0", "(", ")")))
        return atom if display is None else Atom.of(in_style(atom.element, display, 0))

    def _general_fraction(self, style: Style) -> Atom:
        left, right, thickness, level = (self._raw(r"\genfrac") for _ in range(4))
        if (
            left not in {"", *symbols.DELIMITERS}
            or right not in {"", *symbols.DELIMITERS}
            or level not in {*"0123", ""}
        ):
            raise Unreadable(r"\genfrac is not written as {(}{)}{0pt}{}{above}{below}")
        fraction = within("mfrac", *(self._argument(r"\genfrac", style.inner()) for _ in range(2)))
        width = f"{rounded(in_em(thickness, 'genfrac'))}em" if thickness else None
        atom = self._fraction(
            fraction, width, symbols.DELIMITERS[left] if left else "", symbols.DELIMITERS[right] if right else ""
        )
        return Atom.of(in_style(atom.element, level == "0", max(0, int(level) - 1))) if level else atom

    def _root(self, style: Style) -> Atom:
        degree: Element | None = None
        if self._takes("["):
            degree = single(spaced(self._row(style.script(), {"]", ""}), style.script()))
            if not self._takes("]"):
                raise Unreadable(r"the [ behind \sqrt is not closed")
        base = self._argument(r"\sqrt", style)
        return Atom.of(within("msqrt", base) if degree is None else within("mroot", base, degree))

    def _in_alphabet(self, name: str, style: Style) -> Atom:
        alphabet = symbols.ALPHABETS[name]
        if alphabet == "normal" and (word := self._word()):
            return Atom.of(upright(word))
        return Atom.of(self._argument(f"\\{name}", changed(style, alphabet=alphabet)))

    def _operator(self) -> Atom:
        limits = self._takes("*")
        written = self._raw(r"\operatorname")
        plain = re.sub(r"\\[,;: ]|~", "\u2009", written).strip()
        if not plain or not WORD.fullmatch(plain.replace("\u2009", " ")):
            raise Unreadable(rf"\operatorname is given “{shortened(written)}”, which is no name")
        return Atom.of(upright(plain), "lim" if limits else "fun")

    def _between_fences(self, style: Style) -> Atom:
        row = Element("mrow")
        left = self._delimiter(r"\left")
        if left:
            row.append(fence(left, "prefix", stretchy=True))
        while True:
            row.extend(spaced(self._row(style, {"\\right", "\\middle", ""}), style))
            ended = self._take()
            if not ended:
                raise Unreadable(r"\left stands without \right")
            delimiter = self._delimiter(ended)
            if delimiter:
                row.append(fence(delimiter, "postfix" if ended == "\\right" else "infix", stretchy=True))
            if ended == "\\right":
                return Atom.of(row)

    def _big(self, name: str) -> Atom:
        side = name[-1] if name[-1] in "lmr" else ""
        height = symbols.BIG[name]
        form = {"l": "prefix", "r": "postfix", "m": "infix"}.get(side, "prefix")
        made = fence(self._delimiter(f"\\{name}"), form, stretchy=True)
        made.set("minsize", height)
        made.set("maxsize", height)
        return Atom.of(made, {"l": "open", "r": "close", "m": "rel"}.get(side, "ord"))

    def _arrow(self, name: str, style: Style) -> Atom:
        below: Element | None = None
        if self._takes("["):
            below = single(spaced(self._row(style.script(), {"]", ""}), style.script()))
            if not self._takes("]"):
                raise Unreadable(rf"the [ behind \{name} is not closed")
        above = self._argument(f"\\{name}", style.script())
        arrow = leaf("mo", symbols.ARROWS[name], stretchy="true")
        parts = [within("mpadded", part, width="+0.8em", lspace="0.4em") for part in (below, above) if part is not None]
        return Atom("rel", within("mover" if below is None else "munderover", arrow, *parts), arrow)

    def _negated(self, style: Style) -> Atom:
        atoms = self._atoms(style) if self._peek() not in {"", "}", "{"} else []
        if not atoms or atoms[0].core.tag not in {"mo", "mi"}:
            raise Unreadable(r"\not lacks the sign that it strikes out")
        core = atoms[0].core
        core.text = unicodedata.normalize("NFC", f"{core.text}\u0338")
        return atoms[0]

    def _text(self, name: str) -> list[Atom]:
        if self._peek() != "{":
            raise Unreadable(f"\\{name} lacks what it belongs to: no {{ follows it")
        self._at += 1
        return self._text_until_brace(symbols.TEXTS[name])

    def _text_until_brace(self, variant: str) -> list[Atom]:
        atoms: list[Atom] = []
        text = ""
        depth = 0
        while found := _TEXT_PIECE.match(self._tex, self._at):
            piece = found[0]
            self._at = found.end()
            if piece == "}" and not depth:
                return [*atoms, *texts(text, variant)]
            if piece in {"{", "}"}:
                depth += 1 if piece == "{" else -1
            elif piece == "$":
                atoms.extend(texts(text, variant))
                text = ""
                atoms.append(Atom.of(single(spaced(self._row(Style(False), {"$", ""}), Style(False)))))
                if not self._takes("$"):
                    raise Unreadable("a $ inside a text is not closed")
            elif piece[0] == "\\":
                text += self._sign_in_text(piece[1:])
            else:
                text += piece.replace("~", "\u00a0").replace("---", "—").replace("--", "–")
        raise Unreadable("a { is not closed")

    def _sign_in_text(self, name: str) -> str:
        if name in symbols.ESCAPED or name in {"{", "}"}:
            return name
        if name in {" ", ",", ";", ":"}:
            return "\u00a0"
        if name in _IN_A_TEXT:
            return _IN_A_TEXT[name]
        raise Unreadable(f"\\{name} is unknown in a text", "Mathematics inside a text stands between dollars: $x$.")
