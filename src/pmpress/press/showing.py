"""The book as text, for whoever wants to see what the renderers are given."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from html import escape
from typing import Any

from pmpress.model import Book, Chapter, Leaf, Part


def as_json(book: Book) -> str:
    """The whole model as JSON, keys in the order of its fields; bytes are given as their number and SHA-256."""
    return json.dumps(_plain(book), ensure_ascii=False, indent=2) + "\n"


def as_html(book: Book) -> str:
    """The whole text of the model as one HTML page, without any style."""
    meta = book.metadata
    lines = [
        f'<!DOCTYPE html>\n<html lang="{escape(meta.language)}" dir="{meta.direction}" xmlns:epub="http://www.idpf.org/2007/ops">',
        f'<head><meta charset="utf-8"/><title>{escape(meta.title)}</title></head>\n<body>',
    ]
    for item in (*book.frontmatter, *book.bodymatter, *book.backmatter):
        if isinstance(item, Leaf):
            continue
        if isinstance(item, Part):
            lines.append(f'<section epub:type="part" id="{item.slug}">\n<h1>{escape(item.title)}</h1>')
            lines += [_chapter(chapter) for chapter in item.chapters]
            lines.append("</section>")
        else:
            lines.append(_chapter(item))
    return "\n".join((*lines, "</body>\n</html>")) + "\n"


def _chapter(chapter: Chapter) -> str:
    number = f"{chapter.number} " if chapter.number else ""
    head = f'<section epub:type="{chapter.kind}" id="{chapter.slug}">\n<h1>{number}{chapter.title_xhtml}</h1>'
    return f"{head}\n{chapter.xhtml}\n</section>"


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return {"bytes": len(value), "sha256": hashlib.sha256(value).hexdigest()}
    if is_dataclass(value):
        return {item.name: _plain(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, (tuple, list, frozenset)):
        return [_plain(inner) for inner in value]
    return value
