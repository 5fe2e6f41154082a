"""Pictures of formulas, for reading systems that cannot set MathML.

Each formula is drawn once, however often it is written, and black on white: on a page in the dark nobody could read it
otherwise. Its sizes are whole twentieths of an em, so that it grows with the reader's type and a few classes of the
style sheet do for all.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from lxml import etree

from pmpress.cache import digest
from pmpress.diagnostics import Diagnostic, warning
from pmpress.epub import version
from pmpress.epub.pages.documents import MATHML
from pmpress.epub.places import place_of
from pmpress.formulas.drawing import SVG, draw
from pmpress.model import Asset
from pmpress.tasks import InProcess, Means, done
from pmpress.xhtml import tag

CLASS = "formula"
"""The class of pictures in the place of formulas: the style sheet says how wide they are."""

_STEP = 50  # thousandths of an em
_ROOM = 30  # thousandths of an em that are white around a drawing
_EM = 24  # CSS px that an em has in the file: at 300 dpi it is sharp in letters half as large again as a book's

_FEW = 100  # formulas that are drawn in this process: another would take longer to get ready for them


@dataclass(frozen=True, slots=True)
class FormulaPicture:
    """A drawn formula: an `svg` element, its width, its height and how far it goes below the baseline, in twentieths of
    an em, and the characters that could not be drawn."""

    svg: str = field(repr=False)
    width: int
    height: int
    depth: int
    lost: str = ""

    @property
    def asset(self) -> Asset:
        """It as a file that comes along."""
        name = f"formulas/{digest(self.svg)[:16]}.svg"
        return Asset(name, "image/svg+xml", self.svg.encode(), self.width * _EM / 20, self.height * _EM / 20)


def drawn(bodies: Iterable[etree._Element], means: Means) -> Mapping[str, FormulaPicture]:
    """The picture of every formula in these texts, by how the formula is written."""
    written = list(dict.fromkeys(text for body in bodies for _, text in formulas(body)))
    if len(written) < _FEW:
        means = replace(means, executor=InProcess())
    tasks = [(text,) for text in written]
    made = done(draw_formula, FormulaPicture, tasks, means.executor, means.cache, version())
    return {written[number]: picture for number, picture in sorted(made, key=lambda each: each[0])}


def formulas(body: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    """The formulas in a text, each with how it is written."""
    for formula in list(body.iter(MATHML)):
        yield formula, etree.tostring(formula, encoding="unicode", with_tail=False)


def draw_formula(mathml: str) -> FormulaPicture:
    """Draw a `math` element, on white."""
    drawing = draw(mathml, 1.0)
    left, top, width, height = drawing.box
    across = math.ceil((width + 2 * _ROOM) / _STEP)
    above, below = math.ceil((_ROOM - top) / _STEP), math.ceil((top + height + _ROOM) / _STEP)
    begin = round(left - (across * _STEP - width) / 2)
    room = {"x": begin, "y": -above * _STEP, "width": across * _STEP, "height": (above + below) * _STEP}
    ground = {name: f"{length}" for name, length in room.items()}
    picture = etree.Element(f"{{{SVG}}}svg", nsmap={None: SVG})
    picture.set("viewBox", " ".join(ground.values()))
    picture.set("width", f"{across * _EM / 20:g}")
    picture.set("height", f"{(above + below) * _EM / 20:g}")
    etree.SubElement(picture, f"{{{SVG}}}rect", ground, fill="#fff")
    picture.extend(list(etree.fromstring(drawing.svg)))
    return FormulaPicture(etree.tostring(picture, encoding="unicode"), across, above + below, below, drawing.lost)


def name_picture(formula: etree._Element, picture: FormulaPicture, name: str) -> None:
    """Have a formula name its picture (MathML 3, 2.2.1)."""
    formula.set("altimg", name)
    formula.set("altimg-width", _em(picture.width))
    formula.set("altimg-height", _em(picture.height))
    formula.set("altimg-valign", _em(-picture.depth))


def show_picture(formula: etree._Element, picture: FormulaPicture) -> None:
    """Put its picture in the place of a formula."""
    classes = [CLASS, _wide(picture)]
    if formula.get("display") != "block":
        classes.append(_deep(picture))
    alt = formula.get("alttext", "")
    image = etree.Element(tag("img"), {"class": " ".join(classes), "src": picture.asset.name, "alt": alt})
    image.tail = formula.tail
    parent = formula.getparent()
    if parent is not None:
        parent.replace(formula, image)


def style_sheet(pictures: Collection[FormulaPicture]) -> str:
    """What the style sheet must say where pictures stand for formulas: each size once."""
    sizes = {f"img.{_wide(each)} {{ width: {_em(each.width)}; }}" for each in pictures}
    sizes |= {f"img.{_deep(each)} {{ vertical-align: {_em(-each.depth)}; }}" for each in pictures}
    return "\n".join(("", f"img.{CLASS} {{ background: #fff; }}", *sorted(sizes), ""))


def report(formula: etree._Element, picture: FormulaPicture) -> Diagnostic:
    """A warning of the characters that could not be drawn."""
    named = ", ".join(f"{character} (U+{ord(character):04X})" for character in picture.lost)
    said = f"the font of formulas has no {named}: drawn as \ufffd"
    return warning("glyph-missing", said, place_of(formula), "Write it in other characters.")


def _em(steps: int) -> str:
    return f"{steps / 20:g}em"


def _wide(picture: FormulaPicture) -> str:
    return f"{CLASS}-wide-{picture.width}"


def _deep(picture: FormulaPicture) -> str:
    return f"{CLASS}-deep-{picture.depth}"
