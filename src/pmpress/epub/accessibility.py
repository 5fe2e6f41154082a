"""What is said about who can read the book, and only what is true of what is in it.

EPUB Accessibility 1.1, *Package metadata*; the words are those of the *Schema.org Accessibility Properties for
Discoverability Vocabulary*. No conformance is claimed: that takes somebody who certifies it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from lxml import etree

from pmpress.epub.documents import MATHML
from pmpress.epub.metadata import Statement, meta
from pmpress.model import Asset
from pmpress.xhtml import elements

_SVG = "{http://www.w3.org/2000/svg}"
_FRAMES = b"\x21\xf9\x04"  # a GIF's graphic control extension: one before each frame
_MOVES = {"image/png": (b"acTL",), "image/webp": (b"ANIM",), "image/svg+xml": (b"<animate", b"<set", b"@keyframes")}


@dataclass(frozen=True, slots=True)
class Content:
    """What a page holds, or the book. The cover does not count: the book can be read without it, and its words are the
    title."""

    images: bool = False
    all_described: bool = True
    mathematics: bool = False
    index: bool = False
    moving: bool = False


def look_at(body: etree._Element) -> Content:
    """See what is in a page, which still has the press's own attributes."""
    described = list(_described(body))
    return Content(
        images=bool(described),
        all_described=all(described),
        mathematics=next(body.iter(MATHML), None) is not None,
        index=any(element.get("role") == "doc-index" for element in body.iter(etree.Element)),
    )


def together(pages: Collection[Content], assets: Iterable[Asset]) -> Content:
    """What is in the book, when that is in its pages and these files come along."""
    return Content(
        images=any(page.images for page in pages),
        all_described=all(page.all_described for page in pages),
        mathematics=any(page.mathematics for page in pages),
        index=any(page.index for page in pages),
        moving=any(_moves(asset) for asset in assets),
    )


def statements(content: Content, *, knows_pages: bool) -> Iterator[Statement]:
    """The accessibility metadata of a book with that content; `knows_pages`: those of the printed book are marked."""
    yield meta("schema:accessMode", "textual")
    if content.images:
        yield meta("schema:accessMode", "visual")
        yield meta("schema:accessModeSufficient", "textual,visual")
    if content.all_described:
        yield meta("schema:accessModeSufficient", "textual")
    for feature in _features(content):
        yield meta("schema:accessibilityFeature", feature)
    yield meta("schema:accessibilityHazard", "unknown" if content.moving else "none")
    yield meta(
        "schema:accessibilitySummary",
        _summary(content, knows_pages),
        **{"{http://www.w3.org/XML/1998/namespace}lang": "en"},
    )


def _described(body: etree._Element) -> Iterator[bool]:
    """For each picture that shows something, whether words stand for it: with `data-alt="missing"` they only say that
    none do."""
    for image in elements(body, "img"):
        if image.get("role") == "presentation":
            continue
        yield bool((image.get("alt") or "").strip()) and image.get("data-alt") is None
    for drawing in body.iter(f"{_SVG}svg"):
        yield drawing.find(f"{_SVG}title") is not None or drawing.get("aria-label") is not None


def _moves(asset: Asset) -> bool:
    if asset.media_type == "image/gif":
        return asset.data.count(_FRAMES) > 1
    return any(sign in asset.data for sign in _MOVES.get(asset.media_type, ()))


def _features(content: Content) -> Iterator[str]:
    yield from ("structuralNavigation", "tableOfContents", "readingOrder", "displayTransformability", "ARIA")
    if content.images and content.all_described:
        yield "alternativeText"
    if content.mathematics:
        yield "MathML"
    if content.index:
        yield "index"


def _summary(content: Content, knows_pages: bool) -> str:
    text = "The text follows the reader's own settings; headings, contents and landmarks lead through it in order."
    if knows_pages:
        text += " The pages of the printed book are marked and can be gone to."
    if not content.images:
        return f"{text} It has no pictures besides the cover."
    if content.all_described:
        return f"{text} Every picture is described in words."
    return f"{text} Some pictures are not described in words."
