"""What every reading system can show, beside or instead of what not every one can: pictures of drawings and formulas.

A drawing in vectors is `<img src="x.png" srcset="x.svg">`. Who knows `srcset` (HTML, 4.8.3) shows the vectors, on any
screen, since they are the only candidate; who does not shows the pixels: Kindle, which takes no SVG, and all that is
older than EPUB 3. A fallback in the manifest would help none of them: SVG is a core media type of EPUB 3, so that who
knows EPUB 3 need not look for one, and the others do not ask there for what an `img` shows.

A formula stays MathML and names its picture (`altimg`). Where the target's reading systems cannot set MathML the
picture takes its place, and where they know no SVG there are pixels only.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from lxml import etree

from pmpress import xhtml
from pmpress.diagnostics import Diagnostic
from pmpress.epub import Pixels
from pmpress.epub.pictures import formula_pictures, template_drawings
from pmpress.epub.pictures.fitting import fitted
from pmpress.epub.pictures.formula_pictures import FormulaPicture
from pmpress.epub.work import Page
from pmpress.layout import Layout
from pmpress.model import Asset, Book, Chapter, EbookRules, Part
from pmpress.tasks import Means

_SVG, _PNG = template_drawings.SVG, "image/png"


@dataclass(frozen=True, slots=True)
class Illustrated:
    """A book whose text names its pictures, which are among its assets, and the layout that goes with it. The pictures
    in pixels have no data yet: `drawn` waits for it, and gives them by name. `beside` says which of them is of which
    drawing."""

    book: Book
    layout: Layout
    beside: Mapping[str, Asset] = field(default_factory=dict)
    drawn: Callable[[], Mapping[str, Asset]] = dict
    diagnostics: tuple[Diagnostic, ...] = ()

    def with_data(self, assets: Iterable[Asset]) -> tuple[Asset, ...]:
        """The assets, all with their data."""
        drawn = self.drawn()
        return tuple(drawn.get(asset.name, asset) for asset in assets)


def illustrate(book: Book, layout: Layout, rules: EbookRules, pixels: Pixels, means: Means) -> Illustrated:
    """Have the text of a book name a picture of each drawing and of each formula, as the rules ask for it."""
    drawings = tuple(asset for asset in book.assets if asset.media_type == _SVG)
    own = () if rules.vectors else template_drawings.of_layout(layout)
    taken = {posixpath.splitext(asset.name)[0] for asset in (*book.assets, *layout.assets) if asset.media_type != _SVG}
    beside = _beside((*drawings, *own), taken)
    of_drawings = _begun((*drawings, *own), beside, rules, pixels, means)

    # Meanwhile
    trees = {text: xhtml.parse(text) for text in _texts(book) if "<math" in text or ".svg" in text}
    formulas = formula_pictures.drawn(trees.values(), means)
    vectors = {picture.asset.name: picture.asset for picture in formulas.values()}
    are_enough = rules.mathematics and rules.vectors
    in_pixels = _beside(() if are_enough else vectors.values(), taken)
    of_formulas = _begun([vectors[name] for name in in_pixels], in_pixels, rules, pixels, means)
    beside |= in_pixels

    found = tuple(_show(trees.values(), formulas, beside, rules))
    book = _with_texts(book, {text: xhtml.serialise(body) for text, body in trees.items()})
    assets = (
        *(asset for asset in book.assets if rules.vectors or asset.media_type != _SVG),
        *(vectors.values() if rules.vectors else ()),
        *(picture for name, picture in beside.items() if name not in {each.name for each in own}),
    )
    if not rules.mathematics:
        layout = replace(layout, epub_css=layout.epub_css + formula_pictures.style_sheet(formulas.values()))
    if not rules.vectors:
        layout = template_drawings.in_pixels(layout, beside)
    book = replace(book, assets=assets)
    return Illustrated(book, layout, beside, lambda: {**of_drawings(), **of_formulas()}, found)


def without_vectors(
    pages: Iterable[Page], shown: Illustrated, rules: EbookRules, pixels: Pixels, means: Means
) -> tuple[tuple[Page, ...], Illustrated]:
    """The finished pages with pictures in the place of what the layout's templates draw in them, and with these
    pictures among the layout's assets."""
    changed, drawings = template_drawings.taken_out(pages, shown.beside)
    beside = {each.name: replace(each, media_type=_PNG, data=b"") for each in drawings}
    more = _begun(drawings, beside, rules, pixels, means)
    layout = replace(shown.layout, assets=(*shown.layout.assets, *beside.values()))
    return changed, replace(shown, layout=layout, drawn=lambda: {**shown.drawn(), **more()})


