"""The pages of a book that is still being written: each sheet as soon as it is laid out, at the place it has so far.

What did not change is not laid out again, and nothing is joined: a page is drawn from its own sheet
(`pmpress.pdf.pulls`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pmpress.diagnostics import Diagnostic
from pmpress.layout import FontFamily, Layout
from pmpress.model import Book, Edition, PageMap
from pmpress.pdf.dress import Dress, dress
from pmpress.pdf.facts import LaidOut
from pmpress.pdf.numbering import Pages, place_known, settle, written
from pmpress.pdf.page_keys import page_keys
from pmpress.pdf.page_references import comes_late, says_pages, with_pages
from pmpress.pdf.rendering import found_in
from pmpress.pdf.sheets import Binder, Sheet
from pmpress.pdf.typesetter.fonts import use_only
from pmpress.pdf.versions import version
from pmpress.pdf.work import lay_out_sheet
from pmpress.tasks import Means, done, promised
from pmpress.xhtml import SPAN

_LINES = re.compile(f' {SPAN}="[^"]*"')


@dataclass(frozen=True, slots=True)
class Proof:
    """A sheet as it was laid out last: the `sheet` as its template gave it then, what it wore, and a key for each of
    its pages (`pmpress.pdf.page_keys`)."""

    sheet: Sheet
    laid_out: LaidOut
    keys: tuple[str, ...] = field(repr=False)
    worn: Dress = field(repr=False)
    fonts: tuple[FontFamily, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Proofs:
    """A book's sheets at the places they have so far. `pages` has all of them in order, those without a proof with an
    empty page; `proofs` are by the places of their sheets; `fresh` is the place of the one that came last, if one did.
    `is_settled`: all are there, and every page number says where things are."""

    book: Book = field(repr=False)
    edition: Edition
    sheets: tuple[Sheet, ...]
    proofs: Mapping[int, Proof]
    pages: Pages
    page_map: PageMap = field(repr=False)
    fresh: int | None = None
    is_settled: bool = False
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class Awaited:
    """What the author waits for: what is written in `files`, and then the `sheets`, by name, that are looked at."""

    files: frozenset[str] = frozenset()
    sheets: frozenset[str] = frozenset()


def proofs(
    book: Book,
    layout: Layout,
    edition: Edition,
    earlier: Proofs | None,
    means: Means,
    *,
    abreast: int = 1,
    awaited: Awaited | None = None,
) -> Iterator[Proofs]:
    """Lay out what is not as in the `earlier` proofs, and give the proofs each time a sheet is ready, at last all of
    them settled. Whoever stops asking has no more laid out.

    First come sheets whose words changed, those `awaited` before others, so many `abreast`; what only moved to other
    lines of its file follows. Raises as `pmpress.pdf.render` does.
    """
    use_only(layout.fonts)
    stone = _Stone(book, layout, edition, earlier)
    waiting = stone.waiting(awaited or Awaited())
    so_far = stone.now()
    for start in range(0, len(waiting), abreast):
        places = waiting[start : start + abreast]
        tasks = [(stone.worn, stone.to_lay_out(place, so_far)) for place in places]
        for number, laid_out in done(lay_out_sheet, LaidOut, tasks, means.executor, means.cache, version()):
            stone.take(places[number], laid_out)
            yield stone.now(places[number])
    yield stone.settled(means)


class _Stone:
    """Where the sheets of a book lie while their proofs come in."""

    def __init__(self, book: Book, layout: Layout, edition: Edition, earlier: Proofs | None) -> None:
        worn = dress(book, layout, opaque=not edition.target.print.transparency)
        known = {proof.sheet.name: proof for proof in earlier.proofs.values()} if earlier else {}
        self.sheets = tuple(Binder(book, layout).sheets())
        # The same object for the same dress: so it is seen at once whether a sheet wears it.
        self.worn = next((proof.worn for proof in known.values() if proof.worn == worn), worn)
        self._book, self._layout, self._edition = book, layout, edition
        self._proofs = {place: known[sheet.name] for place, sheet in enumerate(self.sheets) if sheet.name in known}
        placed = earlier.pages.placed if earlier else ()
        self._shown = {
            each.sheet: each.laid_out
            for place, each in enumerate(placed)
            if earlier and place in earlier.proofs and earlier.proofs[place].worn is self.worn
        }

    def waiting(self, awaited: Awaited) -> list[int]:
        """The places of the sheets that are to be laid out, the most wanted first. Lists wait until pages are known."""
        changed = [
            place for place, sheet in enumerate(self.sheets) if not comes_late(sheet) and not self._is_as_it_was(place)
        ]
        return sorted(changed, key=lambda place: self._rank(place, awaited))

    def _is_as_it_was(self, place: int) -> bool:
        proof = self._proofs.get(place)
        return proof is not None and proof.worn is self.worn and proof.sheet == self.sheets[place]

    def _rank(self, place: int, awaited: Awaited) -> tuple[bool, bool, bool, int]:
        sheet, proof = self.sheets[place], self._proofs.get(place)
        only_moved = (
            proof is not None and proof.worn is self.worn and without_lines(proof.sheet) == without_lines(sheet)
        )
        is_edited = sheet.span is not None and sheet.span.file in awaited.files
        return only_moved, not is_edited, sheet.name not in awaited.sheets, -len(sheet.html)

    def to_lay_out(self, place: int, so_far: Proofs) -> Sheet:
        """A sheet for the side it begins on so far, with the page numbers that are known so far."""
        sheet = self.sheets[place]
        turned = replace(sheet, starts=so_far.pages.placed[place].side) if sheet.follows else sheet
        return self._saying(turned, so_far.pages.page_map())

    def _saying(self, sheet: Sheet, page_map: PageMap) -> Sheet:
        return with_pages(sheet, written(page_map, self.worn.digits), self._layout.name) if says_pages(sheet) else sheet

    def take(self, place: int, laid_out: LaidOut) -> None:
        """Take a proof in."""
        self._proofs[place] = Proof(
            self.sheets[place], laid_out, tuple(page_keys(laid_out)), self.worn, self._layout.fonts
        )

    def now(self, fresh: int | None = None) -> Proofs:
        """The proofs that are there, at their places so far."""
        known = {place: proof.laid_out for place, proof in self._proofs.items()}
        return self._at(place_known(self.sheets, known), fresh)

    def _at(self, pages: Pages, fresh: int | None = None) -> Proofs:
        page_map = written(pages.page_map(), self.worn.digits)
        return Proofs(self._book, self._edition, self.sheets, dict(self._proofs), pages, page_map, fresh)

    def settled(self, means: Means) -> Proofs:
        """All proofs, once what says page numbers says where things are."""
        known = {place: proof.laid_out for place, proof in self._proofs.items()}

        def lay_out(changed: Sequence[Sheet]) -> list[Callable[[], LaidOut]]:
            return [begun(sheet) for sheet in changed]

        def begun(sheet: Sheet) -> Callable[[], LaidOut]:
            laid_out = self._shown.get(sheet)
            if laid_out is not None:
                return lambda: laid_out
            task = (self.worn, sheet)
            return promised(lay_out_sheet, LaidOut, task, means.executor, means.cache, version())

        pages, unsettled = settle(self.sheets, known, self._saying, lay_out)
        for place, placed in enumerate(pages.placed):
            if place not in self._proofs or self._proofs[place].laid_out is not placed.laid_out:
                self.take(place, placed.laid_out)
        found = (each for placed in pages.placed for each in found_in(placed))
        return replace(self._at(pages), is_settled=True, diagnostics=tuple(dict.fromkeys((*found, *unsettled))))


def without_lines(sheet: Sheet) -> str:
    """The text of a sheet without the lines it was written in."""
    return _LINES.sub("", sheet.html)
