"""Work given out over an executor, and never done twice.

A task is a top-level function and its arguments, all plain values: it may be done in this process, in another, or on
another machine (`concurrent.futures.Executor` is all that is asked for), and what comes of it is kept in the cache.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, as_completed
from typing import Any, TypeVar

from pmpress.cache import Cache, digest, pack, unpack
from pmpress.diagnostics import MachineError, error

T = TypeVar("T")


class InProcess(Executor):
    """Does each task at once, here: for little work, which other processes would only make late."""

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Do it, and hand over what came of it."""
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as fault:  # whoever asks for the result gets it
            future.set_exception(fault)
        return future


def done(
    work: Callable[..., T], kind: type[T], tasks: Sequence[tuple[Any, ...]], executor: Executor, store: Cache, by: str
) -> Iterator[tuple[int, T]]:
    """Do the tasks, and give what comes of each with its place among them, as they are finished.

    They are begun in the order given. `kind` is what the work gives; `by` says by what it is done, so that other
    versions do not take it for their own. Raises what the work raises, and MachineError (`worker-lost`) if a worker
    process is gone.
    """
    waiting: dict[Future[T], tuple[int, str]] = {}
    for place, task in enumerate(tasks):
        key = digest(by, work.__module__, work.__qualname__, task)
        entry = store.get(key)
        value = None if entry is None else unpack(entry, kind)
        if value is not None:
            yield place, value
            continue
        waiting[_submit(executor, work, task)] = place, key
        for future in [future for future in waiting if future.done()]:
            yield _kept(future, waiting, store)
    for future in as_completed(list(waiting)):
        yield _kept(future, waiting, store)


def _submit(executor: Executor, work: Callable[..., T], task: tuple[Any, ...]) -> Future[T]:
    try:
        return executor.submit(work, *task)
    except BrokenExecutor as fault:
        raise _lost() from fault


def _kept(future: Future[T], waiting: dict[Future[T], tuple[int, str]], store: Cache) -> tuple[int, T]:
    place, key = waiting.pop(future)
    try:
        value = future.result()
    except BrokenExecutor as fault:
        raise _lost() from fault
    store.put(key, pack(value))
    return place, value


def _lost() -> MachineError:
    hint = "The memory may have been too small for so many: try --jobs 1."
    return MachineError(error("worker-lost", "a worker process was ended from outside", hint=hint))
