"""Pages of proofs as pictures, and the way from a point of a page back to the text, and from the text to the page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO

import pypdfium2
from pikepdf import Pdf

from pmpress.cache import digest
from pmpress.model import Edition
from pmpress.pdf.binding.boxes import Boxes, Paper, point
from pmpress.pdf.binding.embedding import Typefaces
from pmpress.pdf.binding.overlay import Overlay
from pmpress.pdf.dress import COUNT_OF_PAGES, Dress
from pmpress.pdf.facts import Furnishing, Furniture, Spot
from pmpress.pdf.proofs import Proofs
from pmpress.pdf.rendering import furnishing_of
from pmpress.pdf.versions import version
from pmpress.pdf.work import furnish
from pmpress.tasks import Means, promised


@dataclass(frozen=True, slots=True)
class ProofPage:
    """A page of a book so far: the place of its sheet and its number in that, both None for a blank page between
    sheets. `key` is one of all that is seen of it, `label` its folio, the size is that of the paper in pt."""

    page_index: int
    place: int | None
    number: int | None
    label: str
    width: float
    height: float
    key: str = ""


@dataclass(frozen=True, slots=True)
class Area:
    """A part of a page, in parts of its width and height from its left and top edge."""

    left: float
    top: float
    right: float
    bottom: float


def pages_of(proofs: Proofs) -> Iterator[ProofPage]:
    """Every page that is there so far. A screen shows no blank ones."""
    shows_blank = proofs.edition.kind == "book"
    paper = _paper(proofs)
    following = 0
    labels = proofs.page_map.labels
    for place, placed in enumerate(proofs.pages.placed):
        if place not in proofs.proofs:
            continue
        keys = _keys(proofs, place, paper)
        for number, page in enumerate(placed.laid_out.facts.pages):
            page_index = placed.start + number
            boxes = paper.boxes(page, page_index)
            width, height = boxes.media.right - boxes.media.left, boxes.media.top - boxes.media.bottom
            if number == 0 and shows_blank and placed.start == following + 1:
                yield ProofPage(following, None, None, labels[following], width, height)
            if shows_blank or not page.is_blank:
                yield ProofPage(page_index, place, number, labels[page_index], width, height, keys[number])
        following = placed.end


def begin_furniture(proofs: Proofs, place: int, means: Means) -> Callable[[], Furniture]:
    """Have the furniture of a sheet's pages drawn: gives what waits for it."""
    task = (proofs.proofs[place].worn, _asked(proofs, place))
    return promised(furnish, Furniture, task, means.executor, means.cache, version())


def pull(proofs: Proofs, place: int, furniture: Furniture) -> bytes:
    """A sheet as a PDF by itself: on its paper, with its furniture and the fonts it shows."""
    placed, proof, paper = proofs.pages.placed[place], proofs.proofs[place], _paper(proofs)
    with Pdf.open(BytesIO(placed.laid_out.data)) as pdf:
        own = [page.obj for page in pdf.pages]
        boxes = _boxes(proofs, place, paper)
        typefaces = Typefaces(pdf, proof.fonts)
        typefaces.take_over(own[0].Resources, placed.laid_out.fonts)
        if (resources := Overlay(pdf).lay_over(own, boxes, furniture)) is not None:
            typefaces.take_over(resources, furniture.fonts)
        typefaces.write()
        for page, box in zip(own, boxes, strict=True):
            if proofs.edition.kind == "screen" and box.turned:
                page.Rotate = box.turned
        out = BytesIO()
        pdf.save(out)
    return out.getvalue()


def draw(pdf: bytes, number: int, width: int) -> bytes:
    """A page of a PDF as a PNG, so many pixels wide. PDFium is not made for threads: one at a time."""
    out = BytesIO()
    document = pypdfium2.PdfDocument(pdf)
    try:
        page = document[number]
        bitmap = page.render(scale=width / page.get_width(), draw_annots=False, rev_byteorder=True, prefer_bgrx=True)
        bitmap.to_pil().convert("RGB").save(out, "PNG", compress_level=1)  # it goes no farther than to this machine
    finally:
        document.close()
    return out.getvalue()


