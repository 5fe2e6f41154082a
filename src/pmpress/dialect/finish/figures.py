"""Figures: an image alone in its paragraph, a div of images with a caption below them, an example with its title."""

from __future__ import annotations

from lxml import etree

from pmpress.xhtml import classes_of, elements, local, set_classes, tag, unwrap

# What an image says for the whole figure; its other classes and its width are its own.
_OF_FIGURE = ("id", "data-short", "data-credit")
_CLASSES_OF_FIGURE = frozenset({"full-bleed", "full-page", "landscape"})


def make(body: etree._Element) -> None:
    """Make the figures under `body`; an image's title is its caption, and where there are several, its own."""
    for paragraph in elements(body, "p"):
        parent = paragraph.getparent()
        if _holds_images(paragraph) and len(paragraph) == 1 and parent is not None and local(parent) != "figure":
            _make_figure(paragraph)
    for div in elements(body, "div"):
        names = classes_of(div)
        if "figure" in names and (len(div) > 1 or div.find(f".//{tag('img')}") is not None):
            _gather(div, [name for name in names if name != "figure"])
        elif "example" in names and (div.get("title") or div.get("id")):
            _entitle(div)


def _holds_images(paragraph: etree._Element) -> bool:
    """Whether images are all there is in it."""
    texts = [paragraph.text, *(child.tail for child in paragraph)]
    return len(paragraph) > 0 and all(local(child) == "img" for child in paragraph) and not "".join(
        text or "" for text in texts
    ).strip()  # fmt: skip


def _make_figure(holder: etree._Element) -> None:
    """Make a figure of what holds an image and nothing else."""
    (image,) = holder
    holder.tag = tag("figure")
    holder.text = image.tail = None
    for name in _OF_FIGURE:
        if name in image.attrib:
            holder.set(name, image.attrib.pop(name))
    names = classes_of(image)
    set_classes(holder, [name for name in names if name in _CLASSES_OF_FIGURE])
    set_classes(image, [name for name in names if name not in _CLASSES_OF_FIGURE])
    title = image.attrib.pop("title", "")
    if title:
        etree.SubElement(holder, tag("figcaption")).text = title


def _gather(div: etree._Element, names: list[str]) -> None:
    """Make a figure of a div: its last paragraph is the caption, unless it is one of images."""
    for paragraph in [child for child in div if local(child) == "p" and _holds_images(child)]:
        for image in list(paragraph):
            holder = etree.Element(tag("figure"))
            paragraph.addprevious(holder)
            holder.append(image)
            _make_figure(holder)
        div.remove(paragraph)
    div.tag = tag("figure")
    if len(div) and local(div[-1]) == "p":
        div[-1].tag = tag("figcaption")
    inner = [child for child in div if local(child) == "figure"]
    if len(inner) == 1 and not (local(div[-1]) == "figcaption" and inner[0].find(tag("figcaption")) is not None):
        for name, value in inner[0].attrib.items():
            if name != "class":
                div.set(name, div.get(name, value))
        names += classes_of(inner[0])
        unwrap(inner[0])
    elif len(inner) > 1:
        names.append("subfigures")
        for each in inner:
            _make_part(each, "width-30" if len(inner) not in (2, 4) else "width-45")
    set_classes(div, names)


def _make_part(figure: etree._Element, width: str) -> None:
    """Make a figure one of several, as wide as its image says or as leaves room for the others beside it."""
    image = figure.find(tag("img"))
    names = classes_of(image) if image is not None else []
    said = [name for name in names if name.startswith("width-")]
    set_classes(figure, ["subfigure", *(said or [width])])
    if image is not None:
        set_classes(image, [name for name in names if name not in said])


def _entitle(div: etree._Element) -> None:
    """Make a figure of an example, its title the caption above it."""
    div.tag = tag("figure")
    caption = etree.Element(tag("figcaption"))
    caption.text = div.attrib.pop("title", "")
    caption.tail, div.text = div.text, None
    div.insert(0, caption)
