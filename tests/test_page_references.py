"""Page numbers put into a text: an index's as ranges, all others one by one."""

from __future__ import annotations

import pytest

from pmpress import xhtml
from pmpress.model import PageMap
from pmpress.pdf.facts import Strings
from pmpress.pdf.page_references import says_pages, with_pages
from pmpress.pdf.sheets import Sheet

LABELS = ("i", "ii", "iii", "iv", *map(str, range(1, 21)))
ANCHORS = {label: place for place, label in enumerate(LABELS)} | {"3b": LABELS.index("3")}


def said(html: str) -> str:
    sheet = Sheet("index", "chapter", html, "recto", "backmatter", Strings())
    return with_pages(sheet, PageMap(LABELS, ANCHORS), "classic").html


def locators(*asked: str, separator: str = ", ") -> str:
    """An index's links to places that are called like their page; `a-b` is a stretch of text."""
    links = []
    for each in asked:
        begins, _, ends = each.partition("-")
        until = f' data-page-to="{ends}"' if ends else ""
        links.append(f'<a href="#{begins}" data-page-of="{begins}"{until}>0</a>')
    return said(f'<p>term, <span class="locators" data-for="print">{separator.join(links)}</span>; see also</p>')


def words(html: str) -> str:
    return "".join(xhtml.parse(html).itertext())


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        (["3"], "3"),
        (["3", "3b"], "3"),
        (["3", "4"], "3, 4"),
        (["3", "4", "5"], "3–5"),
        (["5", "4", "3", "9"], "3–5, 9"),
        (["3-6"], "3–6"),
        (["3-3b"], "3"),
        (["3-4"], "3–4"),
        (["3-6", "5", "7", "9", "10"], "3–7, 9, 10"),
        (["2", "9-12", "4-6"], "2, 4–6, 9–12"),
        (["ii", "iii", "iv", "1"], "ii–iv, 1"),
        (["iv", "1", "2"], "iv, 1, 2"),
        (["iii", "iv", "1", "2", "3"], "iii, iv, 1–3"),
        (["iii-2"], "iii–2"),
        (["unknown", "3"], "3"),
    ],
)
def test_pages_of_an_entry(asked: list[str], wanted: str) -> None:
    assert words(locators(*asked)) == f"term, {wanted}; see also"


def test_each_number_leads_to_the_first_place_on_its_page() -> None:
    found = xhtml.parse(locators("3b", "3", "7", "8-9", "12"))
    assert [(link.text, link.get("href")) for link in found.iter(xhtml.tag("a"))] == [
        ("3", "#3b"), ("7", "#7"), ("9", "#9"), ("12", "#12"),
    ]  # fmt: skip
    assert "data-page" not in locators("3-6", "9")


def test_the_signs_between_pages_are_the_texts_own() -> None:
    assert words(locators("3", "9", "12", separator="، ")) == "term, 3، 9، 12; see also"


def test_elsewhere_each_number_stands_for_itself() -> None:
    text = '<p><a href="#3" data-page-of="3">0</a> <a href="#4" data-page-of="4">0</a> <b data-page-of="no">9</b></p>'
    assert words(said(text)) == "3 4 0"


def test_what_only_an_e_book_shows_is_not_joined() -> None:
    links = "".join(f'<a href="#{page}">2.{page}</a> ' for page in "345")
    assert words(said(f'<p><span class="locators" data-for="ebook">{links}</span></p>')) == "2.3 2.4 2.5 "


def test_a_sheet_says_pages_if_anything_in_it_asks() -> None:
    sheet = Sheet("a", "chapter", '<p data-page-of="x">0</p>', "recto", "bodymatter", Strings())
    assert says_pages(sheet)
    assert not says_pages(Sheet("a", "chapter", "<p>data-page-of</p>", "recto", "bodymatter", Strings()))
