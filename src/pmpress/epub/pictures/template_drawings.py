"""Drawings that come with a layout, for reading systems that know no SVG: files that its style sheet names, and what
its templates draw in a page. Pictures in pixels stand in their place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from lxml import etree

from pmpress import xhtml
from pmpress.cache import digest
from pmpress.epub.work import Page
from pmpress.layout import Layout
from pmpress.model import Asset

SVG = "image/svg+xml"
_SPACE = "{http://www.w3.org/2000/svg}"
_SIDES = re.compile(r"([0-9]+(?:\.[0-9]+)?)(?:px)? ([0-9]+(?:\.[0-9]+)?)(?:px)?")
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True)


def of_layout(layout: Layout) -> tuple[Asset, ...]:
    """The drawings among a layout's files, each with its size."""
    return tuple(_sized(asset) for asset in layout.assets if asset.media_type == SVG)


def in_pixels(layout: Layout, beside: Mapping[str, Asset]) -> Layout:
    """The layout with pictures in the place of its drawings: `beside` has them by the drawings' names."""
    css = layout.epub_css
    for drawing in sorted(of_layout(layout), key=lambda asset: -len(asset.name)):
        css = css.replace(drawing.name, beside[drawing.name].name)
    assets = tuple(beside.get(asset.name, asset) if asset.media_type == SVG else asset for asset in layout.assets)
    return replace(layout, epub_css=css, assets=assets)


def taken_out(pages: Iterable[Page], beside: Mapping[str, Asset]) -> tuple[tuple[Page, ...], tuple[Asset, ...]]:
    """The finished pages with pictures in the place of drawings, and the drawings that stood in them, each under the
    name of its picture. What a page shows of the layout's files is renamed, as `beside` says."""
    found: dict[str, Asset] = {}
    return tuple(_without(page, beside, found) for page in pages), tuple(found.values())


def _without(page: Page, beside: Mapping[str, Asset], found: dict[str, Asset]) -> Page:
    properties = tuple(name for name in page.properties if name != "svg")
    continued = tuple(
        replace(
            each,
            data=_changed(each.data, beside, found),
            properties=tuple(name for name in each.properties if name != "svg"),
        )
        for each in page.continued
    )
    return replace(page, data=_changed(page.data, beside, found), properties=properties, continued=continued)


def _changed(page: bytes, beside: Mapping[str, Asset], found: dict[str, Asset]) -> bytes:
    if b"<svg" not in page and b".svg" not in page:
        return page
    text = page.decode()
    begin, end = text.index(">", text.index("<body")) + 1, text.rindex("</body>")
    body = xhtml.parse(text[begin:end])
    for image in xhtml.elements(body, "img"):
        if picture := beside.get(image.get("src", "")):
            image.set("src", picture.name)
    for drawing in _take_out(body):
        found[drawing.name] = drawing
    return f"{text[:begin]}{xhtml.serialise(body)}{text[end:]}".encode()


def _take_out(body: etree._Element) -> Iterator[Asset]:
    for drawing in list(body.iter(f"{_SPACE}svg")):
        parent = drawing.getparent()
        if parent is None or next(drawing.iterancestors(f"{_SPACE}svg"), None) is not None:
            continue
        data = etree.tostring(drawing, with_tail=False)
        found = _sized(Asset(f"drawings/{digest(data)[:16]}.png", SVG, data))
        said = (drawing.get("aria-label") or drawing.findtext(f"{_SPACE}title") or "").strip()
        width = f"{max(1, round(found.width))}"
        image = etree.Element(xhtml.tag("img"), src=found.name, alt=said, width=width)
        for name in ("class", "id"):
            if value := drawing.get(name):
                image.set(name, value)
        if not said:
            image.set("role", "presentation")
        image.tail = drawing.tail
        parent.replace(drawing, image)
        yield found


def _sized(drawing: Asset) -> Asset:
    """The drawing with its size in CSS px: of its attributes, else of its view box, else 300 by 150, as CSS 2.2 has
    it."""
    try:
        root = etree.fromstring(drawing.data, _PARSER)
    except etree.XMLSyntaxError:
        return replace(drawing, width=300.0, height=150.0)
    box = " ".join(root.get("viewBox", "").replace(",", " ").split()[2:])
    said = (_SIDES.fullmatch(sides) for sides in (f"{root.get('width')} {root.get('height')}", box, "300 150"))
    width, height = next(map(float, sides.groups()) for sides in said if sides)
    return replace(drawing, width=width or 300.0, height=height or 150.0)
