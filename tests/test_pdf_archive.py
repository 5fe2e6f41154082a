"""What an archive asks of the PDF (PDF/A-3a, ISO 19005-3): see also `test_pdf_verapdf.py`."""

from __future__ import annotations

import io
from dataclasses import replace
from functools import cache
from typing import Any
from xml.etree import ElementTree

import pikepdf
import pytest
from PIL import Image, ImageChops, ImageCms
from test_pdf_sample import (
    Printed,
    footnotes,
    kids,
    layout,
    metadata,
    noteref,
    png,
    printed,
    prose,
    small_book,
    texts_of,
    whole,
)

from pmpress.inks import is_in_inks, without_inks
from pmpress.layout import Layout
from pmpress.model import Asset, Book, Edition, PrintRules, Subject
from pmpress.pdf import render
from pmpress.pdf.binding.metadata import describe

RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
SCHEMA = "{http://www.aiim.org/pdfa/ns/schema#}"
PROPERTY = "{http://www.aiim.org/pdfa/ns/property#}"
INKS = (0, 204, 230, 26)


def dressed(css: str, *assets: Asset) -> Layout:
    """The built-in layout with more CSS and files."""
    plain = layout()
    return replace(plain, print_css=f"{plain.print_css}\n{css}", assets=(*plain.assets, *assets))


def printed_in(what: Book, look: Layout) -> Printed:
    """A book printed in a layout of its own."""
    rendered = render(what, look, Edition())
    return Printed(rendered, pikepdf.open(io.BytesIO(rendered.data)), tuple(texts_of(rendered.data)))


def images(found: Printed) -> list[pikepdf.Stream]:
    """Every image in a PDF, masks among them."""
    streams = (each for each in found.pdf.objects if isinstance(each, pikepdf.Stream))
    return [each for each in streams if each.get("/Subtype") == pikepdf.Name.Image]


def jpeg(mode: str, **options: Any) -> bytes:
    out = io.BytesIO()
    Image.new(mode, (60, 40), INKS if mode == "CMYK" else 90).save(out, "JPEG", **options)
    return out.getvalue()


def test_the_file_says_what_it_conforms_to() -> None:
    xmp = whole().pdf.open_metadata()  # never in a `with`, which would write it anew
    assert (xmp["pdfaid:part"], xmp["pdfaid:conformance"], xmp["pdfuaid:part"]) == ("3", "A", "1")
    root = ElementTree.fromstring(whole().pdf.Root.Metadata.read_bytes())
    assert len(root.findall(f".//{RDF}RDF")) == 1
    assert [each.text for each in root.iter(f"{SCHEMA}namespaceURI")] == ["http://www.aiim.org/pdfua/ns/id/"]
    assert [each.text for each in root.iter(f"{PROPERTY}name")] == ["part"]


@pytest.mark.parametrize(
    ("rules", "claimed"),
    [
        (PrintRules(archive=False), {"pdfuaid:part": "1"}),
        (PrintRules(tags=False), {"pdfaid:part": "3", "pdfaid:conformance": "U"}),
        (PrintRules(tags=False, archive=False), {}),
    ],
)
def test_a_file_that_leaves_something_out_does_not_claim_it(rules: PrintRules, claimed: dict[str, str]) -> None:
    pdf = pikepdf.new()
    describe(pdf, small_book("<p>x</p>"), rules)
    xmp = pdf.open_metadata()
    names = ("pdfuaid:part", "pdfaid:part", "pdfaid:conformance")
    assert {name: xmp[name] for name in names if name in xmp} == claimed
    assert ("/OutputIntents" in pdf.Root) == rules.archive
    assert b"pdfaExtension" not in pdf.Root.Metadata.read_bytes()


