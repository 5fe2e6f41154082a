"""One text from Markdown to XHTML: the order of the steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markdown import Markdown

from pmpress import xhtml
from pmpress.diagnostics import Diagnostic, Span
from pmpress.dialect import additions, places
from pmpress.dialect.blocks import frontmatter
from pmpress.dialect.extension import Dialect
from pmpress.dialect.finish import abbreviations, anchors, figures, highlight, notes, scripts, tongues, typography
from pmpress.dialect.html import reader
from pmpress.dialect.options import Addition
from pmpress.dialect.reading import Reading


def convert(
    text: str,
    file: str,
    first_line: int,
    language: str,
    lines: Sequence[tuple[str, int]] | None,
    extensions: Sequence[Addition],
) -> tuple[str, tuple[Diagnostic, ...], Mapping[str, str]]:
    """Do what `pmpress.dialect.parse` says, and return what is in `Parsed`."""
    reading = Reading(file, 1 if lines else first_line, language)
    front_matter, text = frontmatter.take(text, reading)
    own = tongues.taken(front_matter.get("lang", ""), reading)
    of_book, language = language, own or language
    reading.language = language
    added = [additions.make(name, dict(options)) for name, options in extensions]
    md = Markdown(extensions=[Dialect(reading), *added])
    converted = md.convert(text)
    pieces = [str(piece) for piece in md.htmlStash.rawHtmlBlocks]
    body = reader.read(converted, pieces, reading) if pieces else xhtml.parse(reader.without_impossible(converted))
    figures.make(body)
    names = anchors.Names()
    anchors.explicit(body, names, reading)
    notes.settle(body, names, reading)
    anchors.implicit(body, names)
    highlight.colour(body)
    abbreviations.mark(body, reading.abbreviations)
    typography.improve(body, language)
    scripts.mark(body, language)
    tongues.check(body, reading)
    if own and own != of_book:
        tongues.mark(body, own)
    findings = reading.findings
    if lines:
        places.settle(body, lines)
        findings = places.settled(findings, lines)
    found = sorted(dict.fromkeys(findings), key=lambda one: one.span or Span(file))
    return xhtml.serialise(body), tuple(found), front_matter


def improve(text: str, language: str) -> str:
    """A line of text with its quotes and dashes set."""
    line = xhtml.parse("")
    line.text = text
    typography.improve(line, language)
    return line.text
