"""A page of the web, saved as a file → Markdown. Word processors' files and e-books come the same way, once they are
trees of HTML."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from pathlib import Path

from pmpress.diagnostics import Diagnostic, ManuscriptError, Span, error, note
from pmpress.importers import opening
from pmpress.importers.escaping import fit
from pmpress.importers.found import Found
from pmpress.importers.html.dividing import divided, written
from pmpress.importers.html.inline import Setting
from pmpress.importers.html.notes import take_notes
from pmpress.importers.html.office import tidy
from pmpress.importers.html.page import body_of, byline, language, metadata
from pmpress.importers.html.pictures import Pictures
from pmpress.importers.html.tree import charset_of, elements, name_places, parse, words_of
from pmpress.manuscript import humanise
from pmpress.model import Contributor

LARGEST = 100_000_000
"""Bytes of a page: what is longer takes more memory than many machines have."""

_MOST_PICTURE = 100_000_000


def is_html(data: bytes) -> bool:
    """Whether a file begins as a page does, whatever it is called."""
    return bool(
        re.match(
            rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body)\b",
            data[:2000],
            re.I | re.S,
        )
    )


def bring(data: bytes, name: str, source: Path) -> Found:
    """Read the bytes of a page. Pictures are taken from the folder it lies in, never from elsewhere.

    Raises ManuscriptError: `source-binary`, `source-empty`, `source-too-large`.
    """
    if len(data) > LARGEST:
        most = f"more than {LARGEST // 1_000_000} MB"
        raise ManuscriptError(error("source-too-large", f"'{name}' has {most}", Span(name), "Import it in pieces."))
    diagnostics: list[Diagnostic] = []
    text = fit(opening.decoded(data, name, diagnostics, charset_of(data)))
    root = parse(text)
    if sum(len(str(each)) for each in root.itertext("*")) > 2 * opening.LARGEST_TEXT:
        opening.held("".join(map(str, root.itertext("*"))), name)
    about = metadata(root)
    setting = Setting(name, Pictures(lambda path: _beside(source, path)), base=_base(root))
    main = body_of(root, setting)
    opening.held(words_of(main), name)
    if not words_of(main) and not elements(main, "img"):
        raise ManuscriptError(error("source-empty", f"there is no text in '{name}'", Span(name)))
    if title := tidy(main):
        diagnostics.append(note("title-taken", f"taken to the title page: '{title}'", Span(name)))
        about = replace(about, title=title)
    name_places(main, "")
    setting.notes = take_notes([main])
    signed = tuple(map(Contributor, byline(main, setting)))
    people = about.contributors or signed
    about = replace(about, contributors=people, language=language(about, main))
    if not about.title:
        about = replace(about, title=humanise(source.stem))
        diagnostics.append(note("title-guessed", f"the page has no title: '{about.title}' is taken", Span(name)))
    divisions = divided(main, about.title)
    texts = written(divisions, setting)
    layout = "essay" if len(texts) == 1 else ""
    found = (*diagnostics, *setting.diagnostics)
    return Found(replace(about, layout=layout), tuple(texts), setting.pictures.files, found)


def _base(root: object) -> str:
    """The address of the site a page is from, if it says so: what its links lead to can be found there."""
    for link in elements(root, "link", "meta", "base"):  # type: ignore[arg-type]
        is_own = link.get("rel") == "canonical" or link.get("property") == "og:url" or link.tag == "base"
        address = link.get("href") or link.get("content") or ""
        if is_own and (found := re.match(r"https?://[^/\s]+", address)):
            return found[0]
    return ""


def _beside(source: Path, path: str) -> bytes:
    """The bytes of a file in the folder of the page. Raises LookupError with the reason if it is not there."""
    folder = source.resolve().parent
    file = Path(os.path.realpath(folder / path))
    if path.startswith("/") or not file.is_relative_to(folder):
        raise LookupError("it is not in the folder of the page")
    if not file.is_file():
        raise LookupError("there is no such file")
    if file.stat().st_size > _MOST_PICTURE:
        raise LookupError("it is too large")
    try:
        return file.read_bytes()
    except OSError as fault:
        raise LookupError(f"it cannot be read: {fault.strerror or fault}") from fault
