"""A font cut down to the characters that are shown in it."""

from __future__ import annotations

import uharfbuzz

from pmpress.epub.fonts.woff2 import pack

_FEATURES = ("smcp", "c2sc", "onum", "lnum", "pnum", "tnum", "sups", "subs")  # besides what HarfBuzz keeps by itself
_NAMES = (0, 1, 2, 3, 4, 5, 6, 13, 14)  # copyright and licence (0, 13, 14) stay, as the OFL asks
_OF_NO_USE = ("FFTM", "meta")  # to a reader; HarfBuzz drops more by itself


def cut(path: str, digest: str, characters: str) -> bytes:
    """The font file as WOFF2, with what it takes to show these characters and a space; the same bytes each time.

    `digest` is one of the file, by which whoever remembers the result knows it again.
    Raises uharfbuzz.HarfBuzzError if it cannot be read, and RuntimeError if it is no font.
    """
    wanted = uharfbuzz.SubsetInput()
    wanted.unicode_set.update(map(ord, {*characters, " "}))
    wanted.layout_feature_tag_set.update(map(_tag, _FEATURES))
    wanted.name_id_set.update(_NAMES)
    wanted.drop_table_tag_set.update(map(_tag, _OF_NO_USE))
    # Without hints it is a tenth to a half smaller, and screens of e-readers are fine enough; Brotli does better than
    # subroutines.
    flags = uharfbuzz.SubsetFlags
    wanted.flags = flags.NO_HINTING | flags.DESUBROUTINIZE | flags.NOTDEF_OUTLINE
    face = uharfbuzz.Face(uharfbuzz.Blob.from_file_path(path))
    return pack(uharfbuzz.subset(face, wanted).blob.data)


def _tag(name: str) -> int:
    return int.from_bytes(name.encode())
