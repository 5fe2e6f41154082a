"""Pictures without transparency, for printers who take none: set on the ground that they stand on, which looks the
same."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any, TypeAlias

from PIL import Image
from weasyprint.formatting_structure.boxes import Box, ReplacedBox
from weasyprint.images import RasterImage

from pmpress.pdf.typesetter.engine import Document

_Box: TypeAlias = Any
_Colour: TypeAlias = tuple[int, int, int]

_PAPER: _Colour = (255, 255, 255)
_SEE_THROUGH = frozenset({"LA", "PA", "RGBA"})


def flatten(document: Document) -> None:
    """Make the pictures of a laid out document opaque that stand on paper or on one colour. Others stay."""
    made: dict[tuple[int, _Colour], Any] = {}
    for page in document.pages:
        box = page._page_box
        for shown, ground in list(_on_grounds(box, _ground(box, _PAPER))):
            picture = shown.replacement
            if ground is not None and picture.mode in _SEE_THROUGH:
                key = id(picture), ground
                made[key] = shown.replacement = made.get(key) or _flat(picture, ground)


def _on_grounds(box: _Box, ground: _Colour | None) -> Iterator[tuple[_Box, _Colour | None]]:
    """The pictures of pixels in a box, each with the colour behind it, None for more than one."""
    for child in getattr(box, "children", ()):
        if isinstance(child, Box):
            behind = _ground(child, ground)
            if isinstance(child, ReplacedBox) and isinstance(child.replacement, RasterImage):
                yield child, behind
            yield from _on_grounds(child, behind)


def _ground(box: _Box, behind: _Colour | None) -> _Colour | None:
    """What is behind the contents of a box that stands on a ground itself."""
    ground = box.background
    if ground is None:
        return behind
    if any(layer.image is not None for layer in ground.layers):
        return None
    if ground.color.alpha == 0:
        return behind
    if ground.color.alpha < 1:
        return None
    red, green, blue = (round(255 * part) for part in ground.color.to("srgb").coordinates)
    return red, green, blue


def _flat(picture: Any, ground: _Colour) -> Any:
    """The engine's picture anew, on a colour."""
    image = Image.open(io.BytesIO(picture.image_data.data)).convert("RGBA")
    flat = Image.alpha_composite(Image.new("RGBA", image.size, (*ground, 255)), image).convert("RGB")
    out = io.BytesIO()
    flat.save(out, "PNG")
    data = out.getvalue()
    name = f"{picture.id}-on-{bytes(ground).hex()}"
    return RasterImage(Image.open(io.BytesIO(data)), name, data, cache=picture._cache)
