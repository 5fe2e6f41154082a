"""Figures and tables: captions, numbers, pages of their own, and what becomes of the pictures in them."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from conftest import Run
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo
from test_epub_sample import found
from tiny import BOOKS, tiny

from pmpress import xhtml
from pmpress.cache import Cache
from pmpress.diagnostics import Span
from pmpress.manuscript import load_images
from pmpress.model import Asset, EbookRules
from pmpress.press import Order, load

Write = Callable[..., Path]
Command = Callable[..., Run]
TRIM = (396.0, 612.0)
TOML = '[book]\ntitle = "T"\nlanguage = "en"\n[contents]\nbody = ["a.md"]\n'


def saved(kind: str, image: Image.Image, **said: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **said)
    return out.getvalue()


def loaded(folder: Path, path: str) -> Asset:
    assets, diagnostics = load_images(folder, [(path, Span("a.md", 3))], Cache())
    assert diagnostics == ()
    return assets[path]


def page_of(anchor: str) -> int:
    return tiny("figures").printed.page_map.anchors[anchor]


def words_on(page_index: int) -> str:
    return " ".join(tiny("figures").printed.texts[page_index].split())


# --- What is counted -------------------------------------------------------------------------------------------------


def model_of(book_of: Write, text: str, **files: str | bytes) -> str:
    toml = {"book.toml": TOML}
    (chapter,) = load(Order(book_of({**toml, "a.md": f"# A\n\n{text}\n", **files}))).book.chapters
    return chapter.xhtml


def test_a_figure_has_a_number_a_short_caption_and_a_credit() -> None:
    both = tiny("figures")
    assert "Figure 1.1 A field Photograph: A. Drawer" in words_on(page_of("ch1-pictures--fig-wide"))
    (credit,) = found(
        both.ebook.tree("ch1-pictures.xhtml"), "//h:figure[@id='fig-wide']/h:figcaption/h:span[@class='credit']"
    )
    assert credit.text == "Photograph: A. Drawer"
    assert "1.1 Field" in both.page("loi.xhtml")
    assert "2.1 Squares and cubes" in both.page("lot.xhtml")


def test_several_figures_share_a_caption_and_are_named_by_letters() -> None:
    both = tiny("figures")
    text = both.page("ch1-pictures.xhtml")
    assert "(a) Tall" in text
    assert "(b) Ring" in text
    assert "Figure 1.2 Two things, side by side. Both by A. Drawer" in text
    (link,) = found(both.ebook.tree("ch1-pictures.xhtml"), "//h:a[@href='#sub-ring']")
    assert xhtml.text_of(link) == "Figure 1.2b"
    assert "Figure 1.2b is one of them" in words_on(page_of("ch1-pictures"))


def test_they_stand_side_by_side() -> None:
    tall, ring = figure_boxes(tiny("figures").printed.pdf, page_of("ch1-pictures--fig-pair"))
    assert tall[3] == pytest.approx(ring[3])
    assert tall[2] < ring[0]
    assert (ring[2] - ring[0]) == pytest.approx(2 * (tall[2] - tall[0]))  # 60 % and 30 %


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('![x](x.svg "C")', '<figure data-src="a.md:3-3" id="figure-1"'),
        ('[]{#figure-1}\n\n![x](x.svg "C")', 'id="figure-2"'),
        ("![x](x.svg){#here}", '<span class="caption-label">Figure 1</span></figcaption>'),
        ("![x](x.svg)", "alt"),
    ],
)
def test_what_is_counted_has_an_id(book_of: Write, text: str, wanted: str) -> None:
    svg = (BOOKS / "figures" / "plan.svg").read_bytes()
    model = model_of(book_of, text, **{"x.svg": svg})
    assert wanted in model
    assert ("caption-label" in model) == ("#here" in text or '"C"' in text)


# --- Pages of their own ----------------------------------------------------------------------------------------------


def test_a_full_page_holds_its_figure_alone_as_large_as_fits() -> None:
    both = tiny("figures")
    page_index = page_of("ch1-pictures--figure-1")
    assert words_on(page_index) == "Figure 1.4 Large and turned round by its own account 4 Figures"
    (box,) = figure_boxes(both.printed.pdf, page_index)
    assert box[2] - box[0] == pytest.approx(288, abs=1.5)  # the measure
    assert both.printed.pdf.pages[page_index].mediabox[2:] == [*TRIM]


def figure_boxes(pdf: pikepdf.Pdf, page_index: int) -> list[list[float]]:
    """The boxes of the figures on a page, by its tags."""
    page = pdf.pages[page_index].obj
    return [
        [float(side) for side in element.A.BBox]
        for element in pdf.objects
        if isinstance(element, pikepdf.Dictionary)
        and element.get("/S") == pikepdf.Name.Figure
        and element.Pg.objgen == page.objgen
    ]


def test_a_page_turned_on_its_side_and_upright_again() -> None:
    pdf = tiny("figures").printed.pdf
    figure, table = page_of("ch1-pictures--figure-2"), page_of("ch2-tables--tab-wide")
    for page_index in (figure, table):
        sizes = [tuple(map(float, pdf.pages[at].mediabox[2:])) for at in range(page_index - 1, page_index + 2)]
        assert sizes == [TRIM, TRIM, TRIM]  # what is turned is the text
    (box,) = figure_boxes(pdf, figure)
    assert 190 < box[2] - box[0] < 262.5  # the caption takes two of the lines
    assert "Drawn for this book" in words_on(figure)
    assert words_on(figure).endswith("6 Figures")  # running head and folio
    assert words_on(table).startswith("Table 2.2 Nine columns")
    assert words_on(table + 1).startswith("Text after them.")


def test_a_long_table_shows_its_head_on_each_page() -> None:
    first = page_of("ch2-tables--tab-long")
    pages = [words_on(page_index) for page_index in range(first, first + 4)]
    assert all("Number Square Cube Words" in page for page in pages)
    assert [page.count("Powers") for page in pages] == [1, 0, 0, 0]
    assert "The number 60" in pages[-1]


@pytest.mark.parametrize(("row", "said"), [("| 1 |", "fewer"), ("| 1 | 2 | 3 |", "more")])
def test_a_ragged_row(book_of: Write, run: Command, row: str, said: str) -> None:
    made = run("build", book_of({"book.toml": TOML, "a.md": f"# A\n\n| a | b |\n|---|---|\n| 1 | 2 |\n{row}\n"}),
               "--format", "json")  # fmt: skip
    assert made.code == 0
    assert made.said == ["a.md:6 warning table-ragged"]
    assert said in made.out


# --- What shows nothing ----------------------------------------------------------------------------------------------


def test_a_decoration_is_an_artifact_in_print_and_presentation_in_the_ebook() -> None:
    both = tiny("figures")
    (image,) = found(both.ebook.tree("ch1-pictures.xhtml"), "//h:img[@role='presentation']")
    assert image.get("alt") == ""
    assert both.ebook.meta("schema:accessibilityFeature").count("alternativeText") == 1
    alternatives = [
        str(each.Alt) for each in both.printed.pdf.objects if isinstance(each, pikepdf.Dictionary) and "/Alt" in each
    ]
    assert len(alternatives) > 5
    assert "\ufffc" not in alternatives


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("![](x.svg)", ["a.md:3 warning figure-no-alt"]),
        ("![](x.svg){.decorative}", []),
        ('![](x.svg){alt=""}', []),
        ('<img src="x.svg" alt="">', []),
        ('<img src="x.svg">', ["a.md:3 warning figure-no-alt"]),
    ],
)
def test_who_must_say_what_is_shown(book_of: Write, run: Command, text: str, said: list[str]) -> None:
    svg = (BOOKS / "figures" / "plan.svg").read_bytes()
    folder = book_of({"book.toml": TOML, "a.md": f"# A\n\n{text}\n", "x.svg": svg})
    assert run("build", folder, "--format", "json").said == said


# --- Pictures for each output ----------------------------------------------------------------------------------------


def printed_images() -> list[pikepdf.Object]:
    streams = (each for each in tiny("figures").printed.pdf.objects if isinstance(each, pikepdf.Stream))
    return [each for each in streams if each.get("/Subtype") == pikepdf.Name.Image]


def test_print_has_no_more_than_300_pixels_an_inch() -> None:
    images = {(str(image.ColorSpace), int(image.Width), int(image.Height)): image for image in printed_images()}
    assert ("/DeviceGray", 1200, 1836) in images  # 4 in of 1700 × 2600, as it is when turned round
    assert ("/DeviceRGB", 700, 450) in images  # fewer than that: as it was, but for its colours
    (ring,) = (image for image in images.values() if "/SMask" in image)
    assert int(ring.Width) == pytest.approx(0.6 * 4 * 300, abs=2)  # and its transparency is kept
    source = BOOKS / "figures"
    assert images["/DeviceRGB", 900, 600].read_raw_bytes() == loaded(source, "wide.jpg").data


def test_the_ebook_has_no_more_than_four_megapixels_in_the_colours_of_a_screen() -> None:
    files = {name: data for name, data in tiny("figures").ebook.files.items() if name.startswith("EPUB/images/")}
    opened = {
        name.removeprefix("EPUB/images/"): Image.open(io.BytesIO(data))
        for name, data in files.items()
        if name[-4:] != ".svg"
    }
    assert {name: (image.format, image.mode) for name, image in opened.items()} == {
        "inks.jpg": ("JPEG", "RGB"),
        "large.jpg": ("JPEG", "L"),
        "ornament.png": ("PNG", "RGB"),
        "photo.jpg": ("JPEG", "RGB"),
        "plan.png": ("PNG", "P"),  # for those who show no SVG
        "ring.png": ("PNG", "RGBA"),
        "tall.jpg": ("JPEG", "RGB"),
        "wide.jpg": ("JPEG", "RGB"),
    }
    width, height = opened["large.jpg"].size
    most = EbookRules().picture_pixels
    assert 0.99 * most < width * height <= most
    assert width / height == pytest.approx(1700 / 2600, rel=0.01)


def test_what_a_camera_writes_along_is_gone() -> None:
    """And the picture stands upright, as the camera says it was held."""
    with Image.open(BOOKS / "figures" / "large.jpg") as source:
        assert source.getexif().get_ifd(0x8825)
    both = tiny("figures")
    for data in (
        both.printed.rendered.data,
        *both.ebook.files.values(),
        *(image.read_raw_bytes() for image in printed_images()),
    ):
        assert b"Exif" not in data
    picture = Image.open(io.BytesIO(both.ebook.files["EPUB/images/large.jpg"]))
    assert picture.getpixel((10, 10)) > 240  # the source is black at its top, which was at the right
    assert picture.getpixel((picture.width - 10, 10)) < 15


def test_metadata_goes_and_the_pixels_stay(book_of: Write) -> None:
    noise = Image.effect_noise((60, 40), 80)
    said = Image.Exif()
    said[0x010F] = "Maker"
    png_text = PngInfo()
    png_text.add_text("Author", "Somebody")
    folder = book_of({
        "a.jpg": saved("JPEG", noise, exif=said, comment=b"Somebody", progressive=True) + b"trailing Maker",
        "a.png": saved("PNG", noise, exif=said, pnginfo=png_text),
    })  # fmt: skip
    for name in ("a.jpg", "a.png"):
        asset = loaded(folder, name)
        assert b"Maker" in (folder / name).read_bytes()
        assert b"Maker" not in asset.data
        assert b"Somebody" not in asset.data
        assert (
            Image.open(io.BytesIO(asset.data)).tobytes()
            == Image.open(io.BytesIO((folder / name).read_bytes())).tobytes()
        )


def test_colours_of_another_profile_become_those_of_a_screen(book_of: Write) -> None:
    screen = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = screen.replace("sRGB".encode("utf-16-be"), "GRBs".encode("utf-16-be"))
    for name, other in ((b"rXYZ", b"tXYZ"), (b"gXYZ", b"rXYZ"), (b"tXYZ", b"gXYZ")):  # its red is green
        swapped = swapped.replace(name, other)
    image = Image.new("RGB", (30, 20), (200, 30, 30))
    folder = book_of(
        {"a.png": saved("PNG", image, icc_profile=swapped), "b.png": saved("PNG", image, icc_profile=screen)}
    )
    changed, same = (Image.open(io.BytesIO(loaded(folder, name).data)) for name in ("a.png", "b.png"))
    red, green, _ = changed.getpixel((5, 5))
    assert red < 60
    assert green > 150
    assert same.getpixel((5, 5)) == (200, 30, 30)


@pytest.mark.parametrize(
    ("kind", "image", "wanted"),
    [
        ("TIFF", Image.new("1", (30, 20)), ("image/png", "L")),
        ("TIFF", Image.new("CMYK", (30, 20)), ("image/jpeg", "CMYK")),
        ("BMP", Image.new("RGB", (30, 20), "red"), ("image/png", "RGB")),
        ("WEBP", Image.new("RGBA", (30, 20)), ("image/png", "RGBA")),
        ("WEBP", Image.merge("RGB", [Image.effect_noise((90, 90), 90) for _ in range(3)]), ("image/jpeg", "RGB")),
        ("AVIF", Image.new("RGB", (30, 20), "red"), ("image/png", "RGB")),
    ],
)
def test_other_kinds_of_file(book_of: Write, kind: str, image: Image.Image, wanted: tuple[str, str]) -> None:
    asset = loaded(book_of({"x.bin": saved(kind, image)}), "x.bin")
    assert (asset.media_type, Image.open(io.BytesIO(asset.data)).mode) == wanted


def test_a_picture_too_coarse_for_print(book_of: Write, run: Command) -> None:
    folder = book_of({
        "book.toml": TOML,
        "a.md": "# A\n\nText ![sign](small.png).\n\n\n![x](x.png){width=100%}\n\n![x](x.png){width=30%}\n",
        "small.png": saved("PNG", Image.new("L", (30, 30))),
        "x.png": saved("PNG", Image.new("L", (400, 200))),
    })  # fmt: skip
    made = run("pdf", folder, "--format", "json")
    assert made.said == ["a.md:6 note image-coarse"]
    assert "100 pixels an inch" in made.out
    assert "1200 pixels" in made.out


def test_a_cell_that_heads_nothing_is_no_header(book_of: Callable[..., Path]) -> None:
    text = "# T\n\n|   | a | b |\n|---|---|---|\n| x | 1 | 2 |\n\n| a |   |\n|---|---|\n| 1 | 2 |\n"
    (chapter,) = load(Order(book_of({"t.md": text}))).book.chapters
    heads = [
        [(xhtml.local(cell), cell.get("scope")) for cell in table.find(f".//{xhtml.tag('tr')}")]
        for table in xhtml.elements(xhtml.parse(chapter.xhtml), "table")
    ]
    assert heads == [[("td", None), ("th", "col"), ("th", "col")], [("th", "col"), ("td", None)]]
