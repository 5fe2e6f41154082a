"""Pictures as shops take them: at most four megapixels, and in the colours of a screen."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import replace

from pmpress.epub import version
from pmpress.inks import is_in_inks, on_screen
from pmpress.model import Asset
from pmpress.tasks import Means, done

MAX_PIXELS = 4_000_000
"""What Apple Books shows of a picture, and no more."""

_QUALITY = 88
_KINDS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/gif": "GIF"}


def fitted(assets: Iterable[Asset], means: Means) -> tuple[Asset, ...]:
    """The pictures, those changed that shops would not take. Each is changed once, and remembered."""
    found = list(assets)
    places = [place for place, asset in enumerate(found) if _is_unfit(asset)]
    tasks = [(found[place],) for place in places]
    for number, asset in done(fit, Asset, tasks, means.executor, means.cache, version()):
        found[places[number]] = asset
    return tuple(found)


def _is_unfit(asset: Asset) -> bool:
    return asset.media_type in _KINDS and (asset.width * asset.height > MAX_PIXELS or is_in_inks(asset))


def fit(asset: Asset) -> Asset:
    """Make a picture smaller, and of one made for four inks one for the screen. One that moves stays as it is."""
    # Opening pictures takes a large library, which few books need here.
    from PIL import Image

    image: Image.Image = Image.open(io.BytesIO(asset.data))
    if getattr(image, "n_frames", 1) > 1:
        return asset
    factor = min(1.0, (MAX_PIXELS / (image.width * image.height)) ** 0.5)
    size = max(1, int(image.width * factor)), max(1, int(image.height * factor))
    if image.format == "JPEG":
        image.draft(image.mode, size)
    if image.mode == "CMYK":
        image = on_screen(image)
    elif image.mode in ("P", "1"):
        image = image.convert("RGBA" if image.has_transparency_data else "RGB" if image.mode == "P" else "L")
    if image.size != size:
        image = image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    image.info = {}
    out = io.BytesIO()
    image.save(out, _KINDS[asset.media_type], quality=_QUALITY)
    return replace(asset, data=out.getvalue(), width=size[0], height=size[1])
