"""The beginning and the end of a plain text: its title, who wrote it, to whom it belongs, the head of a letter."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from email.utils import getaddresses, parsedate_to_datetime

from pmpress.diagnostics import Diagnostic, Span, note
from pmpress.importers.found import About
from pmpress.importers.text.headings import CHAPTER
from pmpress.importers.text.lines import Block, Line, only_lines, starts_low
from pmpress.importers.words import day_in, day_in_words, names_in
from pmpress.model import Contributor

_BYLINE = re.compile(
    r"(?:[-–—]\s*|(?:(?:written|posted|published|story|words)\s+)?(?:by|von|par|por|di|av|door)[:\s]\s*|"
    r"(?:بقلم|מאת)\s+|(?:(?:author|autor|auteur|автор|المؤلف)s?|作者|著者|作|著|文)\s*[:：]\s*)(?P<names>\S.*)",
    re.I,
)
# What may stand behind the names of those who wrote it: a day.
_DATED = re.compile(
    r"(?P<names>.*?\S)(?:\s*[|·•,–—-]|\s+on|\s+am|\s+le)\s+(?P<date>(?:[^\W\d_]{3,10}\.?\s+)?\d.*)", re.I
)
_RIGHTS = re.compile(r"(?:©|\(c\)|copyright\b).*(?:\d{4}|©).*|©.*|.*\ball rights reserved\W*", re.I)
_KEY = re.compile(r"[^\W\d_][\w /-]{0,25}:(?:\s|$)")
_LONGEST_TITLE, _LONGEST_RIGHTS, _MOST_LOW_WORDS = 140, 200, 8
_HEADER = re.compile(r"(?P<key>[A-Z][A-Za-z-]{1,30}):\s*(?P<value>.*)")
_OF_MAIL = frozenset(
    [
        "from",
        "to",
        "cc",
        "bcc",
        "subject",
        "date",
        "sent",
        "reply-to",
        "message-id",
        "in-reply-to",
        "references",
        "mime-version",
        "content-type",
        "received",
        "x-mailer",
        "content-transfer-encoding",
        "return-path",
        "delivered-to",
        "user-agent",
        "list-id",
        "importance",
        "attachments",
    ]
)
_OF_BOOKS = {"title": "title", "author": "author", "language": "language", "subtitle": "subtitle"}
_LANGUAGES = {
    "english": "en", "german": "de", "french": "fr", "spanish": "es", "italian": "it", "portuguese": "pt",
    "dutch": "nl", "swedish": "sv", "danish": "da", "finnish": "fi", "latin": "la",
    "greek": "el", "japanese": "ja", "chinese": "zh",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Edged:
    """A text without its edges, and what they said."""

    blocks: tuple[Block, ...]
    about: About
    diagnostics: tuple[Diagnostic, ...]


def mail_head(lines: Sequence[Line]) -> dict[str, str]:
    """What a mail says above its text, by names in small letters; nothing if the text is no mail."""
    found: dict[str, str] = {}
    last = ""
    for line in lines:
        if line.gap and found:
            break
        header = _HEADER.fullmatch(line.text)
        key = header["key"].lower() if header else ""
        if header and (key in _OF_MAIL or key.startswith("x-")):
            last = key
            found.setdefault(key, header["value"])
        elif last and line.indent:
            found[last] += f" {line.text}"
        else:
            return {}
    is_mail = "from" in found and len({"to", "subject", "date", "sent"} & set(found)) >= 1
    return found if is_mail else {}


def of_mail(head: dict[str, str]) -> About:
    """What the head of a mail says of the text."""
    people = [name or address.partition("@")[0] for name, address in getaddresses([head["from"]]) if name or address]
    date = ""
    try:
        date = parsedate_to_datetime(head.get("date", "")).date().isoformat()
    except (ValueError, TypeError, IndexError):
        date = day_in(head.get("date", "") or head.get("sent", ""))
    contributors = tuple(Contributor(name) for name in people)
    return About(title=head.get("subject", ""), contributors=contributors, date=date)


def of_wrapping(lines: Sequence[Line]) -> About:
    """What the lines before a text from Project Gutenberg say of it."""
    said = {
        name: header["value"]
        for line in reversed(lines)
        if (header := _HEADER.fullmatch(line.text)) and (name := _OF_BOOKS.get(header["key"].lower()))
    }
    people = tuple(Contributor(name) for name in names_in(said.get("author", "")) or filter(None, [said.get("author")]))
    language = _LANGUAGES.get(said.get("language", "").lower(), "")
    return About(said.get("title", ""), said.get("subtitle", ""), people, language)


def without_edges(blocks: Sequence[Block], about: About, name: str, *, is_verse: bool) -> Edged:
    """Take title, byline and copyright line out of the text, each with a note that says where it was."""
    kept, diagnostics = list(blocks), list[Diagnostic]()

    def say(code: str, message: str, block: Block) -> None:
        diagnostics.append(note(code, message, Span(name, block.number)))

    kept = _apart(kept, is_verse=is_verse)
    if kept and _is_title(kept, about, is_verse=is_verse):
        title = kept.pop(0)
        about = replace(about, title=about.title or title.text)
        say("title-taken", f"taken as the title: '{title.text}'", title)
        about = _with_byline(kept, about, say)
    return Edged(tuple(kept), about, tuple(diagnostics))


def without_rights(blocks: Sequence[Block], about: About, name: str) -> Edged:
    """Take the copyright line out of the text: it is near one of its ends."""
    kept = list(blocks)
    for block in [*kept[:6], *reversed(kept[-8:])]:
        found = [text for text in block.lines if len(text) < _LONGEST_RIGHTS and _RIGHTS.fullmatch(text)]
        if not found or not (block.is_line or block.kind == "lines"):
            continue
        line = found[0]
        kept[kept.index(block)] = only_lines(block, [at for at, text in enumerate(block.lines) if text != line])
        said = note("rights-taken", f"taken as the copyright line: '{line}'", Span(name, block.number))
        return Edged(tuple(each for each in kept if each.lines or each.inside), replace(about, rights=line), (said,))
    return Edged(tuple(kept), about, ())


def _with_byline(kept: list[Block], about: About, say: object) -> About:
    for place, block in enumerate(kept[:2]):
        words = f"- {block.inside[0][0].text}" if _is_dashed(block) else (block.lines or ("",))[0]
        is_plain = block.is_line or block.kind == "lines" or _is_dashed(block)
        people, date, is_all = _signed(words) if is_plain else ((), "", False)
        if people:
            if is_all:
                behind = range(1, len(block.lines))
                kept[place : place + 1] = [only_lines(block, behind)] if behind else []
            say("byline-taken", f"taken as who wrote it: '{words}'", block)  # type: ignore[operator]
            contributors = about.contributors or tuple(map(Contributor, people))
            return replace(about, contributors=contributors, date=about.date or date)
        if not block.is_line:
            break
    return about


def _signed(text: str) -> tuple[tuple[str, ...], str, bool]:
    """The people that a byline names, the day behind them, and whether that is all it says."""
    byline = _BYLINE.fullmatch(text)
    if not byline:
        return (), "", False
    if people := names_in(byline["names"].rstrip(".")):
        return people, "", True
    dated = _DATED.fullmatch(byline["names"])
    date = day_in_words(dated["date"].rstrip(".")) if dated else ""
    return names_in(dated["names"]) if dated else (), date, bool(date)


def _is_dashed(block: Block) -> bool:
    return block.kind == "items" and block.label in "-–" and len(block.inside) == 1 and len(block.inside[0]) == 1


def _apart(blocks: list[Block], *, is_verse: bool) -> list[Block]:
    """The first lines each alone, if they are a title with a byline or with notes of the form `Key: value` under it;
    or two lines, or the first in capitals."""
    first = blocks[0] if blocks else None
    if first is None or first.kind != "lines":
        return blocks
    is_signed = any(_signed(text)[0] for text in first.lines[1:4]) and len(first.lines) <= 4
    title, *rest = first.lines
    if is_signed:
        return [_alone(text, first.number + number) for number, text in enumerate(first.lines)] + blocks[1:]
    has_keys = all(_KEY.match(text) for text in rest)
    is_alone = not is_verse and (len(rest) == 1 or title.isupper())
    if (has_keys or is_alone) and not _KEY.match(title):
        return [_alone(title, first.number), only_lines(first, range(1, len(first.lines))), *blocks[1:]]
    return blocks


def _alone(text: str, number: int) -> Block:
    return Block("prose", number, (text,), label="line")


def _is_title(blocks: Sequence[Block], about: About, *, is_verse: bool) -> bool:
    first = blocks[0]
    if about.title:
        return first.is_line and first.text.casefold().rstrip(".") == about.title.casefold()
    if first.kind == "heading":
        return True
    if not first.is_line or len(first.text) > _LONGEST_TITLE or len(blocks) == 1:
        return False
    if starts_low(first.text) and (is_verse or len(first.text.split()) > _MOST_LOW_WORDS):
        return False
    if re.match(r"\W?\d+([./:-])\d+(\1\d+|\b)\W", first.text):
        # What begins with a time or a day is an entry of a chat or a diary.
        return False
    if sum(1 for block in blocks if CHAPTER.fullmatch(block.text)) > 1 and CHAPTER.fullmatch(first.text):
        return False
    is_sentence = re.search(r"[.,;:…。،؛]['\"’”»]*$", first.text) and not re.search(
        r"\b(?:[A-Z]|etc|vs|Inc|Ltd)\.$", first.text
    )
    is_greeting = re.match(
        r"(?:dear|hi|hello|hallo|liebe[rs]?|cher|chère|estimad[oa]|querid[oa]|caro|cara)\b", first.text, re.I
    )
    return not is_sentence and not is_greeting and bool(re.search(r"\w", first.text))
