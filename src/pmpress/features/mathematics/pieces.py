"""What formulas are made of: elements of MathML, the parts they play in a row, and the spaces between them.

Every element and attribute of a formula is made here; none comes from what the author wrote.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from dataclasses import replace as changed
from xml.etree.ElementTree import Element, SubElement

from pmpress.features.mathematics.scanning import Unreadable
from pmpress.formulas import symbols

_THIN = 3 / 18
_JOINS_NOTHING = frozenset({"", "bin", "rel", "open", "punct", "large", "int", "fun", "slash"})


@dataclass(slots=True)
class Atom:
    """A piece of a row: the element, the part it plays there, and the operator in it, if its scripts hide one."""

    kind: str
    element: Element
    core: Element

    @classmethod
    def of(cls, element: Element, kind: str = "ord") -> Atom:
        """An element that is its own core."""
        return cls(kind, element, element)


@dataclass(frozen=True, slots=True)
class Style:
    """How a row is set: `display` with limits above and below, `tight` without spaces, in one of the alphabets."""

    display: bool
    tight: bool = False
    alphabet: str = ""

    def inner(self) -> Style:
        """That of a fraction's parts."""
        return changed(self, display=False)

    def script(self) -> Style:
        """That of what is set small, above or below."""
        return changed(self, display=False, tight=True)


def leaf(tag: str, text: str, **attributes: str) -> Element:
    """An element that holds text."""
    element = Element(tag, attributes)
    element.text = text
    return element


def within(tag: str, *children: Element, **attributes: str) -> Element:
    """An element that holds others."""
    element = Element(tag, attributes)
    element.extend(children)
    return element


def single(elements: list[Element]) -> Element:
    """One element for any number of them."""
    return elements[0] if len(elements) == 1 else within("mrow", *elements)


def is_empty(element: Element) -> bool:
    """Whether nothing is in it."""
    return element.tag == "mrow" and not len(element)


def still(element: Element) -> Element:
    """Braces take the spaces from an operator that stands alone in them."""
    if element.tag == "mo":
        element.attrib.update(lspace="0", rspace="0")
    return element


def upright(text: str) -> Element:
    """A name of several letters is set upright anyway."""
    return leaf("mi", text, **({"mathvariant": "normal"} if len(text) == 1 else {}))


def rounded(number: float) -> str:
    """A number with three places at most."""
    return f"{number:.3f}".rstrip("0").rstrip(".")


def blank(width: float) -> Element:
    """A space of a width in em."""
    return Element("mspace", {"width": f"{rounded(width)}em"})


def space(width: float) -> Atom:
    """A space as a piece of a row."""
    return Atom.of(blank(width), "space")


def primes(count: int) -> str:
    """The sign for so many primes."""
    return ("", "′", "″", "‴", "⁗")[count] if count < 5 else "′" * count


def fence(character: str, form: str, stretchy: bool = False) -> Element:
    """A bracket or a bar; `form` says on which side of what it encloses it stands."""
    attributes = {"form": form, "stretchy": "true" if stretchy else "false"}
    if stretchy:
        attributes["fence"] = "true"
    if form == "infix" or character in "|‖":
        space = "0.1em" if form == "infix" else "0"
        attributes.update(lspace=space, rspace=space)
    return leaf("mo", character, **attributes)


def fenced(left: str, inside: list[Element], right: str) -> Element:
    """What is inside, between brackets as high as it; either may be none."""
    row = Element("mrow")
    if left:
        row.append(fence(left, "prefix", stretchy=True))
    row.extend(inside)
    if right:
        row.append(fence(right, "postfix", stretchy=True))
    return row


def in_style(element: Element, display: bool, level: int) -> Element:
    """An element set in one of the four styles of TeX."""
    return within("mstyle", element, displaystyle="true" if display else "false", scriptlevel=str(level))


def texts(text: str, variant: str) -> list[Atom]:
    """A text inside of a formula."""
    if not text:
        return []
    folded = re.sub(r"\s+", " ", text)
    inner = folded.strip(" ")
    # White space at either end of an element means nothing, so it is one that is kept.
    kept = folded if not inner else "\u00a0" * (folded[0] == " ") + inner + "\u00a0" * (folded[-1] == " ")
    return [
        Atom.of(
            leaf(
                "mtext",
                kept.replace(" ", "\u00a0") if not inner else kept,
                **({"mathvariant": variant} if variant else {}),
            )
        )
    ]


def typed(token: str, style: Style) -> Atom:
    """A character that is no macro."""
    if token in symbols.CHARACTERS:
        kind, character = symbols.CHARACTERS[token]
        return symbol(kind, character, style)
    category = unicodedata.category(token)
    if category[0] == "L":
        return symbol("letter", token, style)
    if category[0] == "N":
        return Atom.of(leaf("mn", token))
    if category == "Sm":
        return symbol("rel", token, style)
    if category[0] in "SP":
        return Atom.of(leaf("mi", token, mathvariant="normal"))
    shown = token if token.isprintable() else ""
    raise Unreadable(f"the character {shown}{' ' if shown else ''}(U+{ord(token):04X}) has no place in a formula")


