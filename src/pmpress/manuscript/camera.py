"""What a camera writes into a picture besides the picture: where it was taken, and by whom. It is no part of a book.

The pixels stay as they are: a file is gone through from part to part, and some parts are left out.
"""

from __future__ import annotations

import re

# JPEG (ITU-T T.81, annex B): what is kept of the application segments, and a marker that is no part of the pixels.
_JFIF, _ICC, _ADOBE = 0xE0, 0xE2, 0xEE
_APPLICATION = range(0xE0, 0xF0)
_COMMENT, _SCAN, _END = 0xFE, 0xDA, 0xD9
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PNG_DROPPED = frozenset({b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME", b"iCCP"})


def bare_jpeg(data: bytes, *, keep_profile: bool) -> bytes | None:
    """A JPEG without its metadata, and without what stands behind its first picture. None if it is put together in an
    unknown way. `keep_profile`: its colours mean nothing without it."""
    kept, place = [b"\xff\xd8"], 2
    while m := _MARKER.search(data, place):
        marker = m[0][1]
        kept.append(data[place : m.start()].rstrip(b"\xff"))
        if marker == _END:
            kept.append(m[0])
            return b"".join(kept)
        end = m.end() + int.from_bytes(data[m.end() : m.end() + 2])
        if end < m.end() + 2 or end > len(data):
            return None
        is_kept = marker in (_JFIF, _ADOBE) or (marker == _ICC and keep_profile)
        if is_kept or not (marker in _APPLICATION or marker == _COMMENT):
            kept.append(data[m.start() : end])
        place = end
    return None


def bare_png(data: bytes) -> bytes | None:
    """A PNG without its metadata, its colour profile, and what stands behind it. None if it is put together in an
    unknown way. (W3C, Portable Network Graphics, section 11)"""
    if not data.startswith(_PNG_SIGNATURE):
        return None
    kept, place = [_PNG_SIGNATURE], len(_PNG_SIGNATURE)
    while place + 12 <= len(data):
        end = place + 12 + int.from_bytes(data[place : place + 4])
        kind = data[place + 4 : place + 8]
        if kind not in _PNG_DROPPED:
            kept.append(data[place:end])
        if kind == b"IEND":
            return b"".join(kept)
        place = end
    return None
