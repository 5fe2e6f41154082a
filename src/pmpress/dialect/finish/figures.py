"""A paragraph that holds only an image is a figure, and the image's title its caption."""

from __future__ import annotations

from lxml import etree

from pmpress.xhtml import elements, local, tag


def make(body: etree._Element) -> None:
    """Turn each paragraph under `body` with one image and nothing else into a figure."""
    for paragraph in elements(body, "p"):
        parent = paragraph.getparent()
        if len(paragraph) != 1 or local(paragraph[0]) != "img" or parent is None or local(parent) == "figure":
            continue
        image = paragraph[0]
        if (paragraph.text or "").strip() or (image.tail or "").strip():
            continue
        paragraph.tag = tag("figure")
        paragraph.text = image.tail = None
        title = image.attrib.pop("title", "")
        if title:
            etree.SubElement(paragraph, tag("figcaption")).text = title
