"""Where the book lies while it is written: read again at every change, shown as soon as a sheet of it is laid out."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

from pmpress import pdf
from pmpress.cache import Cache
from pmpress.diagnostics import Diagnostic, PressError, Span, error
from pmpress.epub.proofs import EbookProofs
from pmpress.layout import load_layout
from pmpress.pdf.proofs import Awaited, Proofs
from pmpress.pdf.pulls import ProofPage, pages_of
from pmpress.press import Loaded, Order, load
from pmpress.press.proofs import ebook, printed
from pmpress.press.workers import workers
from pmpress.preview.changes import Change, change_in, span_of_block
from pmpress.preview.pictures import Pictures
from pmpress.tasks import Means

_USUAL_LAYOUT = "classic"
_PAUSE = 0.3
"""How many seconds are between two looks at a book that is being laid out as a whole."""
_TRIMMED_AFTER = 50


@dataclass(frozen=True, slots=True)
class Shown:
    """What there is to see. Of a manuscript that has errors it is the last good state of it, and `is_broken`.

    `serial` counts the states; `pages` are those of `proofs` that are there; `change` is what was changed last.
    """

    serial: int = 0
    loaded: Loaded | None = None
    proofs: Proofs | None = None
    pages: tuple[ProofPage, ...] = field(default=(), repr=False)
    ebook: EbookProofs | None = None
    diagnostics: tuple[Diagnostic, ...] = ()
    is_broken: bool = False
    change: Change | None = None


class Desk:
    """Does all that must be done one after the other, in a thread of its own: reading the book, and giving out what is
    to be laid out. `shown` is what there is to see now; `tell` is called when that has changed.

    Workers that must be had besides the executor are entered into `later`.
    """

    def __init__(self, order: Order, executor: Executor, cache: Cache, jobs: int, later: ExitStack) -> None:
        self.order = order
        self.shown = Shown()
        self.tell: Callable[[], None] = lambda: None
        self.looked_at = ""
        self._means = Means(executor, cache)
        self.pictures = Pictures(self._means)
        self._jobs = jobs
        self._later = later
        self._saved: set[Path] = set()
        self._woken = threading.Event()
        self._is_stale = False
        self._ended = False
        self._proofs: Proofs | None = None
        self._found: tuple[Diagnostic, ...] = ()
        self._failed: Exception | None = None
        self._settled = 0
        self._thread = threading.Thread(target=self._run, daemon=True)

    @property
    def folder(self) -> Path:
        """The manuscript's folder."""
        path = Path(os.path.realpath(self.order.path))
        return path.parent if path.is_file() else path

    def begin(self) -> None:
        """Let the workers get ready, while there are no threads yet: they are copies of this process. Raises UsageError
        if there is no such book."""
        try:
            layout = load(self.order, self._means).layout
        except PressError as fault:
            if any(each.code == "book-missing" for each in fault.diagnostics):
                raise
            # The manuscript is broken: it will say so on the page.
            layout, _ = load_layout(_USUAL_LAYOUT, self.order.path)
        pdf.begin(self._means.executor, layout, self._jobs)
        self.wake()

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def wake(self, saved: Iterable[Path] = ()) -> None:
        """Look at the sources again: something may have changed, these files perhaps. It may be called as often as one
        likes."""
        self._saved = self._saved | set(saved)  # another set: this one may be looked through right now
        self._is_stale = True
        self._woken.set()

    def report(self, fault: Exception, pictures: Pictures) -> None:
        """Take in that `pictures` could not draw, so that the author is told and lost workers are replaced. What was
        drawn with those that are replaced already does not count."""
        if pictures is self.pictures:
            self._failed = fault
            self._woken.set()

    def end(self) -> None:
        """Do nothing more. What is being laid out is not waited for."""
        self._ended = True
        self._woken.set()

    def _run(self) -> None:
        while True:
            self._woken.wait()
            self._woken.clear()
            if self._ended:
                return
            is_stale, self._is_stale = self._is_stale, False
            failed, self._failed = self._failed, None
            try:
                if is_stale:
                    self._look()
                elif failed is not None:
                    raise failed
            except PressError as fault:
                if any(each.code == "worker-lost" for each in fault.diagnostics) and not self._ended:
                    self._replace_workers()
                self._broken(fault.diagnostics)
            except Exception as fault:  # the author goes on writing, whatever happens here
                said = f"the preview itself failed: {type(fault).__name__}: {fault}"
                hint = "pmpress build says more; what is shown is the last state that held."
                self._broken((error("internal-error", said, hint=hint),))

    def _look(self) -> None:
        loaded = load(self.order, self._means)
        before, files = self._proofs, None
        shown, is_told = time.monotonic(), False
        for proofs in printed(loaded, before, self._means, self._awaited()):
            self._proofs = proofs
            pages = tuple(pages_of(proofs))
            change = None
            if proofs.fresh is not None:
                self.pictures.expect(proofs, proofs.fresh)
                # The first is what the author wrote, others may follow from it.
                change = None if is_told else change_in(proofs, pages, before)
                is_told = is_told or change is not None
            if change is not None or proofs.is_settled or time.monotonic() - shown > _PAUSE:
                self._show(loaded, proofs, pages, change)
                if change is not None:
                    self.pictures.give_way()
                # The page first, its e-book behind it.
                if proofs.is_settled or files is None:
                    files = ebook(loaded, proofs.page_map)
                    self._set(replace(self.shown, ebook=files))
                shown = time.monotonic()
            if self._is_stale or self._ended:
                return
        self._settled += 1
        if self._settled % _TRIMMED_AFTER == 0:
            self._means.cache.trim()

    def _awaited(self) -> Awaited:
        folder = self.folder
        saved, self._saved = self._saved, set()
        files = frozenset(path.relative_to(folder).as_posix() for path in saved if path.is_relative_to(folder))
        return Awaited(files, frozenset({self.looked_at}))

    def _show(self, loaded: Loaded, proofs: Proofs, pages: tuple[ProofPage, ...], change: Change | None) -> None:
        now = self.shown
        if proofs.is_settled:
            self._found = proofs.diagnostics
        if change is not None:
            change = replace(change, serial=now.serial + 1)
        self._set(
            replace(
                now,
                loaded=loaded,
                proofs=proofs,
                pages=pages,
                diagnostics=tuple(dict.fromkeys((*loaded.diagnostics, *self._found))),
                is_broken=False,
                change=change or now.change,
            )
        )

    def _broken(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        broken = replace(self.shown, diagnostics=diagnostics, is_broken=True)
        # Said once: whoever looks asks again for what could not be drawn each time there is something new.
        if not self._ended and broken != self.shown:
            self._set(broken)

    def _set(self, shown: Shown) -> None:
        self.shown = replace(shown, serial=shown.serial + 1)
        self.tell()

    def _replace_workers(self) -> None:
        """Have new workers in the place of those that were ended from outside, and try again."""
        self._means = replace(self._means, executor=self._later.enter_context(workers(self._jobs)))
        self.pictures = Pictures(self._means)
        self.wake()

    def span_of(self, place: int, block: int) -> Span | None:
        """Where a block of a sheet was written."""
        proofs = self.shown.proofs
        return span_of_block(proofs.sheets[place], block) if proofs and place < len(proofs.sheets) else None
