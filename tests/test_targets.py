"""Targets: what a printer asks, measured from the finished file against the numbers; an author's own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from functools import cache
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image
from test_pdf_boxes import box
from test_pdf_sample import Printed, book, footnotes, metadata, noteref, png, prose, simple, texts_of
from tiny import BOOKS

from pmpress import targets
from pmpress.diagnostics import PressError, Severity, UsageError
from pmpress.layout import Layout, Wishes, load_layout
from pmpress.model import Asset, Book, Edition, PrintRules, Target
from pmpress.pdf import render
from pmpress.press import Order, load
from pmpress.press import render as render_loaded

DOCS = Path(__file__).parent.parent / "docs" / "print.md"
Write = Callable[..., Path]
Run = Callable[..., object]

KDP = targets.load_target("kdp", Path("/nowhere"))
AS_KDP = Edition(bleed=9.0, marks=False, target=KDP)
INCH = 72.0


@cache
def layout(name: str = "classic", *, rtl: bool = False) -> Layout:
    """A built-in layout."""
    return load_layout(name, Path("/nowhere"), Wishes(language="en", is_rtl=rtl))[0]


def printed(what: Book, edition: Edition = AS_KDP, *, rtl: bool = False) -> Printed:
    """A book in an edition, read back."""
    rendered = render(what, layout(rtl=rtl), edition)
    return Printed(rendered, pikepdf.open(BytesIO(rendered.data)), tuple(texts_of(rendered.data)))


def see_through(colour: tuple[int, int, int, int] = (255, 0, 0, 128)) -> bytes:
    """A picture that shows half of what is behind it."""
    out = BytesIO()
    Image.new("RGBA", (1200, 600), colour).save(out, "PNG")
    return out.getvalue()


def kdp_book(*, rtl: bool = False, pages: int = 40) -> Book:
    """A book with links, notes, pictures fine and coarse, long enough to be bound."""
    figures = "".join(
        f'<figure data-src="one.md:{line}"><img src="{name}" alt="x" data-src="one.md:{line}"/></figure>'
        for line, name in ((7, "fine.png"), (9, "coarse.png"), (11, "alpha.png"))
    )
    one = f"<p>{prose(9)}{noteref('one', 1)}</p>{figures}<p><a href='#two'>On</a> {prose(9)}</p>{footnotes(1)}"
    two = "".join(f"<p>{prose(8, start)}</p>" for start in range(int(pages * 2.5)))
    assets = (
        Asset("fine.png", "image/png", png(2400, 1200), 2400, 1200),
        Asset("coarse.png", "image/png", png(400, 200), 400, 200),
        Asset("alpha.png", "image/png", see_through(), 1200, 600),
    )
    about = metadata(direction="rtl") if rtl else metadata()
    return replace(book(simple("one", "One", one), simple("two", "Two", two), about=about), assets=assets)


@cache
def kdp(*, rtl: bool = False) -> Printed:
    """The book as KDP wants it."""
    return printed(kdp_book(rtl=rtl), rtl=rtl)


# --- KDP, measured --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rtl", [False, True], ids=["ltr", "rtl"])
def test_the_paper_is_an_eighth_wider_and_a_quarter_higher_than_the_trim(rtl: bool) -> None:
    pages = kdp(rtl=rtl).pdf.pages
    assert 24 <= len(pages) <= 150
    for page_index, page in enumerate(pages):
        width, height = box(page, "/MediaBox")[2:]
        assert (width / INCH, height / INCH) == pytest.approx((5.5 + 0.125, 8.5 + 0.25))
        left, bottom, right, top = box(page, "/TrimBox")
        assert ((right - left) / INCH, (top - bottom) / INCH) == pytest.approx((5.5, 8.5))
        fore_edge = left if (page_index % 2 == 1) != rtl else width - right
        assert fore_edge / INCH == pytest.approx(0.125)
        assert (bottom / INCH, (height - top) / INCH) == pytest.approx((0.125, 0.125))


@pytest.mark.parametrize("rtl", [False, True], ids=["ltr", "rtl"])
def test_margins_are_as_wide_as_kdp_asks(rtl: bool) -> None:
    found = kdp(rtl=rtl)
    for page_index, (left, bottom, right, top) in extents(found):
        trim = box(found.pdf.pages[page_index], "/TrimBox")
        beside = (left - trim[0], trim[2] - right)
        inner, outer = beside if (page_index % 2 == 0) != rtl else beside[::-1]
        assert inner / INCH >= 0.375
        assert min(outer, bottom - trim[1], trim[3] - top) / INCH >= 0.375


def extents(found: Printed) -> Iterator[tuple[int, tuple[float, float, float, float]]]:
    """How far the text of each page reaches: left, bottom, right, top."""
    document = pypdfium2.PdfDocument(found.rendered.data)
    for page_index, page in enumerate(document):
        text = page.get_textpage()
        if sides := [text.get_rect(number) for number in range(text.count_rects())]:
            left, bottom, right, top = zip(*sides, strict=True)
            yield page_index, (min(left), min(bottom), max(right), max(top))


def test_nothing_is_in_the_file_but_pages() -> None:
    pdf = kdp().pdf
    assert not {"/Outlines", "/Names", "/StructTreeRoot", "/MarkInfo", "/OutputIntents", "/AcroForm"} & set(pdf.Root)
    assert "/PageMode" not in pdf.Root
    for page in pdf.pages:
        assert not {"/Annots", "/StructParents", "/Tabs"} & set(page.obj)
    xmp = bytes(pdf.Root.Metadata.read_bytes()).decode()
    assert "pdfuaid:part" not in xmp
    assert "pdfaid:part" not in xmp
    assert "What’s Product Management" in xmp


def test_every_font_is_in_the_file() -> None:
    fonts = [each for each in kdp().pdf.objects if isinstance(each, pikepdf.Dictionary) and "/FontName" in each]
    assert len(fonts) >= 2
    assert all({"/FontFile", "/FontFile2", "/FontFile3"} & set(font) for font in fonts)


def test_pictures_have_300_pixels_an_inch_or_are_named_with_their_line() -> None:
    found = kdp()
    document = pypdfium2.PdfDocument(found.rendered.data)
    dots = []
    for page in document:
        for each in page.get_objects(filter=(pypdfium2.raw.FPDF_PAGEOBJ_IMAGE,)):
            left, bottom, right, top = each.get_bounds()
            across, down = each.get_px_size()
            assert across / (right - left) == pytest.approx(down / (top - bottom), rel=0.01)
            dots.append(round(across / (right - left) * INCH))
    fine, coarse, _ = dots
    assert fine in (300, 301)
    (named,) = (each for each in found.rendered.diagnostics if each.code == "target-dpi" and "coarse" in each.message)
    assert f"{coarse} pixels an inch" in named.message
    assert coarse < 150
    assert (named.span.file, named.span.line) == ("one.md", 9)  # type: ignore[union-attr]
    assert named.severity is Severity.WARNING


def test_a_see_through_picture_is_set_on_the_paper() -> None:
    found = kdp()
    assert not any("/SMask" in each for each in found.pdf.objects if isinstance(each, pikepdf.Stream))
    assert "target-transparency" not in found.codes


def test_a_book_like_that_is_refused_for_nothing() -> None:
    assert set(kdp().codes) <= {"target-dpi", "image-coarse"}


# --- what is refused ------------------------------------------------------------------------------------------------


def refused(what: Book, rules: PrintRules, **changes: object) -> dict[str, str]:
    """What a target with these rules says of a book: what and what to do, by code."""
    edition = Edition(target=Target("mine", print=rules), **changes)  # type: ignore[arg-type]
    found = render(what, layout(), edition).diagnostics
    return {each.code: f"{each.message}. {each.hint}" for each in found if each.code.startswith("target-")}


def little(body: str = "<p>Short.</p>") -> Book:
    return book(simple("one", "One", body))


def test_a_target_that_asks_nothing_refuses_nothing() -> None:
    assert refused(little(), PrintRules()) == {}


def test_a_trim_that_is_not_taken_is_named_with_the_nearest() -> None:
    rules = PrintRules(trims=((432, 648), (612, 792)))
    assert refused(little(), rules) == {
        "target-trim": "'mine' does not take pages of 5.5 × 8.5 in. "
        'Set trim = "6x9in" in [layout] of book.toml, the nearest it takes.'
    }
    assert refused(little(), PrintRules(trims=((396, 612),))) == {}


def test_too_few_and_too_many_pages() -> None:
    assert (
        "takes 24 pages or more, and the book has 5" in refused(little(), PrintRules(pages=(24, 828)))["target-pages"]
    )
    assert "takes 4 pages at most, and the book has 5" in refused(little(), PrintRules(pages=(0, 4)))["target-pages"]
    assert refused(little(), PrintRules(pages=(5, 5))) == {}


def test_a_file_that_is_too_large() -> None:
    assert "takes files of 0.001 MB at most" in refused(little(), PrintRules(most_bytes=1000))["target-size"]


def test_margins_that_are_too_narrow() -> None:
    inner = refused(little(), PrintRules(gutters=((10, 72.0),)))
    assert inner["target-margin"].startswith("'mine' asks 1 in for the inner margin of a book of 5 pages, and page ")
    assert inner["target-margin"].endswith('Set inner = "1in" in [style] of book.toml.')
    assert "0.75 in for the outer margin" in refused(little(), PrintRules(outside=54.0))["target-margin"]
    assert refused(little(), PrintRules(outside=36.0, gutters=((10, 54.0),))) == {}


def test_type_that_is_too_small_is_named_with_its_line() -> None:
    small = (
        '<p style="font-size: 5pt" data-src="one.md:8">Small.</p><p>Large H<sub style="font-size: 4pt">2</sub>O.</p>'
    )
    found = render(
        little(small), layout(), Edition(target=Target("mine", print=PrintRules(least_type=7.0)))
    ).diagnostics
    (named,) = (each for each in found if each.code == "target-type")
    assert "7 pt or more: some here is of 5 pt" in named.message
    assert (named.span.file, named.span.line) == ("one.md", 8)  # type: ignore[union-attr]


MASKED = b"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30 20"><title>Masked</title>
<mask id="m"><rect width="30" height="20" fill="#888"/></mask><rect width="30" height="20" mask="url(#m)"/></svg>"""
MIXED = b"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30 20"><title>Mixed</title>
<filter id="f"><feBlend mode="multiply"/></filter><rect width="30" height="20" filter="url(#f)"/></svg>"""


@pytest.mark.parametrize(
    "body",
    [
        '<p style="opacity: 0.5">Pale.</p>',
        '<p style="color: rgba(0, 0, 0, 0.5)">Pale.</p>',
        '<p><img src="mixed.svg" alt="Mixed"/></p>',
        '<p><img src="masked.svg" alt="Masked"/></p>',
        '<div style="background: linear-gradient(red, blue)"><img src="alpha.png" alt="x"/></div>',
    ],
    ids=["opacity", "colour", "blend", "mask", "picture-on-many-colours"],
)
def test_what_shows_what_is_behind_it_is_refused_with_its_page(body: str) -> None:
    what = replace(
        book(simple("one", "One", body), simple("two", "Two", "<p>Plain.</p>")),
        assets=(
            Asset("masked.svg", "image/svg+xml", MASKED, 30, 20),
            Asset("mixed.svg", "image/svg+xml", MIXED, 30, 20),
            Asset("alpha.png", "image/png", see_through(), 1200, 600),
        ),
    )
    found = render(what, layout(), Edition(target=Target("mine", print=PrintRules(transparency=False)))).diagnostics
    (named,) = (each for each in found if each.code == "target-transparency")
    assert named.message.endswith("there is some on page 1")
    assert named.severity is Severity.ERROR
    assert named.span.file == "one.md"  # type: ignore[union-attr]
    assert refused(what, PrintRules()) == {}


@pytest.mark.parametrize(
    ("ground", "seen"), [("", (255, 127, 127)), ("background: #0000ff", (128, 0, 127))], ids=["paper", "colour"]
)
def test_a_picture_is_flattened_onto_what_is_behind_it(ground: str, seen: tuple[int, int, int]) -> None:
    what = replace(
        little(f'<div style="{ground}"><img src="alpha.png" alt="x" style="width: 200pt"/></div>'),
        assets=(Asset("alpha.png", "image/png", see_through(), 1200, 600),),
    )
    found = printed(what, Edition(target=Target("mine", print=PrintRules(transparency=False))))
    assert found.codes == []
    assert not any("/SMask" in each for each in found.pdf.objects if isinstance(each, pikepdf.Stream))
    page = pypdfium2.PdfDocument(found.rendered.data)[found.page_map.anchors["one"]]
    (picture,) = page.get_objects(filter=(pypdfium2.raw.FPDF_PAGEOBJ_IMAGE,))
    left, bottom, right, top = picture.get_bounds()
    middle = (round((left + right) / 2), round(612 - (bottom + top) / 2))
    assert page.render(scale=1).to_pil().convert("RGB").getpixel(middle) == pytest.approx(seen, abs=2)


# --- in every layout, and in the docs -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["classic", "manual", "essay"])
def test_the_screen_can_be_cited_as_the_book_can_in_every_layout(name: str) -> None:
    """Margins and colours change no line: the same words stand on the same folios."""
    order = Order(BOOKS / "matters", (("layout.name", f'"{name}"'),))
    printed, screen = (render_loaded(load(replace(order, edition=kind)), "pdf") for kind in ("book", "screen"))
    words = [dict(zip(each.page_map.labels, texts_of(each.data), strict=True)) for each in (printed, screen)]
    assert {label: said for label, said in words[0].items() if said} == words[1]


def test_the_target_in_the_docs_is_one(book_of: Write) -> None:
    written = DOCS.read_text("utf-8").partition("```toml\ntitle = ")[2].partition("```")[0]
    target = targets.load_target("corner", book_of({"corner.toml": f"title = {written}"}))
    assert target.title == "The printer round the corner"
    assert target.print.gutters[0] == (100, pytest.approx(10 / 25.4 * INCH))


def test_the_docs_name_every_key_and_code_and_no_other() -> None:
    text = DOCS.read_text("utf-8")
    rows = [row.split("|")[1] for row in text.partition("| key of `[print]` |")[2].partition("\n\n")[0].splitlines()]
    keys = {field.name for field in fields(PrintRules)} - {"most_bytes"} | {"most_megabytes"}
    assert {key for row in rows for key in re.findall("`(.*?)`", row)} == keys
    source = "".join(path.read_text("utf-8") for path in Path(targets.__file__).parent.parent.rglob("*.py"))
    assert set(re.findall("`(target-.*?)`", text)) == set(re.findall('"(target-.*?)"', source))


# --- an author's own ------------------------------------------------------------------------------------------------

MINE = """title = "The printer round the corner"
[print]
bleed = "3mm"
marks = true
outline = false
trims = ["a5"]
"""
BOOK = '[book]\ntitle = "T"\nlanguage = "en"\n[layout]\ntrim = "a5"\n'


def test_an_authors_own_target_stands_beside_book_toml(run: Run, book_of: Write, tmp_path: Path) -> None:
    root = book_of({"book.toml": BOOK, "one.md": "# One\n\nText.", "mine.toml": MINE})
    done = run("pdf", root, "--target", "mine", "-o", tmp_path, "--format", "json")
    assert (done.code, done.said) == (0, [])  # type: ignore[attr-defined]
    with pikepdf.open(tmp_path / "t-mine.pdf") as pdf:
        bleed = 3 / 25.4 * INCH
        left, bottom, right, top = box(pdf.pages[0], "/BleedBox")
        assert (right - left, top - bottom) == pytest.approx((419.53 + 2 * bleed, 595.28 + 2 * bleed), abs=0.01)
        assert box(pdf.pages[0], "/MediaBox")[2] > right
        assert "/Outlines" not in pdf.Root
        assert "/StructTreeRoot" in pdf.Root


def test_files_of_other_editions_have_names_of_their_own(run: Run, book_of: Write, tmp_path: Path) -> None:
    screen = 'editions = ["screen"]\n'
    root = book_of({"book.toml": BOOK, "one.md": "# One", "mine.toml": MINE, "site.toml": screen})
    out = tmp_path / "out"
    for options in ((), ("--edition", "screen"), ("--target", "mine"), ("--target", "site")):
        assert run("pdf", root, *options, "-o", out).code == 0  # type: ignore[attr-defined]
    assert run("epub", root, "--edition", "screen", "-o", out).code == 0  # type: ignore[attr-defined]
    assert run("pdf", root, "--target", "mine", "--edition", "screen", "-o", out).code == 0  # type: ignore[attr-defined]
    names = sorted(path.name for path in out.glob("*.*") if path.is_file())
    assert names == ["t-mine-screen.pdf", "t-mine.pdf", "t-screen.pdf", "t-site.pdf", "t.epub", "t.pdf"]


@pytest.mark.parametrize("name", ["nobody", "../mine", "book", "/etc/passwd", ".", "a\0b"])
def test_a_target_that_is_not_there(name: str, book_of: Write) -> None:
    root = book_of({"book.toml": BOOK, "book/mine.toml": MINE})
    with pytest.raises(UsageError) as raised:
        targets.load_target(name, root / "book")
    assert [each.code for each in raised.value.diagnostics] == ["target-unknown"]


def test_a_name_that_is_nearly_right_is_found(run: Run, book_of: Write) -> None:
    root = book_of({"book.toml": BOOK, "one.md": "# One"})
    done = run("pdf", root, "--target", "kpd")
    assert done.code == 2  # type: ignore[attr-defined]
    assert "Did you mean 'kdp'?" in done.err  # type: ignore[attr-defined]


def test_a_target_takes_the_editions_it_says(run: Run, book_of: Write) -> None:
    root = book_of({"book.toml": BOOK, "one.md": "# One"})
    done = run("pdf", root, "--target", "kdp", "--edition", "screen")
    assert (done.code, "target-edition" in done.err) == (2, True)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("written", "line", "said"),
    [
        ("title = ", 0, "cannot be read"),
        ("[print]\nbleeds = 3", 2, "'bleeds' is no key of a target"),
        ("[print]\nbleed = 3", 2, "bleed is 3"),
        ("[print]\npages = [9, 2]", 2, "pages is [9, 2]"),
        ("[print]\ntrims = ['a99']", 2, "trims is ['a99']"),
        ("[print]\ngutters = [[1]]", 2, "gutters is [[1]]"),
        ("editions = ['ebook']", 1, "editions is ['ebook']"),
        ("print = 3", 1, "'print' is a table"),
        ("[print]\nannotations = false\ntags = true", 3, "tags without annotations"),
    ],
)
def test_a_target_that_is_broken_is_named_with_its_line(written: str, line: int, said: str, book_of: Write) -> None:
    root = book_of({"mine.toml": written})
    with pytest.raises(PressError) as raised:
        targets.load_target("mine", root)
    (found,) = raised.value.diagnostics
    assert found.code == "target-broken"
    assert said in found.message
    assert (found.span.file, found.span.line) == ("mine.toml", line)  # type: ignore[union-attr]


def test_where_there_are_no_annotations_there_are_no_tags(book_of: Write) -> None:
    root = book_of({"mine.toml": "[print]\nannotations = false"})
    assert targets.load_target("mine", root).print.tags is False


@pytest.mark.parametrize("written", ["editions = [{ a = 1 }]", f"[print]\nmost_megabytes = {'9' * 20}"])
def test_values_that_nobody_would_write_are_refused_with_their_line(tmp_path: Path, written: str) -> None:
    (tmp_path / "mine.toml").write_text(written, "utf-8")
    with pytest.raises(PressError) as raised:
        targets.load_target("mine", tmp_path)
    (said,) = raised.value.diagnostics
    assert (said.code, str(said.span)) == ("target-broken", f"mine.toml:{written.count(chr(10)) + 1}")


def test_a_target_that_is_no_toml_is_said_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('title = "x"\n\nprint == 5\n', "utf-8")
    with pytest.raises(PressError) as raised:
        targets.load_target("mine", tmp_path)
    (said,) = raised.value.diagnostics
    assert (said.code, str(said.span)) == ("target-broken", "mine.toml:3")
    assert said.hint


def test_the_name_of_a_target_is_one_that_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "a\nb.toml").write_text("", "utf-8")
    with pytest.raises(UsageError, match="target-unknown"):
        targets.load_target("a\nb", tmp_path)
