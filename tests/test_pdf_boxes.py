"""The boxes of finished pages: trim, bleed, crop marks, gutter, pages on their side, and the edition for the screen."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
import verapdf
from conftest import Run
from PIL import Image, ImageChops
from test_pdf_sample import Printed, book, footnotes, metadata, noteref, png, prose, simple, texts_of

from pmpress.diagnostics import Span
from pmpress.layout import Layout, Wish, Wishes, load_layout
from pmpress.model import Asset, Book, Edition, Part, PrintRules, Target
from pmpress.pdf import render
from pmpress.pdf.binding.boxes import Paper
from pmpress.pdf.facts import PageFacts

WIDTH, HEIGHT = 396.0, 612.0
INNER, OUTER = 57.6, 50.4
THICK = Target("thick", print=PrintRules(gutters=((4, 27.0), (900, 40.0)), outside=36.0))
"""A target that has the text of a book of more than four pages move by 13 pt."""
GRADIENT = b"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 60"><title>Dark to light</title>
<linearGradient id="g"><stop offset="0" stop-color="#000"/><stop offset="1" stop-color="#eee"/></linearGradient>
<rect width="300" height="60" fill="url(#g)"/></svg>"""
PAPER, GROUND = (255, 255, 255), (200, 212, 220)
STYLE = (("part-ground", "rgb(200, 212, 220)"), ("inner", f"{INNER}pt"), ("outer", f"{OUTER}pt"))


@cache
def dressed(*, rtl: bool = False, screen: bool = False, bleed: float = 0.0) -> Layout:
    """The built-in layout, with a coloured ground for part pages."""
    style = {name: Wish(value, Span("book.toml")) for name, value in (*STYLE, ("bleed", f"{bleed}pt"))}
    found, _ = load_layout("classic", Path("/nowhere"), Wishes(style, "en", is_rtl=rtl, for_screen=screen))
    return found


def sample(*, rtl: bool = False) -> Book:
    """A part, and two chapters with links, notes, drawings, pictures that fill a page or stand on their side."""
    picture = '<figure class="{}"><img src="p.png" alt="A picture"/>{}</figure>'
    body = (
        f"<p>{prose(12)}{noteref('one', 1)}</p>"
        '<figure><img src="g.svg" alt="From dark to light"/></figure>'
        f'<p>{prose(9, 2)} See <a href="#two">the second chapter</a>.</p>'
        + picture.format("full-bleed", "")
        + f"<p>{prose(5, 3)}</p>"
        + picture.format("landscape", "<figcaption>Sideways</figcaption>")
        + f"<p>{prose(30, 4)}</p>{footnotes(1)}"
    )
    chapters = (simple("one", "One", body), simple("two", "Two", f"<p>{prose(60, 1)}</p>"))
    about = metadata(direction="rtl") if rtl else metadata()
    assets = (Asset("p.png", "image/png", png(300, 200), 300, 200), Asset("g.svg", "image/svg+xml", GRADIENT, 300, 60))
    return replace(book(Part("part", "Beginning", chapters, "I"), about=about), assets=assets)


@cache
def made(edition: Edition, *, rtl: bool = False) -> Printed:
    """The sample in an edition, read back."""
    layout = dressed(rtl=rtl, screen=edition.kind == "screen", bleed=edition.bleed)
    rendered = render(sample(rtl=rtl), layout, edition)
    return Printed(rendered, pikepdf.open(BytesIO(rendered.data)), tuple(texts_of(rendered.data)))


def box(page: pikepdf.Page, name: str) -> list[float]:
    """A box as it stands on the page itself."""
    return [float(side) for side in page.obj[name]]


@cache
def pictures(edition: Edition, *, rtl: bool = False) -> list[Image.Image]:
    """Every page drawn, a pixel a point."""
    document = pypdfium2.PdfDocument(made(edition, rtl=rtl).rendered.data)
    return [page.render(scale=1).to_pil().convert("RGB") for page in document]


