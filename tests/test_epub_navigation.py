"""The e-book's contents and landmarks, and the NCX for older readers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from lxml import etree
from test_epub_sample import Opened, finished, found, of_text, opened, plain, sample

from pmpress import xhtml
from pmpress.epub import render
from pmpress.model import Edition, Entry
from pmpress.press import Order, load
from pmpress.press import render as make


def _entries(items: list[etree._Element]) -> list[tuple[str, str, Any]]:
    """A nav's tree: text, link, and what is below."""
    return [(xhtml.text_of(item[0]), item[0].get("href") or "", _entries(found(item, "h:ol/h:li"))) for item in items]


def _points(items: list[etree._Element]) -> list[tuple[str, str, Any]]:
    return [
        (found(item, "n:navLabel/n:text")[0].text, found(item, "n:content/@src")[0], _points(found(item, "n:navPoint")))
        for item in items
    ]


def _of_book(entries: tuple[Entry, ...]) -> list[tuple[str, str, Any]]:
    def href(anchor: str) -> str:
        slug, _, fragment = anchor.partition("--")
        return f"{slug}.xhtml#{fragment}" if fragment else f"{slug}.xhtml"

    return [(f"{each.number} {each.title}".strip(), href(each.anchor), _of_book(each.entries)) for each in entries]


def test_nav_and_ncx_are_the_contents() -> None:
    book = finished("sample")
    assert _entries(found(book.tree("nav.xhtml"), "//h:nav[@id='toc']/h:ol/h:li")) == _of_book(sample().contents)
    assert _points(found(book.tree("toc.ncx"), "n:navMap/n:navPoint")) == _of_book(sample().contents)
    assert found(book.package, "o:spine/@toc") == ["ncx"]
    assert found(book.tree("toc.ncx"), "//n:meta[@name='dtb:uid']/@content") == [sample().metadata.identifier]
    assert found(book.tree("toc.ncx"), "//n:meta[@name='dtb:depth']/@content") == ["4"]


def test_a_book_without_contents_lists_its_chapters() -> None:
    nav = finished("bare").tree("nav.xhtml")
    assert _entries(found(nav, "//h:nav[@id='toc']/h:ol/h:li")) == [("Nav", "nav-2.xhtml", [])]


def test_a_line_of_the_contents_is_never_empty() -> None:
    book = of_text('<h2 id="pic">?</h2>', contents=(Entry("one--pic", "", "section"),))
    assert _entries(found(opened(book).tree("nav.xhtml"), "//h:nav[1]/h:ol/h:li"))[0][0] == "one--pic"


def test_landmarks() -> None:
    def landmarks(name: str) -> list[tuple[str, str]]:
        links = found(finished(name).tree("nav.xhtml"), "//h:nav[@id='landmarks']//h:a")
        return [(link.get(xhtml.EPUB_TYPE), link.get("href")) for link in links]

    always = [("titlepage", "titlepage.xhtml"), ("toc", "nav.xhtml#toc")]
    assert landmarks("sample") == [("cover", "cover.xhtml"), *always, ("bodymatter", "part-1.xhtml")]
    assert landmarks("bare") == [*always, ("bodymatter", "nav-2.xhtml")]


def test_contents_to_a_chosen_depth() -> None:
    book = Opened(render(sample(), plain(), Edition(contents_depth=2)).data)
    wanted = [
        (said, href, [(*below[:2], []) for below in inside]) for said, href, inside in _of_book(sample().contents)
    ]
    assert _entries(found(book.tree("nav.xhtml"), "//h:nav[@id='toc']/h:ol/h:li")) == wanted
    assert _points(found(book.tree("toc.ncx"), "n:navMap/n:navPoint")) == wanted
    assert found(book.tree("toc.ncx"), "//n:meta[@name='dtb:depth']/@content") == ["2"]


def test_the_depth_is_the_books_or_the_targets_if_that_is_less(book_of: Callable[..., Path]) -> None:
    folder = book_of({"a.md": "# A\n", "little.toml": "[ebook]\ncontents_depth = 2\n"})

    def depth(target: str, *said: tuple[str, str]) -> int:
        return load(Order(folder, said, target=target)).edition.contents_depth

    one, three = ("epub.contents_depth", "1"), ("epub.contents_depth", "3")
    assert (depth(""), depth("", three), depth("little")) == (0, 3, 2)
    assert (depth("little", three), depth("little", one)) == (2, 1)


def test_lists_glossary_bibliography_and_index_are_landmarks(book_of: Callable[..., Path]) -> None:
    folder = book_of({
        "book.toml": '[book]\ntitle = "T"\nlanguage = "fr"\n[lists]\ntables = true\n[notes]\nplace = "book"\n',
        "a.md": "# A\n\n[Term]{.index} and a note.[^1]\n\n[^1]: Said.\n\n| a |\n|---|\n| b |\n\nTable: A table\n",
        "glossary.md": "# Words\n\nTerm\n:   What it means.\n",
    })  # fmt: skip
    nav = Opened(make(load(Order(folder)), "epub").data).tree("nav.xhtml")
    links = found(nav, "//h:nav[@id='landmarks']//h:a")
    marks = {link.get(xhtml.EPUB_TYPE): (link.get("href"), link.text) for link in links}
    assert list(marks)[-5:] == ["bodymatter", "lot", "endnotes", "glossary", "index"]
    assert marks["glossary"] == ("glossary.xhtml", "Words")
    assert marks["index"][1] == "Index"
    assert found(nav, "//h:nav[@id='landmarks']//h:a[@role]") == []


def test_titles_in_other_languages_say_so(book_of: Callable[..., Path]) -> None:
    text = "# عنوان {lang=ar}\n\nText.\n\n## [Un *moulin*]{lang=fr}\n\n## [Le]{lang=fr} mill\n\nText.\n\n# Plain\n"
    folder = book_of({"book.toml": '[book]\ntitle = "T"\nlanguage = "en"\n', "a.md": text})
    book = Opened(make(load(Order(folder)), "epub").data)
    shown = found(book.tree("nav.xhtml"), "//h:nav[1]//h:span[@class='contents-title']")
    assert [(xhtml.text_of(each), each.get("lang"), each.get("dir")) for each in shown] == [
        ("عنوان", "ar", "rtl"), ("Un moulin", "fr", "ltr"), ("Le mill", None, None), ("Plain", None, None),
    ]  # fmt: skip
    (title,) = found(book.tree("a.xhtml"), "//h:h1//*[@lang]")
    assert (xhtml.text_of(title), title.get("lang"), title.get("dir")) == ("عنوان", "ar", "rtl")
