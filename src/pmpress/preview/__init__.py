"""The preview: the book on a local page, its print and its e-book side by side, every saved change where it is made.

watching → desk (load, lay out single sheets, settle) → showing → server → the browser

It stands on top of the press and writes no file of the author's. It needs the extra `pmpress[preview]`.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from pmpress.cache import FOLDER, Cache
from pmpress.diagnostics import MachineError, error
from pmpress.press import Order
from pmpress.press.workers import workers
from pmpress.press.writing import output_folder

__all__ = ["preview"]


def preview(order: Order, port: int | None, editor: str, jobs: int, told: Callable[[str], None]) -> None:
    """Show the book until the process is asked to end, with so many workers. `told` is given the address of the page.

    `editor` is a name that `pmpress.preview.editors` knows, or an address with `{path}` and `{line}`; empty: as the
    environment says. Raises MachineError without the extra (`preview-missing`) or for a `port` that is taken
    (`port-taken`), UsageError for an unknown editor (`editor-unknown`) and if there is no such book, and at last
    SystemExit: what the workers do is broken off.
    """
    try:
        # Only the preview needs them, and they are an extra.
        from pmpress.preview.server import listening, serve
    except ModuleNotFoundError as fault:
        if (fault.name or "").startswith("pmpress"):
            raise
        hint = "Install it: pip install 'pmpress[preview]'"
        raise MachineError(error("preview-missing", f"the preview needs '{fault.name}'", hint=hint)) from fault
    from pmpress.preview.desk import Desk
    from pmpress.preview.editors import address_of

    link = address_of(editor, os.environ)
    with listening(port) as listener, _cache() as cache, workers(jobs) as executor, ExitStack() as later:
        desk = Desk(order, executor, cache, jobs, later)
        desk.begin()
        serve(desk, listener, link, told)
        sys.exit(0)


@contextmanager
def _cache() -> Iterator[Cache]:
    """What builds remember; where that cannot be written, a cache that is gone afterwards."""
    folder = output_folder(None) / FOLDER
    if _is_writable(folder):
        cache = Cache(folder)
        try:
            yield cache
        finally:
            cache.trim()
        return
    try:
        with tempfile.TemporaryDirectory(prefix="pmpress-preview-", ignore_cleanup_errors=True) as temporary:
            yield Cache(Path(temporary))
    except FileNotFoundError as fault:  # no folder for temporary files at all
        hint = "Name a folder that can be written to in TMPDIR."
        said = f"there is no place for temporary files: {fault}"
        raise MachineError(error("temporary-unwritable", said, hint=hint)) from fault


def _is_writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False
