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
from pmpress.model import PrintRules, Target

_OWN = Path(__file__).parent
_MOST = 1_000_000
_EDITIONS = ("book", "screen")


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
    about = _checked({key: value for key, value in data.items() if key != "print"}, _ABOUT, written, shown, wrong)
    rules = data.get("print", {})
    if not isinstance(rules, dict):
        wrong.append(error("target-broken", "'print' is a table: [print]", Span(shown)))
        rules = {}
    asked = _checked(rules, _RULES, written, shown, wrong)
    if asked.get("tags") and not asked.get("annotations", True):
        hint = "The tags of links name their annotations: take tags out, or let there be annotations."
        wrong.append(error("target-broken", "tags without annotations", Span(shown, _line_of("tags", written)), hint))
    if wrong:
        raise PressError(wrong)
    asked.setdefault("tags", asked.get("annotations", True))
    if "most_megabytes" in asked:
        asked["most_bytes"] = asked.pop("most_megabytes") * 1_000_000
    return Target(name=name, print=PrintRules(**asked), **about)


def _checked(
    values: Mapping[str, Any],
    keys: Mapping[str, Callable[[Any], Any]],
    written: str,
    shown: str,
    wrong: list[Diagnostic],
) -> dict[str, Any]:
    """The values of the keys there are; what is none of them or has the wrong value is added to `wrong`."""
    checked = {}
    for key, value in values.items():
        span = Span(shown, _line_of(key, written))
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


def _line_of(key: str, written: str) -> int:
    lines = (line.strip() for line in written.splitlines())
    return next((number for number, line in enumerate(lines, start=1) if line.startswith((key, f"[{key}"))), 0)


def _editions(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not value or not all(each in _EDITIONS for each in value):
        raise ValueError(f"a list of {', '.join(_EDITIONS)}")
    return tuple(value)


def _sizes(value: Any) -> tuple[tuple[float, float], ...]:
    if not isinstance(value, list):
        raise ValueError('a list of sizes, as in ["a5", "6x9in"]')
    return tuple(size(each) for each in value)


def _whole(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= _MOST:
        raise ValueError(f"a whole number, {_MOST} at most")
    return value


def _range(value: Any) -> tuple[int, int]:
    if not isinstance(value, list) or len(value) != 2 or _whole(value[0]) > _whole(value[1]):
        raise ValueError("the fewest and the most, as in [24, 828]")
    return value[0], value[1]


def _gutters(value: Any) -> tuple[tuple[int, float], ...]:
    if not isinstance(value, list) or not all(isinstance(each, list) and len(each) == 2 for each in value):
        raise ValueError('a list of pages and lengths, as in [[150, "0.375in"], [300, "0.5in"]]')
    return tuple(sorted((_whole(pages), length(inner)) for pages, inner in value))


_ABOUT: Mapping[str, Callable[[Any], Any]] = {"title": text, "editions": _editions}
_RULES: Mapping[str, Callable[[Any], Any]] = {
    "bleed": bleed, "bleed_at_spine": flag, "marks": flag, "outline": flag, "annotations": flag, "tags": flag,
    "archive": flag, "transparency": flag, "trims": _sizes, "pages": _range, "gutters": _gutters, "outside": length,
    "least_dpi": _whole, "least_type": length, "most_megabytes": _whole,
}  # fmt: skip
