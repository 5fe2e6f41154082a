"""ONIX for Books 3.0, a message with reference names: one product a format.

The order of the elements is that of the format's specification, whose groups (P.1, P.2…) the functions name; there is
no other sign of them in the schema.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TypeAlias

from lxml import etree
from lxml.builder import ElementMaker

from pmpress.catalog import codes
from pmpress.catalog.record import Product, Record
from pmpress.languages import for_libraries, region_of
from pmpress.model import Contributor, Metadata, Subject

NAMESPACE = "http://ns.editeur.org/onix/3.0/reference"
_COPYRIGHT = re.compile(r"(?:©|\(c\)|copyright)[\s©]*([12][0-9]{3})\b[\s,]*(.*)", re.I)
_FORMATS = {4: "05", 6: "01", 8: "00"}  # list 55: a year, a month, a day, by their digits

Elements: TypeAlias = Iterator[etree._Element]
_e: Callable[..., etree._Element] = ElementMaker(namespace=NAMESPACE, nsmap={None: NAMESPACE})


def message(record: Record) -> str:
    """The whole message."""
    sent = re.sub(r"[-:]", "", record.metadata.modified)
    header = _e("Header", _e("Sender", _e("SenderName", record.speaker)), _e("SentDateTime", sent))
    products = (_product(record, product) for product in record.products)
    root = _e("ONIXMessage", header, *products, release="3.0")
    etree.indent(root)
    return etree.tostring(root, encoding="unicode", doctype='<?xml version="1.0" encoding="UTF-8"?>') + "\n"


def _product(record: Record, product: Product) -> etree._Element:
    return _e(
        "Product",
        _e("RecordReference", _reference(record, product)),  # P.1
        _e("NotificationType", "02" if record.is_forthcoming else "03"),  # in advance, or confirmed
        _e("RecordSourceType", "01"),  # the publisher
        *_identifiers(record, product),
        _e("DescriptiveDetail", *_description(record.metadata, product)),
        *_collateral(record.metadata),
        _e("PublishingDetail", *_publishing(record)),
        *_related(record, product),
    )


def _reference(record: Record, product: Product) -> str:
    return f"{record.metadata.identifier}/{product.format}"


def _identifiers(record: Record, product: Product) -> Elements:
    """P.2, list 5: the ISBN, also as the number below its bar code; where there is none, a name of the sender's own."""
    if product.isbn:
        yield _e("ProductIdentifier", _e("ProductIDType", "03"), _e("IDValue", product.isbn))
        yield _e("ProductIdentifier", _e("ProductIDType", "15"), _e("IDValue", product.isbn))
        return
    named = _e("IDTypeName", record.speaker)
    yield _e("ProductIdentifier", _e("ProductIDType", "01"), named, _e("IDValue", _reference(record, product)))


def _description(about: Metadata, product: Product) -> Elements:
    yield from _form(about, product)
    yield from _collection(about)
    yield _title("01", _e("TitleText", about.title), *([_e("Subtitle", about.subtitle)] if about.subtitle else []))
    yield from _contributors(about)
    yield _e("EditionStatement", about.edition) if about.edition else _e("NoEdition")  # P.9
    region = region_of(about.language)
    yield _e(  # P.10
        "Language",
        _e("LanguageRole", "01"),
        _e("LanguageCode", for_libraries(about.language)),
        *([_e("CountryCode", region)] if region else []),
    )
    if product.pages:  # P.11: all pages, in pages
        yield _e("Extent", _e("ExtentType", "07"), _e("ExtentValue", str(product.pages)), _e("ExtentUnit", "03"))
    yield from _subjects(about)


def _form(about: Metadata, product: Product) -> Elements:
    """P.3: a paperback, or an EPUB whose text flows, with what its package says of who can read it."""
    yield _e("ProductComposition", "00")
    if product.format == "print":
        yield _e("ProductForm", "BC")
        yield _e("PrimaryContentType", "10")
        for kind, side in zip(("02", "01"), product.trim, strict=True):
            if side:
                yield _e("Measure", _e("MeasureType", kind), _e("Measurement", str(side)), _e("MeasureUnitCode", "mm"))
        return
    yield _e("ProductForm", "ED")
    yield _e("ProductFormDetail", "E101")
    yield _e("ProductFormDetail", "E200")
    yield from _accessibility(product)
    yield _e("PrimaryContentType", "10")
    if about.licence:
        yield _e("EpubLicense", _e("EpubLicenseName", about.licence))


def _accessibility(product: Product) -> Elements:
    details = [codes.FEATURES[each] for each in product.said("accessibilityFeature") if each in codes.FEATURES]
    if "textual" in product.said("accessModeSufficient"):
        details.append(codes.WITHOUT_SIGHT)
    for summary in product.said("accessibilitySummary"):
        yield _feature("09", codes.SUMMARY, _e("ProductFormFeatureDescription", summary))
    for detail in dict.fromkeys(details):
        yield _feature("09", detail)
    for hazard in product.said("accessibilityHazard"):
        for code in codes.HAZARDS.get(hazard, ()):
            yield _feature("12", code)


