"""Pages as pictures, drawn when a browser asks for them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Event, Lock
from typing import Any, TypeAlias

from pmpress.pdf.facts import Furniture
from pmpress.pdf.proofs import Proofs
from pmpress.pdf.pulls import ProofPage, begin_furniture, draw, keys_of, pull
from pmpress.tasks import Means

Keys: TypeAlias = tuple[str, ...]

_A_MOMENT = 0.2
_KEPT = 16
"""How many sheets are kept as they were pulled: those around the one that is read."""


class Pictures:
    """Draws pages. A sheet is pulled once, when the first of its pages is asked for; its furniture may be expected."""

    def __init__(self, means: Means) -> None:
        self._means = means
        self._furniture: OrderedDict[Keys, Callable[[], Furniture]] = OrderedDict()
        self._pulled: OrderedDict[Keys, bytes] = OrderedDict()
        self._lock = Lock()
        self._drawn = Event()

    def expect(self, proofs: Proofs, place: int) -> None:
        """Begin with what a sheet's pictures will need."""
        key = keys_of(proofs, place)
        self._drawn.clear()
        with self._lock:
            if key not in self._furniture:
                self._furniture[key] = begin_furniture(proofs, place, self._means)
                _shorten(self._furniture)

    def draw(self, proofs: Proofs, page: ProofPage, width: int) -> bytes:
        """A page as a PNG, so many pixels wide. To be called by one thread only: PDFium is not made for more."""
        if page.place is None or page.number is None:
            raise LookupError("a blank page has no picture")
        key = keys_of(proofs, page.place)
        if key not in self._pulled:
            with self._lock:
                expected = self._furniture.pop(key, None)
            finish = expected or begin_furniture(proofs, page.place, self._means)
            self._pulled[key] = pull(proofs, page.place, finish())
            _shorten(self._pulled)
        self._pulled.move_to_end(key)
        drawn = draw(self._pulled[key], page.number, width)
        self._drawn.set()
        return drawn

    def give_way(self) -> None:
        """Wait a moment for the next picture, which somebody may be waiting for: two threads share one interpreter."""
        self._drawn.wait(_A_MOMENT)


def _shorten(kept: OrderedDict[Keys, Any]) -> None:
    while len(kept) > _KEPT:
        kept.popitem(last=False)
