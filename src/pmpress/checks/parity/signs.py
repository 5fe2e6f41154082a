"""What texts are compared by: folded characters, and one character for each thing that is no word."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Literal, TypeAlias
from urllib.parse import unquote

Kind: TypeAlias = Literal["figure", "formula", "table", "link", "note"]

FIRST_THING = "\U000f0000"
"""Signs of things are from here on, in the planes for private use; what text has there itself is folded away."""

_ROOM = 0x10FFFD - ord(FIRST_THING)
_DROPPED = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp", "Co", "Cs"})
_SELECTORS = frozenset({*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)})
# A tatweel only stretches a word. One glyph often serves for all hyphens, and says in a PDF what it was first shown
# for. And a capital I does not tell which small letter it was.
_ALIKE = {"\u0640": "", "\u2010": "-", "\u2011": "-", "\u0131": "i", "\u0130": "i", "\u00b5": "\u03bc"}
_JOINT = re.compile("[-/]")


class Signs:
    """The signs of one book. In one with letters that run from right to left only letters, marks and digits count:
    where a point or a bracket stands in a line of both directions, its page does not tell."""

    def __init__(self, *, right_to_left: bool = False) -> None:
        self.right_to_left = right_to_left
        self._fold = _Fold(letters_only=right_to_left)
        self._known: dict[tuple[Kind, str], str] = {}

    def of_text(self, text: str) -> str:
        """The signs of a text."""
        return text.translate(self._fold)

    def of_word(self, word: str) -> Iterator[str]:
        """The signs of a word, those of each of its parts if these may stand in another order."""
        return filter(None, map(self.of_text, _JOINT.split(word) if self.right_to_left else (word,)))

    def of(self, kind: Kind, what: str = "") -> str:
        """The sign of a thing: `what` tells it from others of its kind."""
        key = (kind, unquote(what) if kind == "link" else self.of_text(what))
        if key not in self._known:
            self._known[key] = chr(ord(FIRST_THING) + len(self._known) % _ROOM)
        return self._known[key]


class _Fold(dict[int, str]):
    """A table for `str.translate` that is filled as characters turn up."""

    def __init__(self, *, letters_only: bool) -> None:
        super().__init__()
        self._letters_only = letters_only

    def __missing__(self, code_point: int) -> str:
        character = chr(code_point)
        folded = unicodedata.normalize("NFKD", _ALIKE.get(character, character)).casefold()
        self[code_point] = "".join(filter(self._counts, unicodedata.normalize("NFKD", folded)))
        return self[code_point]

    def _counts(self, character: str) -> bool:
        category = unicodedata.category(character)
        if category in _DROPPED or ord(character) in _SELECTORS:
            return False
        return not self._letters_only or category[0] in "LMN"
