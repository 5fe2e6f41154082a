"""Plain text, as somebody typed it or took it from a page → Markdown.

What is meant is read off what plain texts have in common, and every guess is a note with its line. No word is lost but
what is named as left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import accumulate

from pmpress.diagnostics import Diagnostic, ManuscriptError, Span, error, note
from pmpress.importers import opening
from pmpress.importers.escaping import fit
from pmpress.importers.found import About, Found, Text
from pmpress.importers.text.breaks import Measure, measure
from pmpress.importers.text.edges import mail_head, of_mail, of_wrapping, without_edges, without_rights
from pmpress.importers.text.furniture import without_furniture, without_running_heads, without_wrapping
from pmpress.importers.text.headings import Division, divided, is_list_of_contents, with_headings
from pmpress.importers.text.lines import Block, Line, lines_of
from pmpress.importers.text.reading import read
from pmpress.importers.text.writing import heading, markdown
from pmpress.importers.words import language_of
from pmpress.manuscript import humanise

_SHOWN, _LONGEST_PARAGRAPH = 60, 8000


def bring(data: bytes, name: str, stem: str) -> Found:
    """Read the bytes of a plain text. `stem` is what its file is called, for a text without a title.

    Raises ManuscriptError: `source-binary`, `source-empty`, `source-too-large`.
    """
    diagnostics: list[Diagnostic] = []
    text = opening.held(opening.decoded(data, name, diagnostics), name)
    diagnostics += opening.left_out_characters(text.replace("\f", ""), name)
    pages = [fit(opening.in_lines(page)) for page in text.split("\f")]
    numbers = accumulate((page.count("\n") for page in pages), initial=0)
    every, running = without_running_heads(
        [lines_of(page, number) for page, number in zip(pages, numbers, strict=False)]
    )
    lines, before, behind = without_wrapping(every)
    diagnostics += (*_running_left_out(running, name), *_wrapping_left_out(before, behind, name))
    if not any(re.search(r"\w", line.text) for line in lines):
        raise ManuscriptError(error("source-empty", f"there is no text in '{name}'", Span(name)))
    found = measure(lines)
    about = replace(of_wrapping(before), language=of_wrapping(before).language or language_of(text))
    head, lines, about = _without_head(lines, about)
    owned = without_rights(read(lines, found), about, name)
    blocks, left_out = without_furniture(owned.blocks)
    diagnostics += (
        note(
            "furniture-left-out",
            f"left out, being links of a page: '{block.text or '* * *'}'",
            Span(name, block.number),
        )
        for block in left_out
    )
    edged = without_edges(blocks, owned.about, name, is_verse=found.is_verse)
    diagnostics += (*owned.diagnostics, *edged.diagnostics, *_of_lists(edged.blocks, name))
    blocks = with_headings([*head, *edged.blocks], is_verse=found.is_verse)
    blocks = [each for block in blocks for each in _in_pieces(block, name, diagnostics)]
    return _found(blocks, edged.about, found, name, stem, diagnostics)


def _without_head(lines: list[Line], about: About) -> tuple[list[Block], list[Line], About]:
    """The head of a mail as lines of their own, what is left, and what the head says."""
    said = mail_head(lines)
    if not said:
        return [], lines, about
    end = next((place for place, line in enumerate(lines) if place and line.gap), len(lines))
    texts = tuple(line.text for line in lines[:end])
    head = Block("lines", lines[0].number, texts, lines[0].gap, indents=(0,) * end)
    return [head], lines[end:], replace(of_mail(said), language=about.language)


def _found(
    blocks: list[Block], about: About, found: Measure, name: str, stem: str, diagnostics: list[Diagnostic]
) -> Found:
    if not about.title:
        about = replace(about, title=humanise(stem))
        message = f"the text has no title: '{about.title}' is taken, by the name of the file"
        diagnostics.append(note("title-guessed", message, Span(name), "Change it in book.toml and in the text."))
    divisions = divided(blocks)
    titles = [each.title for each in divisions]
    texts = []
    for place, each in enumerate(divisions):
        kept = (
            tuple(_without_contents(each, titles, name, diagnostics))
            if place == 0 and len(divisions) > 1
            else each.blocks
        )
        if kept or each.title:
            title = each.title or about.title
            body = markdown(kept, is_verse=found.is_verse)
            matter = "frontmatter" if not each.title and len(divisions) > 1 else "bodymatter"
            texts.append(Text(f"{heading(title, 1)}\n\n{body}\n", title, part=each.part, matter=matter))  # type: ignore[arg-type]
    layout = "essay" if len(divisions) == 1 and not found.is_verse else ""
    return Found(replace(about, layout=layout), tuple(texts), {}, tuple(diagnostics))


def _without_contents(
    division: Division, titles: list[str], name: str, diagnostics: list[Diagnostic]
) -> Iterator[Block]:
    for block in division.blocks:
        if is_list_of_contents(block, titles):
            message = f"left out, since the press makes a list of contents: '{block.text[:_SHOWN]}'"
            diagnostics.append(note("contents-left-out", message, Span(name, block.number)))
        else:
            yield block


def _wrapping_left_out(before: list[Line], behind: list[Line], name: str) -> Iterator[Diagnostic]:
    for lines in (before, behind):
        if lines:
            message = f"left out, being the publisher's: lines {lines[0].number} to {lines[-1].number}"
            yield note("furniture-left-out", message, Span(name, lines[0].number))


def _running_left_out(lines: list[Line], name: str) -> Iterator[Diagnostic]:
    for line in lines:
        message = f"left out, being at the edge of a page: '{line.text}'"
        yield note("furniture-left-out", message, Span(name, line.number))


def _in_pieces(block: Block, name: str, diagnostics: list[Diagnostic]) -> Iterator[Block]:
    """A paragraph that goes on for many pages, as a text without line breaks has it, divided where sentences end."""
    if block.kind != "prose" or len(block.text) <= _LONGEST_PARAGRAPH:
        yield block
        return
    message = f"a paragraph of {len(block.text)} characters is divided where sentences end"
    diagnostics.append(note("paragraph-divided", message, Span(name, block.number)))
    rest = block.text
    while rest:
        piece = rest[:_LONGEST_PARAGRAPH]
        ends = [found.end() for found in re.finditer(r"[.!?…]['\"”’)]*\s|[。！？]", piece)] or [piece.rfind(" ") + 1]
        cut = len(rest) if len(rest) <= _LONGEST_PARAGRAPH else ends[-1] or len(piece)
        yield replace(block, lines=(rest[:cut].strip(),), label="")
        rest = rest[cut:]


def _of_lists(blocks: tuple[Block, ...], name: str) -> Iterator[Diagnostic]:
    for block in blocks:
        if block.kind == "code" and not block.label:
            yield note("code-guessed", "taken as code or columns, and kept as it is", Span(name, block.number))
