"""What is remembered: never trusted when damaged, never in the way, never out of date, and the book is the same."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from conftest import Run

from pmpress import cache as caches
from pmpress.cache import FOLDER, Cache, clean, digest, pack, remembered, unpack

Write = Callable[..., Path]
Command = Callable[..., Run]


@dataclass(frozen=True)
class Thing:
    name: str
    data: bytes
    parts: tuple[int, ...] = ()


def entries(folder: Path) -> list[Path]:
    return [path for path in folder.glob("*/*") if path.is_file()]


def test_what_was_put_is_found_again(tmp_path: Path) -> None:
    Cache(tmp_path / "c").put("ab12", b"data")
    assert Cache(tmp_path / "c").get("ab12") == b"data"
    assert Cache(tmp_path / "c").get("ab13") is None
    assert Cache().get("ab12") is None


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[:-1],
        lambda data: data[:40] + bytes([data[40] ^ 1]) + data[41:],
        lambda data: b"x" * len(data),
    ],
)
def test_a_damaged_entry_is_made_again(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    store = Cache(tmp_path)
    made: list[int] = []

    def make() -> Thing:
        made.append(1)
        return Thing("a", b"bytes", (1, 2))

    assert remembered(store, Thing, "abcd", make) == remembered(store, Thing, "abcd", make)
    assert made == [1]
    (path,) = entries(tmp_path)
    path.write_bytes(damage(path.read_bytes()))
    assert remembered(store, Thing, "abcd", make) == Thing("a", b"bytes", (1, 2))
    assert made == [1, 1]
    assert Cache(tmp_path).get("abcd") == pack(Thing("a", b"bytes", (1, 2)))


def test_an_entry_of_another_kind_is_no_entry(tmp_path: Path) -> None:
    store = Cache(tmp_path)
    store.put("abcd", pack({"name": 1}))
    assert remembered(store, Thing, "abcd", lambda: Thing("a", b"")) == Thing("a", b"")
    assert unpack(b"\xc1", Thing) is None


def test_a_key_is_of_all_that_goes_in() -> None:
    same = digest("a", Thing("x", b"y"), {"b": 1, "a": 2})
    assert same == digest("a", Thing("x", b"y"), {"a": 2, "b": 1})
    others = [digest("a", Thing("x", b"z"), {"a": 2, "b": 1}), digest("aa"), digest("a", "a"), digest(["a", "a"])]
    assert len({same, *others}) == 5


def test_a_full_disk_is_no_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> Any:
        raise OSError(errno.ENOSPC, "No space left on device")

    store = Cache(tmp_path)
    monkeypatch.setattr(caches.os, "fdopen", full)
    store.put("abcd", b"data")
    monkeypatch.undo()
    assert store.get("abcd") is None
    assert entries(tmp_path) == []


def test_the_oldest_entries_go(tmp_path: Path) -> None:
    store = Cache(tmp_path, limit=1000)
    for number in range(5):
        store.put(f"{number}{number}key", bytes(300))
        (path,) = tmp_path.glob(f"{number}{number}/*")
        os.utime(path, (number, number))
    assert store.get("00key") == bytes(300)  # the oldest, now the last used
    store.trim()
    assert [number for number in range(5) if store.get(f"{number}{number}key")] == [0, 3, 4]


def test_only_a_cache_is_deleted(tmp_path: Path) -> None:
    mine = tmp_path / FOLDER
    mine.mkdir()
    (mine / "letter.txt").write_text("dear diary")
    assert not clean(tmp_path)
    assert (mine / "letter.txt").exists()
    Cache(mine).put("abcd", b"x")
    assert clean(tmp_path)
    assert not mine.exists()


BOOK = {
    "book.toml": '[book]\ntitle = "T"\nlanguage = "en"\n',
    "a.md": "# One\n\nSome *words* and [a link](b.md).[^1]\n\n[^1]: A note.\n",
    "b.md": "# Two\n\n![A dot](dot.svg)\n\n## Inside\n\n" + "More words of it. " * 300,
    "dot.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><circle r="3"/></svg>',
}


def test_cached_and_cold_give_the_same_bytes(book_of: Write, run: Command) -> None:
    book = book_of(BOOK)
    run("build", book, "-o", "warm")
    (book / "b.md").write_text(BOOK["b.md"].replace("More", "Fewer", 1))
    run("build", book, "-o", "warm")
    run("build", book, "-o", "cold")
    for name in ("t.pdf", "t.epub"):
        assert Path("warm", name).read_bytes() == Path("cold", name).read_bytes()


def test_diagnostics_are_remembered_too(book_of: Write, run: Command) -> None:
    book = book_of({**BOOK, "b.md": "# Two\n\nA bird: \U00013080.\n\n\n[left out](notes.txt)\n", "notes.txt": "x"})
    first = run("build", book, "--format", "json")
    assert any("glyph-missing" in said for said in first.said)
    assert run("build", book, "--format", "json").said == first.said


def test_every_damaged_entry_is_survived(book_of: Write, run: Command) -> None:
    book = book_of(BOOK)
    run("build", book, "-o", "out")
    good = {name: Path("out", name).read_bytes() for name in ("t.pdf", "t.epub")}
    for number, path in enumerate(sorted(entries(Path("out", FOLDER)))):
        data = path.read_bytes()
        path.write_bytes((data[: len(data) // 2], b"", data[:-1] + b"\0" + data[-1:])[number % 3])
    assert run("build", book, "-o", "out").code == 0
    assert {name: Path("out", name).read_bytes() for name in good} == good


def test_nothing_is_kept_of_a_change(book_of: Write, run: Command) -> None:
    """What an author, a designer or a setting changes is seen, whatever is remembered."""
    book = book_of(BOOK)
    run("build", book, "-o", "out")
    seen = {Path("out/t.pdf").read_bytes()}
    (book / "dot.svg").write_text(BOOK["dot.svg"].replace('r="3"', 'r="4"'))
    run("build", book, "-o", "out")
    seen.add(Path("out/t.pdf").read_bytes())
    layout = book / "layouts" / "classic"
    layout.mkdir(parents=True)
    (layout / "shared.css").write_text("p { color: #333 }")
    run("build", book, "-o", "out")
    seen.add(Path("out/t.pdf").read_bytes())
    run("build", book, "-o", "out", "--set", "book.language=fr")
    seen.add(Path("out/t.pdf").read_bytes())
    assert len(seen) == 4


def test_clean_forgets_and_keeps_the_book(book_of: Write, run: Command) -> None:
    run("epub", book_of(BOOK), "-o", "out")
    assert run("clean", "-o", "out").code == 0
    assert [path.name for path in Path("out").iterdir()] == ["t.epub"]
    assert run("clean", "-o", "out").code == 0


@pytest.mark.slow
def test_two_builds_at_once_and_one_killed(book_of: Write, tmp_path: Path) -> None:
    book = book_of({**BOOK, "c.md": "# Three\n\n" + "Many words. " * 6000})
    command = [sys.executable, "-m", "pmpress", "build", str(book), "-q", "-o"]
    killed = subprocess.Popen([*command, str(tmp_path / "out")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(1.5)
    killed.kill()
    killed.wait()
    both = [subprocess.Popen([*command, str(tmp_path / "out")], stdout=subprocess.DEVNULL) for _ in range(2)]
    assert [each.wait() for each in both] == [0, 0]
    subprocess.run([*command, str(tmp_path / "cold")], check=True, stdout=subprocess.DEVNULL)
    for name in ("t.pdf", "t.epub"):
        assert (tmp_path / "out" / name).read_bytes() == (tmp_path / "cold" / name).read_bytes()
    assert not [path for path in (tmp_path / "out").iterdir() if path.name.startswith(".pmpress-")]
