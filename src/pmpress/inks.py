"""Pictures made for a press's four inks, in the colours of a screen: for an e-book, and for a PDF in sRGB."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pmpress.model import Asset

if TYPE_CHECKING:
    from PIL import Image

_QUALITY = 95
# A JPEG's markers that begin a part, and those of its frame header (ITU-T T.81, B.1.1.3 and B.2.2).
_MARKER = re.compile(rb"\xff+([^\x00\xd0-\xd7\xff])")
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_COLOURS = 7  # from behind the marker to the number of colours


def is_in_inks(asset: Asset) -> bool:
    """Whether a picture is made for four inks. Only a JPEG can be, of the kinds that a book keeps."""
    if asset.media_type != "image/jpeg":
        return False
    data, place = asset.data, 2
    while m := _MARKER.match(data, place):
        if m[1][0] in _FRAMES:
            return data[m.end() + _COLOURS : m.end() + _COLOURS + 1] == b"\x04"
        place = m.end() + int.from_bytes(data[m.end() : m.end() + 2])
    return False


def without_inks(asset: Asset) -> Asset:
    """The picture as a screen shows it: the very same, unless it is made for four inks."""
    if not is_in_inks(asset):
        return asset
    # Opening pictures takes a large library, which few books need here.
    from PIL import Image

    out = io.BytesIO()
    on_screen(Image.open(io.BytesIO(asset.data))).save(out, "JPEG", quality=_QUALITY, subsampling=0)
    return replace(asset, data=out.getvalue())


def on_screen(image: Image.Image) -> Image.Image:
    """A picture made for four inks in a screen's colours, by its own profile if it has one."""
    from PIL import ImageCms

    profile = image.info.get("icc_profile")
    image.load()
    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile)) if profile else None
        if own:
            screen = ImageCms.createProfile("sRGB")
            flags = ImageCms.Flags.BLACKPOINTCOMPENSATION
            changed = ImageCms.profileToProfile(image, own, screen, outputMode="RGB", flags=flags)
            return _bare(changed or image.convert("RGB"))
    except (ImageCms.PyCMSError, OSError, TypeError, ValueError):
        pass  # a profile that cannot be read is none
    return _bare(image.convert("RGB"))


def _bare(image: Image.Image) -> Image.Image:
    """Without the old profile, which would be written along, and the one made now, which holds the time of day."""
    image.info = {}
    return image
