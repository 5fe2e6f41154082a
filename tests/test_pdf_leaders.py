"""The leaders of a table of contents: what stands between a title and its folio."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from pmpress.press import Order, load, render

Write = Callable[..., Path]

TITLES = ("A", "A Title of Some Length", "Another")


def contents(book_of: Write, layout: str, language: str) -> tuple[pypdfium2.PdfPage, int]:
    """The page of the contents, and how often it shows a text."""
    toml = f'[book]\ntitle = "T"\nlanguage = "{language}"\n[layout]\nname = "{layout}"\n'
    chapters = {f"{number}.md": f"# {title}\n\nText.\n" for number, title in enumerate(TITLES)}
    rendered = render(load(Order(book_of({"book.toml": toml, **chapters}))), "pdf")
    document = pypdfium2.PdfDocument(rendered.data)
    place = rendered.page_map.leaves["contents"]
    assert "text-overflow" not in {found.code for found in rendered.diagnostics}
    with pikepdf.open(BytesIO(rendered.data)) as pdf:
        operators = [str(operator) for _, operator in pikepdf.parse_content_stream(pdf.pages[place])]
    return document[place], sum(operator in ("Tj", "TJ") for operator in operators)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_dots_reach_evenly_from_the_title_to_the_folio(book_of: Write, language: str) -> None:
    page, shows = contents(book_of, "manual", language)
    assert shows <= 8 * len(TITLES)  # not one a dot
    text = page.get_textpage()
    rows: dict[int, list[float]] = {}
    for place in range(text.count_chars()):
        if text.get_text_range(place, 1) == ".":
            left, bottom, _, _ = text.get_charbox(place)
            rows.setdefault(round(bottom), []).append(left)
    assert len(rows) == len(TITLES)
    for dots in rows.values():
        steps = [after - before for before, after in pairwise(sorted(dots))]
        assert len(steps) > 5
        assert max(steps) - min(steps) < 0.1
    # They stand under one another, from the side of the folios on.
    ends = [min(dots) if language == "ar" else max(dots) for dots in rows.values()]
    assert max(ends) - min(ends) < 0.1


def test_blank_leaders_bring_the_folios_to_the_edge(book_of: Write) -> None:
    page, _ = contents(book_of, "classic", "en")
    text = page.get_textpage()
    width, _ = page.get_size()
    folios = [
        text.get_charbox(place)[2] for place in range(text.count_chars()) if text.get_text_range(place, 1).isdigit()
    ]
    ends = [end for end in folios if end > width / 2]
    assert len(ends) >= len(TITLES)
    assert max(ends) - min(ends) < 0.5
