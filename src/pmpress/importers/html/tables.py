"""Tables of HTML: in the dialect's own form where that can say them, else as HTML with Markdown in its cells."""

from __future__ import annotations

from collections.abc import Callable

from lxml import etree

from pmpress.importers.html.inline import Setting, one_line, pieces_of
from pmpress.importers.html.tree import HEADINGS, drop, elements, holds_blocks, local, said_of, words_of

Inside = Callable[[etree._Element, Setting, int], list[str]]


def table(element: etree._Element, setting: Setting, depth: int, inside: Inside) -> list[str]:
    """A table with its caption below. One that is there only to put things beside each other is taken apart."""
    rows = [row for row in elements(element, "tr") if _owner(row) is element]
    cells = [[cell for cell in row if local(cell) in ("td", "th")] for row in rows]
    cells = [row for row in cells if row]
    every = [cell for row in cells for cell in row]
    if not every:
        return inside(element, setting, depth)
    is_layout = said_of(element) & {"presentation", "none"} or max(map(len, cells)) == 1
    if is_layout or any(elements(cell, "table", *HEADINGS) for cell in every):
        return [block for cell in every for block in inside(cell, setting, depth + 1)]
    caption = next((each for each in element if local(each) == "caption"), None)
    said = _caption(caption, setting, depth) if caption is not None else ""
    anchors = "".join(f"[]{{#{each}}}" for each in setting.pending)
    setting.pending.clear()
    before = [anchors] if anchors and not said else []
    if _is_plain(cells):
        below = [f": {said}{anchors}"] if said else []
        return [*before, _piped(cells, setting, depth), *below]
    above = f'<caption markdown="span">{said}{anchors}</caption>' if said else ""
    return [*before, _tagged(above, cells, setting, depth, inside)]


def _owner(row: etree._Element) -> etree._Element | None:
    return next((each for each in row.iterancestors() if local(each) == "table"), None)


def _caption(caption: etree._Element, setting: Setting, depth: int) -> str:
    for label in elements(caption, "span"):
        if "caption-label" in said_of(label):
            label.tail = (label.tail or "").lstrip()
            drop(label)
    return one_line(pieces_of(caption, setting, depth))


def _is_plain(cells: list[list[etree._Element]]) -> bool:
    """Whether all cells are of one row and column and hold a line each, under a row of headings."""
    heads = [all(local(cell) == "th" for cell in row) for row in cells]
    if not heads[0] or any(heads[1:]) or len(cells) < 2 or len({len(row) for row in cells}) > 1:
        return False
    return all(
        cell.get("colspan", "1") == "1"
        and cell.get("rowspan", "1") == "1"
        and (not holds_blocks(cell) or _is_one_paragraph(cell))
        and (local(cell) == "th") == (number == 0)
        for number, row in enumerate(cells)
        for cell in row
    )


def _is_one_paragraph(cell: etree._Element) -> bool:
    return (
        len(cell) == 1
        and local(cell[0]) in ("p", "div")
        and not holds_blocks(cell[0])
        and not (cell.text or "").strip()
    )


def _alignment(cell: etree._Element) -> str:
    style = (cell.get("style") or "").replace(" ", "").lower()
    said = said_of(cell)
    for name in ("right", "center", "left"):
        if f"text-align:{name}" in style or (cell.get("align") or "").lower() == name or f"align-{name}" in said:
            return name
    return ""


def _piped(cells: list[list[etree._Element]], setting: Setting, depth: int) -> str:
    rules = {"right": "---:", "center": ":---:", "left": ":---", "": "---"}
    rows = [[_line(cell, setting, depth) for cell in row] for row in cells]
    rows.insert(1, [rules[_alignment(cell)] for cell in cells[-1]])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _line(cell: etree._Element, setting: Setting, depth: int) -> str:
    written = one_line(pieces_of(cell, setting, depth))
    return "".join(
        f"\\{each}" if each == "|" and written[place - 1 : place] != "\\" else each
        for place, each in enumerate(written)
    )


def _tagged(caption: str, cells: list[list[etree._Element]], setting: Setting, depth: int, inside: Inside) -> str:
    heads = 0
    while heads < len(cells) - 1 and all(local(cell) == "th" for cell in cells[heads]):
        heads += 1
    lines = ['<table markdown="1">', *filter(None, [caption])]
    for name, rows in (("thead", cells[:heads]), ("tbody", cells[heads:])):
        if rows:
            lines.append(f'<{name} markdown="1">')
            for row in rows:
                lines += ['<tr markdown="1">', *(_cell(cell, setting, depth, inside) for cell in row), "</tr>"]
            lines.append(f"</{name}>")
    return "\n".join([*lines, "</table>"])


def _cell(cell: etree._Element, setting: Setting, depth: int, inside: Inside) -> str:
    name = local(cell)
    spans = "".join(
        f' {key}="{value}"'
        for key in ("colspan", "rowspan")
        if (value := cell.get(key, "1")).isdecimal() and 1 < int(value) < 1000
    )
    aligned = f' class="align-{alignment}"' if (alignment := _alignment(cell)) else ""
    if not words_of(cell) and not elements(cell, "img"):
        return f"<{name}{spans}{aligned}></{name}>"
    if holds_blocks(cell) and not _is_one_paragraph(cell):
        blocks = "\n\n".join(inside(cell, setting, depth + 1))
        return f'<{name}{spans}{aligned} markdown="block">\n\n{blocks}\n\n</{name}>'
    return f'<{name}{spans}{aligned} markdown="1">{one_line(pieces_of(cell, setting, depth), is_start=True)}</{name}>'
