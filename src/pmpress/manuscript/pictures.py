"""Pictures: proved to be what they say, and made into assets that both renderers can show."""

from __future__ import annotations

import io
import re
import unicodedata
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import PurePosixPath

from PIL import Image, ImageFile, UnidentifiedImageError

from pmpress.diagnostics import Diagnostic, error
from pmpress.manuscript import svg
from pmpress.manuscript.judged import Judged
from pmpress.model import Asset

MAX_PIXELS = 100_000_000
"""A picture of more pixels is refused: unpacked it would fill the memory (4 bytes a pixel)."""

# The core media types of EPUB 3.3, section 3.2; a picture of another kind is made a PNG.
_KEPT = {
    "PNG": ("image/png", ".png"),
    "JPEG": ("image/jpeg", ".jpg"),
    "GIF": ("image/gif", ".gif"),
    "WEBP": ("image/webp", ".webp"),
}
# Several pictures of one scene, as telephones write them: the first is an ordinary JPEG.
_KEPT["MPO"] = _KEPT["JPEG"]
# No format that Pillow hands to another program (EPS) or that is a bundle of pictures of any kind.
_READ = ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF", "ICO", "PPM", "TGA", "AVIF", "JPEG2000", "PCX")
_DEEP = frozenset({"I", "I;16", "I;16B", "I;16L", "F"})


def judge(data: bytes, path: str) -> Judged:
    """Prove that the file at `path` is a picture, and make it one that both renderers can show.

    Its faults are errors: `image-empty`, `image-broken`, `image-too-large`, or what is unsafe in an SVG file.
    """
    if not data:
        return Judged(None, (error("image-empty", f"the picture '{path}' has no bytes", hint="Save it again."),))
    diagnostics: list[Diagnostic] = []
    if path.lower().endswith(".svg") or data.lstrip()[:5] in (b"<?xml", b"<svg ", b"<svg>"):
        asset = svg.load(data, _name(path, ".svg"), path, diagnostics)
    else:
        asset = _bitmap(data, path, diagnostics)
    if asset is not None and asset.data == data:
        asset = replace(asset, data=b"")
    return Judged(asset, tuple(diagnostics))


def _bitmap(data: bytes, path: str, diagnostics: list[Diagnostic]) -> Asset | None:
    try:
        with _strict():
            image = Image.open(io.BytesIO(data), formats=_READ)
            if image.width * image.height > MAX_PIXELS:
                raise Image.DecompressionBombError
            image.load()
    except Image.DecompressionBombError:
        limit = f"more than {MAX_PIXELS // 1_000_000} million pixels"
        diagnostics.append(error("image-too-large", f"the picture '{path}' has {limit}", hint="Make it smaller."))
        return None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as fault:
        said = str(fault) if not isinstance(fault, UnidentifiedImageError) else "it is no picture that can be read"
        diagnostics.append(
            error("image-broken", f"the picture '{path}' is broken: {said}", hint="Save it again as PNG or JPEG.")
        )
        return None
    kind = image.format or ""
    if kind not in _KEPT or image.mode in _DEEP:
        out = io.BytesIO()
        _shown(image).save(out, "PNG")
        data, kind = out.getvalue(), "PNG"
    media_type, suffix = _KEPT[kind]
    return Asset(_name(path, suffix), media_type, data, image.width, image.height)


def _shown(image: Image.Image) -> Image.Image:
    """The picture in eight bits a channel. Deep greys are scaled to what is in them: Pillow would cut them off."""
    if image.mode not in _DEEP:
        return image.convert("RGBA")
    values = image.convert("F")
    lowest, highest = (0.0, 65535.0) if image.mode.startswith("I;16") else _extremes(values)
    scale = 255.0 / ((highest - lowest) or 1.0)
    return values.point(lambda value: value * scale - lowest * scale).convert("L")


def _extremes(values: Image.Image) -> tuple[float, float]:
    lowest, highest = values.getextrema()
    assert isinstance(lowest, float)
    assert isinstance(highest, float)
    return lowest, highest


@contextmanager
def _strict() -> Iterator[None]:
    """Pillow without its own limit of size, since the limit here is ours, and without mercy for a picture that ends
    too early, which the page engine asks of it for the whole process."""
    before = ImageFile.LOAD_TRUNCATED_IMAGES
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before


def _name(path: str, suffix: str) -> str:
    """A plain ASCII name under `images/` (EPUB OCF 3.3, section 4.2.2, and shops that want letters and digits only)."""
    stem = str(PurePosixPath(path).with_suffix(""))
    ascii_stem = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^A-Za-z0-9]+", "-", ascii_stem).strip("-").removeprefix("images-") or "picture"
    return f"images/{plain}{suffix}"
