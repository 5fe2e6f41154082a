"""TrueType outlines as WOFF2 keeps them: like things side by side, so that they press well.

(W3C, *WOFF File Format 2.0*, 5.1 and 5.2; OpenType, *glyf*)
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate, pairwise

# Flags of a simple glyph's points, and of a composite glyph's parts.
_ON_CURVE, _X_SHORT, _Y_SHORT, _REPEATED, _X_SAME, _Y_SAME, _OVERLAPS = 1, 2, 4, 8, 16, 32, 64
_WORDS, _SCALED, _MORE, _SCALED_TWICE, _MATRIX = 1, 8, 32, 64, 128


def transformed(glyf: bytes, loca: bytes, *, wide: bool) -> tuple[bytes, int]:
    """The table `glyf`, and the size of the `loca` that a reader makes of it, with offsets of four bytes.

    `wide`: the offsets in the `loca` given have four. The glyphs have no instructions.
    """
    offsets = struct.unpack(f">{len(loca) // 4}L" if wide else f">{len(loca) // 2}H", loca)
    places = offsets if wide else [2 * offset for offset in offsets]
    streams = _Streams(len(places) - 1)
    for number, (start, end) in enumerate(pairwise(places)):
        streams.add(number, glyf[start:end])
    return streams.joined(), 4 * len(places)


class _Streams:
    """The streams of the transformed table, filled glyph by glyph."""

    def __init__(self, glyphs: int) -> None:
        self._glyphs = glyphs
        self._contours, self._counts, self._flags, self._points, self._parts = (bytearray() for _ in range(5))
        self._boxed, self._boxes = bytearray((glyphs + 31) // 32 * 4), bytearray()
        self._overlapping = bytearray((glyphs + 7) // 8)

    def joined(self) -> bytes:
        """The table: its header and the streams, the one for instructions empty."""
        boxes = self._boxed + self._boxes
        streams = (self._contours, self._counts, self._flags, self._points, self._parts, boxes, b"")
        overlapping = self._overlapping if any(self._overlapping) else b""
        header = struct.pack(">4H7L", 0, bool(overlapping), self._glyphs, 1, *map(len, streams))
        return b"".join((header, *streams, overlapping))

    def add(self, number: int, glyph: bytes) -> None:
        contours, *box = struct.unpack_from(">5h", glyph) if glyph else (0,)
        self._contours += contours.to_bytes(2, signed=True)
        if contours > 0:
            own = self._add_simple(number, glyph, contours)
        elif contours < 0:
            self._parts += glyph[10 : _end_of_parts(glyph)]
            own = None
        if contours and own != box:
            _mark(self._boxed, number)
            self._boxes += glyph[2:10]

    def _add_simple(self, number: int, glyph: bytes, contours: int) -> list[int]:
        """Take in the points of a glyph, and return the box around them."""
        ends = struct.unpack_from(f">{contours}H", glyph, 10)
        for before, end in pairwise((-1, *ends)):
            self._counts += _short(end - before)
        place = 12 + 2 * contours
        flags: list[int] = []
        while len(flags) <= ends[-1]:
            flag = glyph[place]
            repeated = glyph[place + 1] if flag & _REPEATED else 0
            flags += [flag] * (1 + repeated)
            place += 2 if flag & _REPEATED else 1
        if flags[0] & _OVERLAPS:
            _mark(self._overlapping, number)
        xs, place = _steps(glyph, place, flags, _X_SHORT, _X_SAME)
        ys, place = _steps(glyph, place, flags, _Y_SHORT, _Y_SAME)
        for flag, x, y in zip(flags, xs, ys, strict=True):
            kind, step = _triplet(x, y)
            self._flags.append(kind if flag & _ON_CURVE else kind | 0x80)
            self._points += step
        self._points += _short(0)  # so many instructions
        across, down = list(accumulate(xs)), list(accumulate(ys))
        return [min(across), min(down), max(across), max(down)]


def _mark(bits: bytearray, number: int) -> None:
    bits[number >> 3] |= 0x80 >> (number & 7)


def _steps(glyph: bytes, place: int, flags: Sequence[int], short: int, same: int) -> tuple[list[int], int]:
    """How far each point is from the one before, in one direction, and where in the glyph that ends."""
    steps = []
    for flag in flags:
        if flag & short:
            steps.append(glyph[place] if flag & same else -glyph[place])
            place += 1
        elif flag & same:
            steps.append(0)
        else:
            steps.append(int.from_bytes(glyph[place : place + 2], signed=True))
            place += 2
    return steps, place


@lru_cache(maxsize=1 << 15)
def _triplet(x: int, y: int) -> tuple[int, bytes]:
    """A step as the flag and the bytes that stand for it (5.2, *Triplet encoding*)."""
    wide, high = abs(x), abs(y)
    signs = (x >= 0) + 2 * (y >= 0)
    if x == 0 and high < 1280:
        return (high >> 8 << 1) + (y >= 0), bytes([high & 0xFF])
    if y == 0 and wide < 1280:
        return 10 + (wide >> 8 << 1) + (x >= 0), bytes([wide & 0xFF])
    if wide <= 64 and high <= 64:
        wide, high = wide - 1, high - 1
        return 20 + (wide & 0x30) + (high >> 4 << 2) + signs, bytes([(wide & 0xF) << 4 | high & 0xF])
    if 0 < wide <= 768 and 0 < high <= 768:
        wide, high = wide - 1, high - 1
        return 84 + 12 * (wide >> 8) + (high >> 8 << 2) + signs, bytes([wide & 0xFF, high & 0xFF])
    if wide < 4096 and high < 4096:
        return 120 + signs, (wide << 12 | high).to_bytes(3)
    return 124 + signs, struct.pack(">2H", wide, high)


def _short(number: int) -> bytes:
    """255UInt16 (4.1)."""
    if number < 253:
        return bytes([number])
    if number < 506:
        return bytes([255, number - 253])
    if number < 762:
        return bytes([254, number - 506])
    return b"\xfd" + number.to_bytes(2)


def _end_of_parts(glyph: bytes) -> int:
    """Where the parts of a composite glyph end: it may be filled up."""
    place, flags = 10, _MORE
    while flags & _MORE:
        flags = int.from_bytes(glyph[place : place + 2])
        place += 8 if flags & _WORDS else 6
        place += 2 if flags & _SCALED else 4 if flags & _SCALED_TWICE else 8 if flags & _MATRIX else 0
    return place