def found(edition: Edition, wanted: str, *, rtl: bool = False) -> int:
    """The page_index of the page whose whole text ends with that."""
    return next(number for number, text in enumerate(made(edition, rtl=rtl).texts) if text.endswith(wanted))


def filled(edition: Edition, *, rtl: bool = False) -> int:
    """The page_index of the page that a picture fills: it stands two before the caption of the one on its side."""
    return next(number for number, text in enumerate(made(edition, rtl=rtl).texts) if "Sideways" in text) - 2


def differs(one: Image.Image, other: Image.Image) -> bool:
    """Whether two pictures differ by more than the edges of letters that fall a little otherwise on their pixels."""
    return max(high for _, high in ImageChops.difference(one, other).getextrema()) > 100


# --- the arithmetic -------------------------------------------------------------------------------------------------


def moved(
    count: int, page_index: int, outer: float = 90.0, *, outside: float = 0.0, rtl: bool = False, kind: str = "book"
) -> float:
    """How far a page's text moves, to the right."""
    left, right = (54.0, outer) if (page_index % 2 == 0) != rtl else (outer, 54.0)
    page = PageFacts("", WIDTH, HEIGHT, margins=(50, right, 60, left))
    edition = Edition(kind, target=Target("x", print=PrintRules(outside=outside)))  # type: ignore[arg-type]
    paper = Paper(edition, "rtl" if rtl else "ltr", count, (WIDTH, HEIGHT))
    return paper.boxes(page, page_index).content[4]


@pytest.mark.parametrize(
    ("count", "inches"),
    [(1, 0), (150, 0), (151, 0.125), (300, 0.125), (301, 0.25), (500, 0.25), (501, 0.375), (701, 0.5), (2000, 0.5)],
)
def test_the_gutter_grows_with_the_pages_as_kdp_asks(count: int, inches: float) -> None:
    assert moved(count, 0) == pytest.approx(inches * 72)
    assert moved(count, 1) == pytest.approx(-inches * 72)
    assert moved(count, 0, rtl=True) == pytest.approx(-inches * 72)
    assert moved(count, 1, rtl=True) == pytest.approx(inches * 72)


def test_the_outer_margin_stays_half_an_inch() -> None:
    assert moved(800, 0, outer=50.0) == pytest.approx(14)
    assert moved(800, 0, outer=36.0) == moved(800, 0, outer=20.0) == 0
    assert moved(800, 0, outer=50.0, outside=45.0) == pytest.approx(5)
    assert moved(800, 0, outer=50.0, outside=20.0) == pytest.approx(14)


def test_nothing_moves_on_a_screen_or_where_there_is_no_inner_margin() -> None:
    assert moved(800, 0, kind="screen") == 0
    bare = PageFacts("", WIDTH, HEIGHT, margins=(0, 90, 0, 0))
    assert Paper(Edition(), "ltr", 800, (WIDTH, HEIGHT)).boxes(bare, 0).content == (1, 0, 0, 1, 0, 0)


# --- the finished file ----------------------------------------------------------------------------------------------

PLAIN = Edition()
BLEEDING = Edition(bleed=9.0)
MARKED = Edition(bleed=9.0, marks=True)
GROWN = Edition(bleed=9.0, target=THICK)
SCREEN = Edition("screen")


@pytest.mark.parametrize(
    ("edition", "media", "bleed", "trim"),
    [
        (PLAIN, (396, 612), (0, 0, 396, 612), (0, 0, 396, 612)),
        (BLEEDING, (414, 630), (0, 0, 414, 630), (9, 9, 405, 621)),
        (MARKED, (462, 678), (24, 24, 438, 654), (33, 33, 429, 645)),
        (Edition(marks=True), (444, 660), (24, 24, 420, 636), (24, 24, 420, 636)),
        (SCREEN, (396, 612), (0, 0, 396, 612), (0, 0, 396, 612)),
    ],
    ids=["plain", "bleed", "marks", "marks-alone", "screen"],
)
def test_every_page_says_where_it_is_cut(edition: Edition, media: object, bleed: object, trim: object) -> None:
    pages = made(edition).pdf.pages
    assert len(pages) > 12
    for page in pages:
        assert tuple(box(page, "/MediaBox")) == (0, 0, *media)  # type: ignore[misc]
        assert tuple(box(page, "/BleedBox")) == bleed
        assert tuple(box(page, "/TrimBox")) == trim


