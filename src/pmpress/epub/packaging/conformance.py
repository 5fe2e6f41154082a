"""The claim that a book conforms to EPUB Accessibility 1.1: made where somebody certifies it, and the press finds
nothing that says otherwise (EPUB Accessibility 1.1, *Conformance reporting*)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pmpress.diagnostics import Diagnostic, warning
from pmpress.epub.packaging.metadata import Statement, meta
from pmpress.epub.packaging.obstacles import Kind, Obstacle
from pmpress.languages import unregistered
from pmpress.model import Certifier, Edition, Metadata
from pmpress.terms import is_spoken

_STANDARD = "EPUB Accessibility 1.1 - WCAG 2.2 Level AA"
_CLAIM, _CERTIFIER = "conformance", "certifier"


def claim(
    metadata: Metadata, edition: Edition, obstacles: Sequence[Obstacle]
) -> tuple[tuple[Statement, ...], tuple[Diagnostic, ...]]:
    """What the package says of the conformance of a book with these obstacles in its pages: nothing if nobody certifies
    it. Where anything is in the way, it says nothing either, and a warning `conformance-not-claimed` for each says
    what."""
    certifier = metadata.certifier
    if certifier is None:
        return (), ()
    found = (*_in_the_way(metadata, certifier, edition), *obstacles)
    if found:
        return (), tuple(_told(obstacle, certifier) for obstacle in dict.fromkeys(found))
    return tuple(_statements(certifier)), ()


def _in_the_way(metadata: Metadata, certifier: Certifier, edition: Edition) -> Iterator[Obstacle]:
    """What speaks against it in the book as a whole."""
    if not certifier.name:
        hint = 'Say who answers for it: certified_by = "…" under [epub].'
        yield Obstacle(Kind.BOOK, "nobody is named who certifies it", certifier.span, hint)
    if edition.draft:
        yield Obstacle(Kind.BOOK, "this is a draft", certifier.span)
    if unregistered(metadata.language):
        message = f"nobody knows the language '{metadata.language}'"
        yield Obstacle(Kind.BOOK, message, certifier.span, "Give the book's language under [book].")
    elif not is_spoken(metadata.language):
        message = (
            f"what the press says by itself is English, not all of it marked so in a book in '{metadata.language}'"
        )
        yield Obstacle(Kind.BOOK, message, certifier.span)


def _told(obstacle: Obstacle, certifier: Certifier) -> Diagnostic:
    message = f"the e-book does not claim to conform to EPUB Accessibility: {obstacle.message}"
    return warning("conformance-not-claimed", message, obstacle.span or certifier.span, obstacle.hint)


def _statements(certifier: Certifier) -> Iterator[Statement]:
    yield meta("dcterms:conformsTo", _STANDARD, id=_CLAIM)
    yield meta("a11y:certifiedBy", certifier.name, id=_CERTIFIER, refines=f"#{_CLAIM}")
    if certifier.credential.startswith(("https://", "http://")):
        yield _link("a11y:certifierCredential", certifier.credential)
    elif certifier.credential:
        yield meta("a11y:certifierCredential", certifier.credential, refines=f"#{_CERTIFIER}")
    if certifier.report:
        yield _link("a11y:certifierReport", certifier.report)


def _link(relation: str, address: str) -> Statement:
    attributes = {"rel": relation, "href": address, "refines": f"#{_CERTIFIER}"}
    return Statement("link", "", attributes, dublin_core=False)
