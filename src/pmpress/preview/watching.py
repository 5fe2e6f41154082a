"""Sees when something is saved: in the manuscript's folder, in the layouts beside it, in those that come along."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import TypeAlias

import watchfiles

from pmpress.cache import FOLDER
from pmpress.layout import built_in

Saved: TypeAlias = Callable[[Iterable[Path]], None]

_QUIET = 25
"""How many ms nothing more may happen before a change is told: an editor's save is several steps."""
_LONGEST = 150
_LAYOUTS = "layouts"


class _Sources(watchfiles.DefaultFilter):
    """What may be a source: no editor's own files, no version control, nothing that the press remembers."""

    ignore_dirs = (*watchfiles.DefaultFilter.ignore_dirs, FOLDER)


async def watch(path: Path, changed: Saved, ended: asyncio.Event) -> None:
    """Call `changed` whenever sources of the book at a path may have changed, with their paths, until that has `ended`.

    Folders may come and go. Where the machine does not say what changes, the files are looked at again and again.
    """
    polls = False
    while not ended.is_set():
        try:
            await _while_they_stay(path, changed, ended, polls=polls)
        except OSError:  # too many to watch, or one that went at this moment
            polls = True
            await asyncio.sleep(0.2)
        # What happened while nobody watched.
        changed(())


async def _while_they_stay(path: Path, changed: Saved, ended: asyncio.Event, *, polls: bool) -> None:
    """Watch the folders of the sources until one of them comes or goes."""
    is_file = path.is_file()
    folder = Path(os.path.realpath(path.parent if is_file else path))
    roots = _there((folder, folder / _LAYOUTS, folder.parent / _LAYOUTS, built_in()))
    deep = [root for root in roots if not (is_file and root == folder)]
    flat = [each for each in (folder.parent, *([folder] if is_file else [])) if each.is_dir()]

    async def within() -> None:
        async for happened in _changes(deep, polls=polls, recursive=True):
            changed(Path(name) for _, name in happened)

    async def around() -> None:
        async for happened in _changes(flat, polls=polls, recursive=False):
            # Beside the book anything may be going on: only its own folders matter.
            inside = [Path(name) for _, name in happened if Path(name).parent == folder]
            if inside:
                changed(inside)
            if _there((folder, folder / _LAYOUTS, folder.parent / _LAYOUTS, built_in())) != roots:
                return

    tasks = [asyncio.create_task(each) for each in (within(), around(), ended.wait())]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in done:
        task.result()


def _there(folders: Iterable[Path]) -> dict[Path, int]:
    """Those of the folders that there are, each with what tells it from another of the same name."""
    found = {}
    for folder in folders:
        with suppress(OSError):
            found[folder] = folder.stat().st_ino if folder.is_dir() else 0
    return {folder: number for folder, number in found.items() if number}


def _changes(
    folders: Iterable[Path], *, polls: bool, recursive: bool
) -> AsyncIterator[set[tuple[watchfiles.Change, str]]]:
    return watchfiles.awatch(
        *folders,
        watch_filter=_Sources(),
        debounce=_LONGEST,
        step=_QUIET,
        recursive=recursive,
        force_polling=polls or None,
        ignore_permission_denied=True,
    )