def symbol(kind: str, character: str, style: Style) -> Atom:
    """A character in the part that its kind has."""
    if kind in {"letter", "upright"}:
        return Atom.of(_letter(kind, character, style.alphabet))
    if kind == "space":
        return space(0.25)
    if kind in {"open", "close"}:
        return Atom.of(fence(character, "prefix" if kind == "open" else "postfix"), kind)
    if kind in {"bar", "prime"}:
        return Atom.of(leaf("mo", character, stretchy="false", lspace="0", rspace="0"))
    if kind in {"slash", "dot"}:
        return Atom.of(leaf("mo", character, lspace="0", rspace="0"), "slash" if kind == "slash" else "ord")
    if kind == "post":
        return Atom.of(leaf("mo", character, form="postfix", lspace="0", rspace="0"), "close")
    if kind in {"large", "int"}:
        return Atom.of(leaf("mo", character), kind)
    element = leaf("mo", character)
    if character in "↑↓↕⇑⇓⇕∣∥∤∦":
        element.set("stretchy", "false")
    if character == ":":
        element.attrib.update(lspace="0.278em", rspace="0.278em")
    return Atom.of(element, kind)


def _letter(kind: str, character: str, alphabet: str) -> Element:
    if alphabet == "normal":
        return leaf("mi", character, mathvariant="normal")
    if alphabet:
        set_in = "bold" if alphabet == "bold-italic" and (kind == "upright" or character.isdigit()) else alphabet
        found = symbols.styled(character, set_in)
        return leaf("mi", found, **({} if found != character else {"mathvariant": "normal"}))
    return leaf("mi", character, **({"mathvariant": "normal"} if kind == "upright" else {}))


def is_relation(element: Element) -> bool:
    """Whether it is the sign of a relation."""
    return element.tag == "mo" and symbols.CHARACTERS.get(element.text or "", ("", ""))[0] == "rel"


def with_scripts(atom: Atom, below: Element | None, above: Element | None, limits: bool | None, style: Style) -> Atom:
    """An atom with what stands below and above it: beside it, or with `limits` under and over it."""
    if limits is None:
        limits = atom.kind == "brace" or (style.display and atom.kind in {"large", "lim"})
    scripts = [script for script in (below, above) if script is not None]
    for script in scripts:
        still(script)
    if limits:
        if atom.core.tag == "mo":
            atom.core.set("movablelimits", "false")
        tag = "munderover" if len(scripts) == 2 else "munder" if below is not None else "mover"
    else:
        tag = "msubsup" if len(scripts) == 2 else "msub" if below is not None else "msup"
    return Atom("ord" if atom.kind == "brace" else atom.kind, within(tag, atom.element, *scripts), atom.core)


def spaced(atoms: list[Atom], style: Style, before: str = "") -> list[Element]:
    """The elements of a row, with the spaces that do not follow from the operators themselves.

    An operator that has nothing to join is a sign: `before` is what kind the row itself follows.
    """
    kinds = ["" if atom.kind == "space" else atom.kind for atom in atoms]
    elements: list[Element] = []
    previous = before
    for place, atom in enumerate(atoms):
        following = (
            next((kind for kind in kinds[place + 1 :] if kind), "") if atom.kind in {"bin", "fun", "lim"} else ""
        )
        if atom.kind == "bin" and (previous in _JOINS_NOTHING or following in {"", "rel", "close", "punct"}):
            atom.kind = "ord"
            atom.core.attrib.update(form="prefix", lspace="0", rspace="0")
        elif atom.kind in {"bin", "rel", "punct"} and style.tight:
            atom.core.attrib.update(lspace="0", rspace="0")
        elif atom.kind in {"bin", "rel"} and atom.core is not atom.element:
            atom.core.set("form", "infix")
        if atom.kind in {"fun", "lim"} and previous in {"ord", "close", "fun", "lim"}:
            elements.append(blank(_THIN))
        elements.append(atom.element)
        if atom.kind in {"fun", "lim"} and following in {"ord", "large", "int"}:
            elements.append(blank(_THIN))
        if atom.kind != "space":
            previous = atom.kind
    return elements


def grid(rows: list[list[Element]], **attributes: str) -> Element:
    """A table of these cells."""
    table = Element("mtable", attributes)
    for row in rows:
        line = SubElement(table, "mtr")
        for cell in row:
            entry = SubElement(line, "mtd")
            if not is_empty(cell):
                entry.extend(list(cell) if cell.tag == "mrow" and not cell.attrib else [cell])
    return table
