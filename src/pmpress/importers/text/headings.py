"""Headings that are only short lines, and the chapters that some of them begin."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pmpress.importers.text.lines import Block, starts_low, width

_LONGEST, _MOST_WORDS, _LONGEST_UNSPACED = 90, 14, 50
_LEAST_TEXT = 60
_ENDS = re.compile(r"[.,;:…!。！，、،؛»”\"']$")
_BEGINS = re.compile(r"[-–—«»“”„\"'‘’>(\[*•=+]|\d{4}-\d\d|\d+[.:]\d\d\b")
_GREETING = re.compile(
    r"(?:dear|hi|hello|hallo|liebe[rs]?|cher|chère|estimad[oa]|querid[oa]|best|kind|warm|yours|sincerely|thanks|regards|love|"
    r"cordially|mit freundlichen|cordialement|gruß|grüße)\b", re.I
)  # fmt: skip
_DATE = re.compile(
    r"(?:\w+,?\s+)*\d{1,2}(?:st|nd|rd|th|\.)?\s+\w+,?\s+\d{4}|(?:\w+,?\s+)?\w+\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+\d{4}|[\d./-]+"
)
_SPEAKER = re.compile(r"[^\W\d_][\w '’()-]{0,30}[:.](?=\s)")
_COUNTED = re.compile(r"(?:\d{1,3}|[IVXLC]{1,7})\.?")
_NUMBERED = re.compile(r"(?P<number>\d{1,2}(?:\.\d{1,2})*)\.?\s+\S")
_WORD = (
    r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|"
    r"nineteen|twenty(?:[- ]\w+)?|thirty(?:[- ]\w+)?|first|second|third|fourth|fifth|last|\d{1,3}|[ivxlc]{1,8}"
)
CHAPTER = re.compile(
    rf"(?:chapter|chapitre|kapitel|cap[ií]tulo|capitolo|hoofdstuk|kapittel|rozdział|глава)\s+(?:the\s+)?(?:{_WORD}|\w{{2,14}})\b(?P<title>.*)"
    r"|第[〇一二三四五六七八九十百千\d]+[章回話](?P<title_ja>.*)|(?:الفصل|الباب)\s+\S+(?P<title_ar>.*)", re.I
)  # fmt: skip
_PART = re.compile(rf"(?:part|book|volume|partie|teil|parte|livre|buch|libro)\s+(?:the\s+)?(?:{_WORD})\b.*", re.I)
_SECTION = re.compile(
    rf"(?:part|book|act|scene|canto|stave|akt|szene|acte|scène|acto|escena|atto|scena)\s+(?:the\s+)?(?:{_WORD})\b(?:[.:,—–-].*)?",
    re.I,
)
_NAMED = re.compile(
    r"(?:prologue|epilogue|preface|foreword|introduction|afterword|appendix(?:\s+\w{1,3})?|conclusion|acknowledge?ments|"
    r"postscript|references|bibliography|works cited|bibliographie|literatur|bibliografía|"
    r"prolog|epilog|vorwort|nachwort|préface|épilogue|prólogo|epílogo)[.:]?", re.I
)  # fmt: skip
_CONTENTS = re.compile(r"(?:table of )?contents[.:]?|inhalt(?:sverzeichnis)?|sommaire|índice|目次|المحتويات", re.I)


@dataclass(frozen=True, slots=True)
class Division:
    """A chapter of a text: its title (none: what stands before the first), the part that begins with it, its blocks."""

    title: str
    number: int
    part: str
    blocks: tuple[Block, ...]


def with_headings(blocks: Sequence[Block], *, is_verse: bool) -> list[Block]:
    """The blocks, the short lines that are headings made so."""
    seen = Counter(block.text for block in blocks if block.is_line)
    said = Counter(speaker[0] for block in blocks if block.is_line and (speaker := _SPEAKER.match(block.text)))
    heads = Counter(block.lines[0] for block in blocks if block.kind == "lines")
    speakers = {speaker.rstrip(":.") for speaker in said}
    once = {head for head, count in heads.items() if count == 1 and not is_verse and head not in speakers}
    found = [each for block in blocks for each in _with_head_apart(block, once)]
    for place in range(len(found) - 2, -1, -1):
        block = found[place]
        speaker = _SPEAKER.match(block.text)
        if speaker and said[speaker[0]] > 1:
            continue
        if block.is_line and seen[block.text] < 3 and _is_heading(found, place, is_verse=is_verse):
            found[place] = replace(block, kind="heading", label="")
    if any(block.kind == "heading" and _NUMBERED.match(block.text) for block in found):
        # One among numbered headings may have hardly any text below it.
        found = [replace(each, kind="heading", label="") if _is_numbered(each) else each for each in found]
    return _levelled(_numbers_joined(found))


def _numbers_joined(blocks: Sequence[Block]) -> list[Block]:
    """The blocks, a heading that is a number alone joined to the one below it."""
    found: list[Block] = []
    for block in blocks:
        last = found[-1] if found else None
        if last and last.kind == block.kind == "heading" and not last.label and _COUNTED.fullmatch(last.text):
            found[-1] = replace(block, number=last.number, lines=(_joined(last.text, block.text),))
        else:
            found.append(block)
    return found


def _is_numbered(block: Block) -> bool:
    is_short = block.is_line and width(block.text) < _LONGEST // 2 and not _ENDS.search(block.text)
    return is_short and bool(_NUMBERED.match(block.text)) and not _DATE.fullmatch(block.text)


def _with_head_apart(block: Block, once: set[str]) -> list[Block]:
    """Lines with a word above them that says what they are, as a recipe has it, or with one in capitals, apart from it;
    but not if more lines begin so, as those of a play do. `once`: what only one block of lines begins with."""
    is_head = block.kind == "lines" and len(block.lines[0].split()) < 4 and not CHAPTER.fullmatch(block.lines[0])
    if not is_head or _ENDS.search(block.lines[0]):
        return [block]
    head = Block("prose", block.number, block.lines[:1], block.gap, label="line")
    if block.lines[0].isupper() and block.lines[0] in once and len(block.lines[0]) > 2 and not block.lines[1].isupper():
        head = replace(head, kind="heading", label="")
    elif len(block.lines) < 3 or not all(re.match(r"[\d½¼¾⅓⅔]", text) for text in block.lines[1:]):
        return [block]
    return [head, replace(block, number=block.number + 1, lines=block.lines[1:], indents=block.indents[1:])]


def _is_heading(blocks: Sequence[Block], place: int, *, is_verse: bool) -> bool:
    block, following = blocks[place], blocks[place + 1]
    text = block.text
    is_named = CHAPTER.fullmatch(text) or _SECTION.fullmatch(text) or _NAMED.fullmatch(text)
    if is_named and len(text) < _LONGEST and not re.search(r"[,;]$", text):
        return True
    if _COUNTED.fullmatch(text):
        return _is_body(following) or following.kind in ("lines", "heading")
    if place == 0 and re.search(r"\b\d{4}\b|^(?:by|von|par|por)\s", text, re.I):
        # A line right under the title that says when, or by whom.
        return False
    is_spaced = " " in text or text.isascii()
    longest = _LONGEST if is_spaced else _LONGEST_UNSPACED
    if width(text) > longest or len(text.split()) > _MOST_WORDS or not re.search(r"[^\W\d_]", text):
        return False
    if _ENDS.search(text) or _BEGINS.match(text) or _GREETING.match(text) or _DATE.fullmatch(text) or starts_low(text):
        return False
    if is_verse:
        return (block.gap > 1 or text.isupper()) and following.kind == "lines"
    if following.kind == "heading":
        after = blocks[place + 2] if place + 2 < len(blocks) else None
        return after is not None and after.kind != "heading"
    if following.kind == "prose" and re.search(r"[?]$", text):
        return width(following.text) > 2 * width(text) + _LEAST_TEXT
    return _is_body(following) or following.kind in ("items", "code", "table", "lines")


def _is_body(block: Block) -> bool:
    least = _LEAST_TEXT if block.text.isascii() or " " in block.text else _LEAST_TEXT // 2
    return block.kind == "prose" and width(block.text) > least


def _levelled(blocks: list[Block]) -> list[Block]:
    """Headings with their levels: by the signs they are marked with, by their numbers, or capitals first."""
    plain = [block.text for block in blocks if block.kind == "heading" and not block.label]
    both = len({text.isupper() for text in plain}) > 1 and not any(map(_NUMBERED.match, plain))
    signs = list(dict.fromkeys(b.label for b in blocks if b.kind == "heading" and b.label and b.label[0] != "#"))
    found = []
    for each in blocks:
        block = each
        if block.kind == "heading" and block.label and block.label[0] != "#":
            block = replace(block, level=min(6, 2 + signs.index(block.label)))
        elif block.kind == "heading" and not block.label:
            numbered = _NUMBERED.match(block.text)
            depth = numbered["number"].count(".") if numbered else int(both and not block.text.isupper())
            block = replace(block, level=min(6, 2 + depth))
        found.append(block)
    return found


def _without_skips(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks of a text, no heading more than one level below the last."""
    found = []
    above = 1
    for block in blocks:
        if block.kind == "heading":
            above = min(block.level, above + 1)
        found.append(replace(block, level=above) if block.kind == "heading" else block)
    return tuple(found)


