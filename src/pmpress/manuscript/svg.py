"""SVG files: well-formed, without scripts, and asking for nothing outside themselves."""

from __future__ import annotations

import re
from collections.abc import Mapping

from lxml import etree

from pmpress import xhtml
from pmpress.diagnostics import Diagnostic, Severity, error, warning
from pmpress.model import Asset

_SVG = "http://www.w3.org/2000/svg"
_XLINK_HREF = "{http://www.w3.org/1999/xlink}href"
# A picture that moves does nothing in print, and can give a link another address.
_UNSAFE = frozenset(
    {
        "script",
        "animate",
        "animateMotion",
        "animateTransform",
        "set",
        "foreignObject",
        "iframe",
        "embed",
        "object",
        "audio",
        "video",
        "handler",
        "listener",
    }
)
_PARSER = etree.XMLParser(
    resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
)
_CSS_REFERENCE = re.compile(r"""@import\s*(?:url\()?\s*["']?([^"');\s]*)|url\(\s*["']?([^"')]*)""", re.I)
_LOCAL_URL = re.compile(r"""url\(\s*["']?#([^"')]*)["']?\s*\)""")
_WITH_FALLBACK = re.compile(_LOCAL_URL.pattern + r"[ \t]*([^;]*)")
_MOST_DRAWN = 50_000
_DEEPEST = 50
_SMALLEST, _LARGEST = 0.001, 1_000_000.0  # CSS px: anything else is no size
_PX = {
    "": 1.0,
    "px": 1.0,
    "pt": 96 / 72,
    "pc": 16.0,
    "in": 96.0,
    "cm": 96 / 2.54,
    "mm": 96 / 25.4,
    "em": 16.0,
    "ex": 8.0,
}


def load(data: bytes, name: str, path: str, diagnostics: list[Diagnostic]) -> Asset | None:
    """The picture as an asset of that name, its size in CSS px.

    Scripts, event handlers, animations and unsafe links are taken out with a warning `svg-script`, HTML inside, which
    is content, with an error; anything fetched from outside the file is an
    error `svg-outside`; text that is no SVG an error `image-broken`. (SVG 2, section 2.6: the secure static mode.)
    """
    root = _parse(data, path, diagnostics)
    if root is None:
        return None
    before = len(diagnostics)
    removed = sorted(set(_disarm(root)))
    if removed:
        say = error if "<foreignObject>" in removed else warning
        hint = "Export the picture with plain SVG text." if "<foreignObject>" in removed else ""
        diagnostics.append(say("svg-script", f"taken out of '{path}': {', '.join(removed)}", hint=hint))
    for reference in dict.fromkeys(_outside(root)):
        hint = "Put what it shows into the SVG file itself."
        diagnostics.append(error("svg-outside", f"'{path}' asks for '{reference}', outside itself", hint=hint))
    if _drawn(root) > _MOST_DRAWN:
        diagnostics.append(error("image-too-large", f"'{path}' draws itself over and over", hint="Use fewer <use>."))
    if any(found.severity is Severity.ERROR for found in diagnostics[before:]):
        return None
    _mend_ids(root)
    _drop_lost(root)
    width, height = _size(root)
    return Asset(name, "image/svg+xml", etree.tostring(root, encoding="utf-8", xml_declaration=True), width, height)


def _parse(data: bytes, path: str, diagnostics: list[Diagnostic]) -> etree._Element | None:
    said = "it is no SVG"
    try:
        root = etree.fromstring(data, _PARSER)
        # An entity left standing is one that the file defines for itself: a way to be small on disk and huge in memory.
        entities = any(isinstance(node, etree._Entity) for node in root.iter())
        if root.tag == f"{{{_SVG}}}svg" and not entities:
            return root
        said = "it defines entities" if entities else "it is no SVG, or lacks its name space"
    except etree.XMLSyntaxError as fault:
        said = str(fault)
    diagnostics.append(
        error("image-broken", f"the picture '{path}' is broken: {said}", hint="Save it again as plain SVG.")
    )
    return None


def _disarm(root: etree._Element) -> list[str]:
    removed: list[str] = []
    for element in list(root.iter(etree.Element)):
        name = etree.QName(element).localname
        if name in _UNSAFE:
            removed.append(f"<{name}>")
            if element.getparent() is not None:
                xhtml.remove(element)
            continue
        for attribute in [str(key) for key in element.attrib]:
            if etree.QName(attribute).localname.lower().startswith("on"):
                removed.append(attribute)
                del element.attrib[attribute]
            elif _is_reference(attribute) and name == "a" and not _may_be_followed(str(element.get(attribute))):
                removed.append(f"a link to '{element.get(attribute)}'")
                del element.attrib[attribute]
    return removed


def _is_reference(attribute: str) -> bool:
    return attribute in ("href", "src", _XLINK_HREF)


def _may_be_followed(url: str) -> bool:
    plain = re.sub(r"[\x00-\x20]", "", url).lower()
    return plain.startswith(("http:", "https:", "mailto:", "#"))


