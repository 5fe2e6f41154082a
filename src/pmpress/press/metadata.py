"""What is said about the book as a whole, from what the author set and what the text itself says."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from pmpress.config import BookConfig, direction_of
from pmpress.dates import in_words
from pmpress.diagnostics import Diagnostic, Span, note
from pmpress.manuscript import Manuscript, ascii_slug, humanise
from pmpress.model import Certifier, Chapter, Metadata
from pmpress.numerals import in_digits

_UNDATED = "1980-01-01T00:00:00Z"


def metadata_of(
    manuscript: Manuscript, chapters: tuple[Chapter, ...], epoch: int | None, as_set: Callable[[str], str]
) -> tuple[Metadata, tuple[Diagnostic, ...]]:
    """The book's metadata, and a note for what was guessed.

    `as_set` gives a line its quotes and dashes. `epoch` is SOURCE_DATE_EPOCH in seconds: it dates the files; without it
    the book's own date does, and without that they are undated. Two books of the same title, language, people and date
    have the same identifier.
    """
    config = manuscript.config
    title, diagnostics = _title(manuscript, chapters)
    metadata = Metadata(
        title=as_set(title),
        language=manuscript.language,
        identifier=_identifier(config, title, manuscript.language),
        modified=_modified(config, epoch),
        dated=epoch is not None or bool(config.date),
        direction=direction_of(manuscript.language),
        subtitle=as_set(config.subtitle),
        contributors=config.contributors,
        isbn=config.isbn.ebook,
        isbn_print=config.isbn.print,
        publisher=as_set(config.publisher),
        date=config.date,
        date_said=_said(config, manuscript.language),
        edition=as_set(config.edition),
        rights=as_set(config.rights),
        licence=as_set(config.licence),
        credits=tuple(map(as_set, config.credits)),
        description=as_set(config.description),
        subjects=tuple(replace(subject, name=as_set(subject.name)) for subject in config.subjects),
        digits=config.tables["numbering"]["digits"],
        identifiers=config.identifiers,
        doi=config.doi,
        series=config.series and replace(config.series, name=as_set(config.series.name)),
        source=as_set(config.source),
        certifier=_certifier(config),
    )
    return metadata, diagnostics


def told_of(manuscript: Manuscript, as_set: Callable[[str], str]) -> dict[str, str]:
    """What the book says of itself, as plain text by name, for whoever asks in the text: `{{ book.title }}`."""
    config = manuscript.config
    told = {
        "title": as_set(config.title),
        "subtitle": as_set(config.subtitle),
        "authors": ", ".join(person.name for person in config.contributors if person.role == "aut"),
        "publisher": as_set(config.publisher),
        "date": _said(config, manuscript.language),
        "edition": as_set(config.edition),
        "isbn": config.isbn.print or config.isbn.ebook,
        "isbn.print": config.isbn.print,
        "isbn.ebook": config.isbn.ebook,
        "doi": config.doi,
        "series": as_set(config.series.name) if config.series else "",
        "rights": as_set(config.rights),
        "licence": as_set(config.licence),
        "language": manuscript.language,
        "description": as_set(config.description),
    }
    return {name: said for name, said in told.items() if said}


def _certifier(config: BookConfig) -> Certifier | None:
    keys = ("certified_by", "certifier_credential", "certifier_report")
    first = next((key for key in keys if getattr(config, key)), None)
    if first is None:
        return None
    span = config.span(f"epub.{first}")
    return Certifier(config.certified_by, config.certifier_credential, config.certifier_report, span)


def _said(config: BookConfig, language: str) -> str:
    return in_digits(in_words(config.date, language), config.tables["numbering"]["digits"])


def slug_of(manuscript: Manuscript, title: str) -> str:
    """The name of the finished files: as set, else the title in ASCII, else the folder's name."""
    return manuscript.config.slug or ascii_slug(title) or ascii_slug(manuscript.name) or "book"


def _title(manuscript: Manuscript, chapters: tuple[Chapter, ...]) -> tuple[str, tuple[Diagnostic, ...]]:
    if manuscript.config.title:
        return manuscript.config.title, ()
    first = chapters[0] if chapters else None
    # Of one text, or of one that introduces the others, the heading is the book's; else it is only a chapter's.
    speaks = first is not None and (len(chapters) == 1 or first.kind == "introduction")
    title = first.title if first is not None and speaks else humanise(manuscript.name)
    span = first.span if first is not None else Span(manuscript.name)
    hint = 'Say so with title = "…" under [book] in book.toml.'
    return title, (note("title-guessed", f"the title is taken to be '{title}'", span, hint),)


def _identifier(config: BookConfig, title: str, language: str) -> str:
    if config.identifier:
        return config.identifier
    if config.isbn.ebook:
        return f"urn:isbn:{config.isbn.ebook}"
    people = "\n".join(f"{person.role} {person.name}" for person in config.contributors)
    named = "\n".join(("pmpress", title, config.subtitle, language, config.publisher, config.date, people))
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, named)}"


def _modified(config: BookConfig, epoch: int | None) -> str:
    if epoch is not None:
        return datetime.fromtimestamp(epoch, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if config.date:
        year, month, day = (*config.date.split("-"), "01", "01")[:3]
        return f"{year}-{month}-{day}T00:00:00Z"
    return _UNDATED
