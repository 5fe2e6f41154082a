"""Which `]` ends which `[`, each text gone through once."""

from __future__ import annotations

import re

_BRACKET = re.compile(r"[\[\]]")


class Matching:
    """The pairs of brackets in the text asked about last.

    Places are counted from the end: Python-Markdown changes only what comes before the place it has reached, and which
    bracket ends which depends only on what comes after.
    """

    def __init__(self) -> None:
        self._text = ""
        self._ends: dict[int, int] = {}

    def end(self, text: str, place: int) -> int | None:
        """The place of the `]` that ends the `[` at `place`, if one does."""
        rest = text[place:]
        if not self._text.endswith(rest):
            self._read(rest)
        end = self._ends.get(len(rest))
        return None if end is None else len(text) - end

    def _read(self, text: str) -> None:
        self._text, self._ends = text, {}
        opened: list[int] = []
        for bracket in _BRACKET.finditer(text):
            place = len(text) - bracket.start()
            if bracket[0] == "[":
                opened.append(place)
            elif opened:
                self._ends[opened.pop()] = place