def test_both_places_for_what_is_said_of_a_book_say_the_same() -> None:
    about = metadata(
        dated=True, title="Salt & <Bread>", subjects=(Subject("One"), Subject("Two"), Subject("", "BISAC", "BUS041000"))
    )
    pdf = printed(small_book("<p>x</p>", about=about)).pdf
    xmp = pdf.open_metadata()
    said = {key: str(value) for key, value in pdf.docinfo.items()}
    assert said["/Title"] == xmp["dc:title"] == "Salt & <Bread>"
    assert said["/Subject"] == xmp["dc:description"]
    assert said["/Keywords"] == xmp["pdf:Keywords"] == "One, Two"
    assert said["/Producer"] == xmp["pdf:Producer"]
    assert said["/Author"] == ", ".join(xmp["dc:creator"])
    for key, name in (("/CreationDate", "xmp:CreateDate"), ("/ModDate", "xmp:ModifyDate")):
        assert said[key] == "D:20240506070809Z"
        assert xmp[name] == "2024-05-06T07:08:09Z"


def test_the_printed_book_is_called_by_its_own_isbn() -> None:
    about = metadata(
        identifier="urn:isbn:9781861978769",
        isbn="9781861978769",
        isbn_print="9780306406157",
        doi="10.1000/182",
        identifiers=("urn:uuid:6f3f6f0c-5c0a-5b3e-9f2f-0b7a5d6c1e2f",),
        date="2024-05",
        source="An older book",
    )
    pdf = pikepdf.new()
    describe(pdf, small_book("<p>x</p>", about=about), PrintRules())
    xmp = pdf.open_metadata()
    assert xmp["dc:identifier"] == "urn:isbn:9780306406157"
    assert xmp["xmp:Identifier"] == {
        "urn:isbn:9781861978769",
        "https://doi.org/10.1000/182",
        "urn:uuid:6f3f6f0c-5c0a-5b3e-9f2f-0b7a5d6c1e2f",
    }
    assert (xmp["dc:contributor"], xmp["dc:date"], xmp["dc:source"]) == (
        {"Hashim Alsharif"},
        ["2024-05"],
        "An older book",
    )
    said = printed(small_book("<p>x</p>")).pdf.open_metadata()
    assert "xmp:Identifier" not in said


def test_colours_are_meant_in_srgb() -> None:
    (intent,) = whole().pdf.Root.OutputIntents
    assert (intent.S, intent.DestOutputProfile.N) == ("/GTS_PDFA1", 3)
    data = intent.DestOutputProfile.read_bytes()
    assert int.from_bytes(data[:4]) == len(data)
    own = ImageCms.ImageCmsProfile(io.BytesIO(data))
    assert "sRGB" in ImageCms.getProfileDescription(own)
    colours = Image.merge("RGB", [Image.effect_noise((128, 128), 128) for _ in range(3)])
    seen = ImageCms.profileToProfile(colours, own, ImageCms.createProfile("sRGB"))
    assert seen is not None
    assert max(high for _, high in ImageChops.difference(colours, seen).getextrema()) <= 1
    dark = ImageCms.profileToProfile(
        Image.new("RGB", (1, 1), (9, 9, 9)), own, ImageCms.createProfile("LAB"), outputMode="LAB"
    )
    assert dark is not None
    assert dark.getpixel((0, 0))[0] == round(2.4 / 100 * 255)


def test_no_picture_asks_to_be_smoothed() -> None:
    """In the text, in a page's margin, and in spite of the layout."""
    book = replace(
        small_book(f'<p><img src="p.png" alt="x"/> {prose(3)}</p>'), assets=(Asset("p.png", "image/png", png(40, 30)),)
    )
    css = "img { image-rendering: auto } @page { @bottom-left { content: url(https://book.invalid/m.png) } }"
    found = printed_in(book, dressed(css, Asset("m.png", "image/png", png(20, 20))))
    assert {int(image.Width) for image in images(found)} == {20, 40}
    assert [image for image in images(found) if "/Interpolate" in image] == []


def test_links_are_seen_on_paper() -> None:
    flags = [annotation.get("/F") for _, annotation in whole().annotations()]
    assert flags
    assert set(flags) == {4}


