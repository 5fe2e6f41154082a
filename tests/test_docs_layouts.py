"""The page about layouts keeps its word: the properties it lists are those that the layouts have, its pictures are
there, and the layout in it makes a book."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pypdfium2
import pytest

from pmpress.layout import Layout, Wishes, load_layout
from pmpress.press import Order, load, render

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGE = (DOCS / "layouts.md").read_text(encoding="utf-8")
LAYOUTS = ("classic", "manual", "essay")
FILES = dict(re.findall(r'^```\w+ title="(layouts/[^"]+)"\n(.*?)^```$', PAGE, re.MULTILINE | re.DOTALL))
TABLE = re.compile(r"^\| property .*?(?=^(?!\|))", re.MULTILINE | re.DOTALL)


def layout_of(name: str) -> Layout:
    return load_layout(name, ROOT, Wishes(for_screen=True))[0]


def listed(layout: str) -> dict[str, str]:
    """The default of each property in the table of a layout, or "" where one row has several and other words."""
    start = PAGE.index(f"\n## {layout}\n")
    table = TABLE.search(PAGE, start)
    assert table
    found: dict[str, str] = {}
    for row in table[0].splitlines()[2:]:
        names, _, default = (cell.strip() for cell in row.strip("|").split(" | "))
        properties, values = re.findall("`([^`]+)`", names), re.findall("`([^`]+)`", default)
        several = values if len(values) == len(properties) else [""] * len(properties)
        found |= zip(properties, several, strict=True)
    return found


def in_ebooks() -> set[str]:
    """The properties that style sheets of e-books give a value to."""
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "layouts").glob("*/epub.css")]
    return {name for text in texts for name in re.findall(r"^\s*--([\w-]+):", text, re.MULTILINE)}


@pytest.mark.parametrize("name", LAYOUTS)
def test_each_property_listed_is_one_of_the_layout_and_has_that_default(name: str) -> None:
    style = layout_of(name).style
    for property_, default in listed(name).items():
        if property_ not in in_ebooks() - set(style):
            assert property_ in style
            assert default in ("", style[property_].strip().replace("\\2042", "⁂"))


@pytest.mark.parametrize("name", LAYOUTS)
def test_each_property_of_the_layouts_is_listed(name: str) -> None:
    there = {*layout_of(name).style, *(in_ebooks() - set(layout_of("manual").style))}
    assert there <= {*listed("classic"), *listed(name)}


def test_the_pictures_are_there_and_small() -> None:
    pictures = re.findall(r"!\[([^\]]+)\]\((layouts/[^)]+)\)", PAGE)
    assert len(pictures) == 3 * len(LAYOUTS)
    assert {picture for _, picture in pictures} == {f"layouts/{path.name}" for path in (DOCS / "layouts").iterdir()}
    assert all((DOCS / picture).stat().st_size < 150_000 for _, picture in pictures)


def test_each_class_listed_is_in_the_style_sheets_it_names() -> None:
    section = PAGE[PAGE.index("\n## Classes\n") :]
    rows = re.findall(r"^\| (`\..*?) \| .*? \| (\w+)", section, re.MULTILINE)
    assert len(rows) == 11
    for classes, where in rows:
        folder = ROOT / "layouts" / ("common" if where == "all" else where)
        text = "".join((folder / sheet).read_text(encoding="utf-8") for sheet in ("shared.css", "print.css"))
        for class_ in re.findall("`([.][^`]+)`", classes):
            assert re.search(rf"{re.escape(class_)}\b", text), class_


def test_the_layout_of_the_page_makes_a_book(book_of: Callable[..., Path]) -> None:
    assert [Path(path).name for path in FILES] == ["layout.toml", "shared.css", "print.css"]
    folder = book_of(
        {
            **FILES,
            "book.toml": '[book]\ntitle = "The Lighthouse"\nlanguage = "en"\n[layout]\nname = "harbour"\n'
            '[contents]\nbody = ["a.md", "b.md"]\n',
            "a.md": "# The Quay\n\nThe lamp was lit at dusk.\n\n## A heading\n\n" + "It burnt oil. " * 400,
            "b.md": "# The Sea\n\nNobody passed.\n",
        }
    )
    loaded = load(Order(folder))
    printed, ebook = render(loaded, "pdf"), render(loaded, "epub")
    assert not [*loaded.diagnostics, *printed.diagnostics, *ebook.diagnostics]
    document = pypdfium2.PdfDocument(BytesIO(printed.data))
    assert {page.get_size() for page in document} == {(360, 540)}
    texts = [page.get_textpage().get_text_bounded() for page in document]
    heads = [before for before, after in pairwise(texts) if "The Sea" in after and "Nobody" in after]
    assert len(heads) == 1, "a chapter begins on the next page"
    assert "The Quay" in next(text for number, text in enumerate(texts, 1) if number % 2 == 0 and "burnt" in text)
