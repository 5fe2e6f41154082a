"""Terms in alphabetical order: what tells them apart, how a language files them, and under which letter.

The order is that of the Unicode Collation Algorithm, by pyuca, word by word: "New York" stands before "Newark". What a
language asks for otherwise is in a table of ours.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TypeAlias

from pyuca import Collator

Key: TypeAlias = tuple[int, tuple[int, ...], tuple[int, ...], tuple[int, ...], str]

# Letters of their own: in each group the first is where the others stand behind, in their order; `=` joins letters
# that only differ as accents do.
_LETTERS: Mapping[str, str] = {
    "cs": "c č, h ch, r ř, s š, z ž",
    "da": "z æ=ä ø=ö å=aa",
    "eo": "c ĉ, g ĝ, h ĥ, j ĵ, s ŝ, u ŭ",
    "es": "n ñ",
    "et": "s š z ž, w õ ä ö ü",
    "fi": "z å ä=æ ö=ø",
    "hr": "c č ć, d dž đ, l lj, n nj, s š, z ž",
    "hu": "c cs, d dz dzs, g gy, l ly, n ny, o ö=ő, s sz, t ty, u ü=ű, z zs",
    "is": "a á, d ð, e é, i í, o ó, u ú, y ý, z þ æ ö å",
    "lt": "c č, i y, s š, z ž",
    "lv": "c č, g ģ, k ķ, l ļ, n ņ, s š, z ž",
    "nb": "z æ=ä ø=ö å=aa",
    "nn": "z æ=ä ø=ö å=aa",
    "no": "z æ=ä ø=ö å=aa",
    "pl": "a ą, c ć, e ę, l ł, n ń, o ó, s ś, z ź ż",
    "ro": "a ă â, i î, s ș=ş, t ț=ţ",
    "sk": "a ä, c č, h ch, o ô, s š, z ž",
    "sl": "c č ć, d dž đ, s š, z ž",
    "sv": "z å ä=æ ö=ø",
    "tr": "c ç, g ğ, h ı, o ö, s ş, u ü",
}
# The script a language files before all others.
_SCRIPTS = {"ar": "ARABIC", "fa": "ARABIC", "ur": "ARABIC", "el": "GREEK", "he": "HEBREW", "yi": "HEBREW",
            "ru": "CYRILLIC", "uk": "CYRILLIC", "be": "CYRILLIC", "bg": "CYRILLIC", "sr": "CYRILLIC",
            "mk": "CYRILLIC"}  # fmt: skip

_ROOM = 64  # for letters of a language's own between two of the common order
_LONGEST = 256  # characters: what comes behind them files nothing, and pyuca takes quadratic time for it
_SYMBOLS, _NATIVE, _OTHER = range(3)
_ROWS = tuple(zip("ぁかさたなはまゃらゎ", "あかさたなはまやらわ", strict=True))
HAN = "漢字"
_ARTICLE = re.compile(r"ال(?=\w{2})")
_NOT_FILED = re.compile("[\u0640\u064b-\u0655\u0670]")  # tatweel, harakat, hamza above and below
_ALIKE = str.maketrans("أإآٱىئؤة", "ااااييوه")


def tidy(text: str) -> str:
    """A term as it is told apart from others."""
    return unicodedata.normalize("NFC", " ".join(text.replace("\u00ad", "").split()))


def primary_language(language: str) -> str:
    """`es-MX` → `es`."""
    return language.split("-", maxsplit=1)[0].lower()


@cache
def collation(language: str) -> Collation:
    """The order of a BCP 47 language."""
    return Collation(primary_language(language))


class _Common(Collator):  # type: ignore[misc]
    """The common order. pyuca makes a tree of its whole table; this one has only what the texts have."""

    def load(self, filename: str) -> None:
        """Sort the table's lines by the character that they begin with."""
        self._lines: dict[str, list[str]] = {}
        with open(filename, encoding="utf-8") as table:
            for line in table:
                self._lines.setdefault(line.split(" ", 1)[0], []).append(line)
        for line in self._lines.pop("@implicitweights"):
            first, last, base = re.findall(r"[0-9A-F]{4,}", line.split("#")[0])
            self.implicit_weights.append([int(first, 16), int(last, 16), int(base, 16)])

    def elements(self, text: str) -> list[list[int]]:
        """The collation elements of a text: the weights of its letters, their accents and their case."""
        decomposed = unicodedata.normalize("NFD", text)
        for character in decomposed:
            for line in self._lines.pop(f"{ord(character):04X}", ()):
                characters, weights = line.split("#")[0].split(";")
                self.table.add([int(code, 16) for code in characters.split()], _weights(weights))
        elements: list[list[int]] = self.collation_elements(decomposed)
        return elements


def _weights(written: str) -> list[list[int]]:
    """`[.1C47.0020.0002][.0000.0024.0002]` as numbers."""
    each = written.replace("*", ".").replace("]", "").split("[")[1:]
    return [[int(weight, 16) for weight in element.split(".")[1:4]] for element in each]


