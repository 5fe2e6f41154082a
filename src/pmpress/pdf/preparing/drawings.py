"""The words in drawings that no font of the layout can print: replaced in what the engine is given, and reported."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from lxml import etree

from pmpress.diagnostics import Diagnostic, Span, warning
from pmpress.model import Asset
from pmpress.pdf.preparing.glyphs import Coverage, named

_TEXT = "{http://www.w3.org/2000/svg}text"
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True)


def legible(assets: Iterable[Asset], coverage: Coverage) -> tuple[tuple[Asset, ...], dict[str, str]]:
    """The assets with U+FFFD for what no font has in the words of drawings, and those characters by asset."""
    changed: list[Asset] = []
    lost: dict[str, str] = {}
    for asset in assets:
        drawn, characters = _legible(asset, coverage) if asset.media_type == "image/svg+xml" else (asset, "")
        if characters:
            lost[asset.name] = characters
        changed.append(drawn)
    return tuple(changed), lost


def report(lost: Mapping[str, str], where_used: Callable[[str], Span | None]) -> Iterator[Diagnostic]:
    """A warning for each drawing whose words cannot all be printed, at the place where it is used."""
    for name, characters in lost.items():
        yield warning(
            "glyph-missing",
            f"no font of the layout has {named(characters)}, in the picture '{name}': printed as \ufffd",
            where_used(name),
            "Write it in other characters, turn it into outlines, or add a font that has it to the layout.",
        )


def _legible(asset: Asset, coverage: Coverage) -> tuple[Asset, str]:
    try:
        root = etree.fromstring(asset.data, _PARSER)
    except etree.XMLSyntaxError:
        return asset, ""  # the engine says what is wrong with it
    said = [text for words in root.iter(_TEXT) for text in words.itertext()]
    whole = "".join(said)
    missing = coverage.missing(whole)
    if coverage.printable(whole) == whole:
        return asset, ""
    for words in root.iter(_TEXT):
        for element in words.iter():
            element.text = element.text and coverage.printable(element.text)
            if element is not words:
                element.tail = element.tail and coverage.printable(element.tail)
    lost = "".join(dict.fromkeys(character for character in whole if character in missing))
    return replace(asset, data=etree.tostring(root)), lost
