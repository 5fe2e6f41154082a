"""What a save changed, and where a block was written."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from pmpress.diagnostics import Span
from pmpress.pdf.proofs import Proofs, without_lines
from pmpress.pdf.pulls import Area, ProofPage, areas_of
from pmpress.pdf.sheets import Sheet
from pmpress.textplaces import BLOCK
from pmpress.xhtml import SPAN

_BLOCK = re.compile(f'{BLOCK}="([0-9]+)"')
_LINES = re.compile(f'{SPAN}="([^"]*):([0-9]+)[^":]*"')


@dataclass(frozen=True, slots=True)
class Change:
    """A change in a text: the page it shows on first, the area there, if it is known, and in the e-book the slug of the
    page and the block. `serial` is that of the state it came with."""

    page_index: int
    area: Area | None
    slug: str
    block: int
    serial: int = 0


def change_in(proofs: Proofs, shown: Iterable[ProofPage], before: Proofs | None) -> Change | None:
    """What changed in the sheet that came last: None for one that reads as it did, or that is new. `shown` are all
    pages."""
    place = proofs.fresh
    if place is None or before is None:
        return None
    sheet = proofs.sheets[place]
    old = next((proof for proof in before.proofs.values() if proof.sheet.name == sheet.name), None)
    if old is None or without_lines(old.sheet) == without_lines(sheet):
        return None
    block = _first_changed(without_lines(old.sheet), without_lines(sheet))
    was, now = old.keys, proofs.proofs[place].keys
    numbers = {number for number, key in enumerate(now) if number >= len(was) or was[number] != key}
    pages = [page for page in shown if page.place == place and page.number is not None]
    page, area = _shows_first(proofs, pages, numbers, place, block)
    return Change(page.page_index, area, sheet.anchor, block) if page else None


def span_of_block(sheet: Sheet, block: int) -> Span | None:
    """Where a block of a sheet was written; where the sheet begins for one that does not say."""
    found = re.search(f'<[^>]*{BLOCK}="{block}"[^>]*>', sheet.html) if block else None
    lines = _LINES.search(found[0]) if found else None
    if found and not lines:
        # One that features made says it by what is in it.
        lines = _LINES.search(sheet.html, found.end())
    return Span(lines[1], int(lines[2])) if lines else sheet.span


def _first_changed(old: str, new: str) -> int:
    """The block in which two texts begin to differ."""
    same = 0
    # In long strides first: a chapter has many characters, and most are as they were.
    for stride in (4096, 64, 1):
        while same < len(new) and old[same : same + stride] == new[same : same + stride]:
            same += stride
    blocks = _BLOCK.findall(new, 0, new.find(">", same) + 1 or len(new))
    return int(blocks[-1]) if blocks else 0


def _shows_first(
    proofs: Proofs, pages: list[ProofPage], changed: set[int], place: int, block: int
) -> tuple[ProofPage | None, Area | None]:
    """The page on which a changed block shows first, and where there."""
    shown = list(areas_of(proofs, pages, place, block))
    for page, area in shown:
        if page.number in changed:
            return page, area
    if shown:
        return shown[0]
    return next((page for page in pages if page.number in changed), next(iter(pages), None)), None
