"""Where lines end: because the page was full, so that they belong together, or because the writer ended them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from pmpress.importers.text.lines import Block, Line, runs, starts_low, width

_WIDEST, _NARROWEST, _LEAST_ALONE = 100, 30, 50
_SENTENCE_ENDS = re.compile(r"[.!?…。！？؟:]['\"’”»)\]」』]*$|[」』]$")
_NO_SPACES = re.compile("[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]")
_LABEL = re.compile(r"\(?(?:[a-z]|[ivx]{1,4}|\d{1,2})\)\s")
_HYPHENATED = re.compile(r"([^\W\d_]{2,})-$")


@dataclass(frozen=True, slots=True)
class Measure:
    """How a text is set: the width of its lines in columns (0: nothing tells that lines were filled), whether most of
    it is verse, and how often each word occurs that is not at the end of a line."""

    width: int
    is_verse: bool
    words: Counter[str]


def measure(lines: Sequence[Line]) -> Measure:
    """Look at all lines of a text together."""
    every = [run for run in runs(list(_unquoted(lines))) if len(run) > 1]
    together = [run for run in every if not _is_listed(run)]
    words = Counter(word for line in lines for word in re.findall(r"[^\W\d_]+(?=\W)", f"{line.text} "))
    # A line that goes on with a small letter was hardly meant to end.
    likely = [run for run in together if any(not _starts_high(line.text) for line in run[1:])]
    pairs = [pair for run in likely for pair in _breaks(run)]
    going_on = [(one, other) for one, other in pairs if not _starts_high(other.text)]
    widths = sorted(one.indent + width(one.text) for one, _ in going_on)
    filled = widths[len(widths) * 9 // 10] if widths else 0
    full = sum(_was_full(one, other, filled) for one, other in going_on)
    least = _NARROWEST if len(going_on) > 2 else _LEAST_ALONE
    if least <= filled <= _WIDEST and full * 2 >= len(going_on) and len(going_on) * 2 >= len(pairs):
        return Measure(filled, False, words)
    inside = sum(len(run) for run in together)
    ended = sum(1 for line in lines if _SENTENCE_ENDS.search(line.text))
    is_short = all(width(line.text) <= _WIDEST for line in lines) and ended * 3 < len(lines) * 2
    is_verse = is_short and inside * 2 > len(lines) and len(together) == len(every) and not _has_keys(together)
    return Measure(0, is_verse, words)


def _breaks(run: Sequence[Line]) -> list[tuple[Line, Line]]:
    """The lines of a run, each with the next, but for those that begin farther in: a paragraph may begin there."""
    return [(one, other) for one, other in pairwise(run) if other.indent <= one.indent]


def _unquoted(lines: Iterable[Line]) -> Iterator[Line]:
    """The lines without the signs of a quoted mail before them."""
    gap = 0
    for line in lines:
        text = line.text.lstrip("> ") if line.text.startswith(">") else line.text
        if text:
            yield replace(line, text=text, gap=line.gap + gap)
        gap = 0 if text else 1


def _starts_high(text: str) -> bool:
    """Whether a line begins with a capital letter or with what is no letter."""
    return not re.match(r"[^\W\d_]", text) or text[0].isupper()


def _is_listed(run: Sequence[Line]) -> bool:
    listed = sum(1 for line in run if re.match(r"[-*+•·|#]|\d+[.)]\s|\[[ xX]\]", line.text))
    return listed * 2 > len(run) or any("\t" in line.text for line in run)


def _has_keys(together: Iterable[Sequence[Line]]) -> bool:
    """Whether the lines are notes of the form `Key: value`, or sums and measures, rather than verse."""
    every = [line.text for run in together for line in run]
    return sum(1 for text in every if re.match(r"[^:]{1,30}:(\s|$)|\W?[\d½¼¾]", text)) * 3 > len(every)


def _was_full(one: Line, other: Line, filled: int) -> bool:
    """Whether the next line's first word would have had no place in this one."""
    first = other.text.split(maxsplit=1)[0]
    room = 2 if _NO_SPACES.match(first) else width(first) + 1
    return width(one.text) + one.indent + room > filled


def as_blocks(run: Sequence[Line], found: Measure) -> list[Block]:
    """The blocks of a run of lines that are nothing but text: paragraphs, or lines as they are."""
    first = run[0]
    if len(run) == 1:
        return [_prose(run, found)]
    if found.width and _is_filled(run, found):
        return [_prose(each, found) for each in _paragraphs(run, found)]
    # Long lines that go on with a small letter were hardly meant to end.
    goes_on = all(starts_low(line.text) for line in run[1:])
    if goes_on and not found.is_verse and all(width(line.text) >= _LEAST_ALONE for line in run[:-1]):
        return [_prose(run, found)]
    are_sentences = not found.is_verse and all(_SENTENCE_ENDS.search(line.text) for line in run)
    if are_sentences or max(width(line.text) for line in run) > _WIDEST or all(_LABEL.match(line.text) for line in run):
        return [_prose([line], found) for line in run]
    least = min(line.indent for line in run)
    indents = tuple(line.indent - least for line in run)
    return [Block("lines", first.number, tuple(line.text for line in run), first.gap, indents=indents)]


def _is_filled(run: Sequence[Line], found: Measure) -> bool:
    pairs = _breaks(run)
    full = sum(_was_full(one, other, found.width) for one, other in pairs)
    low = sum(starts_low(line.text) for line in run[1:])
    breaks = len(pairs)
    if max(width(line.text) for line in run) > found.width * 3 // 2:
        return False
    is_ragged = run[0].text[-1:] != "," and max(width(line.text) for line in run) * 4 > found.width * 3
    return full * 2 >= breaks or (is_ragged and low * 2 > breaks)


def _paragraphs(run: Sequence[Line], found: Measure) -> list[list[Line]]:
    """Filled lines, parted where one begins farther in, or where one ended early with a sentence."""
    least = min(line.indent for line in run)
    parted = [[run[0]]]
    for one, other in pairwise(run):
        indented = other.indent >= least + 2 and one.indent < other.indent and one.indent <= least + 1
        ended = width(one.text) * 5 < found.width * 3 and _SENTENCE_ENDS.search(one.text) and not starts_low(other.text)
        if indented or ended or _LABEL.match(other.text):
            parted.append([])
        parted[-1].append(other)
    return parted


def _prose(run: Sequence[Line], found: Measure) -> Block:
    text = run[0].text
    for line in run[1:]:
        text = _joined(text, line.text, found)
    is_line = "line" if len(run) == 1 else ""
    # Justified text has more spaces than one between words.
    text = re.sub(r"[ \t]{2,}|\t", " ", text)
    return Block("prose", run[0].number, (text,), run[0].gap, label=is_line)


def _joined(before: str, after: str, found: Measure) -> str:
    """Two lines as one. A word that was divided is whole again if the text has it whole elsewhere; otherwise the hyphen
    stays, since it may be its own."""
    if before.endswith("\u00ad"):
        return before[:-1] + after
    if hyphenated := _HYPHENATED.search(before):
        rest = re.match(r"[^\W\d_]+", after)
        if rest and rest[0].islower():
            is_whole = found.words[hyphenated[1] + rest[0]] > 0
            return (before[:-1] if is_whole else before) + after
    if (
        before[-1:] in "-\u2014"
        and before[-2:-1].strip()
        and not after.startswith(("-", "\u2014"))
        and before[-2:] != "--"
    ):
        return before + after
    if _NO_SPACES.match(before[-1:]) and _NO_SPACES.match(after[:1]):
        return before + after
    return f"{before} {after}"
