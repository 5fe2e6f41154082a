"""What catalogues are told: ONIX 3.0, whose elements have an order, and schema.org; and both from the same facts."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conftest import Run
from lxml import etree
from test_epub_sample import sample
from tiny import BOOKS, tiny

from pmpress.catalog import codes, describe, jsonld, onix
from pmpress.catalog.record import Product, Record, doubts
from pmpress.config import read_config
from pmpress.model import Contributor, Metadata, Series, Subject
from pmpress.press import Order, load
from pmpress.relators import RELATORS

Command = Callable[..., Run]
ROOT = Path(__file__).parent.parent
NS = {"o": onix.NAMESPACE}

# The elements that may stand in each, in the order of the ONIX for Books Format Specification 3.0 (revision 8); one
# with a star may come again. What is in no table holds text only.
ORDER = {
    "ONIXMessage": "Header Product*",
    "Header": "Sender Addressee* MessageNumber MessageRepeat SentDateTime MessageNote* DefaultLanguageOfText",
    "Sender": "SenderIdentifier* SenderName ContactName EmailAddress",
    "Product": "RecordReference NotificationType DeletionText* RecordSourceType RecordSourceIdentifier* "
    "RecordSourceName ProductIdentifier* Barcode* DescriptiveDetail CollateralDetail PromotionDetail ContentDetail "
    "PublishingDetail RelatedMaterial ProductionDetail ProductSupply*",
    "ProductIdentifier": "ProductIDType IDTypeName IDValue",
    "DescriptiveDetail": "ProductComposition ProductForm ProductFormDetail* ProductFormFeature* ProductPackaging "
    "ProductFormDescription* TradeCategory PrimaryContentType ProductContentType* Measure* CountryOfManufacture "
    "EpubTechnicalProtection* EpubUsageConstraint* EpubLicense* MapScale* ProductClassification* ProductPart* "
    "Collection* NoCollection TitleDetail* ThesisType Contributor* ContributorStatement* NoContributor Event* "
    "EditionType* EditionNumber EditionVersionNumber EditionStatement* NoEdition ReligiousText Language* Extent* "
    "Illustrated NumberOfIllustrations IllustrationsNote* AncillaryContent* Subject* NameAsSubject* AudienceCode* "
    "Audience* AudienceRange* AudienceDescription* Complexity*",
    "ProductFormFeature": "ProductFormFeatureType ProductFormFeatureValue ProductFormFeatureDescription*",
    "Measure": "MeasureType Measurement MeasureUnitCode",
    "EpubLicense": "EpubLicenseName* EpubLicenseExpression*",
    "Collection": "CollectionType SourceName CollectionIdentifier* CollectionSequence* TitleDetail* Contributor*",
    "TitleDetail": "TitleType TitleElement* TitleStatement",
    "TitleElement": "SequenceNumber TitleElementLevel PartNumber YearOfAnnual TitlePrefix NoPrefix TitleWithoutPrefix "
    "TitleText Subtitle",
    "Contributor": "SequenceNumber ContributorRole* FromLanguage* ToLanguage* NameType NameIdentifier* PersonName "
    "PersonNameInverted NamesBeforeKey KeyNames CorporateName CorporateNameInverted UnnamedPersons",
    "Language": "LanguageRole LanguageCode CountryCode RegionCode ScriptCode",
    "Extent": "ExtentType ExtentValue ExtentValueRoman ExtentUnit",
    "Subject": "MainSubject SubjectSchemeIdentifier SubjectSchemeName SubjectSchemeVersion SubjectCode "
    "SubjectHeadingText*",
    "CollateralDetail": "TextContent* CitedContent* SupportingResource* Prize*",
    "TextContent": "TextType ContentAudience* Territory Text* TextAuthor*",
    "PublishingDetail": "Imprint* Publisher* CityOfPublication* CountryOfPublication ProductContact* PublishingStatus "
    "PublishingStatusNote* PublishingDate* LatestReprintNumber CopyrightStatement* SalesRights*",
    "Publisher": "PublishingRole PublisherIdentifier* PublisherName Funding* Website*",
    "PublishingDate": "PublishingDateRole DateFormat Date",
    "CopyrightStatement": "CopyrightType CopyrightYear* CopyrightOwner*",
    "CopyrightOwner": "CopyrightOwnerIdentifier* PersonName CorporateName",
    "RelatedMaterial": "RelatedWork* RelatedProduct*",
    "RelatedWork": "WorkRelationCode WorkIdentifier*",
    "WorkIdentifier": "WorkIDType IDTypeName IDValue",
    "RelatedProduct": "ProductRelationCode* ProductIdentifier* ProductForm ProductFormDetail*",
}
NEEDED = {
    "Header": "Sender SentDateTime",
    "Product": "RecordReference NotificationType ProductIdentifier DescriptiveDetail PublishingDetail",
    "DescriptiveDetail": "ProductComposition ProductForm TitleDetail",
    "PublishingDetail": "Publisher PublishingStatus",
    "Contributor": "ContributorRole",
    "Subject": "SubjectSchemeIdentifier",
}
EMPTY = {"NoCollection", "NoContributor", "NoEdition", "MainSubject"}
# What a value of these lists looks like.
FORMS = {
    "SentDateTime": r"\d{8}(T\d{6}Z)?",
    "NotificationType": "0[1-5]",
    "ProductForm": "[A-Z]{2}",
    "ProductFormDetail": r"[A-Z]\d{3}",
    "ContributorRole": r"[A-FZ]\d\d",
    "LanguageCode": "[a-z]{3}",
    "CountryCode": "[A-Z]{2}",
    "Date": r"\d{4}(\d\d){0,2}",
    "CopyrightYear": r"\d{4}",
    "PartNumber": r"[\d.]+",
}

FULL = Metadata(
    title="The Lamp & the Sea",
    subtitle="A history",
    language="de-CH",
    identifier="urn:uuid:6f3f6f0c-5c0a-5b3e-9f2f-0b7a5d6c1e2f",
    modified="2026-03-01T00:00:00Z",
    dated=True,
    contributors=(
        Contributor("Ada Field", "aut", "Field, Ada"),
        Contributor("Ed Itor", "edt"),
        Contributor("The Lamp Society", "ill", organisation=True),
        Contributor("Holder & Sons", "cph"),
        Contributor("Nobody", "pfr"),
    ),
    isbn="9781861978769",
    isbn_print="9780306406157",
    doi="10.1000/182",
    publisher="Crumb & Sons",
    date="2026-03",
    edition="Second edition",
    rights="© 2026 Ada Field. All rights reserved.",
    licence="CC BY 4.0",
    description="What lamps are < and were.",
    subjects=(
        Subject("Lighthouses"),
        Subject("Management", "BISAC", "BUS041000"),
        Subject("", "BISAC", "BUS101000"),
        Subject("Management techniques", "Thema", "KJM"),
        Subject("", "Thema", "1DDU"),
        Subject("Lamps"),
    ),
    series=Series("Lights of the Coast", "2"),
    source="An older book",
)
PRODUCTS = (
    Product("print", FULL.isbn_print, pages=212, trim=(140, 216)),
    Product(
        "ebook",
        FULL.isbn,
        accessibility=(
            ("accessMode", "textual"),
            ("accessMode", "visual"),
            ("accessModeSufficient", "textual,visual"),
            ("accessModeSufficient", "textual"),
            ("accessibilityFeature", "tableOfContents"),
            ("accessibilityFeature", "ARIA"),
            ("accessibilityFeature", "somethingNew"),
            ("accessibilityHazard", "none"),
            ("accessibilitySummary", "All of it can be read aloud."),
        ),
    ),
)
WHOLE = Record(FULL, PRODUCTS)
BARE = Record(
    Metadata("T", "en", "urn:uuid:6f3f6f0c-5c0a-5b3e-9f2f-0b7a5d6c1e2f", "1980-01-01T00:00:00Z"),
    (Product("print"), Product("ebook")),
)


def message(record: Record) -> etree._Element:
    return etree.fromstring(onix.message(record).encode())


def texts(tree: etree._Element, path: str) -> list[str]:
    found = tree.xpath(re.sub(r"(^|/)(?=\w)", r"\1o:", path), namespaces=NS)
    return [" ".join("".join(each.itertext()).split()) for each in found]


def products(record: Record) -> tuple[etree._Element, etree._Element]:
    printed, ebook = message(record).findall("o:Product", NS)
    return printed, ebook


def faults(root: etree._Element) -> list[str]:
    """What of a message is not as the specification wants it."""
    found = []
    for element in root.iter():
        name, children = etree.QName(element).localname, [etree.QName(child).localname for child in element]
        if name in EMPTY and (len(element) or element.text):
            found.append(f"{name} is not empty")
        elif name not in ORDER and name not in EMPTY and (children or not (element.text or "").strip()):
            found.append(f"{name} holds {children or 'nothing'}")
        if name in FORMS and not re.fullmatch(FORMS[name], element.text or ""):
            found.append(f"{name} says {element.text}")
        if name not in ORDER:
            continue
        allowed = ORDER[name].split()
        places = [next((i for i, each in enumerate(allowed) if each.rstrip("*") == child), -1) for child in children]
        if -1 in places or places != sorted(places):
            found.append(f"{name}: {children}")
        found += [
            f"{name}: {child} again"
            for child in set(children)
            if children.count(child) > 1 and f"{child}*" not in allowed
        ]
        found += [f"{name} lacks {each}" for each in NEEDED.get(name, "").split() if each not in children]
    return found


@pytest.mark.parametrize("record", [WHOLE, BARE, Record(sample().metadata, PRODUCTS)], ids=["whole", "bare", "sample"])
def test_a_message_is_as_the_specification_wants_it(record: Record) -> None:
    root = message(record)
    assert (root.tag, root.get("release")) == (f"{{{onix.NAMESPACE}}}ONIXMessage", "3.0")
    assert faults(root) == []


def test_faults_in_a_message_are_found() -> None:
    root = message(WHOLE)
    detail = root.find(".//o:DescriptiveDetail", NS)
    assert detail is not None
    detail.append(detail[0])
    etree.SubElement(root[0], f"{{{onix.NAMESPACE}}}Extra").text = "x"
    root.find(".//o:LanguageCode", NS).text = "de"  # type: ignore[union-attr]
    assert len(faults(root)) == 3


def test_each_format_is_a_product() -> None:
    printed, ebook = products(WHOLE)
    assert texts(printed, "ProductIdentifier/IDValue") == ["9780306406157", "9780306406157"]
    assert texts(printed, "ProductIdentifier/ProductIDType") == ["03", "15"]
    assert texts(printed, "DescriptiveDetail/ProductForm") == ["BC"]
    assert texts(printed, "DescriptiveDetail/Measure") == ["02 140 mm", "01 216 mm"]
    assert texts(printed, "DescriptiveDetail/Extent") == ["07 212 03"]
    assert texts(ebook, "DescriptiveDetail/ProductForm") == ["ED"]
    assert texts(ebook, "DescriptiveDetail/ProductFormDetail") == ["E101", "E200"]
    assert texts(ebook, "DescriptiveDetail/EpubLicense") == ["CC BY 4.0"]
    assert texts(ebook, "RelatedMaterial/RelatedProduct") == ["06 03 9780306406157 15 9780306406157"]
    assert texts(ebook, "RelatedMaterial/RelatedWork") == ["01 06 10.1000/182"]


def test_who_and_what() -> None:
    for product in products(WHOLE):
        said = product.find("o:DescriptiveDetail", NS)
        assert said is not None
        assert texts(said, "TitleDetail") == ["01 01 The Lamp & the Sea A history"]
        assert texts(said, "Collection") == ["10 01 01 2 02 Lights of the Coast"]
        assert texts(said, "Contributor") == [
            "1 A01 Ada Field Field, Ada", "2 B01 Ed Itor", "3 A12 The Lamp Society", "4 Z99 Nobody",
        ]  # fmt: skip
        assert texts(said, "Contributor/CorporateName") == ["The Lamp Society"]
        assert texts(said, "EditionStatement") == ["Second edition"]
        assert texts(said, "Language") == ["01 ger CH"]
        assert texts(said, "Subject") == [
            "10 BUS041000 Management", "10 BUS101000", "93 KJM Management techniques", "94 1DDU",
            "20 Lighthouses; Lamps",
        ]  # fmt: skip
        assert [len(each) for each in said.findall("o:Subject", NS) if each.find("o:MainSubject", NS) is not None] == [
            4,
            4,
        ]
        assert texts(product, "CollateralDetail/TextContent") == ["03 00 What lamps are < and were."]
        assert texts(product, "PublishingDetail") == ["01 Crumb & Sons 04 01 202603 2026 Ada Field"]


def test_accessibility_is_that_of_the_package() -> None:
    printed, ebook = products(WHOLE)
    assert texts(printed, "DescriptiveDetail/ProductFormFeature") == []
    assert texts(ebook, "DescriptiveDetail/ProductFormFeature") == [
        "09 00 All of it can be read aloud.", "09 11", "09 30", "09 52", "12 14", "12 16", "12 18",
    ]  # fmt: skip


def test_what_nobody_has_said_is_said_to_be_missing() -> None:
    printed, ebook = products(BARE)
    assert texts(printed, "ProductIdentifier") == [f"01 T {BARE.metadata.identifier}/print"]
    assert texts(printed, "RecordReference") != texts(ebook, "RecordReference")
    for name in ("NoCollection", "NoContributor", "NoEdition"):
        assert len(printed.findall(f"o:DescriptiveDetail/o:{name}", NS)) == 1
    assert [found.code for found in doubts(BARE)] == [
        "catalog-no-isbn", "catalog-no-isbn", "catalog-no-publisher", "catalog-undated",
    ]  # fmt: skip
    assert list(doubts(WHOLE)) == []


@pytest.mark.parametrize(
    ("modified", "date", "status"),
    [
        ("2026-02-28T00:00:00Z", "2026-03", "02"),
        ("2026-03-01T00:00:00Z", "2026-03", "04"),
        ("2026-03-01T00:00:00Z", "2027", "02"),
        ("2026-03-01T00:00:00Z", "", "04"),
    ],
)
def test_what_appears_later_is_forthcoming(modified: str, date: str, status: str) -> None:
    root = message(replace(WHOLE, metadata=replace(FULL, modified=modified, date=date)))
    assert texts(root, "Product/PublishingDetail/PublishingStatus") == [status, status]
    assert texts(root, "Product/NotificationType") == [{"02": "02", "04": "03"}[status]] * 2
    assert texts(root, "Header/SentDateTime") == [re.sub("[-:]", "", modified)]


@pytest.mark.parametrize(
    ("rights", "said"),
    [
        ("© 2026 Ada Field", "2026 Ada Field"),
        ("Copyright © 2026, Crumb & Sons", "2026 Crumb & Sons"),
        ("(c) 2026 somebody else", "2026"),
        ("(c) 2026 Ada Fielding", "2026"),
        ("In the public domain since 1926", ""),
    ],
)
def test_the_copyright_line_is_read_where_it_is_plain(rights: str, said: str) -> None:
    root = message(replace(WHOLE, metadata=replace(FULL, rights=rights)))
    assert texts(root, "Product/PublishingDetail/CopyrightStatement") == [said, said] * bool(said)


def test_roles_are_those_of_marc() -> None:
    assert set(codes.ROLES) | codes.NO_CONTRIBUTORS <= RELATORS


def test_schema_org() -> None:
    said = json.loads(jsonld.document(WHOLE))
    assert (said["@context"], said["@type"], said["@id"]) == (
        "https://schema.org", "Book", "https://doi.org/10.1000/182",
    )  # fmt: skip
    assert said["author"] == [{"@type": "Person", "name": "Ada Field"}]
    assert said["illustrator"] == [{"@type": "Organization", "name": "The Lamp Society"}]
    assert (said["isPartOf"]["name"], said["position"]) == ("Lights of the Coast", "2")
    assert [each["termCode"] for each in said["about"]] == ["BUS041000", "BUS101000", "KJM", "1DDU"]
    assert said["keywords"] == ["Lighthouses", "Lamps"]
    printed, ebook = said["workExample"]
    assert (printed["isbn"], printed["numberOfPages"]) == ("9780306406157", 212)
    assert (ebook["isbn"], ebook["bookFormat"]) == ("9781861978769", "https://schema.org/EBook")
    assert [each["itemListElement"] for each in ebook["accessModeSufficient"]] == [["textual", "visual"], ["textual"]]
    assert not [name for name, value in walk(said) if value in ("", [], {}, None)]
    assert json.loads(jsonld.document(BARE))["workExample"][1] == {
        "@type": "Book", "bookFormat": "https://schema.org/EBook", "inLanguage": "en",
    }  # fmt: skip


def test_an_isbn_names_no_work() -> None:
    about = replace(FULL, doi="", identifier="urn:isbn:9781861978769")
    assert "@id" not in json.loads(jsonld.document(Record(about, PRODUCTS)))


def walk(said: Any) -> Any:
    for name, value in said.items() if isinstance(said, dict) else enumerate(said):
        yield name, value
        if isinstance(value, dict | list):
            yield from walk(value)


def test_the_facts_are_those_of_the_finished_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    told, _ = describe(Order(BOOKS / "notes"), "onix")
    root, made = etree.fromstring(told.encode()), tiny("notes")
    assert faults(root) == []
    assert texts(root, "Product/DescriptiveDetail/Extent/ExtentValue") == [str(len(made.printed.pdf.pages))]
    ebook = json.loads(describe(Order(BOOKS / "notes"), "jsonld")[0])["workExample"][1]
    for name in ("accessMode", "accessibilityFeature", "accessibilityHazard"):
        assert ebook[name] == made.ebook.meta(f"schema:{name}")


@pytest.mark.parametrize("form", ["onix", "jsonld"])
def test_the_command(form: str, run: Command, book_of: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    book = book_of({"book.toml": '[book]\ntitle = "T"\nlanguage = "en"\ndate = 2026\n', "a.md": "# A\n\nText."})
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    one, two = run("metadata", book, "--as", form), run("metadata", book, "--as", form, "--jobs", "2")
    assert (one.code, one.out) == (0, two.out)
    assert "catalog-no-isbn" in one.err
    if form == "onix":
        assert "<SentDateTime>20231114T221320Z</SentDateTime>" in one.out
        assert "<PublishingStatus>02</PublishingStatus>" in one.out
    else:
        assert json.loads(one.out)["name"] == "T"


def test_a_broken_manuscript_is_told_nobody(run: Command, book_of: Callable[..., Path]) -> None:
    found = run("metadata", book_of({"book.toml": '[book]\ntitle = ""\n', "a.md": "# A"}))
    assert (found.code, found.out) == (1, "")


@pytest.mark.parametrize(("language", "tell"), [("xml", onix.message), ("json", jsonld.document)])
def test_the_page_about_it_shows_what_is_told_of_the_manuscript(language: str, tell: Callable[[Record], str]) -> None:
    page = (ROOT / "docs" / "metadata.md").read_text(encoding="utf-8")
    (shown,) = re.findall(rf"^```{language}\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    told = tell(Record(load(Order(ROOT / "manuscript")).book.metadata, PRODUCTS))
    assert re.sub(r"\s+", " ", shown).strip() in re.sub(r"\s+", " ", told)


def test_the_settings_shown_are_right() -> None:
    page = (ROOT / "docs" / "metadata.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"^```toml\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    assert read_config(shown, (), ())[1] == ()
