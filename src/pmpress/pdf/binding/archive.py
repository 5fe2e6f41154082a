"""What an archive asks of a PDF beside what readers ask: PDF/A-3a (ISO 19005-3) together with PDF/UA-1.

Everything it shows means the same wherever it is opened. What the engine does otherwise is put right in the PDF of each
sheet, in place; the finished file says what its colours mean (pmpress.pdf.binding.metadata).
"""

from __future__ import annotations

import struct
from typing import Any

_PRINT = 4  # (ISO 32000-1, table 165)

SRGB = "sRGB IEC61966-2.1"
# IEC 61966-2-1, seen in the white of ICC profiles (ICC.1:2010, annex E), in 65536ths: X, Y and Z of each colour.
_WHITE = (0xF6D6, 0x10000, 0xD32D)
_COLOURS = {b"rXYZ": (0x6FA2, 0x38F5, 0x0390), b"gXYZ": (0x6299, 0xB785, 0x18DA), b"bXYZ": (0x24A0, 0x0F84, 0xB6CF)}
_ADAPTATION = (1.04788, 0.02292, -0.05022, 0.02959, 0.99048, -0.01707, -0.00925, 0.01508, 0.75168)
_CURVE = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)


def finish(document: object, pdf: Any) -> None:
    """Put right what the engine made of a sheet, before it is written; a `finisher` of the engine's."""
    for thing in pdf.objects:
        if isinstance(thing, dict) and thing.get("Type") == "/Annot":
            thing["F"] = _PRINT
        elif (extra := getattr(thing, "extra", None)) and extra.get("Subtype") == "/Image":
            extra.pop("Interpolate", None)


def srgb() -> bytes:
    """The profile of sRGB (ICC.1:2010). Written here, since any that a program makes holds the moment it was made."""
    parts = {
        b"desc": _words(SRGB),
        b"cprt": _words("No copyright, use freely"),
        b"wtpt": _numbers(b"XYZ ", *_WHITE),
        b"chad": _numbers(b"sf32", *(round(each * 65536) for each in _ADAPTATION)),
        **{name: _numbers(b"XYZ ", *colour) for name, colour in _COLOURS.items()},
        **dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), _curve()),
    }
    start = 128 + 4 + 12 * len(parts)
    table, places, data = [struct.pack(">I", len(parts))], {}, b""
    for name, part in parts.items():
        if part not in places:  # one curve serves all three
            places[part] = start + len(data)
            data += part + bytes(-len(part) % 4)
        table.append(struct.pack(">4sII", name, places[part], len(part)))
    return _header(start + len(data)) + b"".join(table) + data


def _header(size: int) -> bytes:
    made = (2012, 1, 1, 0, 0, 0)  # a profile must say when; this is no day on which anything happened
    begin = struct.pack(">I4sI4s4s4s6H4s", size, b"", 0x04200000, b"mntr", b"RGB ", b"XYZ ", *made, b"acsp")
    return (begin + bytes(28) + struct.pack(">3I", *_WHITE)).ljust(128, b"\0")


def _words(text: str) -> bytes:
    said = text.encode("utf-16-be")
    return struct.pack(">4sIII2s2sII", b"mluc", 0, 1, 12, b"en", b"US", len(said), 28) + said


def _numbers(kind: bytes, *numbers: int) -> bytes:
    return struct.pack(f">4sI{len(numbers)}i", kind, 0, *numbers)


def _curve() -> bytes:
    """How light grows with a colour's number: the fourth of the functions that a profile may name."""
    return struct.pack(">4sIHH5i", b"para", 0, 3, 0, *(round(each * 65536) for each in _CURVE))