def _feature(kind: str, value: str, *described: etree._Element) -> etree._Element:
    return _e(
        "ProductFormFeature", _e("ProductFormFeatureType", kind), _e("ProductFormFeatureValue", value), *described
    )


def _collection(about: Metadata) -> Elements:
    """P.5: a series as the publisher calls it."""
    if not about.series:
        yield _e("NoCollection")
        return
    number = [_e("PartNumber", about.series.position)] if about.series.position else []
    place = [_e("TitleElement", _e("TitleElementLevel", "01"), *number)] if number else []
    name = _e("TitleElement", _e("TitleElementLevel", "02"), _e("TitleText", about.series.name))
    yield _e("Collection", _e("CollectionType", "10"), _e("TitleDetail", _e("TitleType", "01"), *place, name))


def _title(level: str, *words: etree._Element) -> etree._Element:
    """P.6: the title that distinguishes it."""
    return _e("TitleDetail", _e("TitleType", "01"), _e("TitleElement", _e("TitleElementLevel", level), *words))


def _contributors(about: Metadata) -> Elements:
    """P.7."""
    people = [person for person in about.contributors if person.role not in codes.NO_CONTRIBUTORS]
    if not people:
        yield _e("NoContributor")
    for number, person in enumerate(people, start=1):
        role = codes.ROLES.get(person.role, codes.OTHER_ROLE)
        yield _e("Contributor", _e("SequenceNumber", str(number)), _e("ContributorRole", role), *_name(person))


def _name(person: Contributor) -> Elements:
    kind = "CorporateName" if person.organisation else "PersonName"
    yield _e(kind, person.name)
    if person.sort:
        yield _e(f"{kind}Inverted", person.sort)


def _subjects(about: Metadata) -> Elements:
    """P.12: codes, the first of a scheme as the main one, and all words as keywords."""
    schemes = set()
    for subject in about.subjects:
        if not subject.code:
            continue
        scheme = _scheme(subject)
        is_main = scheme in (codes.BISAC, codes.THEMA) and scheme not in schemes
        schemes.add(scheme)
        heading = [_e("SubjectHeadingText", subject.name)] if subject.name else []
        yield _e(
            "Subject",
            *([_e("MainSubject")] if is_main else []),
            _e("SubjectSchemeIdentifier", scheme),
            _e("SubjectCode", subject.code),
            *heading,
        )
    words = [subject.name for subject in about.subjects if not subject.code]
    if words:
        heading_text = _e("SubjectHeadingText", "; ".join(dict.fromkeys(words)))
        yield _e("Subject", _e("SubjectSchemeIdentifier", codes.KEYWORDS), heading_text)


def _scheme(subject: Subject) -> str:
    if subject.scheme == "BISAC":
        return codes.BISAC
    return codes.THEMA_QUALIFIERS.get(subject.code[0], codes.THEMA)


def _collateral(about: Metadata) -> Elements:
    """P.14: a description for anybody."""
    if about.description:
        text = _e("Text", about.description)
        yield _e("CollateralDetail", _e("TextContent", _e("TextType", "03"), _e("ContentAudience", "00"), text))


def _publishing(record: Record) -> Elements:
    """P.19 and P.20."""
    about = record.metadata
    yield _e("Publisher", _e("PublishingRole", "01"), _e("PublisherName", record.speaker))
    yield _e("PublishingStatus", "02" if record.is_forthcoming else "04")  # forthcoming, or active
    if about.date:
        digits = about.date.replace("-", "")
        date = _e("Date", digits, dateformat=_FORMATS[len(digits)])
        yield _e("PublishingDate", _e("PublishingDateRole", "01"), date)
    if match := _COPYRIGHT.match(about.rights):
        yield _e("CopyrightStatement", _e("CopyrightYear", match[1]), *_owner(about, match[2]))


def _owner(about: Metadata, named: str) -> Elements:
    """Who is named in the copyright line, if that is somebody the book knows."""
    person = next((person for person in about.contributors if _begins(named, person.name)), None)
    if person is not None:
        kind = "CorporateName" if person.organisation else "PersonName"
        yield _e("CopyrightOwner", _e(kind, person.name))
    elif about.publisher and _begins(named, about.publisher):
        yield _e("CopyrightOwner", _e("CorporateName", about.publisher))


def _begins(text: str, name: str) -> bool:
    return re.match(rf"{re.escape(name)}(?!\w)", text) is not None


def _related(record: Record, product: Product) -> Elements:
    """P.22 and P.23: the work, which a DOI names, and the other formats."""
    doi = record.metadata.doi
    identifier = _e("WorkIdentifier", _e("WorkIDType", "06"), _e("IDValue", doi))
    work = [_e("RelatedWork", _e("WorkRelationCode", "01"), identifier)] if doi else []
    others = [
        _e("RelatedProduct", _e("ProductRelationCode", "06"), *_identifiers(record, other))
        for other in record.products
        if other is not product
    ]
    if work or others:
        yield _e("RelatedMaterial", *work, *others)