def _begun(
    drawings: Sequence[Asset], beside: Mapping[str, Asset], rules: EbookRules, pixels: Pixels, means: Means
) -> Callable[[], Mapping[str, Asset]]:
    """Begin to draw pictures in pixels, as the rules ask for them, and give what waits for them, by name."""
    waiting = pixels(drawings)

    @cache
    def drawn() -> Mapping[str, Asset]:
        named = (replace(each, name=beside[each.name].name) for each in waiting())
        return {each.name: each for each in fitted(named, rules, means)}

    return drawn


def _texts(book: Book) -> Iterator[str]:
    for chapter in book.chapters:
        yield from (chapter.title_xhtml, chapter.xhtml)


def _beside(drawings: Iterable[Asset], taken: set[str]) -> dict[str, Asset]:
    """The pictures in pixels of these drawings, by the drawings' names: under names, without suffix, that are not
    `taken`."""
    beside = {}
    for drawing in drawings:
        stem = xhtml.free_id(posixpath.splitext(drawing.name)[0], taken)
        beside[drawing.name] = replace(drawing, name=f"{stem}.png", media_type=_PNG, data=b"")
    return beside


def _show(
    bodies: Iterable[etree._Element],
    formulas: Mapping[str, FormulaPicture],
    beside: Mapping[str, Asset],
    rules: EbookRules,
) -> Iterator[Diagnostic]:
    """Have texts name their pictures, in place. Gives what could not be drawn."""
    for body in bodies:
        for formula, written in formula_pictures.formulas(body):
            picture = formulas[written]
            name = picture.asset.name
            if rules.mathematics:
                formula_pictures.name_picture(formula, picture, name if rules.vectors else beside[name].name)
                continue
            if picture.lost:
                yield formula_pictures.report(formula, picture)
            formula_pictures.show_picture(formula, picture)
        for image in xhtml.elements(body, "img"):
            if pixels := beside.get(image.get("src") or ""):
                _show_pixels(image, pixels, rules)


def _show_pixels(image: etree._Element, pixels: Asset, rules: EbookRules) -> None:
    if rules.vectors:
        image.set("srcset", image.get("src", ""))
    image.set("src", pixels.name)
    # Else who shows the pixels would show three times as many of them.
    if formula_pictures.CLASS not in xhtml.classes_of(image) and image.get("width") is None:
        image.set("width", f"{max(1, round(pixels.width))}")


def _with_texts(book: Book, changed: Mapping[str, str]) -> Book:
    """The book with other texts in the place of some; `changed` has them by what they were."""

    def written(chapter: Chapter) -> Chapter:
        title, text = chapter.title_xhtml, chapter.xhtml
        return replace(chapter, title_xhtml=changed.get(title, title), xhtml=changed.get(text, text))

    return replace(
        book,
        frontmatter=tuple(written(leaf) if isinstance(leaf, Chapter) else leaf for leaf in book.frontmatter),
        bodymatter=tuple(
            replace(item, chapters=tuple(map(written, item.chapters))) if isinstance(item, Part) else written(item)
            for item in book.bodymatter
        ),
        backmatter=tuple(map(written, book.backmatter)),
    )
