"""What the package document says about the book (EPUB 3.3, *Metadata section*; Dublin Core; MARC relators)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pmpress.model import Contributor, Edition, Metadata

IDENTIFIER = "identifier"
"""The id of the identifier that is the package's own."""

# What an identifier is, by how it begins: the ISBN-13, the DOI, any other URN, the ARK of ONIX's code list 5.
_IDENTIFIERS = {"urn:isbn:97": "15", "https://doi.org/": "06", "urn:": "22", "ark:": "35"}


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
    for name in ("publisher", "date", "rights", "source", "description"):
        value = getattr(metadata, name)
        if value:
            yield Statement(name, value)
    yield from _subjects(metadata)
    yield from _series(metadata)
    if metadata.edition:
        yield meta("schema:bookEdition", metadata.edition)
    if metadata.licence:
        yield meta("dcterms:license", metadata.licence)
    if edition.draft:
        yield meta("schema:creativeWorkStatus", "Draft")


def _identifiers(metadata: Metadata) -> Iterator[Statement]:
    """Each once, the package's own first, and of which kind it is, where ONIX has a code for that (its list 5)."""
    named = {metadata.identifier: IDENTIFIER}
    if metadata.isbn:
        named.setdefault(f"urn:isbn:{metadata.isbn}", "isbn")
    if metadata.doi:
        named.setdefault(f"https://doi.org/{metadata.doi}", "doi")
    for number, other in enumerate(metadata.identifiers, start=1):
        named.setdefault(other, f"identifier-{number}")
    for value, target in named.items():
        yield Statement("identifier", value, {"id": target})
        code = next((code for start, code in _IDENTIFIERS.items() if value.lower().startswith(start)), "")
        if code:
            yield refine(target, "identifier-type", code, "onix:codelist5")


def _subjects(metadata: Metadata) -> Iterator[Statement]:
    """In words, and by the codes of schemes (EPUB 3.3, *The authority property*, *The term property*)."""
    for number, subject in enumerate(metadata.subjects, start=1):
        if not subject.code:
            yield Statement("subject", subject.name)
            continue
        target = f"subject-{number}"
        yield Statement("subject", subject.name or subject.code, {"id": target})
        yield refine(target, "authority", subject.scheme)
        yield refine(target, "term", subject.code)


def _series(metadata: Metadata) -> Iterator[Statement]:
    if metadata.series:
        yield meta("belongs-to-collection", metadata.series.name, id="series")
        yield refine("series", "collection-type", "series")
        if metadata.series.position:
            yield refine("series", "group-position", metadata.series.position)


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
