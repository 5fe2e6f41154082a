"""What shops ask of an e-book: their rules read, the e-book made to fit, and what still does not fit told."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from dataclasses import fields, replace
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from test_epub_sample import NAMESPACES, Opened, of_text, plain
from test_epub_sample import found as xpath

from pmpress import targets
from pmpress.diagnostics import PressError
from pmpress.epub import render
from pmpress.model import Asset, Book, EbookRules, Edition, Entry, PrintRules, Target
from pmpress.pdf import BLANK_COVER
from pmpress.press import Order, load

DOCS = Path(__file__).parent.parent / "docs" / "ebook.md"
TOML = '[book]\ntitle = "T"\nlanguage = "en"\n'
SHOPS = ("apple", "google", "kindle", "kobo")
Write = Callable[..., Path]
Run = Callable[..., object]


def shop(name: str) -> Target:
    """A target that comes along."""
    return targets.load_target(name, Path("/nowhere"))


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def noise(width: int, height: int, mode: str = "RGB") -> Image.Image:
    """A picture that hardly gets smaller when it is packed, the same each time."""
    seed, data = 1, bytearray()
    for _ in range(width * height * len(mode)):
        seed = seed * 1103515245 + 12345 & 0x7FFFFFFF
        data.append(seed >> 16 & 255)
    return Image.frombytes(mode, (width, height), bytes(data))


def moving() -> bytes:
    """A picture of three, each larger than ten kilobytes."""
    first, *others = (noise(80, 60 + shift).resize((120, 90)) for shift in range(3))
    return saved(first, "GIF", save_all=True, append_images=others)


def with_pictures(*assets: Asset) -> Book:
    """A book that shows each of the pictures, in the lines 3, 5, 7…"""
    shown = "".join(
        f'<p data-src="one.md:{line}"><img src="{asset.name}" alt="It" data-src="one.md:{line}"/></p>'
        for line, asset in zip(range(3, 99, 2), assets, strict=False)
    )
    return of_text(shown, assets=assets)


def made(book: Book, rules: EbookRules, name: str = "shop") -> Opened:
    """The e-book of a book for a target of these rules, read back."""
    rendered = render(book, plain(), Edition(target=Target(name, ebook=rules)))
    return Opened(rendered.data, rendered.diagnostics)


def said(book: Opened) -> list[str]:
    return [f"{found.span or ''} {found.severity} {found.code}".strip() for found in book.diagnostics]


def picture(book: Opened, name: str) -> Image.Image:
    return Image.open(BytesIO(book.files[f"EPUB/{name}"]))


# --- targets --------------------------------------------------------------------------------------------------------


def test_what_the_shops_ask_differs_in_this_alone() -> None:
    usual = EbookRules()
    differing = {
        name: {
            each.name: value
            for each in fields(EbookRules)
            if (value := getattr(shop(name).ebook, each.name)) != getattr(usual, each.name)
        }
        for name in SHOPS
    }
    assert differing == {
        "apple": {"most_bytes": 2_000_000_000, "cover_least": (1400, 1400)},
        "google": {"most_bytes": 2_000_000_000, "cover_least": (640, 640), "cover_most": 7200, "animations": False},
        "kindle": {
            "most_bytes": 650_000_000,
            "contents_depth": 2,
            "animations": False,
            "mathematics": False,
            "vectors": False,
        },
        "kobo": {"most_bytes": 1_000_000_000, "contents_depth": 3},
    }
    assert {shop(name).files for name in SHOPS} == {("epub",)}
    assert all(shop(name).print == PrintRules() for name in SHOPS)
    assert shop("kdp").files == ("pdf",)


def test_a_cover_that_is_drawn_is_one_that_every_shop_takes() -> None:
    for rules in (shop(name).ebook for name in SHOPS):
        width, height = BLANK_COVER.width, BLANK_COVER.height
        assert (width >= rules.cover_least[0], height >= rules.cover_least[1]) == (True, True)
        assert max(width, height) <= rules.cover_most
        assert width * height <= rules.picture_pixels


def test_a_target_is_made_the_files_that_it_takes(run: Run, book_of: Write, tmp_path: Path) -> None:
    root = book_of({"book.toml": TOML, "one.md": "# One", "both.toml": 'title = "Both"'})
    out = tmp_path / "out"
    for name in ("kobo", "kdp", "both"):
        assert run("build", root, "--target", name, "-o", out, "--set", "layout.trim='kdp-6x9'").code == (name == "kdp")  # type: ignore[attr-defined]
    assert sorted(path.name for path in out.glob("t*")) == ["t-both.epub", "t-both.pdf", "t-kobo.epub"]


@pytest.mark.parametrize(
    ("command", "target", "hint"), [("pdf", "kindle", "pmpress epub --target kindle"), ("epub", "kdp", "pmpress pdf")]
)
def test_a_target_takes_the_files_it_says(command: str, target: str, hint: str, run: Run, book_of: Write) -> None:
    root = book_of({"book.toml": TOML, "one.md": "# One"})
    done = run(command, root, "--target", target)
    assert (done.code, "target-file" in done.err, hint in done.err) == (2, True, True)  # type: ignore[attr-defined]


def test_parity_and_metadata_are_of_both_files_whatever_the_target_takes(run: Run, book_of: Write) -> None:
    root = book_of({"book.toml": TOML, "one.md": "# One\n\nWords."})
    assert run("parity", root, "--target", "kobo").code == 0  # type: ignore[attr-defined]
    assert run("metadata", root, "--target", "kobo").code == 0  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("written", "line", "expected"),
    [
        ("[ebook]\nvector = true", 2, "'vector' is no key of a target"),
        ("[ebook]\nbleed = '3mm'", 2, "'bleed' is no key of a target"),
        ("[ebook]\n\ncontents_depth = -1", 3, "contents_depth is -1"),
        ("[ebook]\ncover_least = 1400", 2, "cover_least is 1400"),
        ("[ebook]\ncover_least = [1400]", 2, "cover_least is [1400]"),
        ("[ebook]\nmathematics = 'no'", 2, "mathematics is 'no'"),
        ("[print]\nmost_megabytes = 3\n[ebook]\nmost_megabytes = '3'", 4, "most_megabytes is '3'"),
        ("title = 'T'\nfiles = ['mobi']", 2, "files is ['mobi']"),
        ("title = 'T'\nebook = 3", 2, "'ebook' is a table"),
    ],
)
def test_a_target_that_is_broken_is_named_with_its_line(written: str, line: int, expected: str, book_of: Write) -> None:
    root = book_of({"mine.toml": written})
    with pytest.raises(PressError) as raised:
        targets.load_target("mine", root)
    (found,) = raised.value.diagnostics
    assert (found.code, str(found.span)) == ("target-broken", f"mine.toml:{line}")
    assert expected in found.message


# --- pictures -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "mode"), [("JPEG", "RGB"), ("PNG", "RGB"), ("PNG", "RGBA"), ("GIF", "RGB")])
def test_a_picture_is_made_smaller_until_it_fits(kind: str, mode: str) -> None:
    data, name = saved(noise(160, 100, mode), kind), f"images/a.{kind.lower()}"
    most = len(data) // 3
    book = made(with_pictures(Asset(name, f"image/{kind.lower()}", data, 160, 100)), EbookRules(picture_bytes=most))
    shown = picture(book, name)
    assert most / 4 < len(book.files[f"EPUB/{name}"]) <= most
    assert shown.format == kind
    assert shown.mode == mode or kind == "GIF"
    assert shown.width / shown.height == pytest.approx(1.6, rel=0.05)
    assert not said(book)


def test_a_picture_within_the_limits_stays_as_it_is() -> None:
    data = saved(noise(40, 30), "PNG")
    book = made(with_pictures(Asset("images/a.png", "image/png", data, 40, 30)), EbookRules(picture_pixels=1200))
    assert book.files["EPUB/images/a.png"] == data
    smaller = made(with_pictures(Asset("images/a.png", "image/png", data, 40, 30)), EbookRules(picture_pixels=300))
    assert picture(smaller, "images/a.png").size == (20, 15)
    free = made(with_pictures(Asset("images/a.png", "image/png", data, 40, 30)), EbookRules(0, 0))
    assert free.files["EPUB/images/a.png"] == data


def test_the_limit_of_pixels_is_the_press_s_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1_000)
    book = with_pictures(Asset("images/a.png", "image/png", saved(noise(40, 40), "PNG"), 40, 40))
    assert picture(made(book, EbookRules(picture_pixels=400)), "images/a.png").size == (20, 20)


def test_what_cannot_be_made_smaller_is_told_with_its_line() -> None:
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="' + b"M0 0" * 4000 + b'"/></svg>'
    assets = (
        Asset("images/small.png", "image/png", saved(noise(4, 4), "PNG"), 4, 4),
        Asset("images/large.svg", "image/svg+xml", drawing, 9, 9),
        Asset("images/moving.gif", "image/gif", moving(), 120, 90),
    )
    book = made(with_pictures(*assets), EbookRules(picture_bytes=9_000))
    assert said(book) == ["one.md:5 warning picture-size", "one.md:7 warning picture-size"]
    assert "'images/large.svg' has 0.0161 MB, and 'shop' takes 0.009" in book.diagnostics[0].message
    assert not made(with_pictures(*assets), EbookRules()).diagnostics


def test_a_picture_of_the_layout_is_told_too() -> None:
    asset = Asset("layout/flower.png", "image/png", saved(noise(90, 90), "PNG"))
    layout = replace(plain(), assets=(asset,))
    rendered = render(of_text("<p>x</p>"), layout, Edition(target=Target(ebook=EbookRules(picture_bytes=9_000))))
    (found,) = rendered.diagnostics
    assert found.code == "picture-size"
    assert "'layout/flower.png'" in found.message
    assert "shops take" in found.message


def test_where_nothing_moves_the_first_picture_stands_for_all() -> None:
    book = with_pictures(Asset("images/moving.gif", "image/gif", moving(), 120, 90))
    assert picture(made(book, EbookRules()), "images/moving.gif").n_frames == 3  # type: ignore[attr-defined]
    still = made(book, EbookRules(animations=False))
    shown = picture(still, "images/moving.gif")
    first = Image.open(BytesIO(moving())).convert("RGB")
    assert (getattr(shown, "n_frames", 1), shown.size) == (1, (120, 90))
    assert shown.convert("RGB").resize((1, 1)).getpixel((0, 0)) == pytest.approx(
        first.resize((1, 1)).getpixel((0, 0)), abs=4
    )
    assert said(still) == ["one.md:3 note picture-still"]


# --- the cover ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "target", "expected"),
    [
        ((1000, 1600), "", []),
        ((1000, 1600), "apple", ["book.toml:4 warning cover-size"]),
        ((1000, 7300), "google", ["book.toml:4 warning cover-size"]),
        ((1000, 7300), "kobo", []),
        ((700, 700), "", ["book.toml:4 warning cover-size"]),
        ((700, 700), "google", []),
    ],
)
def test_the_cover_is_held_against_what_the_target_asks(
    size: tuple[int, int], target: str, expected: list[str], book_of: Write
) -> None:
    cover = saved(Image.new("L", size, 200), "PNG")
    root = book_of({"book.toml": TOML + 'cover = "c.png"', "one.md": "# One", "c.png": cover})
    found = load(Order(root, target=target)).diagnostics
    assert [f"{each.span} {each.severity} {each.code}" for each in found] == expected
    assert all((f"'{target}'" if target else "shops") in each.message for each in found)


def test_a_cover_has_no_more_pixels_than_other_pictures() -> None:
    cover = Asset("cover.jpg", "image/jpeg", saved(Image.new("RGB", (1700, 2500), "navy"), "JPEG"), 1700, 2500)
    shown = picture(made(of_text("<p>x</p>", cover=cover), EbookRules()), "cover.jpg")
    assert 3_900_000 < shown.width * shown.height <= 4_000_000


# --- the whole ------------------------------------------------------------------------------------------------------


def test_an_ebook_that_is_too_large_is_an_error() -> None:
    book = made(of_text("<p>x</p>"), EbookRules(most_bytes=1000))
    assert said(book) == ["error target-size"]
    assert not said(made(of_text("<p>x</p>"), EbookRules(most_bytes=1_000_000)))


def test_the_contents_are_cut_to_what_the_target_shows(book_of: Write, run: Run, tmp_path: Path) -> None:
    text = "# One\n\n## Two\n\n### Three\n\n#### Four\n"
    root = book_of({"book.toml": TOML, "one.md": text})
    for target, titles in ((), ["One", "Two", "Three", "Four"]), (("--target", "kindle"), ["One", "Two"]):
        assert run("epub", root, *target, "-o", tmp_path / "t.epub").code == 0  # type: ignore[attr-defined]
        book = Opened((tmp_path / "t.epub").read_bytes())
        listed = xpath(book.tree("nav.xhtml"), "//h:nav[1]//h:span[@class='contents-title']/text()")
        assert listed == titles
        ncx = book.tree("toc.ncx")
        assert ncx.xpath("//n:navPoint/n:navLabel/n:text/text()", namespaces=NAMESPACES) == titles
        assert ncx.xpath("string(//n:meta[@name='dtb:depth']/@content)", namespaces=NAMESPACES) == str(len(titles))


def test_contents_without_a_limit_are_whole() -> None:
    entries = (Entry("one", "One", "chapter", "", (Entry("one--a", "A", "section"),)),)
    assert (
        "one--a"
        not in made(of_text("<h2 id='a'>A</h2>", contents=entries), EbookRules()).files["EPUB/nav.xhtml"].decode()
    )
    assert (
        "one.xhtml#a"
        in made(of_text("<h2 id='a'>A</h2>", contents=entries), EbookRules()).files["EPUB/nav.xhtml"].decode()
    )


def test_all_files_have_plain_names(book_of: Write, run: Run, tmp_path: Path) -> None:
    flower = saved(Image.new("L", (9, 9)), "PNG")
    root = book_of({
        "book.toml": TOML,
        "été 1.md": "# Grüße, 世界\n\n![It](<bilder/blüte (1).png>){#ö}\n\n![It](<bilder/花.png>)",
        "bilder/blüte (1).png": flower,
        "bilder/花.png": flower,
        "layouts/classic/epub.css": 'h1 { background: url("blüte 1.png") }',
        "layouts/classic/blüte 1.png": flower,
    })  # fmt: skip
    done = run("epub", root, "-o", tmp_path / "t.epub")
    assert done.code == 0, done.err  # type: ignore[attr-defined]
    with zipfile.ZipFile(tmp_path / "t.epub") as packed:
        names = packed.namelist()
        css = packed.read("EPUB/book.css").decode()
    assert all(re.fullmatch("[A-Za-z0-9._/-]+", name) for name in names)
    (named,) = (name for name in names if name.startswith("EPUB/layout/"))
    assert named.removeprefix("EPUB/") in css
    assert sum(name.startswith("EPUB/images/") for name in names) == 2


# --- fonts ----------------------------------------------------------------------------------------------------------


def test_fonts_stay_out_if_the_author_wants_none(book_of: Write, run: Run, tmp_path: Path) -> None:
    own = '@font-face { font-family: "Own"; src: url("own.woff2") } p { font-family: "Own" }'
    root = book_of({
        "book.toml": TOML,
        "one.md": "# One\n\nWords.",
        "layouts/classic/epub.css": own,
        "layouts/classic/own.woff2": b"wOF2",
    })  # fmt: skip
    books = []
    for wanted in ("true", "false"):
        done = run("epub", root, "--set", f"epub.embed_fonts={wanted}", "-o", tmp_path / "t.epub")
        assert done.code == 0, done.err  # type: ignore[attr-defined]
        books.append(Opened((tmp_path / "t.epub").read_bytes()))
    with_fonts, without = books
    assert "EPUB/layout/own.woff2" in with_fonts.files
    assert any(name.startswith("EPUB/fonts/") for name in with_fonts.files)
    assert with_fonts.meta("ibooks:specified-fonts") == ["true"]
    assert not [name for name in without.files if name.endswith((".woff2", ".otf", ".ttf"))]
    assert "@font-face" not in without.files["EPUB/book.css"].decode()
    assert "Own" in without.files["EPUB/book.css"].decode()
    assert not without.meta("ibooks:specified-fonts")


# --- the docs -------------------------------------------------------------------------------------------------------


def test_the_docs_name_every_key_and_no_other() -> None:
    table = DOCS.read_text("utf-8").partition("| key of `[ebook]` |")[2].partition("\n\n")[0]
    keys = {each.name for each in fields(EbookRules)} - {"picture_bytes", "document_bytes", "most_bytes"}
    named = {key for row in table.splitlines() for key in re.findall("`(.*?)`", row.split("|")[1])}
    assert named == keys | {"picture_megabytes", "document_kilobytes", "most_megabytes"}


def test_the_docs_say_of_the_shops_what_is_asked() -> None:
    table = DOCS.read_text("utf-8").partition("| | `kindle` |")[2].partition("\n\n")[0]
    for row, name in (("the e-book, at most", "most_bytes"), ("levels of the contents", "contents_depth")):
        cells = re.search(rf"\| {row} \|(.*)\|", table)
        assert cells is not None
        numbers = [int(re.sub(r"[^0-9]", "", cell) or 0) for cell in cells[1].split("|")]
        unit = 1_000_000 if name == "most_bytes" else 1
        assert [number * unit for number in numbers] == [
            getattr(shop(each).ebook, name) for each in ("kindle", "apple", "kobo", "google")
        ]


def test_the_target_in_the_docs_is_one(book_of: Write) -> None:
    written = DOCS.read_text("utf-8").partition("```toml\ntitle = ")[2].partition("```")[0]
    target = targets.load_target("library", book_of({"library.toml": f"title = {written}"}))
    assert target.files == ("epub",)
    assert target.ebook.contents_depth == 2
