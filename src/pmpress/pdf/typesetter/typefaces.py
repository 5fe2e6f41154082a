"""The fonts of a sheet, as the engine used them: noted down, and left out of the sheet's own PDF.

The engine would cut a subset of each font for each sheet. The book has one copy of each, of the glyphs that all its
sheets show (see `pmpress.pdf.binding.embedding`).
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from hashlib import sha256
from typing import Any, TypeAlias

import uharfbuzz

from pmpress.pdf.facts import FontUse, Glyph

Font: TypeAlias = Any  # weasyprint.pdf.fonts.Font

_LONGEST = 8
_ACCENTS = frozenset(map(chr, range(0x300, 0x370)))
_TATWEEL = "\u0640"
_FORM = re.compile(r"uni(06[0-9A-F]{2})(?:\.\w+)?")
_ELLIPSIS = "\u2026"


class Fonts(dict[Any, Font]):
    """A document's register of fonts that gives the engine, when it embeds them, only those that need its own care:
    bitmaps, colours and variations."""

    def values(self) -> list[Font]:  # type: ignore[override]
        """The fonts that the engine is to embed by itself."""
        return [font for font in super().values() if not _is_plain(font)]

    def uses(self) -> tuple[FontUse, ...]:
        """What was shown of the fonts that it is not to embed, in the order of their first use."""
        by_key: defaultdict[str, list[Font]] = defaultdict(list)
        for font in super().values():
            if _is_plain(font):
                by_key[font.hash].append(font)
        return tuple(_use(fonts) for fonts in by_key.values())


def _is_plain(font: Font) -> bool:
    return not (font.bitmap or font.png or font.svg or font.colr or font.index or "fvar" in font.tables)


def _use(fonts: list[Font]) -> FontUse:
    """One use of a font that the engine holds in several objects, one for each way it was asked for."""
    first = fonts[0]
    widths: dict[int, float] = {}
    texts: dict[int, str] = {}
    missing: dict[int, int] = {}
    for font in reversed(fonts):
        widths |= font.widths
        texts |= font.to_unicode
        missing |= font.missing
    return FontUse(
        key=first.hash,
        name=first.name.decode().removeprefix("/"),
        family=first.family,
        file=sha256(first.file_content).hexdigest(),
        flags=first.flags,
        ascent=first.ascent,
        descent=first.descent,
        glyphs=tuple(_glyphs(widths, texts | _of_their_own(texts, first.file_content))),
        missing=tuple(sorted(missing.items())),
    )


def _of_their_own(texts: dict[int, str], file: bytes) -> dict[int, str]:
    """The meanings of letters and accents that the engine took for one: nothing for the letter, both for the accent,
    which keeps them where the font has no character for the letter, as for a small capital."""
    parted = {number for number, text in texts.items() if not text}
    accented = {number: text for number, text in texts.items() if len(text) > 1}
    is_arabic = any("\u0600" <= text[:1] <= "\u06ff" for text in texts.values())
    if not parted and not accented and not is_arabic:
        return {}
    face = uharfbuzz.Face(uharfbuzz.Blob(file))
    font = uharfbuzz.Font(face)
    # Of two characters with one glyph the first counts; what stands for private use says nothing.
    named = [each for each in map(chr, face.unicodes if parted else ()) if unicodedata.category(each) != "Co"]
    numbers = {font.get_nominal_glyph(ord(each)): each for each in reversed(named)}
    called = {number: _called(font.glyph_to_string(number)) for number in sorted(texts)}
    letters = {number: letter for number in sorted(parted) if (letter := numbers.get(number) or called[number])}
    # A stroke that the font has put between two letters means nothing: the engine takes it for one of them.
    letters |= {number: "" for number, name in called.items() if name == _TATWEEL and texts[number] != _TATWEEL}
    if parted - letters.keys():
        return letters
    return letters | {
        number: character
        for number, text in accented.items()
        for character in unicodedata.normalize("NFD", text)
        if character in _ACCENTS and font.get_nominal_glyph(ord(character)) == number
    }


def _called(name: str) -> str:
    """The Arabic letter that a glyph is a form of, by its name: `uni0644.init`. (Adobe Glyph List Specification, 2)"""
    m = _FORM.fullmatch(name)
    return chr(int(m[1], 16)) if m else ""


def _glyphs(widths: dict[int, float], texts: dict[int, str]) -> Iterable[Glyph]:
    for number in sorted(widths.keys() | texts.keys()):
        text = texts.get(number, "")
        # The ellipsis that cuts a long running head short stands for all that is left out, which no program reads.
        yield Glyph(number, float(widths.get(number, 0)), text if len(text) <= _LONGEST else _ELLIPSIS)
