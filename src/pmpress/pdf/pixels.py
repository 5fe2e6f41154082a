"""Drawings as pictures in pixels, for those who show no vectors: drawn by the engine that prints them, on white.

On a page in the dark, a drawing without a ground of its own would be lines in the dark.
"""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING

import pypdfium2

from pmpress.model import Asset
from pmpress.pdf.typesetter.engine import Engine, breaking_down
from pmpress.pdf.typesetter.listen import listening

if TYPE_CHECKING:
    from PIL.Image import Image

_NAME = "drawing.svg"
_DPI = 300 / 96  # pixels in a CSS px: what the screens of e-readers have
_OFF = 16  # how far of 255 a colour may be from its own; nobody sees it, and the file is a third as large


def draw(drawing: Asset, most_pixels: int, engine: Engine) -> Asset:
    """The drawing as a PNG of the same name, its size in pixels: at most `most_pixels` of them, 0 for any."""
    width, height = drawing.width, drawing.height
    scale = min(_DPI, (most_pixels / (width * height)) ** 0.5) if most_pixels else _DPI
    engine.serve([replace(drawing, name=_NAME)])
    css = f"@page {{ size: {width}px {height}px; margin: 0 }} body {{ margin: 0; background: #fff }}"
    css += f"img {{ display: block; width: {width}px; height: {height}px }}"
    with listening(), breaking_down(engine.look.layout, f"the drawing '{drawing.name}'", None):
        document = engine.lay_out(engine.tree(f'<img src="{_NAME}" alt=""/>'), [engine.parse(css)])
        pdf: bytes = document.copy(document.pages[:1]).write_pdf()
    return _picture(pdf, drawing, scale)


def _picture(pdf: bytes, drawing: Asset, scale: float) -> Asset:
    out = BytesIO()
    document = pypdfium2.PdfDocument(pdf)
    try:
        page = document[0]
        across = max(1, round(scale * drawing.width))
        image = page.render(scale=(across - 0.01) / page.get_width()).to_pil()  # it rounds up
        _in_few_colours(image).save(out, "PNG")
    finally:
        document.close()
    return replace(drawing, media_type="image/png", data=out.getvalue(), width=image.width, height=image.height)


def _in_few_colours(image: Image) -> Image:
    """The picture with a palette, if that shows it as it is."""
    from PIL import Image as Images
    from PIL import ImageChops

    image = image.convert("RGB")
    few = image.quantize(256, method=Images.Quantize.FASTOCTREE, dither=Images.Dither.NONE)
    # Its white is a shade off, which is seen beside that of the page.
    few.putpalette([255 if colour == 254 else colour for colour in few.getpalette() or ()])
    off = ImageChops.difference(few.convert("RGB"), image).point(lambda colour: 255 * (colour > _OFF))
    return image if off.getbbox() else few
