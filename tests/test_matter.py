"""What stands before and behind the text, in the trade's order, with its own folios, in both outputs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Run
from test_epub_sample import found
from tiny import labels, outline, tiny

from pmpress import xhtml
from pmpress.model import Chapter, Leaf, Part

Write = Callable[..., Path]
Command = Callable[..., Run]
BOOK = '[book]\ntitle = "T"\nlanguage = "en"\n'


def test_the_order_of_all_matter() -> None:
    book = tiny("front-and-back").book
    front = [item.name if isinstance(item, Leaf) else item.kind for item in book.frontmatter]
    assert front == ["halftitlepage", "titlepage", "copyright-page", "dedication", "epigraph", "contents", "foreword",
                     "preface", "acknowledgments"]  # fmt: skip
    assert [(item.number, item.title) for item in book.bodymatter if isinstance(item, Part)] == [
        ("I", "Going"),
        ("II", "Coming"),
    ]
    assert [(item.kind, item.number) for item in book.backmatter] == [
        ("afterword", ""),
        ("appendix", "A"),
        ("appendix", "B"),
        ("colophon", ""),
        ("contributors", ""),
    ]


def test_the_printed_pages() -> None:
    printed = tiny("front-and-back").printed
    assert printed.texts[0] == "All a Book Has"
    assert printed.texts[1] == ""
    assert printed.texts[2] == "A. Writer All a Book Has A Tiny Book A Press"
    for line in ("Second edition", "© 2026 A. Writer", "CC BY-SA 4.0", "Edited by An Editor",
                 "Cover drawn by the press", "ISBN 9783161484100 (print)", "ISBN 9780306406157 (e-book)"):  # fmt: skip
        assert line in printed.texts[3]
    assert printed.texts[4] == "For everybody who reads to the end."
    assert printed.texts[6] == "Begin where you are. A proverb"
    assert printed.texts[8].startswith("Contents Foreword")
    assert "Appendix A What to Pack" in " ".join(printed.texts)


def test_folios_are_roman_before_the_body_and_arabic_from_one_in_it() -> None:
    printed = tiny("front-and-back").printed
    first = printed.texts.index("Part I Going")
    shown = labels(printed)
    assert shown[:5] == ["i", "ii", "iii", "iv", "v"]
    assert shown[first : first + 3] == ["1", "2", "3"]
    assert shown[first - 1] == "xvi"
    assert printed.text_from("preface").endswith(printed.page_map.folio("preface"))
    assert printed.page_map.folio("preface") == "xiii"
    assert printed.text_from("more").endswith(printed.page_map.folio("more"))
    # What has few words on its page shows no folio there.
    assert not printed.text_from("dedication").endswith("v")


def test_parts_and_all_matter_stand_in_the_outline_and_in_the_nav() -> None:
    both = tiny("front-and-back")
    assert outline(both.printed) == [
        "Foreword", "Preface", "Thanks", "I  Going", "  1  Setting Out", "    A road", "  2  Going On", "II  Coming",
        "  3  Coming Back", "Afterword", "A  What to Pack", "  Shoes", "B  What to Leave", "Colophon",
        "About the Author",
    ]  # fmt: skip
    nav = both.ebook.tree("nav.xhtml")
    entries = [xhtml.text_of(link) for link in found(nav, "//h:nav[1]//h:a")]
    assert entries == [" ".join(title.split()) for title in outline(both.printed)]
    parts = found(nav, "//h:nav[1]/h:ol/h:li[@class='contents-part']/h:ol/h:li")
    assert len(parts) == 3


def test_the_ebook_has_all_but_the_half_title() -> None:
    ebook = tiny("front-and-back").ebook
    spine = [item.get("idref") for item in found(ebook.package, "o:spine/o:itemref")]
    assert spine[:7] == ["page-cover", "page-titlepage", "page-copyright-page", "page-dedication", "page-epigraph",
                         "page-nav", "page-words-before"]  # fmt: skip
    assert "page-part-1" in spine
    dedication = ebook.tree("dedication.xhtml")
    assert found(dedication, "//h:section/@role") == ["doc-dedication"]
    assert xhtml.text_of(found(dedication, "//h:h1")[0]) == "Dedication"
    assert "ISBN 9780306406157" in tiny("front-and-back").page("copyright-page.xhtml")


def test_the_kind_that_a_text_says_of_itself_moves_it_where_nobody_ordered_the_book(
    book_of: Write, run: Command
) -> None:
    book = book_of({"a.md": "# A", "b.md": "---\nkind: preface\n---\n# B", "c.md": "---\nkind: appendix\n---\n# C",
                    "d.md": "---\nkind: about-the-author\n---\n# D", "e.md": "# E", "book.toml": BOOK})  # fmt: skip
    from pmpress.press import Order, load

    made = load(Order(book)).book
    assert [item.kind for item in made.frontmatter if isinstance(item, Chapter)] == ["preface"]
    assert [(chapter.kind, chapter.number) for chapter in made.chapters] == [
        ("preface", ""), ("chapter", "1"), ("chapter", "2"), ("appendix", "A"), ("contributors", ""),
    ]  # fmt: skip


def test_a_kind_that_cannot_stand_there_is_said(book_of: Write, run: Command) -> None:
    toml = BOOK + '[contents]\nfront = [{ file = "a.md", kind = "index" }]\nbody = [{ file = "b.md", kind = "x" }]\n'
    said = run(
        "build", book_of({"book.toml": toml, "a.md": "# A", "b.md": "---\nkind: preface\n---\n# B"}), "--format", "json"
    )
    assert said.said.count("book.toml:5 warning kind-unknown") == 1
    assert said.said.count("book.toml:6 warning kind-unknown") == 1
    assert said.said.count("b.md:1 warning kind-unknown") == 1


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"book.toml": BOOK + '[contents]\nbody = [\n"a.md",\n{ part = "Empty", chapters = [] }]\n', "a.md": "# A"},
         "book.toml:7 error part-empty"),
        ({"SUMMARY.md": "# Summary\n\n- [A](a.md)\n\n# Empty\n", "a.md": "# A"}, "SUMMARY.md:5 warning part-empty"),
    ],
)  # fmt: skip
def test_a_part_without_chapters(files: dict[str, str], said: str, book_of: Write, run: Command) -> None:
    assert said in run("build", book_of(files), "--format", "json").said


def test_a_dedication_needs_no_heading(book_of: Write, run: Command) -> None:
    files = {"book.toml": BOOK.replace("en", "fr"), "dedication.md": "À tous.", "a.md": "# A"}
    assert not [said for said in run("build", book_of(files), "--format", "json").said if "title-guessed" in said]