@cache
def _common() -> _Common:
    return _Common()


@dataclass(slots=True)
class Collation:
    """How one language files."""

    language: str
    _own: dict[str, tuple[int, int, str]] = field(init=False)  # letter → weight, variant, the letter it stands under
    _pattern: re.Pattern[str] | None = field(init=False)
    _latin: dict[int, str] = field(init=False)

    def __post_init__(self) -> None:
        self._own = dict(self._letters())
        longest = sorted(self._own, key=lambda letter: (-len(letter), letter))
        self._pattern = re.compile("|".join(longest)) if longest else None
        self._latin = {self._weight(letter): letter.upper() for letter in "abcdefghijklmnopqrstuvwxyz"}
        if self.language == "tr":
            self._latin[self._weight("i")] = "İ"

    def key(self, text: str) -> Key:
        """What texts are sorted by: symbols and digits, the language's own script, others; then letters, accents, case,
        and at last the text itself, so that no two texts are equal."""
        filed = self._filed(text)
        elements = [element for element in self._elements(filed) if any(element)]
        first, second, third = (tuple(each[level] for each in elements if each[level]) for level in range(3))
        return self._rank(filed), first, second, third, text

    def letter(self, text: str) -> str:
        """The letter that a text stands under, or nothing if it begins with none."""
        filed = self._filed(text)
        if self._rank(filed) == _SYMBOLS:
            return ""
        if self._pattern and (own := self._pattern.match(_small(filed, self.language))):
            return self._own[own[0]][2]
        base = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", filed[0]))[0]
        if "\u3041" <= (kana := _hiragana(base)) <= "\u3096":
            return next(row for first, row in reversed(_ROWS) if first <= kana)
        if unicodedata.name(base, "").startswith("CJK UNIFIED"):
            return HAN
        weight = self._weight(filed[0])
        return self._latin.get(weight) or (base if self._weight(base) == weight else filed[0]).upper()

    def _letters(self) -> Iterator[tuple[str, tuple[int, int, str]]]:
        for group in filter(None, _LETTERS.get(self.language, "").split(", ")):
            base, *others = group.split(" ")
            for place, letters in enumerate(others, start=1):
                for variant, letter in enumerate(letters.split("=")):
                    head = letters.split("=")[0]
                    yield letter, (self._weight(base) * _ROOM + place, variant, head[0].upper() + head[1:])

    def _weight(self, letter: str) -> int:
        """The common order's weight of a letter, accents apart."""
        elements = _common().elements(letter)
        return next((int(element[0]) for element in elements if element[0]), 0)

    def _filed(self, text: str) -> str:
        """The text without what does not count where it is filed: quotes and brackets that open it, an article."""
        words = unicodedata.normalize("NFC", " ".join(text.split()))[:_LONGEST]
        opened = next((place for place, one in enumerate(words) if not _opens(one)), 0)
        words = words[opened:]
        if self.language == "ar":
            words = _NOT_FILED.sub("", words)
            words = words[2:] if _ARTICLE.match(words) else words
            words = words.translate(_ALIKE)
        return _long_vowels(words) if self.language == "ja" else words

    def _rank(self, filed: str) -> int:
        if not filed[:1].isalpha():
            return _SYMBOLS
        native = _SCRIPTS.get(self.language, "")
        return _NATIVE if native and unicodedata.name(filed[0], "").startswith(native) else _OTHER

    def _elements(self, filed: str) -> Iterator[tuple[int, int, int]]:
        place = 0
        if self._pattern:
            for own in self._pattern.finditer(_small(filed, self.language)):
                yield from _common_elements(filed[place : own.start()])
                weight, variant, _ = self._own[own[0]]
                # 32 and 2 are the common order's weights of a letter without accent, in lower case.
                yield weight, 32 + variant, 2 if filed[own.start() : own.end()].islower() else 8
                place = own.end()
        yield from _common_elements(filed[place:])


def _common_elements(text: str) -> Iterator[tuple[int, int, int]]:
    if not text:
        return
    for element in _common().elements(text):
        yield int(element[0]) * _ROOM, int(element[1]), int(element[2])


def _opens(character: str) -> bool:
    return character in "\"'" or unicodedata.category(character) in ("Ps", "Pe", "Pi", "Pf")


def _small(text: str, language: str) -> str:
    """In lower case, each character one character."""
    if language == "tr":
        text = text.replace("I", "ı").replace("İ", "i")
    return "".join(one.lower() if len(one.lower()) == 1 else one for one in text)


def _hiragana(character: str) -> str:
    return chr(ord(character) - 0x60) if "\u30a1" <= character <= "\u30f6" else character


def _long_vowels(text: str) -> str:
    """The stroke for a long vowel is filed as that vowel: カー as カア."""
    spoken = ""
    for one in text:
        vowel = unicodedata.name(spoken[-1], "")[-1:] if one == "ー" and spoken else ""
        spoken += {"A": "ア", "I": "イ", "U": "ウ", "E": "エ", "O": "オ"}.get(vowel, one)
    return spoken
