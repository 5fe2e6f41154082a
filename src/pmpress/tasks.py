"""Work given out over an executor, and never done twice.

A task is a top-level function and its arguments, all plain values: it may be done in this process, in another, or on
another machine (`concurrent.futures.Executor` is all that is asked for), and what comes of it is kept in the cache.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, as_completed
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar

from pmpress.cache import Cache, digest, pack, recalled
from pmpress.diagnostics import MachineError, error

T = TypeVar("T")

Progress: TypeAlias = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and about how much there is."""


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


def silent(doing: str, done: int, total: int) -> None:
    """Tells nobody."""


@dataclass(frozen=True, slots=True)
class Means:
    """What the work is done with: who does it, what was made before, and who is told how far it is."""

    executor: Executor = field(default_factory=InProcess)
    cache: Cache = field(default_factory=Cache)
    progress: Progress = silent


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
        key, value = _known(work, kind, task, store, by)
        if value is not None:
            yield place, value
            continue
        waiting[_submit(executor, work, task)] = place, key
        yield from _kept_of([future for future in waiting if future.done()], waiting, store)
    yield from _kept_of(as_completed(list(waiting)), waiting, store)


def _kept_of(
    finished: Iterable[Future[T]], waiting: dict[Future[T], tuple[int, str]], store: Cache
) -> Iterator[tuple[int, T]]:
    for future in finished:
        place, key = waiting.pop(future)
        yield place, _kept(future, key, store)


def promised(
    work: Callable[..., T], kind: type[T], task: tuple[Any, ...], executor: Executor, store: Cache, by: str
) -> Callable[[], T]:
    """Begin one task, as `done` does, and give what waits for what comes of it."""
    key, value = _known(work, kind, task, store, by)
    if value is not None:
        known = value
        return lambda: known
    future = _submit(executor, work, task)
    return lambda: _kept(future, key, store)


def _known(work: Callable[..., T], kind: type[T], task: tuple[Any, ...], store: Cache, by: str) -> tuple[str, T | None]:
    """The key of a task, and what came of it before."""
    key = digest(by, work.__module__, work.__qualname__, task)
    return key, recalled(store, kind, key)


def _submit(executor: Executor, work: Callable[..., T], task: tuple[Any, ...]) -> Future[T]:
    try:
        return executor.submit(work, *task)
    except BrokenExecutor as fault:
        raise _lost() from fault


def _kept(future: Future[T], key: str, store: Cache) -> T:
    try:
        value = future.result()
    except BrokenExecutor as fault:
        raise _lost() from fault
    store.put(key, pack(value))
    return value


def _lost() -> MachineError:
    hint = "The memory may have been too small for so many: try --jobs 1."
    return MachineError(error("worker-lost", "a worker process was ended from outside", hint=hint))
