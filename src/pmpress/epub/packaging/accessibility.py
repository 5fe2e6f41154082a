"""What is said about who can read the book, and only what is true of what is in it.

EPUB Accessibility 1.1, *Package metadata*; the words are those of the *Schema.org Accessibility Properties for
Discoverability Vocabulary*. Left out is `unlocked`: nothing is locked here, but whoever sells the file may lock it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from lxml import etree

from pmpress.epub.packaging.metadata import Statement, meta
from pmpress.epub.packaging.obstacles import Kind, Obstacle, is_formula, obstacles_in
from pmpress.epub.pages.documents import MATHML
from pmpress.epub.pictures.fitting import is_animated
from pmpress.epub.places import place_of_picture
from pmpress.layout import Layout
from pmpress.model import Asset, Book
from pmpress.terms import is_spoken, readable, spoken
from pmpress.xhtml import elements, tag

_SVG = "{http://www.w3.org/2000/svg}svg"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_MOVES = {"image/png": (b"acTL",), "image/webp": (b"ANIM",), "image/svg+xml": (b"<animate", b"<set", b"@keyframes")}
_UPRIGHT = ("ja", "zh")
"""Languages that are set in lines from right to left as well: of those it is said which way theirs run."""


@dataclass(frozen=True, slots=True)
class Content:
    """What a page holds, or the book: words that `look_at` knows, and what is in a reader's way. The cover does not
    count: the book can be read without it, and its words are the title."""

    holds: frozenset[str] = frozenset()
    obstacles: tuple[Obstacle, ...] = field(default=())

    def lacks(self, *kinds: Kind) -> bool:
        """Whether there are obstacles of these kinds."""
        return any(obstacle.kind in kinds for obstacle in self.obstacles)

    @property
    def is_textual(self) -> bool:
        """Whether words say all there is."""
        return not self.lacks(Kind.PICTURE, Kind.FORMULA)


def look_at(body: etree._Element) -> Content:
    """See what is in a page, which still has the press's own attributes: `pictures`, those described `at length`,
    `formulas` in MathML, some of them without a text (`unsaid formulas`), `drawn formulas`, coloured `code`, an
    `index`, `ruby`."""
    shown = [image for image in elements(body, "img") if image.get("role") != "presentation"]
    formulas = list(body.iter(MATHML))
    held = {
        "pictures": not all(map(is_formula, shown)) or next(body.iter(_SVG), None) is not None,
        "at length": any(image.get("aria-details") for image in shown),
        "formulas": bool(formulas),
        "drawn formulas": any(map(is_formula, shown)),
        "unsaid formulas": not all((formula.get("alttext") or "").strip() for formula in formulas),
        "code": any(next(code.iter(tag("span")), None) is not None for code in elements(body, "pre")),
        "index": any(element.get("role") == "doc-index" for element in body.iter(etree.Element)),
        "ruby": next(body.iter(tag("ruby")), None) is not None,
    }
    return Content(frozenset(word for word, is_held in held.items() if is_held), tuple(obstacles_in(body)))


def together(pages: Iterable[Content], book: Book, layout: Layout) -> Content:
    """What is in the book, when that is in its pages."""
    held = list(pages)
    moving = [
        Obstacle(
            Kind.MOVING,
            f"'{asset.name}' moves, and whether it flashes is not known",
            place_of_picture(book, asset.name),
        )
        for asset in (*book.assets, *layout.assets)
        if _moves(asset)
    ]
    if "@keyframes" in layout.epub_css:
        moving.append(Obstacle(Kind.MOVING, "the layout's style sheet moves something (@keyframes)"))
    return Content(
        frozenset().union(*(page.holds for page in held)),
        (*(obstacle for page in held for obstacle in page.obstacles), *moving),
    )


def statements(content: Content, language: str, *, knows_pages: bool) -> Iterator[Statement]:
    """The accessibility metadata of a book of that language and content; `knows_pages`: those of the printed book are
    marked."""
    is_visual = bool({"pictures", "drawn formulas"} & content.holds)
    yield meta("schema:accessMode", "textual")
    if is_visual:
        yield meta("schema:accessMode", "visual")
    if "drawn formulas" in content.holds:
        yield meta("schema:accessMode", "mathOnVisual")
    if is_visual:
        yield meta("schema:accessModeSufficient", "textual,visual")
    if content.is_textual:
        yield meta("schema:accessModeSufficient", "textual")
    for feature in _features(content, language):
        yield meta("schema:accessibilityFeature", feature)
    yield meta("schema:accessibilityHazard", "unknown" if content.lacks(Kind.MOVING) else "none")
    summary = readable(language, *_said(content, knows_pages=knows_pages))
    yield meta("schema:accessibilitySummary", summary, **({} if is_spoken(language) else {_LANG: spoken(language)}))


def _moves(asset: Asset) -> bool:
    if asset.media_type == "image/gif":
        return is_animated(asset)
    return any(sign in asset.data for sign in _MOVES.get(asset.media_type, ()))


def _features(content: Content, language: str) -> Iterator[str]:
    """Those that are there, but for the pages of the printed book, which `page_list` tells of."""
    holds = content.holds
    has_formulas = bool({"formulas", "drawn formulas"} & holds)
    features = {
        "structuralNavigation": not content.lacks(Kind.HEADING),
        "tableOfContents": True,
        "readingOrder": True,
        "index": "index" in holds,
        "displayTransformability": True,
        "ARIA": True,
        "alternativeText": bool({"pictures", "drawn formulas"} & holds) and content.is_textual,
        "longDescription": "at length" in holds,
        "MathML": "formulas" in holds,
        "describedMath": has_formulas and "unsaid formulas" not in holds and not content.lacks(Kind.FORMULA),
        "rubyAnnotations": "ruby" in holds,
        "horizontalWriting": language.lower().split("-")[0] in _UPRIGHT,
    }
    return (feature for feature, is_there in features.items() if is_there)


def _said(content: Content, *, knows_pages: bool) -> Iterator[str]:
    """Which sentences the summary has (`pmpress.terms.readable`)."""
    holds = content.holds
    is_described = not content.lacks(Kind.PICTURE)
    said = {
        "text": True,
        "pages": knows_pages,
        "index": "index" in holds,
        "no pictures": not {"pictures", "drawn formulas"} & holds,
        "described": "pictures" in holds and is_described,
        "not described": not is_described,
        "at length": "at length" in holds,
        "formulas": "formulas" in holds,
        "drawn formulas": "drawn formulas" in holds,
        "bare tables": content.lacks(Kind.TABLE),
        "code": "code" in holds,
        "ruby": "ruby" in holds,
        "moving": content.lacks(Kind.MOVING),
        "still": not content.lacks(Kind.MOVING),
    }
    return (sentence for sentence, is_true in said.items() if is_true)
