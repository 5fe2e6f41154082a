"""A font as WOFF2: its tables behind a short directory, pressed together by Brotli.

Brotli's best quality would take fifty times as long as the one used here, for a twelfth of the bytes.
(W3C, *WOFF File Format 2.0*; OpenType, *Organization of an OpenType Font*)
"""

from __future__ import annotations

import struct
from collections.abc import Mapping

import brotli

from pmpress.epub.fonts.outlines import transformed

_SIGNATURE = b"wOF2"
_QUALITY = 9
_SMALL = 1 << 17  # up to this many bytes a window of 2^16 is enough, and with it Brotli has less to set up
_TRANSFORMED = 0x0800  # head.flags: the font went through a transformation that loses nothing
# Tables that the directory names by number (5.2).
_KNOWN = (
    "cmap head hhea hmtx maxp name OS/2 post cvt_ fpgm glyf loca prep CFF_ VORG EBDT EBLC gasp hdmx kern LTSH PCLT "
    "VDMX vhea vmtx BASE GDEF GPOS GSUB EBSC JSTF MATH CBDT CBLC COLR CPAL SVG_ sbix acnt avar bdat bloc bsln cvar "
    "fdsc feat fmtx fvar gvar hsty just lcar mort morx opbd prop trak Zapf Silf Glat Gloc Feat Sill"
)
_NUMBERS = {name.replace("_", " "): number for number, name in enumerate(_KNOWN.split())}


def pack(font: bytes) -> bytes:
    """An OpenType font, of TrueType outlines without instructions or of CFF outlines, as WOFF2; the same bytes each
    time."""
    tables = _tables(font)
    head = bytearray(tables["head"])
    head[16:18] = (int.from_bytes(head[16:18]) | _TRANSFORMED).to_bytes(2)
    sizes = {name: len(table) for name, table in tables.items()}
    if "glyf" in tables:
        tables["glyf"], sizes["loca"] = transformed(tables["glyf"], tables["loca"], wide=head[51] == 1)
        tables["loca"] = b""
        head[50:52] = b"\0\1"  # as `transformed` says of its `loca`
    tables["head"] = bytes(head)
    directory = b"".join(_entry(name, sizes[name], len(table)) for name, table in tables.items())
    data = b"".join(tables.values())
    window = 16 if len(data) <= _SMALL else 22
    pressed = brotli.compress(data, mode=brotli.MODE_FONT, quality=_QUALITY, lgwin=window)
    return _file(font[:4], sizes, directory, pressed)


def _tables(font: bytes) -> dict[str, bytes]:
    """The tables by name, in the order of their names."""
    count = int.from_bytes(font[4:6])
    found = {}
    for place in range(12, 12 + 16 * count, 16):
        name, _, start, size = struct.unpack_from(">4sLLL", font, place)
        found[name.decode("latin-1")] = font[start : start + size]
    return dict(sorted(found.items()))


def _entry(name: str, size: int, transformed_size: int) -> bytes:
    """A table in the directory (4.1): `size` is what it takes in the font."""
    number = _NUMBERS.get(name, 0x3F)
    tag = name.encode("latin-1") if number == 0x3F else b""
    worked = _base128(transformed_size) if name in ("glyf", "loca") else b""
    return bytes([number]) + tag + _base128(size) + worked


def _base128(number: int) -> bytes:
    """UIntBase128 (4.1): seven bits a byte, all but the last with the eighth set."""
    digits = [number & 0x7F]
    while number := number >> 7:
        digits.insert(0, number & 0x7F | 0x80)
    return bytes(digits)


def _file(flavour: bytes, sizes: Mapping[str, int], directory: bytes, pressed: bytes) -> bytes:
    """The header (4), the directory and the data, filled up to four bytes."""
    font_size = 12 + sum(16 + size + -size % 4 for size in sizes.values())
    length = 48 + len(directory) + len(pressed)
    length += -length % 4
    header = struct.pack(">4s4sLHHLLHH20x", _SIGNATURE, flavour, length, len(sizes), 0, font_size, len(pressed), 1, 0)
    return (header + directory + pressed).ljust(length, b"\0")
