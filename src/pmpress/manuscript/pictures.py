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

from PIL import ExifTags, Image, ImageCms, ImageFile, ImageOps, UnidentifiedImageError

from pmpress.diagnostics import Diagnostic, error
from pmpress.manuscript import svg
from pmpress.manuscript.camera import bare_jpeg, bare_png
from pmpress.manuscript.judged import Judged
from pmpress.model import Asset

MAX_PIXELS = 100_000_000
"""A picture of more pixels is refused: unpacked it would fill the memory (4 bytes a pixel)."""

# What every reader shows; a picture of another kind is made one of the first two. MPO is several pictures of one scene,
# as telephones write them: the first is an ordinary JPEG.
_KEPT = {
    "PNG": ("image/png", ".png"),
    "JPEG": ("image/jpeg", ".jpg"),
    "GIF": ("image/gif", ".gif"),
    "MPO": ("image/jpeg", ".jpg"),
}
_MOST_COLOURS = 4096  # a picture of more is a photograph or is like one
_MOST_GREYS = 64  # and so is a grey one of more shades
_QUALITY = 92  # of a JPEG that has to be made anew; the outputs make it smaller, each as it needs it
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
    shown = _in_srgb(_upright(image))
    bare = _bare(data, kind, image) if shown is image and image.mode not in _DEEP else None
    if bare is None:
        bare, kind = _saved(shown, kind)
    media_type, suffix = _KEPT[kind]
    return Asset(_name(path, suffix), media_type, bare, shown.width, shown.height)


def _upright(image: Image.Image) -> Image.Image:
    """The picture as the camera was held, the very same if it was held upright."""
    turned = image.getexif().get(ExifTags.Base.Orientation, 1) in range(2, 9)
    return ImageOps.exif_transpose(image) if turned else image


def _bare(data: bytes, kind: str, image: Image.Image) -> bytes | None:
    """The file without its metadata, its pixels as they are; None if they cannot stay so."""
    if kind in ("JPEG", "MPO"):
        return bare_jpeg(data, keep_profile=image.mode == "CMYK")
    return bare_png(data) if kind == "PNG" else data if kind == "GIF" else None


def _in_srgb(image: Image.Image) -> Image.Image:
    """The picture in the colours that screens and the page engine take it to have, the very same if it is in them.

    What is made for the press, in four inks, stays as it is.
    """
    profile = image.info.get("icc_profile")
    if image.mode not in ("RGB", "RGBA") or not profile:
        return image
    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if "srgb" in ImageCms.getProfileDescription(own).lower():
            return image
        shown = ImageCms.profileToProfile(image, own, ImageCms.createProfile("sRGB"))
    except (ImageCms.PyCMSError, OSError, TypeError, ValueError):
        return image
    return shown or image


def _saved(image: Image.Image, kind: str) -> tuple[bytes, str]:
    """The picture as a new file, and of which kind: what is like a photograph as JPEG, all else as PNG."""
    shown, out = _shown(image), io.BytesIO()
    most = _MOST_GREYS if shown.mode == "L" else _MOST_COLOURS
    is_photograph = shown.mode == "CMYK" or (
        shown.mode in ("RGB", "L") and (kind in ("JPEG", "MPO") or shown.getcolors(most) is None)
    )
    if is_photograph:
        profile = shown.info.get("icc_profile") if shown.mode == "CMYK" else None
        shown.save(out, "JPEG", quality=_QUALITY, icc_profile=profile)
        return out.getvalue(), "JPEG"
    # None of what Pillow would write along from the file that it read.
    shown.info = {}
    shown.save(out, "PNG")
    return out.getvalue(), "PNG"


def _shown(image: Image.Image) -> Image.Image:
    """The picture in eight bits a channel. Deep greys are scaled to what is in them: Pillow would cut them off."""
    if image.mode in ("RGB", "RGBA", "L", "LA", "CMYK") and "transparency" not in image.info:
        return image
    if image.mode not in _DEEP:
        return image.convert("RGBA" if image.has_transparency_data else "L" if image.mode == "1" else "RGB")
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
