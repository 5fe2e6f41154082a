"""Lines → blocks: what each run of lines is. Marks that people type in plain text are believed where they make a
pattern: fences, `>` before quoted lines, bullets and numbers, lines under headings, columns."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from pmpress.importers.text.breaks import Measure, as_blocks
from pmpress.importers.text.lines import Block, Line, starts_low, width

_DEEPEST, _FARTHEST, _MOST_FENCES = 8, 80, 50
_FENCE = re.compile(r"(?P<fence>`{3,}|~{3,})(?P<language>[\w+#.-]*)\s*$")
_CLOSING = re.compile(r"`{3,}|~{3,}")
_RULE = re.compile(r"(?!(\S)\1+\s{2,}\1\1)(?:([-=_*~#+.·•])\s*\2(?:\s*\2)*|[*⁂#]|§)")
_UNDER = re.compile(r"([=\-~^\"'#*+])\1{2,}$")
_ATX = re.compile(r"(?P<signs>#{1,6})\s+(?P<text>.*?)\s*#*$")
_BULLET = re.compile(
    r"(?:(?P<sign>[-*+–])\s+|(?P<o>o)\s{2,}|(?P<other>[•·‣⁃▪◦●○■□▸►\uf0b7])\s*|(?=\[[ xX]\]\s|[☐☑☒]))"
    r"(?P<text>[^\s•·].*)"
)
_NUMBER = re.compile(r"(?P<open>\(?)(?P<number>\d{1,3}|[a-h])(?P<sign>[.)]\s+|[．）、]\s*)(?P<text>\S.*)")
_TASK = re.compile(r"(?:\[( |x|X)\]\s+|([☐☑☒])\s*)(?=\S)")
_KEY = re.compile(r"[^\W\d_][\w /-]{0,25}:\s+\S")
_COLUMNS = re.compile(r"\S {3,}\S")
_DELIMITERS = re.compile(r"\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)*\|?")
_CODE = re.compile(
    r"[{};]\s*$|^\s*(?:def |class |import |from \w+ import|return\b|\$ |>>> |#include|function |let |const |var |sudo |"
    r"pip |npm |git |cd |make\b|cargo |</?\w+>)|\w\(.*\)\s*[;{:]?$|\s[=!+]?=\s|->|=>|\s--\w"
)
_CODE_INDENT = 4


@dataclass(frozen=True, slots=True)
class _Marker:
    """What an item of a list begins with: its sign, its number (0: none), and the text behind it. Items that are
    lettered, or have a bracket before the number, are `strict`: they may as well be words, or what laws are cited by.
    """

    sign: str
    number: int
    text: str
    strict: bool = False


def read(lines: Sequence[Line], found: Measure, depth: int = 0) -> list[Block]:
    """The blocks of some lines, in order."""
    blocks: list[Block] = []
    closings = [place for place, line in enumerate(lines) if _CLOSING.fullmatch(line.text)]
    place = 0
    while place < len(lines):
        line = lines[place]
        end = place + 1
        if (fence := _FENCE.match(line.text)) and (closing := _closing(lines, closings, place, fence["fence"])):
            inside = _as_written(lines[place + 1 : closing], line.indent)
            blocks.append(Block("code", line.number, inside, line.gap, label=fence["language"]))
            end = closing + 1
        elif atx := _ATX.fullmatch(line.text):
            level = len(atx["signs"])
            blocks.append(
                Block("heading", line.number, (atx["text"],), line.gap, level=max(2, level), label="#" * level)
            )
        elif line.text.startswith(">") and depth < _DEEPEST:
            end = _while(lines, place, lambda each: each.text.startswith(">"))
            blocks.append(Block("quote", line.number, (), line.gap, inside=(_quoted(lines[place:end], found, depth),)))
        elif (marker := _marker(line)) and depth < _DEEPEST and _is_list(lines, place, marker, found):
            block, end = _items(lines, place, marker, found, depth)
            blocks.append(block)
        elif _is_code(lines, place):
            end = _while(lines, place, lambda each: each.indent >= _CODE_INDENT, over_gaps=True)
            blocks.append(Block("code", line.number, _as_written(lines[place:end], line.indent), line.gap))
        elif under := _underlined(lines, place):
            heading, end = under
            blocks.append(heading)
        elif _RULE.fullmatch(line.text):
            blocks.append(Block("break", line.number, (), line.gap))
        else:
            end = _run_end(lines, place, found)
            blocks += _plain(lines[place:end], found)
        place = end
    return blocks


def _while(lines: Sequence[Line], place: int, belongs: Callable[[Line], bool], *, over_gaps: bool = False) -> int:
    end = place + 1
    while end < len(lines) and belongs(lines[end]) and (over_gaps or not lines[end].gap):
        end += 1
    return end


def _closing(lines: Sequence[Line], closings: Sequence[int], place: int, fence: str) -> int:
    """The place of the line that ends a fenced block, one of `closings`; 0 if there is none."""
    first = bisect_right(closings, place)
    return next((end for end in closings[first : first + _MOST_FENCES] if lines[end].text.startswith(fence)), 0)


def _as_written(lines: Sequence[Line], indent: int) -> tuple[str, ...]:
    """The lines with the space before them beyond the indent, and with empty lines between."""
    written: list[str] = []
    for number, line in enumerate(lines):
        if number:
            written += [""] * line.gap
        written.append(" " * max(0, line.indent - indent) + line.text)
    return tuple(written)


def _quoted(lines: Sequence[Line], found: Measure, depth: int) -> tuple[Block, ...]:
    """What is quoted, one `>` taken off each line."""
    inner: list[Line] = []
    gap = 0
    for line in lines:
        text = line.text[1:]
        if not text.strip():
            gap += 1
            continue
        bare = text.strip()
        inner.append(Line(bare, line.number, max(0, len(text) - len(text.lstrip()) - 1), gap))
        gap = 0
    return tuple(read(inner, found, depth + 1))


def _marker(line: Line) -> _Marker | None:
    if bullet := _BULLET.fullmatch(line.text):
        sign = bullet["sign"] or bullet["o"] or bullet["other"] or "[]"
        return None if _RULE.fullmatch(line.text) else _Marker(sign, 0, bullet["text"])
    if (number := _NUMBER.fullmatch(line.text)) and (not number["open"] or number["sign"][0] in ")）"):
        is_letter = number["number"].isalpha()
        sign = f"{number['open']}{'a' if is_letter else ''}{number['sign'].strip()}"
        counted = ord(number["number"]) - ord("a") + 1 if is_letter else int(number["number"])
        return _Marker(sign, counted, number["text"], strict=is_letter or bool(number["open"]))
    return None


def _is_sibling(one: _Marker, other: _Marker) -> bool:
    return one.sign == other.sign and bool(one.number) == bool(other.number)


def _is_list(lines: Sequence[Line], place: int, marker: _Marker, found: Measure) -> bool:
    """Whether a marker begins a list. A bullet does; a short dash may begin speech, and a number a heading or the rest
    of a sentence: they want another item, and numbers that go on."""
    if not marker.number and marker.sign != "–":
        return True
    line = lines[place]
    if marker.strict:
        end = _item_end(lines, place, line.indent, found)
        after = _marker(lines[end]) if end < len(lines) else None
        return marker.number == 1 and after is not None and _goes_on(marker, after, 1)
    for other in lines[place + 1 : place + _FARTHEST]:
        next_marker = _marker(other)
        if next_marker and abs(other.indent - line.indent) <= 1 and _is_sibling(marker, next_marker):
            if marker.number:
                return next_marker.number in (marker.number + 1, 1)
            return not re.search(r"[.!?…»”\"]$", marker.text)
        if other.gap and other.indent <= line.indent and not next_marker:
            return False
    return bool(line.indent and not marker.number)


def _goes_on(first: _Marker, other: _Marker, count: int) -> bool:
    """Whether a marker is that of an item so many behind the first. Numbers may be 1 each time."""
    is_next = other.number == first.number + count or (other.number == first.number == 1 and first.sign[-2:-1] != "a")
    return _is_sibling(first, other) and (is_next or not first.number)


def _items(lines: Sequence[Line], place: int, first: _Marker, found: Measure, depth: int) -> tuple[Block, int]:
    """The list that begins at a place, and where it ends. Numbers that are `1.` each time are meant as 1, 2, 3; those
    that do not go on by one end the list."""
    base, line = lines[place].indent, lines[place]
    items: list[tuple[Block, ...]] = []
    marker: _Marker | None = first
    end = place
    while end < len(lines) and marker:
        end = _item_end(lines, end, base, found)
        items.append(_item(lines[place:end], marker, found, depth))
        place = end
        marker = _marker(lines[end]) if end < len(lines) and abs(lines[end].indent - base) <= 1 else None
        if marker and not _goes_on(first, marker, len(items)):
            marker = None
    return Block("items", line.number, (), line.gap, inside=tuple(items), start=first.number, label=first.sign), end


def _item_end(lines: Sequence[Line], place: int, base: int, found: Measure) -> int:
    end = place + 1
    while end < len(lines):
        line, before = lines[end], lines[end - 1]
        is_deeper = line.indent >= base + 2
        is_lazy = not line.gap and not _marker(line) and bool(found.width) and _is_long(before, found)
        if not (is_deeper or is_lazy):
            break
        end += 1
    return end


def _is_long(line: Line, found: Measure) -> bool:
    return line.indent + len(line.text) >= found.width - 12


def _item(lines: Sequence[Line], marker: _Marker, found: Measure, depth: int) -> tuple[Block, ...]:
    """The blocks of one item."""
    task = _TASK.match(marker.text) if not marker.number else None
    text = marker.text[task.end() :] if task else marker.text
    least = min((line.indent for line in lines[1:]), default=0)
    head = replace(lines[0], text=text, indent=0)
    rest = [replace(line, indent=max(0, line.indent - least)) for line in lines[1:]]
    together = 1
    while together <= len(rest) and not rest[together - 1].gap and not _marker(rest[together - 1]):
        together += 1
    if found.width:
        found = replace(found, width=found.width - least)
    elif together > 1 and all(starts_low(line.text) for line in rest[: together - 1]):
        # Lines that go on with a small letter were hardly meant to end.
        found = replace(found, width=max(width(line.text) for line in lines))
    blocks = as_blocks([head, *rest[: together - 1]], found)
    blocks += read(rest[together - 1 :], found, depth + 1)
    if task:
        is_done = (task[1] or task[2]).lower() in "x☑☒"
        blocks[0] = replace(blocks[0], label="[x]" if is_done else "[ ]")
    return tuple(blocks)


def _is_code(lines: Sequence[Line], place: int) -> bool:
    """Whether indented lines are code: most of them look like it."""
    if lines[place].indent < _CODE_INDENT:
        return False
    end = _while(lines, place, lambda each: each.indent >= _CODE_INDENT)
    return sum(1 for line in lines[place:end] if _CODE.search(line.text)) * 2 >= end - place


def _run_end(lines: Sequence[Line], place: int, found: Measure) -> int:
    """Where text ends that is nothing but text: at an empty line, or where something else begins."""
    end = place + 1
    while end < len(lines) and not lines[end].gap:
        line = lines[end]
        marker = _marker(line)
        is_begun = marker is not None and _is_list(lines, end, marker, found)
        if is_begun and marker and (marker.number or not lines[end - 1].text.endswith(",")):
            break
        if line.text.startswith(">") or _FENCE.match(line.text) or _ATX.fullmatch(line.text):
            break
        if len(line.text) > 1 and _RULE.fullmatch(line.text):
            break
        end += 1
    return end


def _underlined(lines: Sequence[Line], place: int) -> tuple[Block, int] | None:
    """A heading with a line of signs under it, perhaps with the same above it, and where it ends."""
    line, above = lines[place], 0
    following = list(takewhile(lambda each: not each.gap, lines[place + 1 : place + 3]))
    if _UNDER.fullmatch(line.text):
        if len(following) < 2 or following[1].text != line.text:
            return None
        above, text, rule = 1, following[0], line
    elif following and _UNDER.fullmatch(following[0].text) and (line.gap or not place):
        text, rule = line, following[0]
    else:
        return None
    if _UNDER.fullmatch(text.text) or len(text.text) > 2 * len(rule.text) + 10:
        return None
    heading = Block("heading", text.number, (text.text,), line.gap, label=rule.text[0])
    return heading, place + 2 + above


def _plain(run: Sequence[Line], found: Measure) -> list[Block]:
    """The blocks of a run: a table, columns, code, or text."""
    first = run[0]
    rows = _rows(run)
    if rows:
        return [Block("table", first.number, rows, first.gap)]
    if all(_KEY.match(line.text) for line in run):
        return as_blocks([replace(line, text=re.sub(r"\s+", " ", line.text)) for line in run], found)
    columns = sum(1 for line in run if _COLUMNS.search(line.text) or re.match(r"[|+].*[|+]$", line.text))
    code = sum(1 for line in run if _CODE.search(line.text))
    if len(run) > 1 and (columns * 5 >= len(run) * 3 or code * 5 >= len(run) * 3):
        return [Block("code", first.number, _as_written(run, min(line.indent for line in run)), first.gap)]
    return as_blocks(run, found)


def _rows(run: Sequence[Line]) -> tuple[str, ...]:
    """The rows of a table: lines with the same number of tabs, or GitHub's with bars."""
    tabs = {line.text.count("\t") for line in run}
    if len(run) > 1 and len(tabs) == 1 and tabs != {0}:
        return tuple(line.text for line in run)
    if len(run) > 2 and _DELIMITERS.fullmatch(run[1].text) and all("|" in line.text for line in run):
        kept = [line.text for number, line in enumerate(run) if number != 1]
        return tuple(re.sub(r"\s*\|\s*", "\t", text.strip("|").strip()) for text in kept)
    return ()
