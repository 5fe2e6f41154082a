"""The processes that do the work, as many as the machine has cores."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing import connection
from typing import Any, TypeVar

from pmpress.tasks import InProcess

T = TypeVar("T")


class Here(InProcess):
    """Does tasks in this process, and calls `begin` before the first: a moment to let others get ready."""

    def __init__(self, begin: Callable[[], None]) -> None:
        self._begin: Callable[[], None] | None = begin

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Do it, and hand over what came of it."""
        if self._begin is not None:
            self._begin()
            self._begin = None
        return super().submit(fn, *args, **kwargs)


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def helpers(jobs: int | None, kinds: Iterable[str]) -> int:
    """How many processes to have beside this one for files of these kinds: as many as there are `jobs`, by default
    cores, for a PDF; one for an e-book, whose cover it draws meanwhile; none if one job is enough."""
    count = jobs or cores()
    return 0 if count == 1 else count if "pdf" in kinds else 1


@contextmanager
def workers(count: int) -> Iterator[Executor]:
    """An executor of so many processes; with none, or where the machine allows none, the work is done in this one.

    No process is begun before there is a task, and all are gone when the block is left, however it is left.
    """
    pool = _pool(count) if count else None
    if pool is None:
        yield InProcess()
        return
    try:
        yield pool
    except BaseException:
        _end(pool)
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _end(pool: ProcessPoolExecutor) -> None:
    """End a pool's processes at once, whatever they are doing. The pool has no way of its own to do that."""
    for process in list((pool._processes or {}).values()):
        process.terminate()
    # Before Python 3.11.4 it would wait for ever to hand over a task that nobody takes any more (CPython issue 94777).
    # A pool that has lost a worker is closing that end itself.
    if sys.version_info < (3, 11, 4) and not pool._broken:
        with suppress(AttributeError, OSError):
            pool._call_queue._reader.close()  # type: ignore[attr-defined]


def _pool(count: int) -> ProcessPoolExecutor | None:
    try:
        return ProcessPoolExecutor(count, multiprocessing.get_context(_method()), initializer=_begin)
    except (ImportError, NotImplementedError, OSError):  # no semaphores, as in some containers
        return None


def _method() -> str:
    # A copy of this process is at work in a few milliseconds. One of a process with threads may hold locks that nobody
    # opens, and macOS allows none at all: there each worker begins anew.
    return "fork" if sys.platform == "linux" and threading.active_count() == 1 else "spawn"


def _begin() -> None:
    """What a worker does first: leave it to the press to end it, and end by itself if the press is killed."""
    # What it has from the press is there for good, and is shared with it as long as nobody looks at it.
    gc.freeze()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    press = multiprocessing.parent_process()
    if press is not None:
        threading.Thread(target=_end_with, args=(press.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    connection.wait([sentinel])
    os._exit(1)
