from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageFile

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
    assets, diagnostics = load_images(folder, [(path, SPAN)])
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


def test_formats_are_told_by_content_and_others_become_png(book_of: Write) -> None:
    folder = book_of(
        {"a.png": picture("JPEG"), "b.bmp": picture("BMP"), "c.webp": picture("WEBP"), "d.gif": picture("GIF")}
    )
    assets, diagnostics = load_images(folder, [(name, SPAN) for name in ("a.png", "b.bmp", "c.webp", "d.gif")])
    assert diagnostics == ()
    assert [(asset.name, asset.media_type) for asset in assets.values()] == [
        ("images/a.jpg", "image/jpeg"),
        ("images/b.png", "image/png"),
        ("images/c.webp", "image/webp"),
        ("images/d.gif", "image/gif"),
    ]
    assert {(asset.width, asset.height) for asset in assets.values()} == {(4, 3)}


def test_names_are_plain_and_distinct(book_of: Write) -> None:
    paths = ["images/à b.png", "a-b.png", "A b.png", "図.png", "表.png"]
    assets, _ = load_images(book_of(dict.fromkeys(paths, picture())), [(path, SPAN) for path in paths])
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
        "<foreignObject/>",
    ],
)
def test_scripts_are_taken_out_of_an_svg(book_of: Write, inside: str) -> None:
    folder = book_of({"x.svg": SVG.format(inside + '<rect width="5" fill="url(#g)"/>')})
    assert said(folder, "x.svg") == ["a.md:3 warning svg-script"]
    data = load_images(folder, [("x.svg", SPAN)])[0]["x.svg"].data
    assert b'<rect width="5" fill="url(#g)"/>' in data
    for unsafe in (b"script", b"onclick", b"foreignObject"):
        assert unsafe not in data


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ('width="20mm"', (20 * 96 / 25.4, 10 * 96 / 25.4)),
        ('width="100%"', (40, 20)),
        ('width="10" height="30"', (10, 30)),
        ("", (40, 20)),
    ],
)
def test_the_size_of_an_svg(book_of: Write, attributes: str, size: tuple[float, float]) -> None:
    folder = book_of({"x.svg": SVG.format("").replace("<svg", f"<svg {attributes}")})
    asset = load_images(folder, [("x.svg", SPAN)])[0]["x.svg"]
    assert (asset.width, asset.height) == pytest.approx(size)