def divided(blocks: Sequence[Block]) -> list[Division]:
    """The chapters, if there are headings that say so at least twice; else all as one division without a title."""
    starts = [place for place, block in enumerate(blocks) if _begins_chapter(blocks, place)]
    if sum(1 for place in starts if CHAPTER.fullmatch(blocks[place].text)) < 2:
        return [Division("", blocks[0].number if blocks else 1, "", _without_skips(blocks))]
    found: list[Division] = []
    part, place, title, number = "", 0, "", blocks[0].number
    for start in starts:
        body, next_part = _without_part(blocks[place:start])
        if not found and not title and not any(map(_is_body, body)):
            # What stands on a title page is no heading.
            body = [replace(each, kind="prose", label="line") if each.kind == "heading" else each for each in body]
        if body or title:
            found.append(Division(title, number, part, tuple(body)))
        part, number = next_part or part, blocks[start].number
        title, place = _title(blocks, start)
    found.append(Division(title, number, part, tuple(blocks[place:])))
    return [replace(each, blocks=_without_skips(each.blocks)) for each in found]


def _without_part(body: Sequence[Block]) -> tuple[list[Block], str]:
    """The blocks before a chapter, without the title of the part that begins with it: a line or two."""
    for count in (1, 2):
        lines = [line for block in body[-count:] for line in block.lines]
        is_plain = all(block.kind in ("heading", "prose", "lines") for block in body[-count:])
        if 0 < len(lines) < 3 and is_plain and _PART.fullmatch(lines[0]) and max(map(len, lines)) < _LONGEST:
            return [*body[:-count]], lines[0] if len(lines) == 1 else _joined(*lines)
    return [*body], ""