def _outside(root: etree._Element) -> list[str]:
    found: list[str] = []
    for element in root.iter(etree.Element):
        name = etree.QName(element).localname
        for key, value in element.attrib.items():
            written = str(value).strip()
            if _is_reference(str(key)):
                # A link that a reader may follow fetches nothing by itself.
                if name != "a" and not written.startswith(("#", "data:image/png", "data:image/jpeg", "data:image/gif")):
                    found.append(written)
            else:
                found += _css_outside(written)
        if name == "style":
            found += _css_outside(element.text or "")
    return found


def _css_outside(css: str) -> list[str]:
    references = (match[1] or match[2] or "" for match in _CSS_REFERENCE.finditer(css))
    return [
        reference for reference in references if reference and not reference.strip().startswith(("#", "data:image/"))
    ]


def _drawn(root: etree._Element) -> int:
    """How many elements are drawn when every `use` is followed; stops counting at the limit, and at a circle."""
    named = {str(element.get("id")): element for element in root.iter(etree.Element) if element.get("id")}
    known: dict[etree._Element, int] = {}

    def count(element: etree._Element, within: frozenset[etree._Element]) -> int:
        if element in within:
            return 0
        if element not in known:
            total = 1
            for inner in element.iter(etree.Element):
                total += 1
                target = named.get(str(inner.get("href") or inner.get(_XLINK_HREF) or "").removeprefix("#"))
                if target is not None and etree.QName(inner).localname == "use" and len(within) < _DEEPEST:
                    total += count(target, within | {element})
                if total > _MOST_DRAWN:
                    break
            known[element] = total
        return known[element]

    return count(root, frozenset())


def _mend_ids(root: etree._Element) -> None:
    """Make ids XML names, each given once (XML 1.0, 3.3.1): drawing programs write others."""
    renamed: dict[str, str] = {}
    taken: set[str] = set()
    for element in root.iter(etree.Element):
        written = element.get("id")
        if written is None:
            continue
        base = re.sub(r"[^\w.-]", "-", str(written))
        base = base if re.match(r"[^\W\d]", base) else f"id-{base}"
        name, number = base, 1
        while name in taken:
            number += 1
            name = f"{base}-{number}"
        taken.add(name)
        # Of several elements of one id, the first is meant.
        renamed.setdefault(str(written), name)
        element.set("id", name)
    changed = {old: new for old, new in renamed.items() if old != new}
    if changed:
        for element in root.iter(etree.Element):
            _rename_references(element, changed)


def _rename_references(element: etree._Element, changed: Mapping[str, str]) -> None:
    for key, value in element.attrib.items():
        if _is_reference(str(key)) and (new := changed.get(str(value).removeprefix("#"))):
            element.set(key, f"#{new}")
        elif "url(" in str(value):
            element.set(key, _LOCAL_URL.sub(lambda found: f"url(#{changed.get(found[1], found[1])})", str(value)))
        elif str(key).startswith("aria-"):
            element.set(key, " ".join(changed.get(word, word) for word in str(value).split()))


def _drop_lost(root: etree._Element) -> None:
    """Take out what refers to an id that the drawing does not have: a colour becomes its fallback, all else is drawn as
    if nothing had been asked for (SVG 2, section 13.2). Drawing programs leave such references behind, and shops refuse
    them."""
    known = {element.get("id") for element in root.iter(etree.Element)}

    def kept(found: re.Match[str]) -> str:
        return found[0] if found[1] in known else found[2] or "none"

    for element in root.iter(etree.Element):
        for key, value in element.attrib.items():
            if _is_reference(str(key)) and str(value).startswith("#") and str(value)[1:] not in known:
                del element.attrib[key]
            elif "url(" in str(value):
                element.set(key, _WITH_FALLBACK.sub(kept, str(value)))


def _size(root: etree._Element) -> tuple[float, float]:
    """Width and height in CSS px: of the attributes, else of the viewBox, else 300 by 150 as CSS 2.2 has it. What says
    no size goes."""
    for name in ("width", "height"):
        if name in root.attrib and not _length(root.get(name, "")):
            del root.attrib[name]
    box = re.split(r"[\s,]+", root.get("viewBox", "").strip())
    box_width, box_height = (_length(box[2]), _length(box[3])) if len(box) == 4 else (300.0, 150.0)
    if not (box_width and box_height):
        box_width, box_height = 300.0, 150.0
        root.attrib.pop("viewBox", None)
    width, height = _length(root.get("width", "")), _length(root.get("height", ""))
    if width and not height:
        height = width * box_height / box_width if box_width else 0.0
    if height and not width:
        width = height * box_width / box_height if box_height else 0.0
    return (width, height) if width and height else (box_width, box_height)


def _length(written: str) -> float:
    match = re.fullmatch(r"\s*([\d.]+)\s*([a-z]*)\s*", written)
    try:
        length = float(match[1]) * _PX.get(match[2], 0.0) if match else 0.0
    except ValueError:
        return 0.0
    return length if _SMALLEST <= length <= _LARGEST else 0.0
