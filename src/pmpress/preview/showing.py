"""What there is to see, as the page in the browser is told it: JSON."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pmpress.cache import digest
from pmpress.diagnostics import Diagnostic, Span
from pmpress.epub.proofs import EbookProofs
from pmpress.layout import built_in
from pmpress.pdf.pulls import ProofPage
from pmpress.preview.desk import Shown

_MOST = 200
"""How many diagnostics are listed: who has more of them mends the first."""


def as_json(shown: Shown, folder: Path, editor: str) -> str:
    """A state in one line. `folder` is the manuscript's, `editor` the address of an editor, or empty."""
    proofs, loaded = shown.proofs, shown.loaded
    found = sorted(shown.diagnostics, key=lambda each: ("error", "warning", "note").index(each.severity))
    return json.dumps(
        {
            "serial": shown.serial,
            "title": loaded.book.metadata.title if loaded else "",
            "direction": loaded.book.metadata.direction if loaded else "ltr",
            "isBroken": shown.is_broken,
            "isSettled": bool(proofs and proofs.is_settled),
            "sheets": {"done": len(proofs.proofs), "all": len(proofs.sheets)} if proofs else None,
            "pages": [_page(page) for page in shown.pages],
            "chapters": list(_chapters(shown.ebook)) if shown.ebook else [],
            "look": loaded.layout.digest if loaded else "",
            "change": asdict(shown.change) if shown.change else None,
            "counts": {name: sum(each.severity == name for each in found) for name in ("error", "warning", "note")},
            "diagnostics": [_diagnostic(each, folder, editor) for each in found[:_MOST]],
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )


def place_as_json(span: Span | None, folder: Path, editor: str) -> dict[str, Any] | None:
    """A place in the sources: what to call it, and the address that opens an editor there, if there is any."""
    if span is None or not span.file:
        return None
    return {"file": span.file, "line": span.line, "link": _link(span, folder, editor)}


def _link(span: Span, folder: Path, editor: str) -> str:
    """The address at which the editor opens a place; empty for a file that is not there."""
    if not editor:
        return ""
    # The press calls files as they are seen from the book, from beside it, or among the layouts that come along.
    roots = (folder, folder.parent, built_in().parent)
    path = next((root / span.file for root in roots if (root / span.file).exists()), None)
    if path is None:
        return ""
    absolute = Path(os.path.abspath(path)).as_posix()
    address = editor.replace("{path}", quote(absolute if absolute.startswith("/") else f"/{absolute}"))
    return address.replace("{line}", str(span.line or 1))


def _page(page: ProofPage) -> dict[str, Any]:
    return {
        "index": page.page_index, "sheet": page.place, "label": page.label, "key": page.key,
        "width": round(page.width, 1), "height": round(page.height, 1),
    }  # fmt: skip


def _chapters(ebook: EbookProofs) -> Iterator[dict[str, str]]:
    for name, filled in ebook.pages.items():
        slug = filled.around.slug if filled.around else ""
        yield {"file": name, "slug": slug, "title": filled.title, "key": digest(filled)[:16]}


def _diagnostic(found: Diagnostic, folder: Path, editor: str) -> dict[str, Any]:
    return {
        "code": found.code,
        "severity": str(found.severity),
        "message": found.message,
        "hint": found.hint,
        "place": place_as_json(found.span, folder, editor),
    }