@pytest.mark.parametrize("rtl", [False, True], ids=["ltr", "rtl"])
def test_where_the_spine_has_no_bleed_the_trim_begins_there(rtl: bool) -> None:
    edition = Edition(bleed=9.0, target=Target("x", print=PrintRules(bleed_at_spine=False)))
    for page_index, page in enumerate(made(edition, rtl=rtl).pdf.pages):
        at_left = (page_index % 2 == 0) != rtl
        assert box(page, "/MediaBox") == box(page, "/BleedBox") == [0, 0, 405, 630]
        assert box(page, "/TrimBox") == ([0, 9, 396, 621] if at_left else [9, 9, 405, 621])


@pytest.mark.parametrize("rtl", [False, True], ids=["ltr", "rtl"])
def test_all_of_a_page_moves_away_from_the_spine_but_pictures_that_fill_it(rtl: bool) -> None:
    """Text, notes, folios, drawings and their gradients; a ground still reaches all edges."""
    thin, thick = pictures(BLEEDING, rtl=rtl), pictures(GROWN, rtl=rtl)
    full, part = filled(BLEEDING, rtl=rtl), found(BLEEDING, "Beginning", rtl=rtl)
    width, height = thin[0].size
    grounds = 0
    for page_index, (before, after) in enumerate(zip(thin, thick, strict=True)):
        move = 0 if page_index == full else 13 if (page_index % 2 == 0) != rtl else -13
        one = before.crop((20, 0, width - 20, height))
        assert not differs(one, after.crop((20 + move, 0, width - 20 + move, height))), page_index
        if move and one.getextrema() != ((255, 255),) * 3:
            assert page_index == part or differs(one, after.crop((20, 0, width - 20, height))), page_index
        if page_index == part:
            grounds += 1
            corners = [(0, 0), (width - 1, 0), (0, height - 1), (width - 1, height - 1)]
            assert {after.getpixel(corner) for corner in corners} == {GROUND}
    assert grounds == 1


def test_links_targets_and_the_boxes_of_figures_move_along() -> None:
    thin, thick = made(BLEEDING), made(GROWN)
    rectangles = [
        [(page, [float(side) for side in annotation.Rect]) for page, annotation in each.annotations()]
        for each in (thin, thick)
    ]
    assert len(rectangles[0]) > 3
    for (page, (left, bottom, right, top)), (_, after) in zip(*rectangles, strict=True):
        move = -13 if page % 2 else 13
        assert after == pytest.approx([left + move, bottom, right + move, top])
    boxes = [
        [(element.Pg.objgen, [float(side) for side in element.A.BBox]) for element in each.elements()
         if element.S == "/Figure" and "/BBox" in element.A]
        for each in (made(PLAIN), thick)
    ]  # fmt: skip
    assert len(boxes[0]) == 3
    drawn, filling, turned = [after for _, after in boxes[1]]
    before = boxes[0][0][1]
    assert drawn[1::2] == pytest.approx([side + 9 for side in before[1::2]])
    assert abs(drawn[0] - before[0] - 9) == pytest.approx(13)
    assert filling == pytest.approx([0, 0, 414, 630], abs=0.1)
    assert turned[3] - turned[1] > turned[2] - turned[0], "it stands on its side"
    chapter = thick.pdf.Root.Names.Dests.Names[1]
    assert float(chapter[3]) <= 621


def test_a_picture_fills_its_page_and_the_bleed() -> None:
    number = filled(BLEEDING)
    picture = pictures(BLEEDING)[number]
    assert made(BLEEDING).texts[number] == "", "neither head nor folio"
    for x in (0, 207, 413):
        column = [picture.getpixel((x, y))[0] for y in (0, 315, 629)]
        assert column == pytest.approx([0, 128, 255], abs=8)


