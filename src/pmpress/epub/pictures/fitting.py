"""Pictures as shops take them: of no more pixels and bytes than the target's rules say, and in a screen's colours."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from pmpress.epub import version
from pmpress.inks import is_in_inks, on_screen
from pmpress.model import Asset, EbookRules
from pmpress.tasks import Means, done

if TYPE_CHECKING:
    from PIL import Image

_QUALITY = 88
_KINDS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/gif": "GIF"}
_SLACK, _LEAST = 0.95, 0.5  # of what a picture is made smaller by, so that few tries are enough


def fitted(assets: Iterable[Asset], rules: EbookRules, means: Means) -> tuple[Asset, ...]:
    """The pictures, those changed that shops would not take. Each is changed once, and remembered."""
    found = list(assets)
    places = [place for place, asset in enumerate(found) if _is_unfit(asset, rules)]
    limits = rules.picture_pixels, rules.picture_bytes, rules.animations
    tasks = [(found[place], *limits) for place in places]
    for number, asset in done(fit, Asset, tasks, means.executor, means.cache, version()):
        found[places[number]] = asset
    return tuple(found)


def is_animated(asset: Asset) -> bool:
    """Whether a picture moves. Only a GIF can, of the kinds that a book keeps."""
    if asset.media_type != "image/gif":
        return False
    with _opened(asset) as image:
        return getattr(image, "n_frames", 1) > 1


def _is_unfit(asset: Asset, rules: EbookRules) -> bool:
    return asset.media_type in _KINDS and (
        0 < rules.picture_pixels < asset.width * asset.height
        or 0 < rules.picture_bytes < len(asset.data)
        or is_in_inks(asset)
        or (not rules.animations and is_animated(asset))
    )


def fit(asset: Asset, most_pixels: int, most_bytes: int, animations: bool) -> Asset:
    """Make a picture smaller until it has no more pixels and bytes than that (0: any), and of one made for four inks
    one for the screen. One that moves stays as it is, or becomes its first picture where there may be no animations."""
    image = _opened(asset)
    if getattr(image, "n_frames", 1) > 1 and animations:
        return asset
    pixels = image.width * image.height
    factor = min(1.0, (most_pixels / pixels) ** 0.5) if most_pixels else 1.0
    whole, size = image.size, _scaled(image.size, factor)
    if image.format == "JPEG":
        image.draft(image.mode, size)
    if image.mode == "CMYK":
        image = on_screen(image)
    elif image.mode in ("P", "1"):
        image = image.convert("RGBA" if image.has_transparency_data else "RGB" if image.mode == "P" else "L")
    image.info = {}
    data = _saved(image, size, asset.media_type)
    while 0 < most_bytes < len(data) and max(size) > 1:
        # Bytes grow about as pixels do.
        factor *= max(_LEAST, _SLACK * (most_bytes / len(data)) ** 0.5)
        size = _scaled(whole, factor)
        data = _saved(image, size, asset.media_type)
    return replace(asset, data=data, width=size[0], height=size[1])


def _opened(asset: Asset) -> Image.Image:
    """The picture, which may have more pixels than Pillow likes: the press has its own limit, and kept to it."""
    # Opening pictures takes a large library, which few books need here.
    from PIL import Image

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        return Image.open(io.BytesIO(asset.data))


def _scaled(size: tuple[int, int], factor: float) -> tuple[int, int]:
    width, height = size
    return max(1, int(width * factor)), max(1, int(height * factor))


def _saved(image: Image.Image, size: tuple[int, int], media_type: str) -> bytes:
    """The picture in that size, as a file."""
    # As above.
    from PIL import Image

    shown = image if image.size == size else image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    out = io.BytesIO()
    shown.save(out, _KINDS[media_type], quality=_QUALITY)
    return out.getvalue()
