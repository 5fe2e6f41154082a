"""References that say their own words, and the page where there are pages."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Run
from test_epub_sample import found
from tiny import links, tiny

from pmpress import xhtml
from pmpress.press import Order, load

Write = Callable[..., Path]
Command = Callable[..., Run]


def test_words_in_the_printed_book() -> None:
    printed = tiny("references").printed
    alpha = printed.text_from("alpha")
    assert "Section 1.1 opens a line; Section 1.1 does not. A chapter is Chapter 2" in alpha
    assert "a section there Section 2.1" in alpha
    assert "an unnumbered place Loose, an appendix Appendix A, the part Part II, this chapter Chapter 1." in alpha
    assert "See Section 3" not in alpha
    page = printed.page_map.folio("beta--deep")
    assert f"Words lead back to it, and print says where (page {page})." in alpha.replace("\xa0", " ")
    far, less = printed.page_map.folio("gamma--far"), printed.page_map.folio("alpha--page-less")
    assert f"See page {far} and page {less}; a Table 1.1 too." in alpha.replace("\xa0", " ")
    near = printed.page_map.folio("alpha--near")
    assert f"Before Chapter 1, Part II and page {near}." in printed.text_from("preface").replace("\xa0", " ")


def test_words_in_the_ebook() -> None:
    both = tiny("references")
    alpha = both.page("alpha.xhtml")
    assert "Words lead back to it, and print says where." in alpha
    assert "See Section 3.1 and Chapter 1; a Table 1.1 too." in alpha
    assert "Before Chapter 1, Part II and Section 1.1." in both.page("preface.xhtml")
    assert "page" not in both.page("preface.xhtml").lower().replace("preface", "")


def test_every_reference_is_a_link_to_its_place() -> None:
    both = tiny("references")
    printed = both.printed
    index = printed.page_map.anchors["alpha"]
    leads = [name for page_index, name in links(printed) if page_index == index]
    assert leads.count("alpha--near") == 2
    assert leads.count("beta--deep") == 4
    assert {"beta", "appendix", "part-2", "gamma--far", "alpha--page-less", "alpha--tab"} <= set(leads)
    hrefs = found(both.ebook.tree("alpha.xhtml"), "//h:section//h:a/@href")
    assert hrefs.count("beta.xhtml#deep") == 3
    assert {"beta.xhtml", "appendix.xhtml", "part-2.xhtml", "gamma.xhtml#far", "#page-less", "#tab"} <= set(hrefs)
    assert not [href for page in both.ebook.pages.values() for href in found(page, "//h:a/@href") if ".md" in href]


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "See Chapter 1, Section 1.1, Table 1.1. | Table 1.1 x | Section 1.1 opens."),
        ("fr", "See chapitre 1, section 1.1, tableau 1.1. | Tableau 1.1 x | Section 1.1 opens."),
        ("de", "See Kapitel 1, Abschnitt 1.1, Tabelle 1.1. | Tabelle 1.1 x | Abschnitt 1.1 opens."),
        ("es", "See capítulo 1, sección 1.1, tabla 1.1. | Tabla 1.1 x | Sección 1.1 opens."),
        ("ar", "See الفصل 1, القسم 1.1, الجدول 1.1. | الجدول 1.1 x | القسم 1.1 opens."),
        ("ja", "See 第1章, 1.1節, 表1.1. | 表1.1 x | 1.1節 opens."),
        ("eo", "See Chapter 1, Section 1.1, Table 1.1. | Table 1.1 x | Section 1.1 opens."),
    ],
)
def test_in_the_language_of_the_book(language: str, expected: str, book_of: Write) -> None:
    toml = f'[book]\ntitle = "T"\nlanguage = "{language}"\n[numbering]\nsections = 1\n'
    text = "# A\n\nSee [](#a), [](#s), [](#t).\n\n## S {#s}\n\n| a |\n|---|\n| 1 |\n\n: x {#t}\n\n[](#s) opens.\n"
    book = load(Order(book_of({"book.toml": toml, "a.md": text, "b.md": "# B"}))).book
    body = xhtml.parse(book.chapters[0].xhtml)
    blocks = [*body.iter(xhtml.tag("p")), *body.iter(xhtml.tag("caption"))]
    first, last, caption = (xhtml.text_of(block) for block in blocks)
    assert f"{first} | {caption} | {last}" == expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("# A\n\nSee [](#gone).\n", "a.md:3 error ref-unresolved"),
        ("# A\n\nSee [](gone.md).\n", "a.md:3 error ref-unresolved"),
        ("# A\n\nSee [it](#gone).\n", "a.md:3 error link-unresolved"),
        ("# A\n\nSee\n[](#here).\n\n[x]{#here}\n", "a.md:4 error ref-unresolved"),
        ("# A\n\n[x]{#here}\n\n[y]{#here}\n", "a.md:5 error id-duplicate"),
    ],
)
def test_what_cannot_be_said(text: str, said: str, book_of: Write, run: Command) -> None:
    made = run("build", book_of({"a.md": text, "b.md": "# B"}), "--format", "json")
    assert said in made.said
    assert made.code == 1


def test_an_id_that_is_the_same_counts_for_more_than_one_that_is_alike(book_of: Write) -> None:
    files = {"a.md": "# A\n\n## One {#s-1-11}\n", "b.md": "# B\n\n## Two {#s-11-1}\n\n[x](#s-1-11) [y](#S-11-1)\n"}
    chapters = load(Order(book_of(files))).book.chapters
    hrefs = [link.get("href") for link in xhtml.parse(chapters[1].xhtml).iter(xhtml.tag("a"))]
    assert hrefs == ["#a--s-1-11", "#b--s-11-1"]


def test_many_references_take_little_time(book_of: Write) -> None:
    def chapter(number: int) -> str:
        there = (number + 1) % 20
        return f"# {number}\n\n" + "".join(f"## T {{#n{number}x{s}}}\n\n[x](#n{there}x{s})\n\n" for s in range(200))

    folder = book_of({f"{number:02}.md": chapter(number) for number in range(20)})
    begun = time.process_time()
    load(Order(folder))
    assert time.process_time() - begun < 10


def test_a_reference_in_a_heading_is_in_the_contents(book_of: Write) -> None:
    text = "# A\n\n## [](b.md)\n\nx\n\n## See [](#a) again\n\ny\n"
    toml = '[book]\ntitle = "T"\nlanguage = "en"\n[numbering]\nsections = 1\n'
    book = load(Order(book_of({"a.md": text, "b.md": "# B", "book.toml": toml}))).book
    assert [(entry.number, entry.title) for entry in book.contents[0].entries] == [
        ("1.1", "Chapter 2"),
        ("1.2", "See Chapter 1 again"),
    ]


def test_an_address_may_be_written_as_browsers_write_it(book_of: Write) -> None:
    (chapter,) = load(Order(book_of({"a.md": "# A\n\n[x](#%C3%A9t%C3%A9)\n\n## \u00e9t\u00e9\n"}))).book.chapters
    assert f'href="#{chapter.slug}--\u00e9t\u00e9"' in chapter.xhtml
