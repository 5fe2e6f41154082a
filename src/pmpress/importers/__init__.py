"""What is already written elsewhere → a manuscript: one way for every kind of source.

source → read (a module a kind) → `Found` → written beside → proved by loading it → put in its place
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from pmpress.diagnostics import Diagnostic, Span, UsageError, error, note
from pmpress.importers import docx, epub, folder, html, opening, text
from pmpress.importers.found import Found
from pmpress.importers.writing import write
from pmpress.manuscript.reading import is_markdown
from pmpress.press.writing import check_free

_ZIP, _OLE, _PDF, _RTF = b"PK", b"\xd0\xcf\x11\xe0", b"%PDF", b"{\\rtf"
_OTHERS: Mapping[bytes, str] = {
    _OLE: "an old Word file: save it as .docx",
    _PDF: "a PDF, which has pages and no paragraphs: import what it was made from",
    _RTF: "an RTF file: save it as .docx",
}


def bring_in(source: Path, output: Path) -> tuple[Diagnostic, ...]:
    """Make a manuscript folder of a source: a file of plain text, HTML, DOCX, EPUB or Markdown, or an mdBook's or
    GitBook's folder. Returns what was not understood, and what was guessed.

    Nothing is written unless all is: raises UsageError (`folder-taken`, `source-missing`, `source-unknown` …),
    ManuscriptError for a source that cannot be read, MachineError (`output-unwritable`).
    """
    check_free(output)
    found = folder.bring(source, output) if os.path.isdir(source) else _of_file(source)
    return write(found, output, source.name)


def _of_file(source: Path) -> Found:
    data = opening.read(source)
    name, stem = source.name, source.stem
    suffix = source.suffix.lower()
    for begin, said in _OTHERS.items():
        if data.startswith(begin):
            raise UsageError(error("source-unknown", f"'{name}' is {said}", Span(name)))
    if data.startswith(_ZIP) or suffix in (".docx", ".docm", ".epub"):
        archive = opening.Archive(data, name)
        readers: Mapping[str, Callable[[opening.Archive, str], Found]] = {
            "word/document.xml": docx.bring,
            "META-INF/container.xml": epub.bring,
        }
        for entry, bring in readers.items():
            if entry in archive.names:
                return bring(archive, stem)
        hint = "Import text, HTML, DOCX, EPUB, or a folder."
        raise UsageError(
            error("source-unknown", f"'{name}' is an archive, but neither DOCX nor EPUB", Span(name), hint)
        )
    if suffix in (".html", ".htm", ".xhtml", ".xht") or html.is_html(data):
        return html.bring(data, name, source)
    if is_markdown(source):
        return folder.bring_file(source, data)
    if folder.is_markdown_inside(data):
        found = folder.bring_file(source, data)
        told = note("text-is-markdown", "the text is Markdown, by the marks in it, and is copied as it is", Span(name))
        return replace(found, diagnostics=(told, *found.diagnostics))
    return text.bring(data, name, stem)
