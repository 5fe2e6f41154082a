"""Pictures: each is an asset of the book, and each says in words what it shows, or that it shows nothing."""

from __future__ import annotations

import re
from urllib.parse import unquote

from lxml import etree

from pmpress import xhtml
from pmpress.diagnostics import error, warning
from pmpress.features.galley import Galley
from pmpress.model import Mark, Registry


def collect(galley: Galley) -> None:
    """List the pictures wanted. One that is not a file of the manuscript is an error `image-remote`, `image-data` or
    `path-outside`, and one without alternative text a warning `figure-no-alt`."""
    for root in galley.roots:
        for image in root.iter(xhtml.tag("img")):
            source, span = str(image.get("src", "")), galley.span(image)
            if not _is_decorative(image) and not str(image.get("alt", "")).strip():
                hint = "Write what it shows: ![what it shows](file), or, if that is nothing, ![](file){.decorative}."
                galley.diagnostics.append(
                    warning("figure-no-alt", f"the picture '{_short(source)}' has no alternative text", span, hint)
                )
            if re.match(r"(https?:)?//", source, re.I):
                hint = "Nothing is fetched: save the picture beside the text."
                galley.diagnostics.append(
                    error("image-remote", f"the picture '{source}' is on another machine", span, hint)
                )
            elif source.lower().startswith("data:"):
                hint = "Save the picture beside the text."
                galley.diagnostics.append(error("image-data", f"the picture '{_short(source)}' is no file", span, hint))
            else:
                galley.marks.append(Mark("image", span, target=_path(galley, image)))


def resolve(galley: Galley, registry: Registry) -> None:
    """Point every picture to its asset; put a mark where there is none, and a stated placeholder for missing words."""
    for root in galley.roots:
        for image in xhtml.elements(root, "img"):
            asset = registry.images.get(_path(galley, image))
            if asset is None:
                galley.mark_broken(image, _short(str(image.get("src", ""))))
                xhtml.remove(image)
                continue
            image.set("src", asset.name)
            if _is_decorative(image):
                image.set("alt", "")
                image.set("role", "presentation")
            elif not str(image.get("alt", "")).strip():
                image.set("alt", _caption(image) or galley.terms["image"])
                image.set("data-alt", "missing")


def _path(galley: Galley, image: etree._Element) -> str:
    # An absolute path or a URL stays as it is, to be refused by whoever opens it.
    source = str(image.get("src", ""))
    if re.match(r"[A-Za-z][\w+.-]*:|/", source):
        return unquote(source)
    return galley.path(image, source.split("?", maxsplit=1)[0].split("#", maxsplit=1)[0])


def _is_decorative(image: etree._Element) -> bool:
    return "decorative" in xhtml.classes_of(image)


def _caption(image: etree._Element) -> str:
    figure = next((around for around in image.iterancestors(xhtml.tag("figure"))), None)
    caption = figure.find(xhtml.tag("figcaption")) if figure is not None else None
    return xhtml.text_of(caption) if caption is not None else ""


def _short(source: str) -> str:
    return source if len(source) <= 60 else source[:57] + "…"
