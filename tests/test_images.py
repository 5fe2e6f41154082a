from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree
from PIL import Image, ImageFile

from pmpress.cache import Cache
from pmpress.diagnostics import Span
from pmpress.manuscript import load_images

Write = Callable[..., Path]
SPAN = Span("a.md", 3)
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20">{}</svg>'


def picture(kind: str = "PNG", size: tuple[int, int] = (4, 3)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "white").save(out, kind)
    return out.getvalue()


def huge_png(width: int = 20_000, height: int = 10_000) -> bytes:
    """A PNG of 200 megapixels in a few hundred kilobytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(b"\0" * (1 + width // 8) * height))
    return b"\x89PNG\r\n\x1a\n" + header + pixels + chunk(b"IEND", b"")


def said(folder: Path, path: str) -> list[str]:
    assets, diagnostics = load_images(folder, [(path, SPAN)], Cache())
    if all(found.severity != "error" for found in diagnostics):
        assert path in assets
    else:
        assert not assets
    return [f"{found.span} {found.severity} {found.code}" for found in diagnostics]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "image-empty"),
        (b"no picture", "image-broken"),
        (picture("PNG", (300, 300))[:150], "image-broken"),
        (picture("JPEG", (300, 300))[:500], "image-broken"),
        (huge_png(), "image-too-large"),
    ],
)
def test_what_is_no_picture(book_of: Write, content: bytes, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # The page engine asks Pillow to be lenient, for the whole process.
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    assert said(book_of({"x.png": content}), "x.png") == [f"a.md:3 error {code}"]


def test_a_missing_picture(book_of: Write) -> None:
    assert said(book_of({}), "x.png") == ["a.md:3 error image-missing"]


@pytest.mark.parametrize(
    "path", ["../x.png", "/etc/passwd", "file:///etc/passwd", "a/../../x.png", "C:\\x.png", "c:/x.png"]
)
def test_a_path_that_leaves_the_folder(book_of: Write, path: str, tmp_path: Path) -> None:
    (tmp_path / "x.png").write_bytes(picture())
    assert said(book_of({}), path) == ["a.md:3 error path-outside"]


def test_a_link_that_leaves_the_folder(book_of: Write, tmp_path: Path) -> None:
    (tmp_path / "x.png").write_bytes(picture())
    folder = book_of({})
    (folder / "inside.png").symlink_to(tmp_path / "x.png")
    assert said(folder, "inside.png") == ["a.md:3 error path-outside"]


def test_formats_are_told_by_content_and_others_become_such_as_every_reader_shows(book_of: Write) -> None:
    folder = book_of(
        {"a.png": picture("JPEG"), "b.bmp": picture("BMP"), "c.webp": picture("WEBP"), "d.gif": picture("GIF")}
    )
    assets, diagnostics = load_images(folder, [(name, SPAN) for name in ("a.png", "b.bmp", "c.webp", "d.gif")], Cache())
    assert diagnostics == ()
    assert [(asset.name, asset.media_type) for asset in assets.values()] == [
        ("images/a.jpg", "image/jpeg"),
        ("images/b.png", "image/png"),
        ("images/c.png", "image/png"),
        ("images/d.gif", "image/gif"),
    ]
    assert {(asset.width, asset.height) for asset in assets.values()} == {(4, 3)}


def test_names_are_plain_and_distinct(book_of: Write) -> None:
    paths = ["images/à b.png", "a-b.png", "A b.png", "図.png", "表.png"]
    assets, _ = load_images(book_of(dict.fromkeys(paths, picture())), [(path, SPAN) for path in paths], Cache())
    names = [assets[path].name for path in paths]
    assert names == [
        "images/a-b.png",
        "images/a-b-2.png",
        "images/A-b-3.png",
        "images/picture.png",
        "images/picture-2.png",
    ]


@pytest.mark.parametrize(
    ("inside", "code"),
    [
        ('<image href="http://example.org/x.png"/>', "svg-outside"),
        ('<image href="../../x.png"/>', "svg-outside"),
        ('<image href="file:///etc/passwd"/>', "svg-outside"),
        ('<use href="other.svg#a"/>', "svg-outside"),
        ('<rect fill="url(http://example.org/x.svg#g)"/>', "svg-outside"),
        ("<style>@import 'http://example.org/x.css';</style>", "svg-outside"),
        ("<style>rect { fill: url(../x.svg#a) }</style>", "svg-outside"),
        ("<rect", "image-broken"),
        ("<foreignObject><p xmlns='http://www.w3.org/1999/xhtml'>words</p></foreignObject>", "svg-script"),
    ],
)
def test_an_unsafe_svg_is_refused(book_of: Write, inside: str, code: str) -> None:
    assert said(book_of({"x.svg": SVG.format(inside)}), "x.svg") == [f"a.md:3 error {code}"]


def test_entities_are_refused(book_of: Write) -> None:
    bomb = '<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + SVG.format("<text>&b;</text>")
    assert said(book_of({"x.svg": bomb}), "x.svg") == ["a.md:3 error image-broken"]
    stolen = '<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + SVG.format("<text>&a;</text>")
    assert said(book_of({"x.svg": stolen}), "x.svg") == ["a.md:3 error image-broken"]


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        '<rect onclick="x()"/>',
        '<a href="java\tscript:x()"><rect/></a>',
        '<set attributeName="href" to="javascript:x()"/>',
        '<a href="file:///etc/passwd"><rect/></a>',
    ],
)
def test_scripts_are_taken_out_of_an_svg(book_of: Write, inside: str) -> None:
    folder = book_of({"x.svg": SVG.format(inside + '<pattern id="g"/><rect width="5" fill="url(#g)"/>')})
    assert said(folder, "x.svg") == ["a.md:3 warning svg-script"]
    data = load_images(folder, [("x.svg", SPAN)], Cache())[0]["x.svg"].data
    assert b'<rect width="5" fill="url(#g)"/>' in data
    for unsafe in (b"script", b"onclick", b"<set", b"file:"):
        assert unsafe not in data


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ('width="20mm"', (20 * 96 / 25.4, 10 * 96 / 25.4)),
        ('width="100%"', (40, 20)),
        ('width="10" height="30"', (10, 30)),
        ("", (40, 20)),
        ('width="-5" height="1e400"', (40, 20)),
        (f'width="10" height="{"9" * 400}"', (10, 5)),
    ],
)
def test_the_size_of_an_svg(book_of: Write, attributes: str, size: tuple[float, float]) -> None:
    folder = book_of({"x.svg": SVG.format("").replace("<svg", f"<svg {attributes}")})
    asset = load_images(folder, [("x.svg", SPAN)], Cache())[0]["x.svg"]
    assert (asset.width, asset.height) == pytest.approx(size)


def test_the_text_after_a_script_stays(book_of: Write) -> None:
    folder = book_of({"x.svg": SVG.format("<text>before<script/> after</text>")})
    data = load_images(folder, [("x.svg", SPAN)], Cache())[0]["x.svg"].data
    assert b"<text>before after</text>" in data


def test_ids_of_an_svg_are_names_and_each_is_given_once(book_of: Write) -> None:
    inside = (
        '<g id="Frame 1"><linearGradient id="a"/></g><linearGradient id="a"/><rect id="1x" fill="url(#Frame 1)"/>'
        '<use href="#1x"/><use href="#a"/>'
    )
    folder = book_of({"x.svg": SVG.format(inside)})
    root = etree.fromstring(load_images(folder, [("x.svg", SPAN)], Cache())[0]["x.svg"].data)
    assert [element.get("id") for element in root.iter() if element.get("id")] == ["Frame-1", "a", "a-2", "id-1x"]
    assert root.find("{*}rect").get("fill") == "url(#Frame-1)"
    assert [use.get("href") for use in root.iter("{*}use")] == ["#id-1x", "#a"]


def test_what_an_svg_asks_of_ids_that_it_does_not_have_is_taken_out(book_of: Write) -> None:
    inside = (
        '<g id="a"/><rect fill="url(#no) red" stroke="url( \'#no\' )" clip-path="url(#a)"/><use href="#no"/>'
        '<rect style="fill:url(#no);mask:url(#a);stroke:url(#no) #fff"/>'
    )
    folder = book_of({"x.svg": SVG.format(inside)})
    root = etree.fromstring(load_images(folder, [("x.svg", SPAN)], Cache())[0]["x.svg"].data)
    first, second = root.findall("{*}rect")
    assert dict(first.attrib) == {"fill": "red", "stroke": "none", "clip-path": "url(#a)"}
    assert second.get("style") == "fill:none;mask:url(#a);stroke:#fff"
    assert not root.find("{*}use").attrib


def test_an_svg_that_draws_itself_over_and_over(book_of: Write) -> None:
    use = '<use href="#a{}"/>'
    levels = "".join(f'<g id="a{level}">{use.format(level + 1) * 10}</g>' for level in range(8))
    bomb = SVG.format(f'<defs>{levels}<rect id="a8"/></defs><use href="#a0"/>')
    assert said(book_of({"x.svg": bomb}), "x.svg") == ["a.md:3 error image-too-large"]
    circle = SVG.format('<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>')
    assert said(book_of({"x.svg": circle}), "x.svg") == []


@pytest.mark.parametrize("box", ["0 0 1.2.3 4", "0 0 . 4", "a b c d", "0 0 0 0", "1 2 3"])
def test_an_svg_with_a_wrong_view_box_has_a_size_all_the_same(book_of: Write, box: str) -> None:
    folder = book_of({"x.svg": SVG.replace("0 0 40 20", box).format("")})
    asset = load_images(folder, [("x.svg", SPAN)], Cache())[0]["x.svg"]
    assert (asset.width, asset.height) == (300, 150)


def test_deep_greys_keep_their_shades(book_of: Write) -> None:
    out = io.BytesIO()
    grey = Image.new("I;16", (2, 1))
    grey.putpixel((0, 0), 0)
    grey.putpixel((1, 0), 32768)
    grey.save(out, "TIFF")
    folder = book_of({"x.tiff": out.getvalue()})
    asset = load_images(folder, [("x.tiff", SPAN)], Cache())[0]["x.tiff"]
    shown = Image.open(io.BytesIO(asset.data)).convert("L")
    assert asset.media_type == "image/png"
    assert shown.getpixel((0, 0)) == 0
    assert 120 < shown.getpixel((1, 0)) < 136


def test_no_other_program_is_asked_to_read_a_picture(book_of: Write) -> None:
    eps = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\nshowpage\n%%EOF"
    assert said(book_of({"x.png": eps}), "x.png") == ["a.md:3 error image-broken"]


@pytest.mark.parametrize(("shades", "kind"), [(256, "image/jpeg"), (16, "image/png")])
def test_a_grey_photograph_becomes_a_jpeg(shades: int, kind: str, book_of: Write) -> None:
    out = io.BytesIO()
    Image.linear_gradient("L").point([level * shades // 256 * (256 // shades) for level in range(256)]).save(
        out, "TIFF"
    )
    folder = book_of({"x.tiff": out.getvalue()})
    assert load_images(folder, [("x.tiff", SPAN)], Cache())[0]["x.tiff"].media_type == kind
