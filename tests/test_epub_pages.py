"""Pages as tasks: each knows no more of the book than it needs, is made once, and is the same whoever makes it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import pytest
from test_epub_sample import BOOKS, Opened, classic, finished, of_text, plain, sample

from pmpress.cache import Cache, pack, unpack
from pmpress.diagnostics import PressError
from pmpress.epub import making, render
from pmpress.epub.names import Names, name_files
from pmpress.epub.pages.filling import Pages
from pmpress.epub.work import Filled, Page, make_page
from pmpress.layout import Layout
from pmpress.model import Book, Chapter, Edition, Part
from pmpress.press.workers import workers
from pmpress.tasks import InProcess

T = TypeVar("T")


class Counting(InProcess):
    """Does the work here, and writes down which page or font it was."""

    def __init__(self) -> None:
        self.made: list[str] = []

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        self.made.append(args[0].file if isinstance(args[0], Filled) else Path(args[0]).name)
        return super().submit(fn, *args, **kwargs)


@pytest.fixture(autouse=True)
def _nothing_is_little(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "_LITTLE", 0)


def _changed(book: Book, slug: str, old: str, new: str) -> Book:
    def change(chapter: Chapter) -> Chapter:
        if chapter.slug != slug:
            return chapter
        assert old in chapter.xhtml
        return replace(chapter, xhtml=chapter.xhtml.replace(old, new, 1))

    body = tuple(
        replace(item, chapters=tuple(map(change, item.chapters))) if isinstance(item, Part) else change(item)
        for item in book.bodymatter
    )
    return replace(book, bodymatter=body)


def test_a_change_in_one_chapter_makes_only_its_page_anew(tmp_path: Path) -> None:
    first, second, third = Counting(), Counting(), Counting()
    before, after = sample(), _changed(sample(), "dough", "<p", "<p>the bread</p><p")
    render(before, classic(), Edition(), executor=first, cache=Cache(tmp_path))
    assert {"cover.xhtml", "nav.xhtml", "dough.xhtml"} <= set(first.made)
    made = render(after, classic(), Edition(), executor=second, cache=Cache(tmp_path))
    assert second.made == ["dough.xhtml"]
    assert made == render(after, classic(), Edition())
    assert render(before, classic(), Edition(), executor=third, cache=Cache(tmp_path)).data == finished("sample").data
    assert third.made == []


@pytest.mark.parametrize("name", BOOKS)
def test_other_processes_give_the_same_bytes(name: str) -> None:
    with workers(2) as pool:
        made = render(BOOKS[name](), classic(), Edition(), executor=pool)
    assert Opened(made.data, made.diagnostics) == finished(name)


@pytest.mark.parametrize("name", BOOKS)
def test_a_page_is_the_same_when_remembered(name: str) -> None:
    book, layout = BOOKS[name](), plain()
    for filled in Pages(book, layout, name_files(book, layout)):
        page = make_page(filled, layout.epub_css)
        assert unpack(pack(page), Page) == page


def test_the_first_broken_page_is_named_whoever_finds_it(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = of_text("<p>a<br>b</p>")
    (one,) = broken.chapters
    book = replace(broken, bodymatter=(one, replace(one, slug="two")))
    with workers(2) as pool, pytest.raises(PressError, match="for 'one'") as raised:
        render(book, plain(), Edition(), executor=pool)
    assert len(raised.value.diagnostics) == 1
    monkeypatch.setattr(Layout, "render", lambda *_, **__: "<p>")
    with pytest.raises(PressError, match=r"titlepage\.html\.jinja"):
        render(book, plain(), Edition())


@pytest.mark.parametrize(
    ("page", "pages", "assets"),
    [
        ('<a href="#one--x">1</a> <a\nclass="b" href = "#two"/>', {"one", "two"}, set()),
        ("<a title='see href=\"' href='#one'/>", {"one"}, set()),
        ('<p>href="</p><a href="#one"/>', {"one"}, set()),
        ('<p>href=</p><p>"<a href="&#35;one"/>"</p>', {"one"}, set()),
        ('<p data-src="it\'s &amp; it.png"/><img src="it\'s &amp; it.png"/>', set(), {"it's & it.png"}),
        ('<p data-src="it\'s &amp; it.png"/><a href="https://one"/>', set(), set()),
    ],
)
def test_a_page_knows_the_names_it_asks_for(page: str, pages: set[str], assets: set[str]) -> None:
    every = Names({"one": "1.xhtml", "two": "2.xhtml", "three": "3.xhtml"}, {"it's & it.png": "it.png", "b.png": "b"})
    asked = every.asked_by(page)
    assert set(asked.pages) == pages
    assert set(asked.assets) == assets
