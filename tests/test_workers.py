"""Work given out: in this process or in others, the same; and nobody left behind."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import Run

from pmpress import pdf
from pmpress.cache import Cache
from pmpress.diagnostics import MachineError, ManuscriptError, Span, error
from pmpress.layout import built_in
from pmpress.press import Order, load
from pmpress.press.workers import workers
from pmpress.tasks import InProcess, done

Write = Callable[..., Path]
Command = Callable[..., Run]


def double(number: int) -> int:
    return 2 * number


def fail(number: int) -> int:
    raise ManuscriptError(error("broken", "it is broken", Span("a.md", number), "Mend it."))


def vanish(number: int) -> int:
    os._exit(9)


def test_each_task_is_answered_at_its_place() -> None:
    assert dict(done(double, int, [(3,), (4,)], InProcess(), Cache(), "v1")) == {0: 6, 1: 8}
    with workers(2) as pool:
        assert dict(done(double, int, [(number,) for number in range(9)], pool, Cache(), "v1")) == {
            number: 2 * number for number in range(9)
        }


def test_what_is_done_here_is_told_at_once() -> None:
    begun: list[int] = []
    answers = done(lambda number: begun.append(number) or number, int, [(1,), (2,)], InProcess(), Cache(), "v1")
    assert next(answers) == (0, 1)
    assert begun == [1]


def test_no_task_is_done_twice(tmp_path: Path) -> None:
    tasks = [(1,), (2,)]
    assert dict(done(double, int, tasks, InProcess(), Cache(tmp_path), "v1")) == {0: 2, 1: 4}
    refusing = _Refusing()
    assert dict(done(double, int, tasks, refusing, Cache(tmp_path), "v1")) == {0: 2, 1: 4}
    with pytest.raises(AssertionError):
        dict(done(double, int, tasks, refusing, Cache(tmp_path), "v2"))


class _Refusing(InProcess):
    def submit(self, *_: object, **__: object) -> None:  # type: ignore[override]
        raise AssertionError("it was done before")


def test_diagnostics_come_back_whole_from_a_worker() -> None:
    with pytest.raises(ManuscriptError) as raised, workers(2) as pool:
        dict(done(fail, int, [(7,)], pool, Cache(), "v1"))
    assert raised.value.diagnostics == (error("broken", "it is broken", Span("a.md", 7), "Mend it."),)


def test_a_lost_worker_is_the_machines_fault() -> None:
    with pytest.raises(MachineError) as raised, workers(2) as pool:
        dict(done(vanish, int, [(1,), (2,)], pool, Cache(), "v1"))
    assert raised.value.diagnostics[0].code == "worker-lost"


LONG = {
    "book.toml": '[book]\ntitle = "T"\nlanguage = "en"\n',
    **{f"{number}.md": "# A chapter\n\n" + f"Words of *some* {number}. " * 500 for number in range(6)},
}


@pytest.mark.slow
def test_one_worker_and_four_give_the_same_bytes(book_of: Write, run: Command) -> None:
    book = book_of(LONG)
    made = {}
    for jobs in (1, 2, 4):
        assert run("build", book, "-o", f"out{jobs}", "--jobs", jobs).code == 0
        made[jobs] = [Path(f"out{jobs}", name).read_bytes() for name in ("t.pdf", "t.epub")]
    assert made[1] == made[2] == made[4]


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for processes in /proc")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_no_worker_outlives_the_press(book_of: Write, tmp_path: Path, how: signal.Signals) -> None:
    book = book_of({**LONG, "9.md": "# Long\n\n" + "Many words. " * 20000})
    command = [sys.executable, "-m", "pmpress", "pdf", str(book), "-q", "-j", "2", "-o", str(tmp_path / "out")]
    # What is begun in the background of a script ignores interrupts, and so does all that it begins.
    heeding = ["env", "--default-signal=INT", *command]
    press = subprocess.Popen(heeding, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 30
    while not (family := _children(press.pid)) and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.5)
    press.send_signal(how)
    _, said = press.communicate(timeout=30)
    assert family
    assert "Traceback" not in said
    deadline = time.monotonic() + 10
    while any(Path(f"/proc/{child}").exists() for child in family) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert [child for child in family if Path(f"/proc/{child}").exists()] == []
    assert not (tmp_path / "out" / "t.pdf").exists()


class _FarAway(InProcess):
    """Sends tasks and answers as bytes, as to another machine, and keeps what was sent."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Any:
        self.sent.append(pickle.dumps((fn, args)))
        work, given = pickle.loads(self.sent[-1])
        answer = pickle.loads(pickle.dumps(work(*given)))
        return super().submit(lambda: answer)


def test_a_task_carries_all_it_needs(book_of: Write) -> None:
    """No worker is told of a place on this disk, not even for an author's own fonts and pictures."""
    fonts = built_in() / "fonts"
    family = {f"layouts/fonts/mine/{file.name}": file.read_bytes() for file in (fonts / "jetbrains-mono").iterdir()}
    settings = (built_in() / "common" / "layout.toml").read_text().replace('"jetbrains-mono"', '"mine"')
    picture = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><circle r="3"/></svg>'
    shown = {"p.md": "# P\n\n![A dot](dot.svg) `x`", "dot.svg": picture}
    book = book_of({**LONG, **family, **shown, "layouts/classic/layout.toml": settings})
    loaded = load(Order(book))
    far = _FarAway()
    found = pdf.render(loaded.book, loaded.layout, loaded.edition, executor=far)
    assert found.data == pdf.render(loaded.book, loaded.layout, loaded.edition).data
    assert far.sent
    assert not [sent for sent in far.sent if str(book).encode() in sent or str(fonts).encode() in sent]


def _children(parent: int) -> list[int]:
    tasks = Path(f"/proc/{parent}/task").glob("*/children")
    return [int(child) for file in tasks for child in file.read_text().split()]
