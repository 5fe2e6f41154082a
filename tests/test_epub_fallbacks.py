"""Drawings and formulas where a reading system knows no SVG or no MathML: the finished e-books, read back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from lxml import etree
from PIL import Image
from test_epub_check import needs_epubcheck
from test_epub_sample import Opened
from tiny import BOOKS

from pmpress import xhtml
from pmpress.checks.epubcheck import check_epub
from pmpress.press import Order, load, render
from pmpress.press.parity import parity_of

Write = Callable[..., Path]

MATH = "{http://www.w3.org/1998/Math/MathML}math"
SVG = "http://www.w3.org/2000/svg"
EM = 75  # pixels in an em of a formula's picture
PLAN = f'<svg xmlns="{SVG}" viewBox="0 0 40 20"><path d="M5 5h30v10h-30z"/></svg>'
BOTH = {"kindle", ""}


def made(folder: Path, target: str = "") -> Opened:
    rendered = render(load(Order(folder, target=target)), "epub")
    return Opened(rendered.data, rendered.diagnostics)


@cache
def tiny_for(name: str, target: str) -> Opened:
    return made(BOOKS / name, target)


def formulas() -> Opened:
    return tiny_for("mathematics", "kindle")


def images(book: Opened) -> Iterator[etree._Element]:
    for page in book.pages.values():
        yield from page.iter(xhtml.tag("img"))


def pictures_of_formulas(book: Opened) -> list[etree._Element]:
    return [image for image in images(book) if "formula" in xhtml.classes_of(image)]


def opened(book: Opened, image: etree._Element) -> Image.Image:
    return Image.open(BytesIO(book.files[f"EPUB/{image.get('src')}"])).convert("L")


def steps(image: etree._Element, word: str) -> int:
    """The number behind a word in a class: twentieths of an em."""
    (found,) = (name for name in xhtml.classes_of(image) if name.startswith(f"formula-{word}-"))
    return int(found.removeprefix(f"formula-{word}-"))


def ink(picture: Image.Image) -> tuple[int, int, int, int]:
    box = picture.point(lambda grey: 255 * (grey < 128)).getbbox()
    assert box is not None
    return box


# --- one file for everybody -----------------------------------------------------------------------------------------


def test_who_knows_no_vectors_is_shown_pixels() -> None:
    book = tiny_for("figures", "")
    plans = [image for image in images(book) if image.get("srcset")]
    assert plans
    for plan in plans:
        assert (plan.get("src"), plan.get("srcset"), plan.get("width")) == ("images/plan.png", "images/plan.svg", "120")
        assert {"images/plan.png", "images/plan.svg"} <= book.manifest.keys()
    picture = opened(book, plans[0])
    assert picture.size == (375, 250)
    assert picture.getpixel((0, 0)) == 255
    assert ink(picture)


def test_a_formula_names_its_picture() -> None:
    book = tiny_for("mathematics", "")
    found = [formula for page in book.pages.values() for formula in page.iter(MATH)]
    assert len(found) == 26
    for formula in found:
        name, sizes = formula.get("altimg", ""), [formula.get(f"altimg-{side}", "") for side in ("width", "height")]
        assert book.manifest[name].get("media-type") == "image/svg+xml"
        picture = book.tree(name)
        ground, *shapes = picture
        assert (etree.QName(ground).localname, ground.get("fill")) == ("rect", "#fff")
        assert shapes
        assert [float(size.removesuffix("em")) * 24 for size in sizes] == [
            pytest.approx(float(picture.get(side, "")), abs=0.01) for side in ("width", "height")
        ]
        assert re.fullmatch(r"-?[0-9.]+em", formula.get("altimg-valign", ""))
    assert not any(name.startswith("formulas/") and name.endswith(".png") for name in book.manifest)


def test_a_formula_is_drawn_once(book_of: Write) -> None:
    files = {f"{number}.md": f"# {number}\n\nIt is $x^2$, and $x^2$.\n" for number in (1, 2)}
    book = made(book_of(files))
    assert len([name for name in book.manifest if name.startswith("formulas/")]) == 1
    assert len({f.get("altimg") for page in book.pages.values() for f in page.iter(MATH)}) == 1


def test_a_picture_takes_no_other_file_s_name(book_of: Write) -> None:
    with BytesIO() as png:
        Image.new("RGB", (9, 9), "red").save(png, "PNG")
        files = {"a.md": "# A\n\n![One](plan.svg)\n\n![Two](plan.png)\n", "plan.svg": PLAN, "plan.png": png.getvalue()}
    book = made(book_of(files))
    shown = [(image.get("src"), image.get("srcset")) for image in images(book) if image.get("alt") in ("One", "Two")]
    assert shown == [("images/plan-2.png", "images/plan.svg"), ("images/plan.png", None)]
    assert Image.open(BytesIO(book.files["EPUB/images/plan.png"])).size == (9, 9)


# --- no MathML, no SVG ----------------------------------------------------------------------------------------------


def test_where_neither_is_known_there_is_neither() -> None:
    for book in (formulas(), tiny_for("figures", "kindle")):
        assert not [name for name, item in book.manifest.items() if item.get("media-type") == "image/svg+xml"]
        assert not {"svg", "mathml"} & {item.get("properties") for item in book.manifest.values()}
        assert not any(page.findall(f".//{MATH}") for page in book.pages.values())
        assert not any(image.get("srcset") for image in images(book))
        assert {image.get("src") for image in images(book)} <= book.manifest.keys()


def test_a_picture_says_what_its_formula_says() -> None:
    written = [f.get("alttext") for page in tiny_for("mathematics", "").pages.values() for f in page.iter(MATH)]
    assert [image.get("alt") for image in pictures_of_formulas(formulas())] == written


def test_a_formula_s_picture_is_as_large_as_the_style_sheet_says() -> None:
    css = formulas().files["EPUB/book.css"].decode()
    for image in pictures_of_formulas(formulas()):
        picture, wide = opened(formulas(), image), steps(image, "wide")
        assert picture.width == pytest.approx(wide * EM / 20, abs=1)
        assert f"img.formula-wide-{wide} {{ width: {wide / 20:g}em; }}" in css
        left, upper, right, lower = ink(picture)
        assert min(left, upper, picture.width - right, picture.height - lower) >= 1  # white on all sides
        assert max(left, upper, picture.width - right, picture.height - lower) < 0.3 * EM


def test_a_formula_s_picture_stands_on_the_line() -> None:
    css = formulas().files["EPUB/book.css"].decode()
    # Letters and signs none of which goes below the line
    for alt in (r"E = mc^2", r"\hat{x}", r"e^{i\pi} + 1 = 0"):
        (image,) = (each for each in pictures_of_formulas(formulas()) if each.get("alt") == alt)
        picture, deep = opened(formulas(), image), steps(image, "deep")
        assert f"img.formula-deep-{deep} {{ vertical-align: {-deep / 20:g}em; }}" in css
        assert picture.height - ink(picture)[3] == pytest.approx(deep * EM / 20, abs=0.04 * EM)


def test_an_equation_keeps_its_number() -> None:
    page = formulas().tree("ch02-on-its-own.xhtml")
    numbered = [each for each in page.iter(xhtml.tag("div")) if xhtml.text_of(each).startswith("(2.")]
    assert [xhtml.text_of(each) for each in numbered] == ["(2.1)", "(2.2)", "(2.3)"]
    for each in numbered:
        frame = next(span for span in each.iter(xhtml.tag("span")) if "display" in xhtml.classes_of(span))
        assert frame.get("tabindex") is None
        assert [xhtml.local(child) for child in frame] == ["img"]


def test_the_metadata_tell_of_pictures() -> None:
    said = formulas().meta("schema:accessibilityFeature")
    assert "MathML" not in said
    assert "alternativeText" in said
    assert "visual" in formulas().meta("schema:accessMode")


def test_what_could_not_be_drawn_is_told(book_of: Write) -> None:
    folder = book_of({"a.md": "# A\n\nText.\n\nIt is $\\text{漢}$.\n"})
    (found,) = made(folder, "kindle").diagnostics
    assert (found.code, found.span and (found.span.file, found.span.line)) == ("glyph-missing", ("a.md", 5))
    assert made(folder).diagnostics == ()


def test_nothing_is_missing_in_the_pictures(tmp_path: Path) -> None:
    (found,) = parity_of(Order(BOOKS / "mathematics", target="kindle"), tmp_path)
    assert found.code == "parity-holds"


# --- one of both ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("mathematics", "vectors"), [(True, False), (False, True)])
def test_each_goes_without_the_other(mathematics: bool, vectors: bool, book_of: Write) -> None:
    rules = f"[ebook]\nmathematics = {mathematics}\nvectors = {vectors}\n".lower()
    folder = book_of({"a.md": "# A\n\nIt is $x$.\n\n![A plan](plan.svg)\n", "plan.svg": PLAN, "mine.toml": rules})
    book = made(folder, "mine")
    drawings = {name for name in book.manifest if name.endswith(".svg")}
    plan = next(image for image in images(book) if image.get("alt") == "A plan")
    assert (plan.get("src"), plan.get("srcset")) == ("images/plan.png", "images/plan.svg" if vectors else None)
    if mathematics:
        (formula,) = (f for page in book.pages.values() for f in page.iter(MATH))
        assert re.fullmatch(r"formulas/[0-9a-f]+\.png", formula.get("altimg", ""))
        assert formula.get("altimg") in book.manifest
        assert drawings == set()
    else:
        (image,) = pictures_of_formulas(book)
        assert re.fullmatch(r"formulas/[0-9a-f]+\.svg", image.get("srcset", ""))
        assert image.get("width") is None
        assert drawings == {image.get("srcset"), "images/plan.svg"}


# --- drawings of a layout -------------------------------------------------------------------------------------------


@cache
def _template() -> str:
    return (Path(__file__).parent.parent / "layouts/common/templates/chapter.html.jinja").read_text("utf-8")


def with_drawings(book_of: Write) -> Path:
    """A book with a layout that draws in each chapter, and behind its headings."""
    inside = f'<svg xmlns="{SVG}" viewBox="0 0 30 60" class="leaf"><title>A leaf</title><path d="M5 5h9v9z"/></svg>'
    return book_of({
        "a.md": "# A\n\nText.\n",
        "layouts/classic/templates/chapter.html.jinja": f"{_template()}\n{inside}\n",
        "layouts/classic/epub.css": "h1 { background: url(plan.svg); }",
        "layouts/classic/plan.svg": PLAN,
    })  # fmt: skip


def test_a_layout_draws_in_pixels_too(book_of: Write) -> None:
    book = made(with_drawings(book_of), "kindle")
    (leaf,) = (image for image in images(book) if image.get("alt") == "A leaf")
    assert (leaf.get("class"), leaf.get("width")) == ("leaf", "30")
    assert opened(book, leaf).size == (94, 188)
    assert not any(name.endswith(".svg") for name in book.manifest)
    assert not {"svg"} & {item.get("properties") for item in book.manifest.values()}
    (named,) = re.findall(r"url\(\"?([^\")]*\.png)", book.files["EPUB/book.css"].decode())
    assert Image.open(BytesIO(book.files[f"EPUB/{named}"])).size == (125, 63)


def test_a_layout_s_vectors_stay_where_they_are_known(book_of: Write) -> None:
    book = made(with_drawings(book_of))
    assert [item.get("properties") for item in book.manifest.values()].count("svg") == 1
    assert "layout/plan.svg" in book.manifest


# --- as a whole -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("target", sorted(BOTH))
def test_the_same_bytes_each_time(target: str) -> None:
    assert made(BOOKS / "mathematics", target).data == tiny_for("mathematics", target).data


@pytest.mark.slow
@needs_epubcheck
@pytest.mark.parametrize("target", sorted(BOTH))
@pytest.mark.parametrize("name", ["figures", "mathematics"])
def test_epubcheck_finds_nothing(name: str, target: str, tmp_path: Path) -> None:
    path = tmp_path / "book.epub"
    path.write_bytes(tiny_for(name, target).data)
    assert check_epub(path) == ()