def test_a_picture_marked_full_bleed_fills_a_page_in_print_and_is_a_picture_in_the_ebook(
    book_of: Callable[..., Path], run: Callable[..., Run], tmp_path: Path
) -> None:
    toml = '[book]\ntitle = "T"\nlanguage = "en"\n[layout]\ntrim = "a5"\nbleed = "3mm"\n'
    text = "# One\n\nBefore.\n\n![A picture](p.png){.full-bleed}\n\nBehind.\n"
    folder = book_of({"book.toml": toml, "one.md": text, "p.png": png(1900, 2700)})
    done = run("build", folder, "-o", tmp_path, "--format", "json")
    assert (done.code, done.said) == (0, [])
    document = pypdfium2.PdfDocument(tmp_path / "t.pdf")
    page = document[5]
    (picture,) = page.get_objects(filter=(pypdfium2.raw.FPDF_PAGEOBJ_IMAGE,))
    left, bottom, right, top = picture.get_bounds()
    assert max(left, bottom) <= 0.02
    assert min(right - page.get_width(), top - page.get_height()) >= -0.02
    assert (page.get_width(), page.get_height()) == pytest.approx((154 / 25.4 * 72, 216 / 25.4 * 72), abs=0.01)
    with zipfile.ZipFile(tmp_path / "t.epub") as ebook:
        chapter = next(ebook.read(name).decode() for name in ebook.namelist() if "one" in name)
    assert re.search('<figure[^>]* class="full-bleed"|<figure class="full-bleed"', chapter)


def test_crop_marks_stand_outside_the_bleed_and_nothing_else_does() -> None:
    number = found(MARKED, "Beginning")
    scale = 8
    document = pypdfium2.PdfDocument(made(MARKED).rendered.data)
    page = document[number].render(scale=scale).to_pil().convert("RGB")
    for x, y in ((33, 10), (429, 10), (33, 668), (429, 668), (10, 33), (10, 645), (452, 33), (452, 645)):
        around = page.crop(tuple(round(each * scale) for each in (x - 1, y - 1, x + 1, y + 1)))  # type: ignore[arg-type]
        dark = sum(1 for pixel in around.convert("L").tobytes() if pixel < 160)
        assert 0.1 < dark / scale / 2 / scale < 0.5, (x, y)
    for x, y in ((22, 300), (440, 300), (231, 22), (231, 656), (22, 22), (33, 22), (22, 33)):
        assert page.getpixel((x * scale, y * scale)) == PAPER, "no ground beyond the bleed, no mark at its edge"


@pytest.mark.parametrize("rtl", [False, True], ids=["ltr", "rtl"])
def test_a_page_on_its_side_is_a_page_like_all_others_with_its_text_turned(rtl: bool) -> None:
    number = next(number for number, text in enumerate(made(PLAIN, rtl=rtl).texts) if "Sideways" in text)
    label = made(PLAIN, rtl=rtl).page_map.labels[number]
    assert label in made(PLAIN, rtl=rtl).texts[number].split(), "its folio stands where all do"
    page = made(PLAIN, rtl=rtl).pdf.pages[number]
    assert "/Rotate" not in page.obj
    upright = made(SCREEN, rtl=rtl).pdf.pages[made_at(SCREEN, "Sideways", rtl=rtl)]
    assert upright.obj.Rotate == (270 if rtl else 90)
    assert box(upright, "/MediaBox") == [0, 0, 396, 612]
    shown = pictures(SCREEN, rtl=rtl)[made_at(SCREEN, "Sideways", rtl=rtl)]
    assert shown.size == (612, 396)
    # From dark above to light below, as the picture is; in print its head is on the left, or else on the right.
    column = [shown.getpixel((306, y))[0] for y in (80, 150, 220)]
    assert column == sorted(column)
    assert column[2] - column[0] > 40
    row = [pictures(PLAIN, rtl=rtl)[number].getpixel((x, 306))[0] for x in (80, 150, 220)]
    assert row == sorted(row, reverse=rtl)
    assert abs(row[2] - row[0]) > 30


