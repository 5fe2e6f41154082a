from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from pmpress.diagnostics import MachineError, UsageError
from pmpress.press import writing


def test_what_was_there_stays_until_the_new_file_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = tmp_path / "book.pdf"
    book.write_bytes(b"old")

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(MachineError) as fault:
        writing.write_all([(book, b"new")])
    assert fault.value.diagnostics[0].code == "output-unwritable"
    assert "No space left" in fault.value.diagnostics[0].message
    assert book.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["book.pdf"]


def test_a_folder_is_made_and_the_file_is_readable(tmp_path: Path) -> None:
    writing.write_all([(tmp_path / "a" / "b" / "book.epub", b"new")])
    written = tmp_path / "a" / "b" / "book.epub"
    assert written.read_bytes() == b"new"
    mask = os.umask(0)
    os.umask(mask)
    assert stat.S_IMODE(written.stat().st_mode) == 0o666 & ~mask


def test_a_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "build").write_text("x")
    with pytest.raises(MachineError) as fault:
        writing.write_all([(tmp_path / "build" / "book.pdf", b"new")])
    assert fault.value.exit_code == 3


def test_destinations(tmp_path: Path) -> None:
    assert writing.destination(None, "slug", ".pdf") == Path("build/slug.pdf")
    assert writing.destination(tmp_path, "slug", ".pdf") == tmp_path / "slug.pdf"
    assert writing.destination(Path("x/y.epub"), "slug", ".epub") == Path("x/y.epub")
    with pytest.raises(UsageError):
        writing.destination(Path("x/y.epub"), "slug", ".pdf")


def test_all_files_or_none(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"old")
    (tmp_path / "a.epub").mkdir()
    with pytest.raises(MachineError):
        writing.write_all([(tmp_path / "a.pdf", b"new"), (tmp_path / "a.epub", b"new")])
    assert (tmp_path / "a.pdf").read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.epub", "a.pdf"]


def test_a_run_that_is_broken_off_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(handle: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        writing.write_all([(tmp_path / "a.pdf", b"new")])
    assert list(tmp_path.iterdir()) == []


def test_a_new_folder_is_put_there_as_a_whole(tmp_path: Path) -> None:
    with writing.new_folder(tmp_path / "a" / "book") as filled:
        (filled / "images").mkdir()
        (filled / "images" / "lamp.svg").write_text("new")
        assert not (tmp_path / "a" / "book").exists()
    assert (tmp_path / "a" / "book" / "images" / "lamp.svg").read_text() == "new"
    mask = os.umask(0)
    os.umask(mask)
    assert stat.S_IMODE((tmp_path / "a" / "book").stat().st_mode) == 0o777 & ~mask
    assert os.listdir(tmp_path / "a") == ["book"]


def test_an_empty_folder_is_filled_from_inside(tmp_path: Path) -> None:
    """It may be on a disk of its own, or stand where nothing else may be written."""
    book = tmp_path / "book"
    book.mkdir()
    with writing.new_folder(book) as filled:
        assert filled.parent == book
        (filled / "a.md").write_text("new")
    assert os.listdir(book) == ["a.md"]


def test_a_folder_under_git_is_empty(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    with writing.new_folder(tmp_path) as filled:
        (filled / "a.md").write_text("# A")
    assert sorted(each.name for each in tmp_path.iterdir()) == [".git", "a.md"]


@pytest.mark.parametrize("is_there", [True, False])
def test_a_new_folder_broken_off_leaves_nothing(tmp_path: Path, is_there: bool) -> None:
    book = tmp_path / "some" / "book"
    if is_there:
        book.mkdir(parents=True)

    def broken_off() -> None:
        with writing.new_folder(book) as filled:
            (filled / "a.md").write_text("new")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        broken_off()
    assert sorted(tmp_path.rglob("*")) == ([book.parent, book] if is_there else [])


@pytest.mark.parametrize("is_there", [True, False])
def test_what_another_wrote_meanwhile_stays(tmp_path: Path, is_there: bool) -> None:
    book = tmp_path / "book"
    if is_there:
        book.mkdir()

    def overtaken() -> None:
        with writing.new_folder(book) as filled:
            (filled / "a.md").write_text("new")
            book.mkdir(exist_ok=True)
            (book / "b.md").write_text("mine")

    with pytest.raises(UsageError, match="folder-taken"):
        overtaken()
    assert [path.name for path in tmp_path.rglob("*")] == ["book", "b.md"]


def test_the_folder_one_is_in_may_be_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    with pytest.raises(MachineError, match="output-unwritable"):
        writing.check_free(Path("book"))
