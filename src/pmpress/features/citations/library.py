"""The bibliography files of a book, of whichever kind → its works by key."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pmpress.diagnostics import Diagnostic, Span, error, warning
from pmpress.features.citations import bibtex, richtext, works

_ID = re.compile(r'"id"\s*:\s*(?:"((?:[^"\\]|\\.)*)"|(-?\d+))')
_NAME_PARTS = ("family", "given", "non-dropping-particle", "dropping-particle", "suffix", "literal")
_DATES = frozenset({"accessed", "container", "event-date", "issued", "original-date", "submitted", "available-date"})
_PEOPLE = frozenset(
    {
        "author", "collection-editor", "composer", "container-author", "director", "editor", "editorial-director",
        "illustrator", "interviewer", "original-author", "recipient", "reviewed-author", "translator", "chair",
        "compiler", "contributor", "curator", "guest", "host", "narrator", "organizer", "performer", "producer",
    }
)  # fmt: skip
_DATE = re.compile(r"\s*(-?\d{1,4})(?:-(\d\d?)(?:-(\d\d?))?)?")


@dataclass(frozen=True, slots=True)
class Work:
    """Something that can be cited: `item` is CSL-JSON, its texts `richtext`."""

    key: str
    item: Mapping[str, Any]
    span: Span


def read(
    paths: tuple[str, ...], files: Mapping[str, str], words: Mapping[str, str]
) -> tuple[dict[str, Work], tuple[Diagnostic, ...]]:
    """All works of the files at these paths, and what is wrong with the files.

    Of two works with one key the first counts, with a warning `bibliography-duplicate`. `words` say what the kinds of a
    thesis are called.
    """
    library: dict[str, Work] = {}
    diagnostics: list[Diagnostic] = []
    for path in dict.fromkeys(paths):
        if path not in files:
            continue  # that it cannot be read has been said
        text = files[path].removeprefix("\ufeff")
        found, said = _csl(text, path) if path.lower().endswith(".json") else _bibtex(text, path, words)
        diagnostics += said
        for work in found:
            if work.key in library:
                first = library[work.key].span
                hint = f"The one in {first.file}:{first.line} counts."
                diagnostics.append(
                    warning("bibliography-duplicate", f"a second work has the key '{work.key}'", work.span, hint)
                )
            library.setdefault(work.key, work)
    return library, tuple(diagnostics)


def _bibtex(text: str, path: str, words: Mapping[str, str]) -> tuple[list[Work], list[Diagnostic]]:
    entries, diagnostics = bibtex.read(text, path)
    by_key: dict[str, bibtex.Entry] = {}
    for entry in entries:
        by_key.setdefault(entry.key, entry)
    full = works.inherited(by_key)
    found = [
        Work(entry.key, works.item(entry, full[entry.key], words), entry.span)
        for entry in entries
        if entry.kind not in ("xdata", "set")
    ]
    return found, diagnostics


def _csl(text: str, path: str) -> tuple[list[Work], list[Diagnostic]]:
    def malformed(message: str, line: int) -> Diagnostic:
        return error("bibliography-malformed", message, Span(path, line))

    try:
        read = json.loads(text)
    except json.JSONDecodeError as fault:
        return [], [malformed(f"this is no JSON: {fault.msg}", fault.lineno)]
    except (ValueError, RecursionError):
        return [], [malformed("this is no JSON that can be read: numbers too long, or brackets too deep", 1)]
    items = read.get("items") if isinstance(read, dict) else read
    if not isinstance(items, list):
        return [], [malformed('CSL-JSON is a list of works: [{ "id": …, "type": …, … }, …]', 1)]
    lines = _lines_of_ids(text)
    found, diagnostics = [], []
    for place, item in enumerate(items, start=1):
        key = item.get("id") if isinstance(item, dict) else None
        if not isinstance(key, str | int) or isinstance(key, bool) or not str(key).strip():
            diagnostics.append(malformed(f"work number {place} has no id", 1))
            continue
        span = Span(path, lines.get(str(key), [1]).pop(0) if lines.get(str(key)) else 1)
        found.append(Work(str(key), _checked(item), span))
    return found, diagnostics


def _lines_of_ids(text: str) -> dict[str, list[int]]:
    breaks = [match.end() for match in re.finditer("\n", text)]
    lines: dict[str, list[int]] = {}
    for match in _ID.finditer(text):
        key = match[2] or json.loads(f'"{match[1]}"', strict=False)
        lines.setdefault(key, []).append(bisect_right(breaks, match.start()) + 1)
    return lines


def _checked(item: Mapping[str, Any]) -> dict[str, Any]:
    """The item with what is of the type that CSL-JSON has for it; what is not is left out."""
    checked: dict[str, Any] = {"type": str(item.get("type", "document"))}
    for variable, value in item.items():
        read: Callable[[Any], Any] = _people if variable in _PEOPLE else _date if variable in _DATES else _text
        if variable not in ("id", "type") and (said := read(value)):
            checked["title-short" if variable == "shortTitle" else variable] = said
    return checked


def _text(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return richtext.from_csl(str(value))


def _people(value: Any) -> list[dict[str, str]]:
    names = []
    for name in value if isinstance(value, list) else ():
        said = (
            {part: name[part] for part in _NAME_PARTS if isinstance(name.get(part), str)}
            if isinstance(name, dict)
            else {}
        )
        said = {part: text for part, written in said.items() if (text := richtext.clean(written))}
        if "literal" in said:
            said = {"literal": said["literal"]}
        if said:
            names.append(said)
    return names


def _date(value: Any) -> dict[str, Any]:
    if isinstance(value, str):
        value = {"raw": value}
    if not isinstance(value, dict):
        return {}
    parts = value.get("date-parts")
    dates = [_parts(each) for each in parts if isinstance(each, list)] if isinstance(parts, list) else []
    circa = {"circa": True} if value.get("circa") else {}
    if dates and all(dates) and len(dates) <= 2:
        return {"date-parts": dates, **circa}
    for written in (value.get("literal"), value.get("raw")):
        if isinstance(written, str) and written.strip():
            if known := _DATE.fullmatch(written):
                return {"date-parts": [[int(part) for part in known.groups() if part]], **circa}
            return {"literal": richtext.clean(written)}
    return {}


def _parts(written: list[Any]) -> list[int]:
    parts: list[int] = []
    for part in written[:3]:
        if isinstance(part, bool) or not re.fullmatch(r"-?\d{1,5}", str(part)):
            break
        parts.append(int(part))
    return works.possible(parts)
