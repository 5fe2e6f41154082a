"""What a target asks of the pages, held against the pages: each thing with a diagnostic that says what to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pmpress.diagnostics import Diagnostic, Span, error, warning
from pmpress.model import PrintRules, Target
from pmpress.pdf.binding.boxes import INCH, Boxes, Margins
from pmpress.pdf.numbering import Pages, Placed

_SAME = 0.5  # pt: one size written in different units
_SLACK = 0.05


def check(
    target: Target, pages: Pages, boxes: Sequence[Boxes], gutter: float, see_through: Iterable[int], size: int
) -> tuple[Diagnostic, ...]:
    """What of a bound book its target will not take. `boxes` are those of all pages, `gutter` the inner margin that a
    book of so many pages needs, `see_through` the pages that are not opaque, `size` the file's, in bytes."""
    rules, who = target.print, f"'{target.name}'"
    return (
        *_of_the_book(rules, who, pages, size),
        *_margins(rules, who, pages, boxes, gutter),
        *_transparency(rules, who, pages, see_through),
        *(found for placed in pages.placed for found in _of_a_sheet(rules, who, placed)),
    )


def _of_the_book(rules: PrintRules, who: str, pages: Pages, size: int) -> Iterator[Diagnostic]:
    fewest, most = rules.pages
    width, height = pages.trim
    if rules.trims and not any(abs(width - w) < _SAME and abs(height - h) < _SAME for w, h in rules.trims):
        near = min(rules.trims, key=lambda trim: abs(trim[0] - width) + abs(trim[1] - height))
        hint = f'Set trim = "{_inches(near[0])}x{_inches(near[1])}in" in [layout] of book.toml, the nearest it takes.'
        said = f"{who} does not take pages of {_inches(width)} × {_inches(height)} in"
        yield error("target-trim", said, Span("book.toml"), hint)
    if pages.count < fewest:
        hint = "Add pages (blank ones count), or choose another target."
        yield error("target-pages", f"{who} takes {fewest} pages or more, and the book has {pages.count}", None, hint)
    if most and pages.count > most:
        hint = "Choose a larger trim or smaller type, or make two volumes."
        yield error("target-pages", f"{who} takes {most} pages at most, and the book has {pages.count}", None, hint)
    if rules.most_bytes and size > rules.most_bytes:
        said = f"{who} takes files of {rules.most_bytes / 1e6:g} MB at most, and this has {size / 1e6:.0f}"
        yield error("target-size", said, None, "Give large pictures as JPEG, or make two volumes.")


def _margins(rules: PrintRules, who: str, pages: Pages, boxes: Sequence[Boxes], gutter: float) -> Iterator[Diagnostic]:
    """The margins of pages that have any: a picture may fill its page."""
    with_text = [page_index for page_index in pages.used if min(boxes[page_index].margins) > 0]
    asked = Margins(rules.outside, rules.outside, rules.outside, gutter if rules.gutters else 0.0)
    labels = pages.page_map().labels
    for place, (name, least) in enumerate(zip(Margins._fields, asked, strict=True)):
        found = ((boxes[page_index].margins[place], page_index) for page_index in with_text)
        narrowest, page_index = min(found, default=(least, 0))
        if narrowest < least - _SLACK:
            said = f"{who} asks {_inches(least)} in for the {name} margin of a book of {pages.count} pages"
            said += f", and page {labels[page_index]} has {_inches(narrowest)} in"
            hint = f'Set {name} = "{_inches(least)}in" in [style] of book.toml.'
            yield error("target-margin", said, None, hint)


def _transparency(rules: PrintRules, who: str, pages: Pages, see_through: Iterable[int]) -> Iterator[Diagnostic]:
    if rules.transparency:
        return
    found, labels = frozenset(see_through), pages.page_map().labels
    for placed in pages.placed:
        where = [labels[page_index] for page_index in range(placed.start, placed.end) if page_index in found]
        if where:
            said = f"{who} takes nothing that shows what is behind it, and there is some on page {', '.join(where)}"
            hint = "Look for `opacity` and see-through colours in style sheets and drawings, and for their masks."
            yield error("target-transparency", said, placed.sheet.span, hint)


def _of_a_sheet(rules: PrintRules, who: str, placed: Placed) -> Iterator[Diagnostic]:
    facts = placed.laid_out.facts
    for picture in facts.pictures:
        if picture.dots < rules.least_dpi:
            said = f"the picture '{picture.name}' has {picture.dots:.0f} pixels an inch, and {who} asks for "
            hint = "Give it more pixels, or less room: {width=…}."
            yield warning("target-dpi", f"{said}{rules.least_dpi}", picture.span, hint)
    if facts.smallest is not None and facts.smallest.size < rules.least_type:
        said = f"{who} asks for type of {rules.least_type:g} pt or more: some here is of {facts.smallest.size:g} pt"
        yield warning("target-type", said, facts.smallest.span, "Make it larger in the layout, or the table smaller.")


def _inches(points: float) -> str:
    return f"{points / INCH:.4g}"
