"""WeasyPrint, set up once for a book and used for each of its sheets.

Importing this module imports the engine, with Pango behind it: `pmpress.pdf.typesetter.fonts.use_only` comes first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from copy import copy
from typing import Any, TypeAlias
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr

import cssselect2
import weasyprint.layout
from tinycss2 import color5
from weasyprint.css.counters import CounterStyle
from weasyprint.formatting_structure.boxes import InlineReplacedBox
from weasyprint.text.fonts import FontConfiguration

from pmpress import xhtml
from pmpress.diagnostics import PressError, Span, error
from pmpress.inks import without_inks
from pmpress.model import Asset
from pmpress.pdf.addresses import BASE
from pmpress.pdf.dress import Dress, Look
from pmpress.pdf.preparing.drawings import legible, report
from pmpress.pdf.preparing.glyphs import coverage_of
from pmpress.pdf.typesetter import fonts
from pmpress.pdf.typesetter.fetch import SealedFetcher
from pmpress.pdf.typesetter.listen import diagnose, listening

StyleSheet: TypeAlias = Any
Document: TypeAlias = Any

# What the engine raises for what its authors did not think of: it looks at values without care.
_BREAKDOWNS = (
    ArithmeticError, AssertionError, AttributeError, LookupError, NameError, RecursionError, TypeError, ValueError,
)  # fmt: skip


# In text from right to left the engine moves a drawing that says no size, in a line, before it has a place.
InlineReplacedBox.position_x = 0


_colours: Any = color5
_parse_inks = _colours._parse_device_cmyk


def _parse_on_screen(*said: Any) -> Any:
    """A colour that names inks, in those of a screen, by the rule that CSS has for it. (CSS Color Module 5, 10.2)"""
    colour = _parse_inks(*said)
    if colour is None:
        return None
    *inks, black = colour.coordinates
    return _colours.Color("srgb", [1 - min(1.0, ink * (1 - black) + black) for ink in inks], colour.alpha)


# The engine would print it in inks, which are no colours without a profile, and breaks down on it in a gradient.
_colours._parse_device_cmyk = _parse_on_screen


FOLIO = "pmpress-folio"
"""The counter style that the engine reads where a layout says `counter(page)` and no more."""

_COUNTER_OF_PAGE = re.compile(r"counter\(\s*page\s*\)")

BEYOND = "@page { bleed: 72pt !important; marks: none !important }"
"""CSS that has the engine paint beyond the trim, farther than any bleed and any gutter wants: what of it is on the
paper is settled when the book is bound (`pmpress.pdf.binding.boxes`)."""


@contextmanager
def breaking_down(layout: str, what: str, span: Span | None) -> Iterator[None]:
    """Where the engine lays out or draws something: raises PressError (`layout-engine`) for what it breaks down on,
    naming the layout, and where what it was given is written."""
    try:
        yield
    except _BREAKDOWNS as fault:
        reason = f"{type(fault).__name__}: {fault}".removesuffix(": ")
        said = f"the page engine breaks down on {what} in the layout '{layout}' ({reason})"
        hint = "Take out what was written last in the layout, in [style] of book.toml or here, until it holds."
        where = span or Span(f"layouts/{layout}/print.css")
        raise PressError(error("layout-engine", said, where, hint)) from fault


class Engine:
    """WeasyPrint with the fonts, the files and the style sheets of one layout.

    `style_sheet` is the layout's, `bare` the same without the page-margin boxes; `coverage` is what its fonts can
    print, `diagnostics` what it had to say about the layout's style sheets. Raises PressError (`layout-css`) for a
    style sheet that it breaks down on.
    """

    dress: Dress
    """What it wears; whoever gives it work says so first."""

    def __init__(self, look: Look) -> None:
        self.look = look
        families = [fonts.unpack(family) for family in look.families]
        fonts.use_only(families)
        self.coverage = coverage_of(families)
        self._fonts = FontConfiguration()
        self._counters = CounterStyle()
        self._colours: dict[str, Any] = {}
        self._own, lost = legible(map(without_inks, look.assets), self.coverage)
        self._fetcher = SealedFetcher(self._own)
        self._parsed: dict[str, StyleSheet] = {}
        with listening() as heard:
            self.style_sheet = self._parse_layout(_COUNTER_OF_PAGE.sub(f"counter(page, {FOLIO})", look.css))
        self.bare = _without_margin_boxes(self.style_sheet)
        self.diagnostics = (*diagnose(heard, look.layout, lambda name: None), *report(lost, lambda name: None))

    def _parse_layout(self, css: str) -> StyleSheet:
        try:
            return self.parse(css)
        except _BREAKDOWNS as fault:
            said = f"the page engine cannot read the style sheet: {fault or type(fault).__name__}"
            hint = "Take out what was written last, until it can be read."
            raise PressError(error("layout-css", said, Span(f"layouts/{self.look.layout}/print.css"), hint)) from fault

    def parse(self, css: str) -> StyleSheet:
        """A style sheet, to be used in any number of documents. The same text is parsed once."""
        if css not in self._parsed:
            self._parsed[css] = weasyprint.CSS(
                string=css,
                base_url=BASE,
                url_fetcher=self._fetcher,
                font_config=self._fonts,
                counter_style=self._counters,
                color_profiles=self._colours,
            )
        return self._parsed[css]

    def with_contents(self, change: Callable[[Any], Any]) -> StyleSheet:
        """The layout's style sheet with every `content` in a page or a page-margin box changed: a list of what it says,
        each as the engine reads it, a name and a value."""
        changed = copy(self.style_sheet)
        changed.page_rules = [
            (
                rule,
                selectors,
                [
                    (name, change(value) if name == "content" and isinstance(value, list) else value, *others)
                    for name, value, *others in declarations
                ],
            )
            for rule, selectors, declarations in self.style_sheet.page_rules
        ]
        return changed

    def serve(self, pictures: Iterable[Asset]) -> Mapping[str, str]:
        """Have these pictures at hand, beside the layout's own files, for what is laid out next.

        Returns the characters that no font has in the words of drawings, by picture.
        """
        served, lost = legible(map(without_inks, pictures), self.coverage)
        self._fetcher.serve((*self._own, *served))
        return lost

    def lay_out(
        self,
        root: ElementTree.Element,
        style_sheets: Sequence[StyleSheet],
        variant: str | None = None,
        *,
        margin_boxes: bool = False,
    ) -> Document:
        """Lay out a document: a WeasyPrint document, not yet drawn. Its boxes know the elements of the tree.

        Without `margin_boxes` its pages have none, whatever the style sheets say.
        """
        with nullcontext() if margin_boxes else _no_margin_boxes():
            return _Parsed(root, self._fetcher).render(
                font_config=self._fonts,
                counter_style=self._counters,
                color_profiles=self._colours,
                stylesheets=style_sheets,
                pdf_variant=variant,
            )

    def tree(self, html: str) -> ElementTree.Element:
        """The document whose `body` holds this XHTML, in the book's language, as the engine takes it."""
        language, direction = quoteattr(self.dress.language), quoteattr(self.dress.direction)
        root = ElementTree.fromstring(
            f'<html xmlns="{xhtml.XHTML}" xmlns:epub="{xhtml.EPUB}" lang={language} dir={direction}>'
            f"<head><title>{escape(self.dress.title)}</title></head><body>{html}</body></html>"
        )
        _forget_namespace(root.iter())
        return root