def _begins_chapter(blocks: Sequence[Block], place: int) -> bool:
    """Whether a chapter begins here: not where only a list of chapters is, whose lines have no text under them."""
    block = blocks[place]
    if block.kind == "heading":
        return bool(CHAPTER.fullmatch(block.text) or _NAMED.fullmatch(block.text))
    if block.kind == "lines" and len(block.lines) <= 3:
        return bool(CHAPTER.fullmatch(block.lines[0])) and not any(CHAPTER.fullmatch(line) for line in block.lines[1:])
    return False


def _title(blocks: Sequence[Block], place: int) -> tuple[str, int]:
    """The title of the chapter that begins here, with what stands below its number; where its text begins."""
    block = blocks[place]
    if block.kind == "lines":
        return _joined(block.lines[0], " ".join(block.lines[1:])), place + 1
    said = CHAPTER.fullmatch(block.text)
    has_title = said is None or any(re.search(r"\w", each) for each in said.groups() if each)
    following = blocks[place + 1] if place + 1 < len(blocks) else None
    if (
        not has_title
        and following
        and (following.kind == "heading" or (following.is_line and len(following.text) < _LONGEST))
    ):
        after = blocks[place + 2] if place + 2 < len(blocks) else None
        if following.kind == "heading" or (after is not None and not _ENDS.search(following.text.rstrip("."))):
            return _joined(block.text, following.text), place + 2
    return block.text, place + 1


def _joined(label: str, title: str) -> str:
    return f"{label} {title}" if label[-1:] in ".:—-" or not label.isascii() else f"{label}. {title}"


def is_list_of_contents(block: Block, titles: Sequence[str]) -> bool:
    """Whether a block lists the chapters: the press does so itself."""
    if block.kind == "heading" or block.is_line:
        return bool(_CONTENTS.fullmatch(block.text))
    lines = block.lines if block.kind == "lines" else ()
    known = {_bare(title) for title in titles}
    listed = [line for line in lines if CHAPTER.match(line) or _PART.match(line) or _bare(line) in known]
    return len(lines) >= 2 and len(listed) * 3 >= len(lines) * 2


def _bare(text: str) -> str:
    return re.sub(r"[\W\d_]+", "", text).casefold()
