"""What the package document says about the book (EPUB 3.3, *Metadata section*; Dublin Core; MARC relators)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pmpress.model import Contributor, Edition, Metadata

IDENTIFIER = "identifier"
"""The id of the identifier that is the package's own."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One element of the metadata: `dc:NAME`, or `meta` where `dublin_core` is False."""

    name: str
    value: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    dublin_core: bool = True


def meta(name: str, value: str, **attributes: str) -> Statement:
    """`<meta property="NAME">VALUE</meta>`."""
    return Statement("meta", value, {"property": name, **attributes}, dublin_core=False)


def refine(target: str, name: str, value: str, scheme: str = "") -> Statement:
    """`<meta refines="#TARGET" property="NAME">VALUE</meta>`: a statement about a statement."""
    attributes = {"refines": f"#{target}", "property": name, **({"scheme": scheme} if scheme else {})}
    return Statement("meta", value, attributes, dublin_core=False)


def statements(metadata: Metadata, edition: Edition) -> Iterator[Statement]:
    """Everything known about the book but the moment it was last changed, which the package writes by itself."""
    yield from _identifiers(metadata)
    yield from _titles(metadata)
    yield Statement("language", metadata.language)
    for number, person in enumerate(metadata.contributors, start=1):
        yield from _person(person, number)
    for name in ("publisher", "date", "rights", "description"):
        value = getattr(metadata, name)
        if value:
            yield Statement(name, value)
    for subject in metadata.subjects:
        yield Statement("subject", subject)
    if edition.draft:
        yield meta("schema:creativeWorkStatus", "Draft")


def _identifiers(metadata: Metadata) -> Iterator[Statement]:
    yield Statement("identifier", metadata.identifier, {"id": IDENTIFIER})
    isbn = f"urn:isbn:{metadata.isbn}"
    if metadata.isbn and metadata.identifier != isbn:
        yield Statement("identifier", isbn, {"id": "isbn"})
    if metadata.isbn:
        # ONIX code list 5, 15: ISBN-13
        target = IDENTIFIER if metadata.identifier == isbn else "isbn"
        yield refine(target, "identifier-type", "15", "onix:codelist5")


def _titles(metadata: Metadata) -> Iterator[Statement]:
    titles = {"main": metadata.title, "subtitle": metadata.subtitle}
    for place, (kind, title) in enumerate(titles.items(), start=1):
        if title:
            yield Statement("title", title, {"id": f"title-{kind}"})
            yield refine(f"title-{kind}", "title-type", kind)
            yield refine(f"title-{kind}", "display-seq", str(place))


def _person(person: Contributor, number: int) -> Iterator[Statement]:
    """Authors are creators, everybody else contributes (EPUB 3.3, *The dc:creator element*)."""
    target = f"person-{number}"
    yield Statement("creator" if person.role == "aut" else "contributor", person.name, {"id": target})
    yield refine(target, "role", person.role, "marc:relators")
    if person.sort:
        yield refine(target, "file-as", person.sort)
    yield refine(target, "display-seq", str(number))