def block_at(proofs: Proofs, page: ProofPage, across: float, down: float) -> int:
    """The block that stands at a point of a page, in parts of its width and height: the one around it, else the
    nearest, counted from above; 0, the title, above all others on the first page of its sheet."""
    areas = list(_areas(proofs, page))
    inside = [(block, area) for block, area in areas if _away(area, across, down) == (0, 0)]
    if inside:
        return min(inside, key=lambda each: (each[1].right - each[1].left) * (each[1].bottom - each[1].top))[0]
    if not areas or (page.number == 0 and all(down < area.top for _, area in areas)):
        return 0
    return min(areas, key=lambda each: _away(each[1], across, down))[0]


def areas_of(proofs: Proofs, pages: Iterable[ProofPage], place: int, block: int) -> Iterator[tuple[ProofPage, Area]]:
    """Where a block of a sheet stands: each page of these that it is on, and the area there."""
    for page in pages:
        if page.place == place:
            yield from ((page, area) for number, area in _areas(proofs, page) if number == block)


def keys_of(proofs: Proofs, place: int) -> tuple[str, ...]:
    """One key for each page of a sheet, of all that goes into its picture."""
    return _keys(proofs, place, _paper(proofs))


def _paper(proofs: Proofs) -> Paper:
    pages = proofs.pages
    trim = next(
        ((page.width, page.height) for placed in pages.placed for page in placed.laid_out.facts.pages if page.width),
        (0.0, 0.0),
    )
    return Paper(proofs.edition, proofs.book.metadata.direction, pages.count, trim)


def _boxes(proofs: Proofs, place: int, paper: Paper) -> list[Boxes]:
    placed = proofs.pages.placed[place]
    return [paper.boxes(page, page_index) for page_index, page in enumerate(placed.laid_out.facts.pages, placed.start)]


def _asked(proofs: Proofs, place: int) -> Furnishing:
    counts = _counts(proofs.proofs[place].worn.look.css)
    return furnishing_of(proofs.pages.placed[place], proofs.pages, counts=counts)


def _keys(proofs: Proofs, place: int, paper: Paper) -> tuple[str, ...]:
    placed, pages = proofs.pages.placed[place], proofs.pages
    count = pages.count if _counts(proofs.proofs[place].worn.look.css) else 0
    common = digest(
        (_dress_key(proofs.proofs[place].worn), _edition_key(paper.edition), paper.gutter, paper.trim, paper.direction),
        (placed.sheet.strings, placed.sheet.starts, placed.start < pages.body, count, placed.start % 2),
    )
    return _furnished_keys(common, pages.number(placed.start), proofs.proofs[place].keys)


@lru_cache(maxsize=4096)
def _furnished_keys(common: str, number: int, contents: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(digest(common, content, page_number)[:24] for page_number, content in enumerate(contents, number))


@lru_cache(maxsize=8)
def _edition_key(edition: Edition) -> str:
    return digest(edition)


@lru_cache(maxsize=8)
def _counts(css: str) -> bool:
    return bool(COUNT_OF_PAGES.search(css))


@lru_cache(maxsize=8)
def _dress_key(worn: Dress) -> str:
    return digest(worn)


def _areas(proofs: Proofs, page: ProofPage) -> Iterator[tuple[int, Area]]:
    """The blocks on a page, and where they stand."""
    if page.place is None or page.number is None:
        return
    placed = proofs.pages.placed[page.place]
    facts = placed.laid_out.facts
    boxes = _paper(proofs).boxes(facts.pages[page.number], page.page_index)
    for spot in facts.spots:
        if spot.page == page.number:
            yield spot.block, _area(spot, boxes)


def _area(spot: Spot, boxes: Boxes) -> Area:
    (x1, y1), (x2, y2) = point(boxes.content, spot.left, spot.bottom), point(boxes.content, spot.right, spot.top)
    media = boxes.media
    width, height = media.right - media.left, media.top - media.bottom
    return Area(
        (min(x1, x2) - media.left) / width,
        (media.top - max(y1, y2)) / height,
        (max(x1, x2) - media.left) / width,
        (media.top - min(y1, y2)) / height,
    )


def _away(area: Area, across: float, down: float) -> tuple[float, float]:
    """How far a point is from an area, down and across."""
    return max(area.top - down, down - area.bottom, 0), max(area.left - across, across - area.right, 0)