@cache
def see_through() -> Printed:
    """A book with text, links, notes and pictures in what is drawn see-through, one such thing inside another."""
    text = f"""<blockquote><p>{prose(2)} <em>A <a href="https://example.org/">link</a></em>, a note{noteref("c1", 1)},
    <img src="p.png" alt="A picture"/> and <img src="p.png" alt="" role="presentation"/>.</p></blockquote>
    <p>Between.</p><blockquote><ul><li>One</li></ul></blockquote>
    {footnotes(1)}"""
    book = replace(small_book("<p>First.</p>", text, text), assets=(Asset("p.png", "image/png", png(40, 30)),))
    return printed_in(book, dressed("blockquote, em, li { opacity: 0.5 }"))


def test_what_is_see_through_is_read_aloud_too() -> None:
    """Text on a form of its own belongs to an element, and the parent tree says to which."""
    found = see_through()
    numbers = found.pdf.Root.StructTreeRoot.ParentTree.Nums
    owners = dict(zip(map(int, numbers[::2]), numbers[1::2], strict=True))
    said = ""
    for element in found.elements():
        for kid in kids(element):
            if isinstance(kid, pikepdf.Dictionary) and kid.get("/Type") == pikepdf.Name.MCR:
                assert owners[int(kid.Stm.StructParents)][int(kid.MCID)].objgen == element.objgen
                said += str(element.S)
    assert said.count("/Figure") == 2  # the decorations are none
    assert said.count("/Link") >= 2
    assert said.count("/P") >= 2
    assert len(owners) == len(numbers) // 2


def test_inks_become_a_screens_colours() -> None:
    """In pictures of the text and of the layout, and in what CSS and drawings say."""
    svg = b"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" width="9" height="9">
    <rect width="9" height="9" fill="device-cmyk(0 0.5 0.25 0)"/></svg>"""
    assets = Asset("p.jpg", "image/jpeg", jpeg("CMYK")), Asset("d.svg", "image/svg+xml", svg)
    book = replace(small_book('<p>x <img src="p.jpg" alt="x"/> <img src="d.svg" alt="y"/></p>'), assets=assets)
    css = """p { color: device-cmyk(0 0.8 0.9 0.1); background: url(https://book.invalid/b.jpg) }
    h1 { background: linear-gradient(device-cmyk(0 0 0 1), device-cmyk(1 0 0 0)) }"""
    found = printed_in(book, dressed(css, Asset("b.jpg", "image/jpeg", jpeg("CMYK"))))
    assert found.codes.count("engine-remark") == 0
    assert {str(image.ColorSpace) for image in images(found)} == {"/DeviceRGB"}
    shown = Image.open(io.BytesIO(images(found)[0].read_raw_bytes()))
    wanted = [255 - min(255, ink + INKS[3]) for ink in INKS[:3]]
    pixel = shown.getpixel((30, 20))
    assert isinstance(pixel, tuple)
    assert pixel == pytest.approx(wanted, abs=30)
    streams = b"".join(
        each.read_bytes() for each in found.pdf.objects if isinstance(each, pikepdf.Stream) and "/Subtype" not in each
    )
    assert b"DeviceCMYK" not in found.rendered.data + streams
    assert b"0.9 0.18 0.09 rg" in streams
    assert b"1 0.5 0.75 rg" in streams


@pytest.mark.parametrize(
    "options", [{}, {"progressive": True}, {"icc_profile": b"\xff\xc0\x00\x11\x08\0\0\0\0\x03" * 9}]
)
def test_a_picture_in_inks_is_known_by_its_header(options: dict[str, Any]) -> None:
    asset = Asset("a.jpg", "image/jpeg", jpeg("CMYK", **options))
    assert is_in_inks(asset)
    assert not is_in_inks(without_inks(asset))
    assert without_inks(without_inks(asset)).data == without_inks(asset).data
    assert not is_in_inks(Asset("a.jpg", "image/jpeg", jpeg("L", **options)))
    assert not is_in_inks(replace(asset, data=asset.data[:9]))
    assert not is_in_inks(replace(asset, media_type="image/png"))
