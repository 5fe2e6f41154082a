"""schema.org as JSON-LD: the book, and each format as an example of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pmpress.catalog.record import Product, Record
from pmpress.model import Contributor, Metadata, Subject

# Who a MARC relator is to schema.org; all others contribute.
_ROLES: Mapping[str, str] = {
    "aut": "author", "cph": "copyrightHolder", "edc": "editor", "edt": "editor", "fnd": "funder", "ill": "illustrator",
    "pbl": "publisher", "spn": "sponsor", "trl": "translator",
}  # fmt: skip
_SCHEMES = {
    "BISAC": "https://www.bisg.org/complete-bisac-subject-headings-list",
    "Thema": "https://ns.editeur.org/thema",
}
_FORMATS = {"print": "https://schema.org/Paperback", "ebook": "https://schema.org/EBook"}


def document(record: Record) -> str:
    """The whole document."""
    about = record.metadata
    said: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Book",
        "@id": _name_of_work(about),
        "name": about.title,
        "alternativeHeadline": about.subtitle,
        "inLanguage": about.language,
        **_people(about),
        "datePublished": about.date,
        "bookEdition": about.edition,
        "isPartOf": _series(about),
        "position": about.series.position if about.series else "",
        "copyrightNotice": about.rights,
        "license": about.licence and {"@type": "CreativeWork", "name": about.licence},
        "description": about.description,
        "about": [_coded(subject) for subject in about.subjects if subject.code],
        "keywords": [subject.name for subject in about.subjects if not subject.code],
        "isBasedOn": about.source,
        "sameAs": [each for each in about.identifiers if each != _name_of_work(about)],
        "workExample": [_example(record, product) for product in record.products],
    }
    return json.dumps(_told(said), ensure_ascii=False, indent=2) + "\n"


def _name_of_work(about: Metadata) -> str:
    """What names the book whatever its format: an ISBN does not."""
    if about.doi:
        return f"https://doi.org/{about.doi}"
    named = (about.identifier, *about.identifiers)
    return next((each for each in named if not each.startswith("urn:isbn:")), "")


def _told(said: Mapping[str, Any]) -> dict[str, Any]:
    """Without what there is nothing to say of."""
    return {name: value for name, value in said.items() if value}


def _people(about: Metadata) -> dict[str, Any]:
    people: dict[str, Any] = {}
    for person in about.contributors:
        people.setdefault(_ROLES.get(person.role, "contributor"), []).append(_person(person))
    if about.publisher:
        people["publisher"] = {"@type": "Organization", "name": about.publisher}
    return people


def _person(person: Contributor) -> dict[str, str]:
    return {"@type": "Organization" if person.organisation else "Person", "name": person.name}


def _series(about: Metadata) -> dict[str, str] | None:
    return {"@type": "BookSeries", "name": about.series.name} if about.series else None


def _coded(subject: Subject) -> dict[str, str]:
    said = {"name": subject.name, "termCode": subject.code, "inDefinedTermSet": _SCHEMES[subject.scheme]}
    return {"@type": "DefinedTerm", **_told(said)}


def _example(record: Record, product: Product) -> dict[str, Any]:
    said = {
        "@id": f"urn:isbn:{product.isbn}" if product.isbn else "",
        "bookFormat": _FORMATS[product.format],
        "isbn": product.isbn,
        "inLanguage": record.metadata.language,
        "numberOfPages": product.pages,
        "accessMode": product.said("accessMode"),
        "accessModeSufficient": [
            {"@type": "ItemList", "itemListElement": each.split(",")} for each in product.said("accessModeSufficient")
        ],
        "accessibilityFeature": product.said("accessibilityFeature"),
        "accessibilityHazard": product.said("accessibilityHazard"),
        "accessibilitySummary": " ".join(product.said("accessibilitySummary")),
    }
    return {"@type": "Book", **_told(said)}
