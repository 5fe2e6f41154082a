"""What texts are compared by: folded characters, and one character for each thing that is no word."""

from __future__ import annotations

import unicodedata
from typing import Literal, TypeAlias
from urllib.parse import unquote

Kind: TypeAlias = Literal["figure", "formula", "table", "link", "note"]

_FIRST, _ROOM = 0xF0000, 0x10FFFD - 0xF0000
"""The planes for private use: no book has that many things, and what text there has of its own is folded away."""
_DROPPED = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp", "Co", "Cs"})
_SELECTORS = frozenset({*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)})
# One glyph often serves for them all, and says in a PDF what it was first shown for; and what a language's capitals
# leave of a small letter's dot.
_ALIKE = {"\u2010": "-", "\u2011": "-", "\u0131": "i", "\u0130": "i", "\u00b5": "\u03bc"}


class Signs:
    """The signs of one book. In one that runs from right to left only letters, marks and digits count: where a point
    or a bracket stands in a line of both directions, its page does not tell."""

    def __init__(self, *, right_to_left: bool = False) -> None:
        self.right_to_left = right_to_left
        self._fold = _Fold(letters_only=right_to_left)
        self._known: dict[tuple[Kind, str], str] = {}
        self._kinds: dict[str, Kind] = {}

    def of_text(self, text: str) -> str:
        """The signs of a text."""
        return text.translate(self._fold)

    def of(self, kind: Kind, what: str = "") -> str:
        """The sign of a thing: `what` tells it from others of its kind."""
        key = (kind, unquote(what) if kind == "link" else self.of_text(what))
        if key not in self._known:
            sign = chr(_FIRST + len(self._known) % _ROOM)
            self._known[key] = sign
            self._kinds.setdefault(sign, kind)
        return self._known[key]

    def is_thing(self, sign: str) -> bool:
        """Whether a sign is that of a thing."""
        return sign in self._kinds


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
