"""The beginning and the end of a plain text: its title, who wrote it, to whom it belongs, the head of a letter."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from email.utils import getaddresses, parsedate_to_datetime

from pmpress.diagnostics import Diagnostic, Span, note
from pmpress.importers.found import About
from pmpress.importers.text.lines import Block, Line, starts_low
from pmpress.importers.words import day_in, names_in
from pmpress.model import Contributor

_BYLINE = re.compile(
    r"(?:[-–—]\s*|(?:(?:written|story|words)\s+)?(?:by|von|par|por|di|av|door)[:\s]\s*|(?:author|autor|auteur)s?\s*:\s*)(?P<names>\S.*)",
    re.I,
)
_RIGHTS = re.compile(r"(?:©|\(c\)|copyright\b).*(?:\d{4}|©).*|©.*|.*\ball rights reserved\W*", re.I)
_KEY = re.compile(r"[^\W\d_][\w /-]{0,25}:(?:\s|$)")
_LONGEST_TITLE = 140
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

    for edge in (kept[:6], kept[-4:]):
        for block in edge:
            if not about.rights and block.is_line and len(block.text) < 200 and _RIGHTS.fullmatch(block.text):
                about = replace(about, rights=block.text)
                kept.remove(block)
                say("rights-taken", f"taken as the copyright line: '{block.text}'", block)
    kept = _apart(kept)
    if kept and _is_title(kept, about, is_verse=is_verse):
        title = kept.pop(0)
        about = replace(about, title=about.title or title.text)
        say("title-taken", f"taken as the title: '{title.text}'", title)
        about = _with_byline(kept, about, say)
    return Edged(tuple(kept), about, tuple(diagnostics))


def _with_byline(kept: list[Block], about: About, say: object) -> About:
    for place, block in enumerate(kept[:2]):
        words = f"- {block.inside[0][0].text}" if _is_dashed(block) else block.text
        byline = _BYLINE.fullmatch(words) if block.is_line or _is_dashed(block) else None
        people = names_in(byline["names"].rstrip(".")) if byline else ()
        if people:
            kept.pop(place)
            say("byline-taken", f"taken as who wrote it: {', '.join(people)}", block)  # type: ignore[operator]
            return replace(about, contributors=about.contributors or tuple(map(Contributor, people)))
        if not block.is_line:
            break
    return about


def _is_dashed(block: Block) -> bool:
    return block.kind == "items" and block.label in "-–" and len(block.inside) == 1 and len(block.inside[0]) == 1


def _apart(blocks: list[Block]) -> list[Block]:
    """The first lines each alone, if they are a title with a byline or with notes of the form `Key: value` under it."""
    first = blocks[0] if blocks else None
    if first is None or first.kind != "lines":
        return blocks
    bylines = [_BYLINE.fullmatch(text) for text in first.lines[1:4]]
    is_signed = any(byline and names_in(byline["names"]) for byline in bylines) and len(first.lines) <= 4
    title, *rest = first.lines
    if is_signed:
        return [_alone(text, first.number + number) for number, text in enumerate(first.lines)] + blocks[1:]
    if all(_KEY.match(text) for text in rest) and not _KEY.match(title):
        below = replace(first, number=first.number + 1, lines=tuple(rest), indents=first.indents[1:])
        return [_alone(title, first.number), below, *blocks[1:]]
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
    if is_verse and starts_low(first.text):
        return False
    is_sentence = re.search(r"[.,;:…。،؛]$", first.text) and not re.search(r"\b(?:[A-Z]|etc|vs|Inc|Ltd)\.$", first.text)
    is_greeting = re.match(
        r"(?:dear|hi|hello|hallo|liebe[rs]?|cher|chère|estimad[oa]|querid[oa]|caro|cara)\b", first.text, re.I
    )
    return not is_sentence and not is_greeting and bool(re.search(r"\w", first.text))
