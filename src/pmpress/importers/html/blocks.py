"""Blocks of HTML → Markdown. What Markdown cannot say is written as HTML that the dialect reads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lxml import etree

from pmpress.importers import escaping
from pmpress.importers.escaping import Mark, Piece, Raw
from pmpress.importers.html import inline
from pmpress.importers.html.inline import DEEPEST, SILENT, Setting, anchor, one_line, paragraphs, pieces_of
from pmpress.importers.html.tables import table
from pmpress.importers.html.tree import (
    BLOCKS,
    HEADINGS,
    KEY,
    blocks_in,
    drop,
    elements,
    holds_blocks,
    local,
    said_of,
    words_of,
)
from pmpress.importers.text.writing import code

_VERSE = frozenset({"verse", "poem", "poetry", "stanza", "linegroup", "z3998:verse", "z3998:poem"})
_LANGUAGE = re.compile(
    r"(?:(?:language|lang|highlight|sourcecode|brush)[-_:]\s*|sourceCode\s+(?:numberSource\s+)?)([\w+#.-]+)"
)
_SCENE = re.compile(r"(?:[*#~•·]\s*){3,7}|⁂")
_GUTTER = frozenset({"lineno", "linenos", "linenumber", "gutter", "line-numbers-rows"})
_KINDS = frozenset(
    ["note", "tip", "important", "warning", "caution", "info", "danger", "hint", "attention", "error", "example"]
)


def markdown(elements_: Iterable[etree._Element], setting: Setting, title: str = "") -> str:
    """The elements as Markdown, with the notes that they refer to at the end."""
    written = [title] if title else []
    for element in elements_:
        written += block(element, setting, 0)
        written += _text(element.tail, setting)
    done: set[str] = set()
    while waiting := [number for number in dict.fromkeys(setting.referred) if number not in done]:
        for number in waiting:
            done.add(number)
            written.append(_note(number, setting))
    return "\n\n".join(filter(None, written)) + "\n"


def _text(text: str | None, setting: Setting) -> list[str]:
    return paragraphs(_with_pending(escaping.with_addresses(text), setting)) if text and text.strip() else []


def _with_pending(pieces: Iterable[Piece], setting: Setting) -> Iterator[Piece]:
    """The pieces behind the marks of the places that begin here."""
    for identifier in setting.pending:
        yield Raw(f"[]{{#{identifier}}}")
    setting.pending.clear()
    yield from pieces


def block(element: etree._Element, setting: Setting, depth: int) -> list[str]:
    """One element as blocks of Markdown."""
    name = local(element)
    if not name or name in SILENT:
        return []
    if name not in BLOCKS:
        if name not in ("a", "span", "ins", "del", "font", "label", "form") and not name.count("-"):
            return _lines([element], setting)
        return inside(element, setting, depth) if holds_blocks(element) else _lines([element], setting)
    identifier = setting.ids.get(str(element.get(KEY) or ""))
    if identifier and name not in HEADINGS:
        setting.pending.append(identifier)
    if name in HEADINGS:
        return _heading(element, setting, identifier or "")
    if name == "hr":
        return ["* * *"]
    if depth > DEEPEST:
        return paragraphs(_with_pending([words_of(element)], setting))
    writer = _WRITERS.get(name)
    if writer is not None:
        return writer(element, setting, depth)
    if said_of(element) & _VERSE:
        return _verse(element, setting, depth)
    if "admonition" in said_of(element):
        return _admonition(element, setting, depth)
    return inside(element, setting, depth)


def _begin(element: etree._Element, setting: Setting) -> None:
    """Note that a place that is linked to begins with an element."""
    if identifier := setting.ids.get(str(element.get(KEY) or "")):
        setting.pending.append(identifier)


def inside(element: etree._Element, setting: Setting, depth: int) -> list[str]:
    """What is in an element: its blocks, and what stands between them as paragraphs."""
    written: list[str] = []
    pieces: list[Piece] = list(escaping.with_addresses(element.text or ""))
    for child in element:
        is_block = local(child) in BLOCKS or (local(child) not in SILENT and len(child) and holds_blocks(child))
        if is_block:
            written += paragraphs(_with_pending(pieces, setting)) if _says(pieces) else []
            pieces = []
            written += block(child, setting, depth + 1)
        else:
            pieces += inline._piece(child, setting, depth + 1)
        pieces += escaping.with_addresses(child.tail or "")
    return written + (paragraphs(_with_pending(pieces, setting)) if _says(pieces) else [])


def _says(pieces: Iterable[Piece]) -> bool:
    return any(isinstance(piece, Raw) or (isinstance(piece, str) and bool(piece.strip())) for piece in pieces)


def _lines(elements_: Iterable[etree._Element], setting: Setting) -> list[str]:
    pieces = [piece for element in elements_ for piece in inline._piece(element, setting, 0)]
    return paragraphs(_with_pending(pieces, setting)) if _says(pieces) else []


def _heading(element: etree._Element, setting: Setting, identifier: str) -> list[str]:
    identifiers = [*setting.pending, identifier] if identifier else [*setting.pending]
    setting.pending.clear()
    text = one_line(piece for piece in pieces_of(element, setting) if not _is_picture(piece))
    pictures = (
        [piece.markdown for piece in pieces_of(element, setting) if isinstance(piece, Raw) and _is_picture(piece)]
        if elements(element, "img")
        else []
    )
    if not text:
        setting.pending += identifiers
        return pictures
    level = int(element.get("data-level") or local(element)[1])
    anchors = "".join(f"[]{{#{each}}}" for each in identifiers[:-1])
    own = f" {{#{identifiers[-1]}}}" if identifiers else ""
    return [f"{'#' * level} {anchors}" + re.sub(r"(#+)$", r"\\\1", text) + own, *pictures]


def _is_picture(piece: Piece) -> bool:
    return isinstance(piece, Raw) and piece.markdown.startswith("![")


def _paragraph(element: etree._Element, setting: Setting, depth: int) -> list[str]:
    if said_of(element) & _VERSE:
        return _verse(element, setting, depth)
    if any(local(child) in BLOCKS for child in element):
        return inside(element, setting, depth)
    pieces = list(pieces_of(element, setting, depth))
    if _SCENE.fullmatch(words_of(element)) and not any(isinstance(piece, Raw) for piece in pieces):
        return ["* * *"]
    return paragraphs(_with_pending(pieces, setting)) if _says(pieces) else []


def indented(text: str, by: str) -> str:
    """The lines but the first moved in."""
    return re.sub(r"\n(?=[^\n])", "\n" + by, text)


def _list(element: etree._Element, setting: Setting, depth: int) -> list[str]:
    items: list[tuple[str, list[str]]] = []
    is_ordered = local(element) == "ol"
    start = element.get("start") or ""
    number = int(start) if start.isdecimal() and len(start) < 9 else 1
    stray: list[str] = []
    for child in element:
        if local(child) not in ("li", "ul", "ol", "dl", "menu", "dir", "div", "p"):
            stray += block(child, setting, depth + 1)
            continue
        if local(child) == "li":
            _begin(child, setting)
            blocks = inside(child, setting, depth + 1)
        else:
            blocks = block(child, setting, depth + 1)
        if local(child) != "li" and items:
            items[-1][1].extend(blocks)
        elif blocks:
            value = child.get("value") or ""
            number = int(value) if value.isdecimal() and len(value) < 9 else number
            items.append((f"{number}. " if is_ordered else "- ", blocks))
            number += 1
    is_loose = any(len([each for each in blocks if not re.match(r"- |\d+\. ", each)]) > 1 for _, blocks in items)
    gap = "\n\n" if is_loose else "\n"
    written = [sign + indented(gap.join(blocks), " " * len(sign)) for sign, blocks in items]
    # Two lists behind each other would be read as one.
    return [*stray, *(["<!-- -->"] if _follows_list(element) and written else []), gap.join(written)]


def _follows_list(element: etree._Element) -> bool:
    before = element.getprevious()
    return before is not None and local(before) == local(element) and not (before.tail or "").strip()


def _definitions(element: etree._Element, setting: Setting, depth: int) -> list[str]:
    written: list[str] = []
    for child in elements(element, "dt", "dd"):
        if next(each for each in child.iterancestors() if local(each) == "dl") is not element:
            continue
        if local(child) == "dt":
            pieces = [*anchor(child, setting), *pieces_of(child, setting, depth)]
            term = one_line(pieces, is_start=True)
            if term:
                written.append(("\n" if written else "") + term)
        else:
            _begin(child, setting)
            blocks = inside(child, setting, depth + 1)
            definition = indented("\n\n".join(blocks), "    ")
            written.append(f": {definition}" if written and definition else definition)
    return ["\n".join(filter(None, written))]


def _quote(element: etree._Element, setting: Setting, depth: int) -> list[str]:
    blocks = inside(element, setting, depth)
    text = "\n\n".join(filter(None, blocks))
    return ["\n".join(f"> {line}".rstrip() for line in text.split("\n"))] if text else []


def _pre(element: etree._Element, setting: Setting, depth: int) -> list[str]:
    for gutter in elements(element):
        if said_of(gutter) & _GUTTER and gutter is not element:
            gutter.text = ""
            for each in list(gutter):
                gutter.remove(each)
    for each in elements(element, "br"):
        each.tail = "\n" + (each.tail or "")
    text = "".join(map(str, element.itertext())).strip("\n")
    above = element.getparent()
    holders = [element, *element.iter("code"), *([above] if above is not None else [])]
    found = next((m for each in holders if (m := _LANGUAGE.search(each.get("class") or ""))), None)
    language = found[1] if found and re.fullmatch(r"[\w+#.-]+", found[1]) else ""
    setting.pending.clear()
    return [code(text, language)] if text.strip() else []


def _figure(element: etree._Element, setting: Setting, depth: int) -> list[str]:
    """A figure with its caption. Of several figures in one, each has its own as its title."""
    caption = next((each for each in element if local(each) == "figcaption"), None)
    pictures = elements(element, "img")
    if caption is None or not pictures or elements(element, "table", "pre", "ul", "ol"):
        return inside(element, setting, depth)
    _without_label(caption)
    words = one_line(pieces_of(caption, setting, depth), is_start=True)
    shown = []
    for each in pictures:
        own = each.getparent()
        if (
            own is not None
            and own is not element
            and local(own) == "figure"
            and (below := own.find("figcaption")) is not None
        ):
            _without_label(below)
            each.set("title", words_of(below))
        if isinstance(piece := inline.picture(each, setting), Raw):
            shown.append(piece.markdown)
    if not shown or not words:
        return [*shown, words]
    identifiers, setting.pending = setting.pending, []
    anchors = "".join(f"[]{{#{each}}}" for each in identifiers[:-1])
    own_id = f"::: {{.figure #{identifiers[-1]}}}" if identifiers else "::: figure"
    return ["\n\n".join([own_id, *shown, anchors + words, ":::"])]


def _without_label(caption: etree._Element) -> None:
    """Leave out what counts the figure: the press counts anew."""
    for label in elements(caption, "span"):
        if said_of(label) & {"caption-label", "subfigure-label"}:
            label.tail = (label.tail or "").lstrip()
            drop(label)


def _verse(element: etree._Element, setting: Setting, depth: int) -> list[str]:
    stanzas = [each for each in blocks_in(element) if local(each) in ("p", "div")] or [element]
    if any(holds_blocks(stanza) for stanza in stanzas) or len(stanzas) < len(list(blocks_in(element))):
        return inside(element, setting, depth)
    written = []
    for stanza in stanzas:
        lines: list[list[Piece]] = [[]]
        for piece in pieces_of(stanza, setting, depth):
            if piece is inline._BREAK:
                lines.append([])
            else:
                lines[-1].append(piece)
        said = [one_line(_balanced(line)) for line in lines]
        written.append([line.replace("|", "\\|") for line in said if line])
    every = [line for stanza in written for line in stanza]
    if len(every) < 2:
        return every
    return ["\n|\n".join("\n".join(f"| {line}" for line in stanza) for stanza in written if stanza)]


def _balanced(pieces: list[Piece]) -> list[Piece]:
    """The pieces of a line, without the ends of emphasis that goes over several."""
    begun = sum(isinstance(piece, Mark) and not piece.is_end for piece in pieces)
    ended = sum(isinstance(piece, Mark) and piece.is_end for piece in pieces)
    return pieces if begun == ended else [piece for piece in pieces if not isinstance(piece, Mark)]


def _admonition(element: etree._Element, setting: Setting, depth: int) -> list[str]:
    kind = next((each for each in sorted(said_of(element)) if each in _KINDS), "note")
    title = next((each for each in element if said_of(each) & {"admonition-title", "admonition-heading"}), None)
    words = words_of(title) if title is not None else ""
    if title is not None:
        element.remove(title)
    blocks = inside(element, setting, depth)
    head = f"!!! {kind} " + '"{}"'.format(words.replace('"', "\u201d"))
    return ["\n\n".join([head, *blocks]).replace("\n", "\n    ").replace("\n    \n", "\n\n")] if blocks else []


def _details(element: etree._Element, setting: Setting, depth: int) -> list[str]:
    """What folds on a page lies open in a book."""
    return inside(element, setting, depth)


def _summary(element: etree._Element, setting: Setting, depth: int) -> list[str]:
    if holds_blocks(element):
        return inside(element, setting, depth)
    pieces = [
        Mark("strong"),
        *(p for p in pieces_of(element, setting, depth) if not isinstance(p, Mark)),
        Mark("strong", is_end=True),
    ]
    return paragraphs(pieces) if _says(pieces) else []


def _table(element: etree._Element, setting: Setting, depth: int) -> list[str]:
    return table(element, setting, depth, inside)


def _note(number: str, setting: Setting) -> str:
    body = setting.notes[number]
    waiting, setting.pending = setting.pending, []
    blocks = inside(body, setting, 1)
    setting.pending = waiting
    text = indented("\n\n".join(filter(None, blocks)), "    ")
    return f"[^{number}]: {text}" if text else f"[^{number}]: \u2014"


_WRITERS = {
    "p": _paragraph,
    "ul": _list,
    "ol": _list,
    "menu": _list,
    "dir": _list,
    "dl": _definitions,
    "blockquote": _quote,
    "pre": _pre,
    "figure": _figure,
    "table": _table,
    "details": _details,
    "summary": _summary,
}