class _Parsed(weasyprint.HTML):  # type: ignore[misc]
    """A document that is a tree already.

    An HTML parser would close a paragraph where a note's paragraphs begin inside it, and takes a tenth of the time.
    """

    def __init__(self, root: ElementTree.Element, fetcher: SealedFetcher) -> None:
        self.base_url = BASE
        self.url_fetcher = fetcher
        self.media_type = "print"
        self.wrapper_element = cssselect2.ElementWrapper.from_html_root(root, content_language=None)
        self.etree_element = self.wrapper_element.etree_element


def _forget_namespace(elements: Iterable[ElementTree.Element]) -> None:
    """Name the elements as an HTML parser does: `p` for XHTML's `p`."""
    prefix = xhtml.tag("")
    for element in elements:
        element.tag = element.tag.removeprefix(prefix)


def _without_margin_boxes(style_sheet: StyleSheet) -> StyleSheet:
    """The style sheet without what it says of page-margin boxes. (CSS Paged Media Module Level 3, 6)"""
    bare = copy(style_sheet)
    bare.page_rules = [
        (rule, selectors, declarations)
        for rule, selectors, declarations in style_sheet.page_rules
        if all(pseudo in (None, "@footnote") for _, pseudo, _ in selectors)
    ]
    return bare


@contextmanager
def _no_margin_boxes() -> Iterator[None]:
    """Have the engine make no page-margin boxes: it works out sixteen for each page, even where none shows."""
    made = weasyprint.layout.make_margin_boxes
    weasyprint.layout.make_margin_boxes = lambda context, page, state: ()
    try:
        yield
    finally:
        weasyprint.layout.make_margin_boxes = made
