"""A formula in MathML drawn as SVG: paths only, without an id, the same bytes whatever was drawn before it.

ziamath lays the formula out; what it makes is put right in a few places, and set together from here on. Units are
thousandths of the text's size.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from xml.etree.ElementTree import Element, SubElement, fromstring, tostring

from pmpress.formulas import symbols
from pmpress.formulas.engine import EM, NUMBER, engine

SVG = "http://www.w3.org/2000/svg"
_ROWS = frozenset({"math", "mrow", "mtd", "msqrt", "mstyle", "mphantom", "mpadded", "menclose"})
_SCRIPTED = frozenset({"msub", "msup", "msubsup", "munder", "mover", "munderover"})
_MARGIN = 20  # round shapes reach beyond their boxes


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawn formula: the `svg` element, the characters that the font does not have, and the box around it: its left
    and its upper edge, seen from the beginning of the baseline, its width and its height."""

    svg: str
    lost: str
    box: tuple[float, float, float, float]


def draw(mathml: str, scale: float) -> Drawing:
    """Draw a `math` element as it would be set in text, `scale` times the text's size, on the text's baseline."""
    root = fromstring(mathml)
    lost = _prepare(root)
    laid_out = engine().Math(root, size=EM, margin=0)
    box = laid_out.node.bbox
    left, right, top, bottom = box.xmin - _MARGIN, box.xmax + _MARGIN, -box.ymax - _MARGIN, -box.ymin + _MARGIN
    drawn = Element("svg")
    laid_out.node.draw(0, 0, drawn)
    svg = Element("svg", {"xmlns": SVG, "role": "img"})
    width, height = right - left, bottom - top
    size = f"width: {_em(width * scale)}; height: {_em(height * scale)}"
    svg.set("viewBox", " ".join(f"{round(side)}" for side in (left, top, width, height)))
    svg.set("style", f"{size}; vertical-align: {_em(-bottom * scale)}")
    svg.extend(_joined(drawn))
    return Drawing(tostring(svg, encoding="unicode"), lost, (left, top, width, height))


def _em(units: float) -> str:
    return f"{units / EM:.3f}".rstrip("0").rstrip(".") + "em"


def _prepare(root: Element) -> str:
    """Say in ziamath's own way what it would read otherwise, and find the characters that its font lacks."""
    _mark_accents(root)
    font = engine().loadedfonts["default"]
    lost: dict[str, None] = {}
    for element in list(root.iter()):
        name = _local(element)
        text = element.text or ""
        if name == "mi":
            text = _identifier(element, text)
        if name == "mo" and symbols.CHARACTERS.get(text, ("",))[0] in {"large", "int"}:
            element.set("stretchy", "false")  # it grows with display formulas, not with what stands beside it
        if _local(element) == "mtext":
            text = text.replace("-", "‐")  # of which it would make a rule
        elif name == "mo" and element.get("lspace") is None:
            before, after = _spaces(element)
            element.attrib.update(lspace=f"{before}em", rspace=f"{after}em")
        elif name in _ROWS:
            _space_scripted(element)
            if not len(element):
                SubElement(element, "mspace", {"width": "0"})  # it takes the size of nothing for endless
        for character in dict.fromkeys(text):
            if character not in " \u00a0\u2009" and not font.glyphindex(character):
                lost[character] = None
                text = text.replace(character, "\ufffd")
        if text:
            element.text = text
    return "".join(lost)


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _identifier(element: Element, text: str) -> str:
    """A letter in its italic form; names and signs become text, since it would put spaces around them."""
    if len(text) > 1 or element.get("mathvariant") == "normal":
        element.tag = "mtext"
        return text
    return symbols.styled(text, "italic")


def _mark_accents(root: Element) -> None:
    """Accents as the font has them, over and under lines as it knows them."""
    for element in root.iter():
        name = _local(element)
        if name in {"mover", "munder"} and element.get("accent" if name == "mover" else "accentunder"):
            mark = element[1]
            wide = mark.get("stretchy") == "true"
            if wide and mark.text in {"¯", "_"}:
                mark.text = "―"
            elif not wide or mark.text in {"^", "~", "ˇ"}:
                mark.text = symbols.COMBINING.get(mark.text or "", mark.text)
            mark.attrib.update(lspace="0", rspace="0")


def _spaces(operator: Element) -> tuple[float, float]:
    """What stands before and behind an operator, in em."""
    kind = symbols.CHARACTERS.get(operator.text or "", ("ord",))[0]
    if operator.get("form") in {"prefix", "postfix"}:
        return 0.0, 0.0
    return {"bin": (4 / 18, 4 / 18), "rel": (5 / 18, 5 / 18), "punct": (0.0, 3 / 18), "large": (0.0, 3 / 18),
            "int": (0.0, 3 / 18)}.get(kind, (0.0, 0.0))  # fmt: skip


def _space_scripted(row: Element) -> None:
    """An operator's spaces stand around its scripts, not inside of them."""
    children: list[Element] = []
    for child in row:
        core = child
        while _local(core) in _SCRIPTED and len(core):
            core = core[0]
        if core is child or _local(core) != "mo" or core.get("lspace") is not None:
            children.append(child)
            continue
        before, after = _spaces(core)
        core.attrib.update(lspace="0", rspace="0")
        children += [_blank(before), child, _blank(after)]
    row[:] = children


def _blank(width: float) -> Element:
    return Element("mspace", {"width": f"{width}em"})


def _joined(drawn: Element) -> list[Element]:
    """The shapes, with neighbours of one colour as one path: that takes half the room and a third of the time."""
    joined: list[Element] = []
    for fill, neighbours in groupby(_shapes(drawn, "black"), key=_colour):
        shapes = [shape for shape, _ in neighbours]
        if fill is None:
            joined += map(_rounded, shapes)
        else:
            path = "".join(map(_path, shapes))
            joined.append(Element("path", {"d": path} if fill == "black" else {"d": path, "fill": fill}))
    return joined


def _colour(shape: tuple[Element, str]) -> str | None:
    """What a shape is filled with; None for one that is drawn with a pen."""
    return None if shape[0].get("stroke") else shape[1]


def _shapes(group: Element, fill: str) -> Iterator[tuple[Element, str]]:
    """Every shape with its colour; a glyph put together of pieces is a group of them."""
    for shape in group:
        own = shape.get("fill", fill)
        if shape.tag == "g":
            yield from _shapes(shape, own)
        else:
            yield shape, own


def _path(shape: Element) -> str:
    """A filled shape as a path."""
    if shape.tag == "path":
        written = NUMBER.sub(lambda number: f"{round(float(number[0]))}", shape.attrib["d"])
        return re.sub(r"\s*([A-Z])\s*", r"\1", written).replace(" -", "-").strip()
    x, y, width, height = (float(shape.attrib[side]) for side in ("x", "y", "width", "height"))
    return f"M{round(x)} {round(y)}H{round(x + width)}V{round(y + height)}H{round(x)}Z"


def _rounded(shape: Element) -> Element:
    for name, value in shape.attrib.items():
        if NUMBER.fullmatch(value):
            shape.set(name, str(round(float(value))))
    if shape.tag == "path":
        shape.set("fill", "none")
    return shape
