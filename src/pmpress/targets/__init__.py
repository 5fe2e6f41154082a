"""Where an edition goes, and what is asked of it there: one TOML file each, `kdp.toml` and its like.

An author's own stands beside `book.toml`, under any name: `--target mine` reads `mine.toml`.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from pmpress.config import bleed, flag, length, size, text
from pmpress.diagnostics import Diagnostic, Nearest, PressError, Span, UsageError, error
from pmpress.model import EbookRules, PrintRules, Target

_OWN = Path(__file__).parent
_MOST = 100_000_000


def load_target(name: str, folder: Path) -> Target:
    """The target of that name: the author's, in the manuscript's folder, or else one that comes along; without a name
    one that asks for nothing.

    Raises UsageError (`target-unknown`) if there is none, and PressError (`target-broken`) with all that is wrong in
    it.
    """
    if not name:
        return Target()
    plain = name == os.path.basename(name) and name not in ("", ".", "..", "book") and name.isprintable()
    files = [root / f"{name}.toml" for root in (folder, _OWN)] if plain else []
    file = next((each for each in files if os.path.isfile(each) and _is_inside(each)), None)
    if file is None:
        known = sorted(each.stem for each in _OWN.glob("*.toml"))
        near = Nearest(known).to(name)
        own = f"{name}.toml" if plain else "a file such as corner.toml"
        hint = f"Did you mean '{near}'?" if near else f"Known: {', '.join(known)}; or write {own} beside book.toml."
        raise UsageError(error("target-unknown", f"no target is called '{name}'", hint=hint))
    return _read(name, file)


def _is_inside(file: Path) -> bool:
    return Path(os.path.realpath(file)).parent == Path(os.path.realpath(file.parent))


def _read(name: str, file: Path) -> Target:
    shown = file.name
    try:
        written = file.read_text("utf-8")
        data = tomllib.loads(written)
    except (OSError, ValueError, RecursionError) as fault:
        line = re.search(r"line (\d+)", str(fault))
        where = Span(shown, int(line[1]) if line else 0)
        said = re.sub(r" \(at .*\)$", "", str(fault))
        hint = "Write it as TOML, in UTF-8: text stands in quotation marks."
        raise PressError(error("target-broken", f"the target cannot be read: {said}", where, hint)) from fault
    wrong: list[Diagnostic] = []
    about = _checked({key: value for key, value in data.items() if key not in _TABLES}, _ABOUT, written, shown, wrong)
    asked = _table(data, "print", written, shown, wrong)
    ebook = _table(data, "ebook", written, shown, wrong)
    if asked.get("tags") and not asked.get("annotations", True):
        span = Span(shown, _line_of("tags", written, "print"))
        hint = "The tags of links name their annotations: take tags out, or let there be annotations."
        wrong.append(error("target-broken", "tags without annotations", span, hint))
    if wrong:
        raise PressError(wrong)
    asked.setdefault("tags", asked.get("annotations", True))
    return Target(name=name, print=PrintRules(**_fields(asked)), ebook=EbookRules(**_fields(ebook)), **about)


def _table(data: Mapping[str, Any], name: str, written: str, shown: str, wrong: list[Diagnostic]) -> dict[str, Any]:
    """The values of a table of rules, as `_checked` gives them."""
    rules = data.get(name, {})
    if not isinstance(rules, dict):
        wrong.append(error("target-broken", f"'{name}' is a table: [{name}]", Span(shown, _line_of(name, written))))
        return {}
    return _checked(rules, _TABLES[name], written, shown, wrong, name)


def _checked(
    values: Mapping[str, Any],
    keys: Mapping[str, Callable[[Any], Any]],
    written: str,
    shown: str,
    wrong: list[Diagnostic],
    table: str = "",
) -> dict[str, Any]:
    """The values of the keys there are; what is none of them or has the wrong value is added to `wrong`."""
    checked = {}
    for key, value in values.items():
        span = Span(shown, _line_of(key, written, table))
        if key not in keys:
            near = Nearest(keys).to(key)
            hint = f"Did you mean '{near}'?" if near else f"Known here: {', '.join(keys)}."
            wrong.append(error("target-broken", f"'{key}' is no key of a target", span, hint))
            continue
        try:
            checked[key] = keys[key](value)
        except ValueError as wanted:
            wrong.append(error("target-broken", f"{key} is {value!r}", span, f"It wants {wanted}."))
    return checked


def _line_of(key: str, written: str, table: str = "") -> int:
    """The line of a key in that table, or of a key or table outside of any; 0 if it is not found."""
    inside = ""
    for number, line in enumerate(written.splitlines(), start=1):
        if header := re.fullmatch(r"\s*\[\s*([\w-]+)\s*\]\s*(#.*)?", line):
            inside = header[1]
            if not table and inside == key:
                return number
        elif inside == table and re.match(rf"\s*{re.escape(key)}\s*=", line):
            return number
    return 0


def _fields(checked: Mapping[str, Any]) -> dict[str, Any]:
    """The rules by the names that the model has for them."""
    return {_IN_BYTES.get(key, key): value for key, value in checked.items()}


def _some_of(*known: str) -> Callable[[Any], tuple[str, ...]]:
    def read(value: Any) -> tuple[str, ...]:
        if not isinstance(value, list) or not value or not all(each in known for each in value):
            raise ValueError(f"a list of {', '.join(known)}")
        return tuple(value)

    return read


def _sizes(value: Any) -> tuple[tuple[float, float], ...]:
    if not isinstance(value, list):
        raise ValueError('a list of sizes, as in ["a5", "6x9in"]')
    return tuple(size(each) for each in value)


def _whole(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= _MOST:
        raise ValueError(f"a whole number, {_MOST} at most")
    return value


def _bytes(unit: int) -> Callable[[Any], int]:
    return lambda value: _whole(value) * unit


def _range(value: Any) -> tuple[int, int]:
    if not isinstance(value, list) or len(value) != 2 or _whole(value[0]) > _whole(value[1]):
        raise ValueError("the fewest and the most, as in [24, 828]")
    return value[0], value[1]


def _pixels(value: Any) -> tuple[int, int]:
    if not isinstance(value, list) or len(value) != 2:
        raise ValueError("the least width and height in pixels, as in [625, 1000]")
    return _whole(value[0]), _whole(value[1])


def _gutters(value: Any) -> tuple[tuple[int, float], ...]:
    if not isinstance(value, list) or not all(isinstance(each, list) and len(each) == 2 for each in value):
        raise ValueError('a list of pages and lengths, as in [[150, "0.375in"], [300, "0.5in"]]')
    return tuple(sorted((_whole(pages), length(inner)) for pages, inner in value))


_ABOUT: Mapping[str, Callable[[Any], Any]] = {
    "title": text, "files": _some_of("pdf", "epub"), "editions": _some_of("book", "screen"),
}  # fmt: skip
_TABLES: Mapping[str, Mapping[str, Callable[[Any], Any]]] = {
    "print": {
        "bleed": bleed, "bleed_at_spine": flag, "marks": flag, "outline": flag, "annotations": flag, "tags": flag,
        "archive": flag, "transparency": flag, "trims": _sizes, "pages": _range, "gutters": _gutters,
        "outside": length, "least_dpi": _whole, "least_type": length, "most_megabytes": _bytes(1_000_000),
    },
    "ebook": {
        "picture_pixels": _whole, "picture_megabytes": _bytes(1_000_000), "document_kilobytes": _bytes(1_000),
        "most_megabytes": _bytes(1_000_000), "cover_least": _pixels, "cover_most": _whole, "contents_depth": _whole,
        "animations": flag, "mathematics": flag, "vectors": flag,
    },
}  # fmt: skip
_IN_BYTES = {
    "picture_megabytes": "picture_bytes", "document_kilobytes": "document_bytes", "most_megabytes": "most_bytes",
}  # fmt: skip
