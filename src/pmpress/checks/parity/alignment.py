"""Two lines of signs, and what the first has that the second has not.

Both say nearly the same, in nearly the same order: what is equal is passed over fast, and where they part the nearest
place is looked for where they meet again. The time grows with their length, however much is lost.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from difflib import SequenceMatcher
from typing import TypeAlias

from pmpress.checks.parity.reading import Text
from pmpress.checks.parity.signs import FIRST_THING

Stretch: TypeAlias = tuple[int, int]

_STEP = 1024
_NEAR, _FEW, _GRAM, _LONG_GRAM = 64, 4, 10, 24
_MOST_COMPARED = 1000
"""How long a stretch may be that is compared sign by sign."""
_AT_LINE_END = 4
_LONGEST_SHIFT = 200
_END = "\x00" * _LONG_GRAM
"""Behind both lines, so that they meet at the end at last. No text has it."""
_LEAST = 8
"""Fewer signs are found elsewhere by chance: they are only taken for moved if nothing else stands there."""


def lost_of(text: Text, found: str, *, in_any_order: bool) -> list[Stretch]:
    """The stretches of a text's signs that `found` lacks. What it has at another place is not lost.

    `in_any_order`: lines do not tell the order of what stands in them, and single words may be anywhere.
    """
    wanted, bounds = text.signs, text.bounds
    parted = list(_parted(wanted + _END, bounds, found + _END))
    lost: list[Stretch] = []
    for (first, last), (start, end) in parted:
        if first < last:
            by = 0 if start < end else _shift(text, bounds, (first, last), lost[-1][1] if lost else 0)
            lost.append((first - by, last - by))
    if not lost:
        return []
    elsewhere = _Elsewhere(found[first:last] for _, (first, last) in parted if first < last)
    rest = [run for first, last in lost for run in elsewhere.without(wanted, first, last)]
    return list(_fewer(wanted, bounds, found, rest)) if in_any_order else rest


def _shift(text: Text, bounds: Container[int], lost: Stretch, least: int) -> int:
    """By how much a stretch that is lost may as well begin earlier, so that it begins where a piece of the text does,
    or at least a word: of two items that begin alike, the one that is lost is not the end of one and the start of the
    other."""
    (first, last), signs, word = lost, text.signs, 0
    for by in range(min(first - least, _LONGEST_SHIFT) + 1):
        if first - by in text.edges:
            return by
        word = word or (by if first - by in bounds else 0)
        if first - by == least or signs[first - by - 1] != signs[last - by - 1]:
            break
    return word if first not in bounds else 0


def _parted(wanted: str, bounds: Container[int], found: str) -> Iterator[tuple[Stretch, Stretch]]:
    """Where the lines part: a stretch of each, either of which may be empty."""
    here, there = 0, 0
    while True:
        same = _same(wanted, here, found, there)
        here, there = here + same, there + same
        if here >= len(wanted) or there >= len(found):
            return
        behind = _behind_line_end(found, there)
        if behind > there and wanted[here] == found[behind]:
            yield (here, here), (there, behind)
            there = behind
            continue
        next_here, next_there = _meeting(wanted, here, found, there)
        yield from _within(wanted, (here, next_here), bounds, found, (there, next_there))
        here, there = next_here, next_there


def _behind_line_end(found: str, place: int) -> int:
    """The place behind what stands where a line ends inside a word: a hyphen, and the link that begins anew."""
    for each in range(place, place + _AT_LINE_END):
        if found[each] != "-" and not is_thing(found[each]):
            return each
    return place


def _same(one: str, at: int, other: str, there: int) -> int:
    """How many signs are the same from two places on."""
    count, step = 0, _STEP
    while step:
        piece = one[at + count : at + count + step]
        if piece and piece == other[there + count : there + count + len(piece)]:
            count += len(piece)
        else:
            step //= 2
    return count


def _meeting(wanted: str, here: int, found: str, there: int) -> Stretch:
    """The nearest places where the lines say the same again, looked for farther and farther off: near by a few signs
    will do if more do not, far off it may be chance. There is one: they end alike."""
    for near, gram in ((_NEAR, _LONG_GRAM), (_NEAR, _GRAM), (_NEAR, _FEW), (4 * _NEAR, _GRAM)):
        if met := _met(wanted[here : here + near], found[there : there + near], gram):
            return here + met[0], there + met[1]
    near = 16 * _NEAR
    while near < 2 * (len(wanted) + len(found)):
        if met := _met(wanted[here : here + near], found[there : there + near], _LONG_GRAM):
            return here + met[0], there + met[1]
        near *= 2
    return len(wanted) - len(_END), len(found) - len(_END)


def _met(one: str, other: str, gram: int) -> Stretch | None:
    """The first places from which so many signs are the same, the least being passed over in both together."""
    first: dict[str, int] = {}
    for place in range(len(other) - gram + 1):
        first.setdefault(other[place : place + gram], place)
    best: Stretch | None = None
    for place in range(len(one) - gram + 1):
        if best is not None and place >= sum(best):
            break
        met = first.get(one[place : place + gram])
        if met is not None and (best is None or place + met < sum(best)):
            best = (place, met)
    return best


def _within(
    wanted: str, here: Stretch, bounds: Container[int], found: str, there: Stretch
) -> Iterator[tuple[Stretch, Stretch]]:
    """What of two stretches is not in the other. The last signs of both may still be the same.

    A few signs may be the same by chance: they count if they are whole words.
    """
    (first, last), (start, end) = here, there
    while last > first and end > start and wanted[last - 1] == found[end - 1]:
        last, end = last - 1, end - 1
    if first == last or start == end or last - first + end - start > _MOST_COMPARED:
        yield (first, last), (start, end)
        return
    one, other = wanted[first:last], found[start:end]
    at = to = 0
    for match in SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks():
        is_word = first + match.a in bounds and first + match.a + match.size in bounds
        if match.size >= _FEW or is_word or match.a == len(one):
            yield (first + at, first + match.a), (start + to, start + match.b)
            at, to = match.a + match.size, match.b + match.size


class _Elsewhere:
    """What the second line has besides: where the first may have been moved to. Nothing is found in it twice."""

    def __init__(self, pieces: Iterable[str]) -> None:
        self._text = "\x00".join(["", *pieces, ""])

    def without(self, wanted: str, first: int, last: int) -> Iterator[Stretch]:
        """What of a stretch is not even here."""
        if self._takes(wanted[first:last]):
            return
        yield from (run for run in _runs(wanted, (), first, last) if not self._takes(wanted[slice(*run)]))

    def _takes(self, signs: str) -> bool:
        looked_for = f"\x00{signs}\x00" if len(signs) < _LEAST and not is_thing(signs) else signs
        place = self._text.find(looked_for)
        if place < 0:
            return False
        self._text = f"{self._text[:place]}\x00{self._text[place + len(looked_for) :]}"
        return True


def _fewer(wanted: str, bounds: Container[int], found: str, lost: Iterable[Stretch]) -> Iterator[Stretch]:
    """Of what is lost, the words that `found` has not as often as `wanted`; of very long stretches, all."""
    is_fewer: dict[str, bool] = {}
    for first, last in lost:
        if last - first > _MOST_COMPARED:
            yield first, last
            continue
        for start, end in _runs(wanted, bounds, first, last):
            word = wanted[start:end]
            if word not in is_fewer:
                is_fewer[word] = found.count(word) < wanted.count(word)
            if is_fewer[word]:
                yield start, end


def _runs(wanted: str, bounds: Container[int], first: int, last: int) -> Iterator[Stretch]:
    """A stretch in runs of words, which end at the bounds, and things alone."""
    start = first
    for place in range(first, last):
        if start < place and (place in bounds or is_thing(wanted[place]) or is_thing(wanted[place - 1])):
            yield start, place
            start = place
    yield start, last


def is_thing(signs: str) -> bool:
    """Whether it is the one sign of a thing that is no word."""
    return len(signs) == 1 and signs >= FIRST_THING
