"""What was found → a manuscript folder: written, proved by loading it, then put in its place as a whole."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from pmpress.config import FILE, isbn, language
from pmpress.config.about import day, urn
from pmpress.diagnostics import Diagnostic, Severity, Span, warning
from pmpress.importers.found import About, Found, Text
from pmpress.importers.mending import mended
from pmpress.manuscript import ascii_slug
from pmpress.model import Contributor
from pmpress.press.writing import new_folder

REPORT = "import-report.txt"
_LONGEST_NAME = 40
_MATTERS = {"frontmatter": "front", "bodymatter": "body", "backmatter": "back"}


def write(found: Found, output: Path, source: str) -> tuple[Diagnostic, ...]:
    """Write the manuscript, with a report of what is to be said of the import. Returns what the report says.

    Raises UsageError (`folder-taken`) and MachineError (`output-unwritable`), and leaves nothing behind.
    """
    about, odd = _checked(found.about, source)
    texts = named(found.texts)
    files = {**found.files, **{text.path: text.markdown.encode() for text in texts}}
    files[FILE] = _toml(about, () if found.has_order else texts).encode()
    with new_folder(output) as filled:
        for path, data in files.items():
            (filled / path).parent.mkdir(parents=True, exist_ok=True)
            (filled / path).write_bytes(data)
        diagnostics = (*found.diagnostics, *odd, *mended(filled))
        (filled / REPORT).write_text(_report(source, diagnostics), encoding="utf-8")
    return diagnostics


def named(texts: Iterable[Text]) -> list[Text]:
    """The texts, each with a file name: its number and its title in plain letters."""
    every = list(texts)
    digits = max(2, len(str(len(every))))
    return [
        text
        if text.path
        else replace(text, path=f"{number:0{digits}}-{ascii_slug(text.title)[:_LONGEST_NAME].strip('-') or 'text'}.md")
        for number, text in enumerate(every, start=1)
    ]


def _checked(about: About, source: str) -> tuple[About, list[Diagnostic]]:
    """What is said of the book, without what `book.toml` would not take: each a warning `metadata-left-out`."""
    diagnostics = []
    values: dict[str, Any] = asdict(about)
    lines: dict[str, Any] = {key: " ".join(said.split()) for key, said in values.items() if isinstance(said, str)}
    about = replace(about, **lines)
    people = tuple(replace(each, name=" ".join(each.name.split())) for each in about.contributors)
    about = replace(about, contributors=tuple(each for each in people if each.name))
    for name, reader in {"language": language, "date": day, "isbn": isbn, "identifier": urn}.items():
        value = getattr(about, name)
        try:
            reader(value)
        except ValueError as fault:
            said = f"{name} '{value}' is left out of book.toml: it is not {fault}"
            diagnostics.append(warning("metadata-left-out", said, Span(source)))
            empty: dict[str, Any] = {name: ""}
            about = replace(about, **empty)
    return about, diagnostics


def _toml(about: About, texts: Sequence[Text]) -> str:
    lines = ["[book]"]
    for name in ("title", "subtitle", "language"):
        lines += _key(name, getattr(about, name))
    if about.contributors:
        lines.append(f"contributors = [{', '.join(map(_person, about.contributors))}]")
    for name in ("publisher", "date", "edition", "rights", "licence", "description", "isbn", "identifier", "cover"):
        lines += _key(name, getattr(about, name))
    if about.subjects:
        lines.append(f"subjects = [{', '.join(map(_text, about.subjects))}]")
    if texts:
        lines += ["", "[contents]", *_contents(texts)]
    if about.layout:
        lines += ["", "[layout]", *_key("name", about.layout)]
    return "\n".join(lines) + "\n"


def _key(name: str, value: str) -> Iterator[str]:
    if value:
        yield f"{name} = {_text(value)}"


def _text(value: str) -> str:
    """A string of TOML: those of JSON are, but for one control character."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "")


def _person(person: Contributor) -> str:
    said: Mapping[str, Any] = {"role": person.role if person.role != "aut" else "", "sort": person.sort}
    more = "".join(f", {name} = {_text(value)}" for name, value in said.items() if value)
    return f"{{ name = {_text(person.name)}{more} }}" if more else _text(person.name)


def _contents(texts: Sequence[Text]) -> Iterator[str]:
    for matter, name in _MATTERS.items():
        listed = list(_in_parts([text for text in texts if text.matter == matter]))
        if listed:
            yield f"{name} = ["
            yield from (f"  {each}," for each in listed)
            yield "]"


def _in_parts(texts: Sequence[Text]) -> Iterator[str]:
    """The files as `[contents]` lists them, those of one part together."""
    place = 0
    while place < len(texts):
        part, end = texts[place].part, place + 1
        if not part:
            yield _listing(texts[place])
        else:
            while end < len(texts) and texts[end].part == part:
                end += 1
            yield f"{{ part = {_text(part)}, chapters = [{', '.join(map(_listing, texts[place:end]))}] }}"
        place = end


def _listing(text: Text) -> str:
    return f"{{ file = {_text(text.path)}, kind = {_text(text.kind)} }}" if text.kind else _text(text.path)


def _report(source: str, diagnostics: Sequence[Diagnostic]) -> str:
    lines = [f"Imported from {source}.", ""]
    for severity, heading in ((Severity.WARNING, "To look at"), (Severity.NOTE, "Done for you")):
        found = [each for each in diagnostics if each.severity is severity]
        if found:
            lines += [f"{heading}:", "", *map(str, found), ""]
    if len(lines) == 2:
        lines.append("Everything was understood.")
    return "\n".join(lines).rstrip() + "\n"
