"""What the package document says about the book."""

from __future__ import annotations

from dataclasses import replace

from lxml import etree
from test_epub_sample import TITLE, finished, found, of_text, opened, sample

from pmpress.model import Series, Subject


def test_metadata() -> None:
    package = finished("sample").package
    said = {(etree.QName(item).localname, item.text, item.get("id")) for item in found(package, "o:metadata/dc:*")}
    assert {(name, value) for name, value, _ in said} == {
        ("identifier", sample().metadata.identifier),
        ("identifier", "urn:isbn:9783161484100"),
        ("title", TITLE),
        ("title", "A baker’s tale"),
        ("language", "en-GB"),
        ("creator", "Anna Müller"),
        ("creator", "Bo Li"),
        ("contributor", "Carl Ek"),
        ("publisher", "Crumb & Sons"),
        ("date", "2024-05"),
        ("rights", "© 2024 Anna Müller. Some rights reserved."),
        ("description", "How bread is made < and why."),
        ("subject", "Bread"),
        ("subject", "Cooking / Methods"),
    }
    refined = {value: target for _, value, target in said}
    assert _refining(package, refined["Carl Ek"]) == {"role": "ant", "file-as": "Ek, Carl", "display-seq": "3"}
    assert _refining(package, refined[TITLE]) == {"title-type": "main", "display-seq": "1"}
    assert _refining(package, refined["A baker’s tale"]) == {"title-type": "subtitle", "display-seq": "2"}
    assert finished("sample").meta("dcterms:modified") == ["2024-05-06T07:08:09Z"]
    unique = found(package, "@unique-identifier")[0]
    assert found(package, f"//dc:identifier[@id='{unique}']")[0].text == sample().metadata.identifier


def _refining(package: etree._Element, target: str | None) -> dict[str, str]:
    return {item.get("property"): item.text for item in found(package, f"//o:meta[@refines='#{target}']")}


def test_isbn_as_the_identifier_is_said_once() -> None:
    metadata = replace(sample().metadata, identifier="urn:isbn:9783161484100")
    package = opened(of_text("<p>a</p>", metadata=metadata)).package
    assert [item.text for item in found(package, "//dc:identifier")] == ["urn:isbn:9783161484100"]
    assert _refining(package, "identifier") == {"identifier-type": "15"}


def test_every_identifier_with_its_kind() -> None:
    others = ("urn:uuid:0d4e2a4e-7d0c-5c06-b3a2-1f8a60d9a001", "https://example.org/book", sample().metadata.identifier)
    metadata = replace(sample().metadata, doi="10.1000/182", isbn_print="9780306406157", identifiers=others)
    package = opened(of_text("<p>a</p>", metadata=metadata)).package
    said = {item.text: _refining(package, item.get("id")) for item in found(package, "//dc:identifier")}
    assert {value: refined.get("identifier-type") for value, refined in said.items()} == {
        sample().metadata.identifier: "22",
        "urn:isbn:9783161484100": "15",
        "https://doi.org/10.1000/182": "06",
        "urn:uuid:0d4e2a4e-7d0c-5c06-b3a2-1f8a60d9a001": "22",
        "https://example.org/book": None,
    }
    assert len(found(package, "//dc:identifier")) == 5


def test_subjects_by_their_codes() -> None:
    subjects = (Subject("Bread"), Subject("Baking", "BISAC", "CKB009000"), Subject("", "Thema", "WBVS"))
    package = opened(of_text("<p>a</p>", metadata=replace(sample().metadata, subjects=subjects))).package
    said = [(item.text, _refining(package, item.get("id"))) for item in found(package, "//dc:subject")]
    assert said == [
        ("Bread", {}),
        ("Baking", {"authority": "BISAC", "term": "CKB009000"}),
        ("WBVS", {"authority": "Thema", "term": "WBVS"}),
    ]


def test_series_edition_licence_and_source() -> None:
    metadata = replace(
        sample().metadata,
        series=Series("Bakers", "2.1"),
        edition="Second edition",
        licence="CC BY 4.0",
        source="An older book",
    )
    book = opened(of_text("<p>a</p>", metadata=metadata))
    (series,) = found(book.package, "//o:meta[@property='belongs-to-collection']")
    assert series.text == "Bakers"
    assert _refining(book.package, series.get("id")) == {"collection-type": "series", "group-position": "2.1"}
    assert book.meta("schema:bookEdition") == ["Second edition"]
    assert book.meta("dcterms:license") == ["CC BY 4.0"]
    assert [item.text for item in found(book.package, "//dc:source")] == ["An older book"]
    alone = opened(of_text("<p>a</p>", metadata=replace(metadata, series=Series("Bakers"))))
    assert alone.meta("group-position") == []


def test_cover() -> None:
    package = finished("sample").package
    image = found(package, "//o:item[@properties='cover-image']")[0]
    assert image.get("href") == "cover.png"
    assert found(package, "//o:meta[@name='cover']/@content") == [image.get("id")]
    page = finished("sample").tree("cover.xhtml")
    assert [image.get("role") for image in found(page, "//h:body//h:img")] == ["doc-cover"]
    assert not found(finished("bare").package, "//o:meta[@name='cover']")
    assert "cover.xhtml" not in finished("bare").manifest


def test_a_cover_that_is_a_picture_of_the_book_comes_once() -> None:
    book = replace(sample(), cover=sample().assets[0])
    assert list(opened(book).manifest).count("images/loaf.png") == 1


def test_drawings_and_formulas_are_announced() -> None:
    text = """<p><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><title>Dot</title></svg>
<math xmlns="http://www.w3.org/1998/Math/MathML"><mi>x</mi></math></p>"""
    book = opened(of_text(text))
    assert book.manifest["one.xhtml"].get("properties") == "mathml svg"
    assert "MathML" in book.meta("schema:accessibilityFeature")


def test_a_draft_says_so() -> None:
    assert opened(of_text("<p>a</p>"), draft=True).meta("schema:creativeWorkStatus") == ["Draft"]
