"""Characters that none of the layout's fonts has: found, named to the author, and printed as U+FFFD.

A character without a glyph would be an empty box on paper, and PDF/UA forbids it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import uharfbuzz
from lxml import etree

from pmpress.diagnostics import Diagnostic, Span, warning
from pmpress.layout import FontFamily
from pmpress.pdf.places import place_of
from pmpress.pdf.preparing.separators import spaced

_SHOWN = 12
# Marks, spaces and joiners that have no shape of their own: the shaper sees to them, whatever the font says.
_SHAPELESS = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})
# Those among them that it does not see to: old control codes, annotation marks, a byte order mark gone astray.
_STRAYS = frozenset({*range(0x7F, 0xA0), *range(0xFFF9, 0xFFFC), 0xFEFF})
# Signs that Unicode counts as format characters and that do have a shape.
_SHAPED = frozenset(
    {*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD}
    | {*range(0x13430, 0x13440), *range(0x1BCA0, 0x1BCA4)}
)
_SELECTORS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))


@dataclass(frozen=True, slots=True)
class Coverage:
    """The characters that a set of fonts can print."""

    code_points: frozenset[int]

    def missing(self, text: str) -> frozenset[str]:
        """The characters of the text that no font has, not even in pieces (é as e and an accent)."""
        return frozenset(character for character in set(spaced(text)) if not self._has(character))

    def printable(self, text: str) -> str:
        """The text with U+FFFD for every character that no font has, and spaces for what ends a line."""
        return spaced(text).translate({ord(character): "\ufffd" for character in self.missing(text)})

    def change(self, body: etree._Element, span: Span | None) -> tuple[Diagnostic, ...]:
        """Put U+FFFD for what no font has, in place, and say once which characters these are and where the first is.

        `span` is the place to name if the text does not know its own.
        """
        missing = self.missing("".join(body.itertext()))
        if not missing:
            return ()
        found: dict[str, Span | None] = {}
        for owner, text, is_tail in _texts(body):
            lost = [character for character in text if character in missing]
            if not lost:
                continue
            for character in lost:
                found.setdefault(character, place_of(owner) or span)
            _set(owner, self.printable(text), is_tail)
        return (_report(found),)

    def _has(self, character: str) -> bool:
        code_point = ord(character)
        return (
            (code_point in self.code_points and code_point not in _STRAYS)
            or (unicodedata.category(character) in _SHAPELESS and code_point not in _STRAYS | _SHAPED)
            or any(code_point in selectors for selectors in _SELECTORS)
            or _decomposed(character, self.code_points)
        )


def coverage_of(families: Iterable[FontFamily]) -> Coverage:
    """What all the families together can print."""
    return Coverage(frozenset().union(*(_code_points(face.path) for family in families for face in family.faces)))


@lru_cache(maxsize=64)
def _code_points(path: Path) -> frozenset[int]:
    return frozenset(uharfbuzz.Face(uharfbuzz.Blob.from_file_path(path)).unicodes)


def _decomposed(character: str, code_points: frozenset[int]) -> bool:
    pieces = unicodedata.normalize("NFD", character)
    return pieces != character and all(ord(piece) in code_points for piece in pieces)


def _texts(body: etree._Element) -> Iterator[tuple[etree._Element, str, bool]]:
    """Each element's text and the text after it, in reading order, with whether it is the text after."""
    for event, element in etree.iterwalk(body, events=("start", "end")):
        is_tail = event == "end"
        text = element.tail if is_tail else element.text
        if text and not (is_tail and element is body):
            yield element, text, is_tail


def _set(element: etree._Element, text: str, is_tail: bool) -> None:
    if is_tail:
        element.tail = text
    else:
        element.text = text


def named(characters: Collection[str]) -> str:
    """Characters with their code points, as an author can look them up; the first dozen of them."""
    names = [
        f"{character} (U+{ord(character):04X})" if character.isprintable() else f"U+{ord(character):04X}"
        for character in characters
    ]
    rest = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return f"{', '.join(names[:_SHOWN])}{rest}"


def _report(found: dict[str, Span | None]) -> Diagnostic:
    return warning(
        "glyph-missing",
        f"no font of the layout has {named(found)}: printed as \ufffd",
        next(iter(found.values())),
        "Write it in other characters, or add a font that has it to the layout.",
    )
