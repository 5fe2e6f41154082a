"""What is lost, as an author is told of it: the largest pieces that are lost as a whole, and the rest word by word."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate

from pmpress.checks.parity.alignment import Stretch
from pmpress.checks.parity.reading import Piece, Text, Thing
from pmpress.checks.parity.signs import Kind
from pmpress.diagnostics import Diagnostic, error

_CODES = {"note": "parity-note", "figure": "parity-figure", "table": "parity-table", "row": "parity-table"}
_MOST, _LONGEST = 12, 60
_MESSAGES: Mapping[Kind, tuple[str, str]] = {
    "figure": ("parity-figure", "the figure '{}' is not in the {}, or not by these words"),
    "formula": ("parity-formula", "the formula '{}' is not in the {}"),
    "table": ("parity-table", "the table{} is no table in the {}"),
    "link": ("parity-link", "the link to '{}' is no link in the {}, or leads elsewhere"),
    "note": ("parity-note", "the note {} is no note in the {}"),
}


def told(text: Text, lost: Sequence[Stretch], output: str) -> Iterator[Diagnostic]:
    """The diagnostics for what of a text is lost in an output, in reading order."""
    if not lost:
        return
    losses = _Losses(text, lost)
    waiting = [text.whole]
    while waiting:
        piece = waiting.pop()
        if not losses.within(piece.start, piece.end):
            continue
        if losses.has_words(piece) and losses.within(piece.start, piece.end) == piece.end - piece.start:
            yield _of_piece(text, piece, output)
            continue
        yield from _of_rest(text, piece, losses.beside(piece), output)
        waiting += reversed(piece.pieces)


class _Losses:
    """The places that are lost, to be counted fast."""

    def __init__(self, text: Text, lost: Sequence[Stretch]) -> None:
        self._text = text
        self._lost = sorted(lost)
        flags = bytearray(len(text.signs))
        for first, last in self._lost:
            flags[first:last] = b"\1" * (last - first)
        self._flags = flags
        self._sums = [0, *accumulate(flags)]

    def within(self, start: int, end: int) -> int:
        """How many signs are lost from one place to another."""
        return self._sums[end] - self._sums[start]

    def has_words(self, piece: Piece) -> bool:
        """Whether a piece is more than one thing."""
        starts = self._text.starts
        place = bisect_left(starts, piece.start)
        return place < len(starts) and starts[place] < piece.end

    def beside(self, piece: Piece) -> Iterator[int]:
        """The lost places of a piece that are in none of its pieces."""
        start = piece.start
        for inner in (*piece.pieces, Piece("", piece.span, piece.end)):
            if self.within(start, inner.start):
                yield from (place for place in range(start, inner.start) if self._flags[place])
            start = inner.end


def _of_piece(text: Text, piece: Piece, output: str) -> Diagnostic:
    code = _CODES.get(piece.kind, "parity-words")
    return error(code, f"the {piece.kind} '{_opening(text, piece)}' is not in the {output}", piece.span)


def _of_rest(text: Text, piece: Piece, places: Iterator[int], output: str) -> Iterator[Diagnostic]:
    words: dict[int, str] = {}
    things: list[Thing] = []
    for place in places:
        if place in text.things:
            things.append(text.things[place])
        else:
            number = text.word_at(place)
            words[number] = text.words[number]
    if words:
        shown = " ".join(list(words.values())[:_MOST]) + (" …" if len(words) > _MOST else "")
        yield error(
            "parity-words", f"not in the {output}: '{shown}' ({piece.kind} '{_opening(text, piece)}')", piece.span
        )
    for thing in things:
        code, message = _MESSAGES[thing.kind]
        yield error(code, message.format(_short(thing.said), output), thing.span)


def _opening(text: Text, piece: Piece) -> str:
    """The first words of a piece."""
    first = bisect_left(text.starts, piece.start)
    last = bisect_left(text.starts, piece.end)
    return _short(" ".join(text.words[first : min(last, first + _MOST)]) + (" …" if last - first > _MOST else ""))


def _short(words: str) -> str:
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 2].rstrip()} …"