def made_at(edition: Edition, text: str, *, rtl: bool = False) -> int:
    """The page_index of the page with a text."""
    return next(number for number, each in enumerate(made(edition, rtl=rtl).texts) if text in each)


# --- the edition for the screen -------------------------------------------------------------------------------------


def test_the_screen_has_the_pages_of_the_book_that_are_not_blank() -> None:
    printed, screen = made(PLAIN), made(SCREEN)
    picture = filled(PLAIN)
    used = [number for number, text in enumerate(printed.texts) if text or number == picture]
    assert len(used) < len(printed.texts)
    assert list(screen.texts) == [printed.texts[number] for number in used]
    labels = [printed.page_map.labels[number] for number in used]
    assert list(screen.page_map.labels) == [page.label for page in screen.pdf.pages] == labels
    assert "2" not in labels, "the back of the part page"


def test_what_leads_somewhere_leads_there_on_the_screen() -> None:
    printed, screen = made(PLAIN), made(SCREEN)
    assert screen.page_map.anchors.keys() == printed.page_map.anchors.keys()
    for anchor, page_index in screen.page_map.anchors.items():
        assert screen.page_map.folio(anchor) == printed.page_map.folio(anchor)
        assert screen.texts[page_index] == printed.text_from(anchor)
    assert screen.page_map.starts == tuple(
        each for number, each in enumerate(printed.page_map.starts) if printed.texts[number] or number == filled(PLAIN)
    )
    for name, page_index in screen.destinations().items():
        assert page_index == screen.page_map.anchors[name]
    with screen.pdf.open_outline() as outline:
        lines = [outline.root[0], *outline.root[0].children]
    assert [screen.destinations()[bytes(line.obj.Dest).decode()] for line in lines] == [
        screen.page_map.anchors[name] for name in ("part", "one", "two")
    ]


@pytest.mark.parametrize("rtl", [False, True], ids=["ltr", "rtl"])
def test_margins_are_even_on_the_screen(rtl: bool) -> None:
    for edition, even in ((PLAIN, False), (SCREEN, True)):
        sides = list(text_block(edition, "two", rtl=rtl))
        assert len(sides) > 1
        for page_index, left, right in sides:
            wanted = (54, 54) if even else (INNER, OUTER) if (page_index % 2 == 0) != rtl else (OUTER, INNER)
            assert (left, right) == pytest.approx(wanted, abs=2.5), page_index


def text_block(edition: Edition, anchor: str, *, rtl: bool) -> Iterator[tuple[int, float, float]]:
    """The margins left and right of the text, from the page behind an anchor on, while pages are full."""
    start = made(edition, rtl=rtl).page_map.anchors[anchor]
    document = pypdfium2.PdfDocument(made(edition, rtl=rtl).rendered.data)
    for page_index in range(start, len(document) - 1):
        text = document[page_index].get_textpage()
        rectangles = [text.get_rect(number) for number in range(text.count_rects())]
        yield page_index, min(each[0] for each in rectangles), WIDTH - max(each[2] for each in rectangles)


def test_links_have_a_colour_on_the_screen_only() -> None:
    def inks(edition: Edition) -> set[bool]:
        number = made_at(edition, "See the second chapter")
        colours = pictures(edition)[number].getcolors(maxcolors=1_000_000) or []
        return {max(pixel) - min(pixel) > 40 for _, pixel in colours}

    assert inks(PLAIN) == {False}
    assert inks(SCREEN) == {False, True}


@pytest.mark.slow
@pytest.mark.skipif(bool(verapdf.missing()), reason=f"not installed: {', '.join(verapdf.missing())}")
def test_editions_conform_to_pdf_ua_1_and_pdf_a_3a(tmp_path: Path) -> None:
    for name, edition in (("screen", SCREEN), ("marked", MARKED), ("grown", GROWN)):
        (tmp_path / f"{name}.pdf").write_bytes(made(edition).rendered.data)
    paths = [str(path) for path in sorted(tmp_path.glob("*.pdf"))]
    command = [sys.executable, str(Path(verapdf.__file__)), *paths]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == {path: [] for path in paths}
