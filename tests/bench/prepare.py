"""What the peers need of a book, and what the report says of it: `python prepare.py BOOK FOLDER TIMES [KEY=VALUE …]`.

Run in a process of its own, and not timed. In the folder stand then `book.html`, the HTML of every sheet as the
press gives it to its engine, in reading order, as one document; `print.css`, the pictures and `fonts.conf` beside it;
and `facts.json`. What cannot be had is named in its `faults`.
"""

from __future__ import annotations

import json
import re
import statistics
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from pmpress import manuscript, xhtml
from pmpress.model import PageMap
from pmpress.pdf.typesetter import fonts
from pmpress.press import Loaded, Order, load

_INSIDE = "https://book.invalid/go#"
_CANDIDATES = 3  # sheets that may turn out to be the one that takes longest


def main(book: Path, folder: Path, times: int, settings: Sequence[tuple[str, str]]) -> None:
    """Prepare a book."""
    facts: dict[str, Any] = {"faults": [], "versions": {name: version(name) for name in ("pmpress", "weasyprint")}}
    _try(facts, "the order of the chapters", lambda: _chapters(book, settings))
    # A draft: where the manuscript has errors, the press itself says so when it is run.
    loaded = load(Order(book, tuple(settings), draft=True))
    fonts.use_only(loaded.layout.fonts)
    facts |= {
        "title": loaded.book.metadata.title,
        "language": loaded.book.metadata.language,
        "fonts": {family.kind: family.name for family in reversed(loaded.layout.fonts)},
        "font_folders": [str(family.folder.resolve()) for family in loaded.layout.fonts],
    }
    _try(facts, "plain WeasyPrint's document", lambda: _document(loaded, folder))
    _try(facts, "the largest sheet's layout", lambda: _largest(loaded, times))
    (folder / "facts.json").write_text(json.dumps(facts, indent=1), "utf-8")


def _try(facts: dict[str, Any], what: str, step: Callable[[], dict[str, Any]]) -> None:
    """Take in what a step finds. The press changes, and one step that fails is not to keep the others from running."""
    try:
        facts |= step()
    except Exception:  # whatever it is, it is told
        facts["faults"].append(f"{what}: {traceback.format_exc(limit=-1).strip().splitlines()[-1]}")
        traceback.print_exc()


def _chapters(book: Path, settings: Sequence[tuple[str, str]]) -> dict[str, Any]:
    from pmpress import features

    read, _ = manuscript.load(book, settings, features.TABLES)
    files = [source.path for section in read.sections.all() for source in section.sources]
    body = read.sections.body[0]
    first = body.sections[0] if isinstance(body, manuscript.PartSections) else body
    words = sum(len(source.text.split()) for section in read.sections.all() for source in section.sources)
    return {"chapters": list(dict.fromkeys(files)), "first": first.sources[0].path, "words": words}


# --- What is the press's own, and changes with it --------------------------------------------------------------------


def _sheets(loaded: Loaded) -> list[Any]:
    """The sheets as the press makes them, in reading order."""
    from pmpress.pdf.page_references import says_pages, with_pages
    from pmpress.pdf.sheets import Binder

    sheets = Binder(loaded.book, loaded.layout).sheets()
    return [with_pages(sheet, PageMap(), loaded.layout.name) if says_pages(sheet) else sheet for sheet in sheets]


def _printed(sheet: Any, loaded: Loaded) -> etree._Element:
    """What the engine is given of a sheet."""
    from pmpress.pdf.preparing.for_print import Printable
    from pmpress.pdf.preparing.glyphs import coverage_of
    from pmpress.pdf.sheets import body_of

    body = body_of(sheet.html, loaded.layout.name, sheet.template)
    Printable(coverage_of(loaded.layout.fonts)).change(body, sheet.anchor, sheet.span)
    return body


def _layer_out(loaded: Loaded) -> Callable[[Any], object]:
    """What lays a sheet out as a worker does."""
    from pmpress.pdf.dress import dress
    from pmpress.pdf.work import lay_out_sheet

    return partial(lay_out_sheet, dress(loaded.book, loaded.layout))


# --- What is made of it ----------------------------------------------------------------------------------------------


def _document(loaded: Loaded, folder: Path) -> dict[str, Any]:
    sheets = _sheets(loaded)
    about = loaded.book.metadata
    body = "\n".join(_joined(sheet, _printed(sheet, loaded)) for sheet in sheets)
    language, direction = quoteattr(about.language), quoteattr(about.direction)
    (folder / "book.html").write_text(
        f'<!DOCTYPE html>\n<html lang={language} dir={direction}><head><meta charset="utf-8" />'
        f"<title>{escape(about.title)}</title></head><body>{body}</body></html>",
        "utf-8",
    )
    # What a layout says of the body of a sheet without folios is not to hold for the whole document.
    css = f"{loaded.layout.print_css}\nbody {{ page: auto !important }}\n"
    (folder / "print.css").write_text(css, "utf-8")
    (folder / "fonts.conf").write_text(fonts.configuration(loaded.layout.fonts, folder.resolve() / "cache"), "utf-8")
    for asset in {asset.name: asset for asset in (*loaded.book.assets, *loaded.layout.assets)}.values():
        file = folder / asset.name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(asset.data)
    return {"sheets": len(sheets)}


def _joined(sheet: Any, body: etree._Element) -> str:
    """A sheet's HTML as it may stand in one document with the others: ids of its own, links as plain `#id`, pictures
    by their names, and a new page before it."""
    for element in body.iter(etree.Element):
        identifier, href, source = element.get("id"), element.get("href", ""), element.get("src", "")
        if identifier is not None:
            element.set("id", sheet.anchor_of(identifier) if sheet.anchor else f"{sheet.name}--{identifier}")
        if href.startswith(_INSIDE):
            element.set("href", f"#{unquote(href.removeprefix(_INSIDE))}")
        if source:
            element.set("src", source.removeprefix("https://book.invalid/"))
    if len(body):
        body[0].set("style", f"break-before: {sheet.starts}; {body[0].get('style', '')}".rstrip("; "))
    return xhtml.serialise(body)


def _largest(loaded: Loaded, times: int) -> dict[str, Any]:
    """How long the sheet that takes longest is laid out, alone, in a process that is warm."""
    lay_out = _layer_out(loaded)
    by_size = sorted(_sheets(loaded), key=lambda sheet: len(sheet.html))
    lay_out(by_size[len(by_size) // 2])
    seconds = {}
    for sheet in by_size[-_CANDIDATES:]:
        taken = []
        for _ in range(times):
            begin = time.perf_counter()
            lay_out(sheet)
            taken.append(time.perf_counter() - begin)
        seconds[sheet.name] = statistics.median(taken)
    name = max(seconds, key=lambda each: seconds[each])
    # Copies of a chapter are called alike but for a number at the end.
    return {"largest": {"name": re.sub(r"-\d+$", "", name), "seconds": seconds[name]}}


if __name__ == "__main__":
    pairs = [tuple(written.split("=", 1)) for written in sys.argv[4:]]
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), pairs)  # type: ignore[arg-type]
