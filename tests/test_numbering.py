"""Numbers of chapters, appendices, sections, and of what is counted in a series, in both outputs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Run
from test_epub_sample import found
from tiny import links, outline, tiny

from pmpress import xhtml
from pmpress.press import Order, load

Write = Callable[..., Path]
Command = Callable[..., Run]


def test_sections_are_numbered_to_the_depth_asked_for() -> None:
    both = tiny("numbering")
    assert outline(both.printed) == [
        "Figures", "Tables", "Preface", "  Not numbered",
        "1  First", "  1.1  Level two", "    1.1.1  Level three", "      Level four is too deep",
        "    1.1.2  Level three again", "  Set apart", "  1.2  Level two again",
        "2  Second", "  2.1  Begins at one", "Between", "  Nothing here either", "3  Third",
        "A  Tools", "  A.1  Inside",
    ]  # fmt: skip
    assert "1.1 Level two 1.1.1 Level three Level four" in both.printed.text_from("one")
    assert "1.1 Level two 1.1.1 Level three Level four" in both.page("one.xhtml")
    nav = both.ebook.tree("nav.xhtml")
    entries = [xhtml.text_of(link) for link in found(nav, "//h:nav[1]//h:a")]
    assert entries == [" ".join(title.split()) for title in outline(both.printed)]


def test_figures_and_tables_are_numbered_by_chapter() -> None:
    both = tiny("numbering")
    captions = ["Table 1.1 A table of two things", "Figure 1.1 A square of one colour", "Figure 2.1 The same square",
                "Figure 2.2 And again", "Table A.1 A table behind"]  # fmt: skip
    chapters = ["one", "one", "two", "two", "appendix-a"]
    anchors = ["tab-two", "fig-square", "figure-1", "fig-again", "tab-behind"]
    for chapter, anchor, caption in zip(chapters, anchors, captions, strict=True):
        assert caption in both.printed.text_from(f"{chapter}--{anchor}")
        assert caption in both.page(f"{chapter}.xhtml")
    assert both.chapter("two").endswith("See Figure 2.2.")
    assert both.chapter("appendix-a").endswith("See Table A.1 and Table 1.1.")


def test_the_lists_of_figures_and_tables() -> None:
    both = tiny("numbering")
    figures = both.printed.text_from("loi")
    for title, anchor in [("1.1 A square of one colour", "one--fig-square"), ("2.2 And again", "two--fig-again")]:
        page = both.printed.page_map.folio(anchor)
        assert figures.replace(" .", "").find(f"{title} {page}") > 0
        assert (both.printed.page_map.anchors["loi"], anchor) in list(links(both.printed))
    lines = [xhtml.text_of(item) for item in found(both.ebook.tree("loi.xhtml"), "//h:li")]
    assert lines == ["1.1 A square of one colour", "2.1 The same square", "2.2 And again"]
    hrefs = found(both.ebook.tree("lot.xhtml"), "//h:li/h:a/@href")
    assert hrefs == ["one.xhtml#tab-two", "appendix-a.xhtml#tab-behind"]


TABLE = "| a |\n|---|\n| 1 |\n\n: {} {{#t{}}}\n\n"


def numbered(book_of: Write, settings: str, *texts: str) -> list[str]:
    """The caption labels and numbers that a book of those chapters gets."""
    toml = f'[book]\ntitle = "T"\nlanguage = "en"\n[numbering]\n{settings}\n'
    files = {f"{place}.md": text for place, text in enumerate(texts, start=1)}
    book = load(Order(book_of({"book.toml": toml, **files}))).book
    wanted = ("section-number", "caption-label")
    return [chapter.number for chapter in book.chapters] + [
        str(element.text)
        for chapter in book.chapters
        for element in xhtml.parse(chapter.xhtml).iter(xhtml.tag("span"))
        if element.get("class") in wanted
    ]


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ("", ["1", "2", "Table 1.1", "Table 2.1", "Table 2.2"]),
        ("chapters = false", ["", "", "Table 1", "Table 2", "Table 3"]),
        ('tables = "book"', ["1", "2", "Table 1", "Table 2", "Table 3"]),
        ('tables = "off"', ["1", "2"]),
        ("chapters = false\nsections = 1", ["", "", "1", "Table 1", "1", "Table 2", "Table 3"]),
    ],
)
def test_settings(settings: str, expected: list[str], book_of: Write) -> None:
    one, two = "# A\n\n## S\n\n" + TABLE.format("x", 1), "# B\n\n## S\n\n" + TABLE.format("y", 1) + TABLE.format("z", 2)
    assert numbered(book_of, settings, one, two) == expected


@pytest.mark.parametrize("caption", ["Figure 2-1. The river", "Fig. 3: it", "Abb. 12 Wort", "図2.1 川", "Table A.1 x"])
def test_captions_that_say_their_numbers_are_left_alone(caption: str, book_of: Write) -> None:
    assert numbered(book_of, "", "# A\n\n" + TABLE.format(caption, 1)) == [""]


@pytest.mark.parametrize("caption", ["x.py", "C: a drive", "2024 in figures", "The first 3"])
def test_other_captions_are_counted(caption: str, book_of: Write) -> None:
    assert numbered(book_of, "", "# A\n\n" + TABLE.format(caption, 1)) == ["", "Table 1"]


def test_titles_that_say_their_numbers_are_left_alone(book_of: Write) -> None:
    one, two = (f"# Chapter {number}: X\n\n" + TABLE.format(f"Table {number}-1. x", 1) for number in (1, 2))
    assert numbered(book_of, "", one, two) == ["", ""]
    assert numbered(book_of, "chapters = true", one, two) == ["1", "2"]


@pytest.mark.parametrize(
    ("setting", "wanted"), [("sections = 6", "depth"), ('chapters = "no"', "auto"), ('figures = "all"', "chapter")]
)
def test_bad_settings(setting: str, wanted: str, book_of: Write, run: Command) -> None:
    toml = f'[book]\ntitle = "T"\nlanguage = "en"\n[numbering]\n{setting}\n'
    said = run("build", book_of({"book.toml": toml, "a.md": "# A"}), "--format", "json")
    assert "book.toml:5 error config-type" in said.said
    assert wanted in said.out
