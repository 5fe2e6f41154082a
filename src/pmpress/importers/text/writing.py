"""Blocks of a plain text → Markdown that says the same words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from pmpress.importers import escaping
from pmpress.importers.text.lines import Block

_LEAD = re.compile(r"(?P<lead>[^\W_][^.!?:;]{0,60}):(?=\s+\S)")
_MOST_LEAD_WORDS = 8


def markdown(blocks: Sequence[Block], *, is_verse: bool = False) -> str:
    """The blocks as Markdown, an empty line between them. In verse a line alone is a stanza of one line."""
    written: list[str] = []
    before = ""
    for is_stanzas, group in groupby(blocks, lambda block: is_verse and (block.kind == "lines" or block.is_line)):
        together = list(group)
        if is_stanzas and sum(len(block.lines) for block in together) > 1:
            written.append("\n|\n".join(map(_verse, together)))
            continue
        for block in together:
            if block.kind == "items" and before == "items":
                # Two lists, not one.
                written.append("<!-- -->")
            written.append(_block(block))
            before = block.kind
    return "\n\n".join(filter(None, written))


def inline(text: str, *, is_start: bool = True) -> str:
    """A line of words as Markdown."""
    return escaping.line(escaping.with_addresses(text), is_start=is_start)


def _block(block: Block) -> str:
    if block.kind == "heading":
        return heading(block.text, block.level)
    if block.kind == "prose":
        return inline(block.text)
    if block.kind == "lines":
        if len(block.lines) > 2 and max(block.indents, default=0) > 0:
            return _verse(block)
        return "\\\n".join(map(inline, block.lines))
    if block.kind == "items":
        return _items(block)
    if block.kind == "quote":
        inside = markdown(block.inside[0])
        return "\n".join(f"> {line}".rstrip() for line in inside.split("\n"))
    if block.kind == "code":
        return code("\n".join(block.lines), block.label)
    if block.kind == "table":
        return _table(block)
    return "* * *"


def heading(text: str, level: int) -> str:
    """A heading. Signs at its end would be taken for marks."""
    return f"{'#' * level} " + re.sub(r"(#+)$", r"\\\1", inline(text, is_start=False))


def code(text: str, language: str = "") -> str:
    """A block of code, its fence longer than any in it."""
    longest = max((len(each) for each in re.findall("`{3,}", text)), default=2)
    fence = "`" * (longest + 1)
    inside = re.sub(r"\{\{(?=[ \t]*#include\b)", r"\\{{", escaping.fit(text))
    return f"{fence}{language or 'text'}\n{inside}\n{fence}"


def _verse(block: Block) -> str:
    """Lines as they are, with the space before them."""
    indents = block.indents or (0,) * len(block.lines)
    return "\n".join(
        f"| {' ' * indent}{_bars_escaped(inline(text, is_start=not re.search('[^-:| ]', text)))}"
        for text, indent in zip(block.lines, indents, strict=True)
    )


def _bars_escaped(text: str) -> str:
    return re.sub(r"(?<!\\)\|", r"\\|", text)


def _items(block: Block) -> str:
    leads = sum(1 for item in block.inside if item[0].kind == "prose" and _lead(item[0].text))
    with_leads = leads * 2 >= len(block.inside)
    every = [list(_item(item, with_leads=with_leads)) for item in block.inside]
    is_loose = any(len(item) > 1 and any(each.kind != "items" for each in item[1:]) for item in block.inside)
    if "a" in block.label:
        return _lettered(every)
    written = []
    for number, pieces in enumerate(every):
        sign = f"{block.start + number}. " if block.start else "- "
        text = ("\n\n" if is_loose else "\n").join(pieces)
        indented = re.sub(r"\n(?=[^\n])", "\n" + " " * len(sign), text)
        written.append(sign + indented)
    return ("\n\n" if is_loose else "\n").join(written)


def _lettered(items: Sequence[Sequence[str]]) -> str:
    """A list with letters, which Markdown has none of."""
    written = [
        f'<li markdown="span">{pieces[0]}</li>'
        if len(pieces) == 1
        else '<li markdown="block">\n\n{}\n\n</li>'.format("\n\n".join(pieces))
        for pieces in items
    ]
    return "\n".join(['<ol type="a" markdown="1">', *written, "</ol>"])


def _item(blocks: Sequence[Block], *, with_leads: bool) -> Iterator[str]:
    first = blocks[0]
    lead = _lead(first.text) if with_leads and first.kind == "prose" else ""
    task = f"{first.label} " if first.label.startswith("[") else ""
    if lead:
        rest = first.text[len(lead) + 1 :]
        pieces = [
            escaping.Mark("strong"),
            f"{lead}:",
            escaping.Mark("strong", is_end=True),
            *escaping.with_addresses(rest),
        ]
        yield task + escaping.line(pieces, is_start=True)
    else:
        yield task + _block(first)
    if len(blocks) > 1:
        yield markdown(blocks[1:])


def _lead(text: str) -> str:
    found = _LEAD.match(text)
    return found["lead"] if found and len(found["lead"].split()) <= _MOST_LEAD_WORDS else ""


def _table(block: Block) -> str:
    rows = [[_bars_escaped(inline(cell.strip(), is_start=False)) for cell in row.split("\t")] for row in block.lines]
    columns = max(map(len, rows))
    padded = [row + [""] * (columns - len(row)) for row in rows]
    padded.insert(1, ["---"] * columns)
    return "\n".join(f"| {' | '.join(row)} |" for row in padded)
