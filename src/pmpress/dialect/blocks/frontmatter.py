"""Front matter: `key: value` lines between `---` and `---` (or `...`) at the very top of a text.

This much of YAML is read: plain and quoted values, lists, and text indented below its key; and `key = "value"`, as it
stands in `book.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from pmpress.dialect.reading import Reading

KNOWN = frozenset({"title", "kind", "lang"})

_KEY = re.compile(r"""(?P<key>[A-Za-z][\w-]*+)[ \t]*+(?::(?:[ \t]++|$)|=[ \t]*+(?=["']))(?P<value>.*)""")
_PASSED_OVER = re.compile(r"[ \t]*+(?:#.*)?")
_MORE = re.compile(r"[ \t]++(?P<text>\S.*)|(?P<item>-[ \t]++\S.*)")
_COMMENT = re.compile(r"[ \t]++#.*$")


def take(text: str, reading: Reading) -> tuple[Mapping[str, str], str]:
    """The front matter, and the text with empty lines in its place.

    A text that begins with a scene break has none: what follows its `---` is no key, or nothing ends it.
    """
    if not text.startswith("---"):
        return {}, text
    lines = text.split("\n")
    if lines[0].rstrip() != "---" or len(lines) < 3 or not _KEY.fullmatch(lines[1]):
        return {}, text
    end = next((place for place, line in enumerate(lines[1:], 1) if line.rstrip() in {"---", "..."}), 0)
    wrong = next((place for place in range(1, end) if not _is_read(lines[place])), 0)
    if wrong or not end:
        message = "this begins like front matter, and this line is none" if wrong else "this front matter has no end"
        hint = "write key: value, and --- below the last line; to have it printed, leave a blank line after the first"
        reading.warn("front-matter-malformed", message, wrong + reading.first_line, hint)
        return {}, text
    found = _read(lines[1:end])
    for place, line in enumerate(lines[1:end], 1):
        if (m := _KEY.fullmatch(line)) and m["key"] not in KNOWN:
            message = f"“{m['key']}” in the front matter is not used"
            reading.note("front-matter-unknown", message, place + reading.first_line)
    return found, "\n".join([""] * (end + 1) + lines[end + 1 :])


def _is_read(line: str) -> bool:
    return any(pattern.fullmatch(line) for pattern in (_KEY, _PASSED_OVER, _MORE))


def _read(lines: list[str]) -> dict[str, str]:
    values: dict[str, list[str]] = {}
    separators: dict[str, str] = {}
    key = ""
    for line in lines:
        if m := _KEY.fullmatch(line):
            key = m["key"]
            value = m["value"] or ""
            block = re.fullmatch(r"[|>][+-]?[ \t]*", value)
            values[key] = [] if block else _values(value)
            separators[key] = " "
        elif m := _MORE.fullmatch(line):
            text = m["text"] or m["item"]
            if text.startswith("- "):
                separators[key] = ", "
                text = text[2:]
            values[key].append(_plain(text))
    return {key: separators[key].join(filter(None, found)) for key, found in values.items()}


def _values(written: str) -> list[str]:
    """The value after a key; a list in brackets as a reader would write it."""
    plain = _plain(written)
    if plain.startswith("[") and plain.endswith("]"):
        return [", ".join(_plain(item) for item in plain[1:-1].split(","))]
    return [plain]


def _plain(written: str) -> str:
    """A value without its quotes, and without a comment behind it."""
    value = written.strip()
    if m := re.match(r'"((?:[^"\\]|\\.)*)"|' + r"'((?:[^']|'')*)'", value):
        return re.sub(r"\\(.)", r"\1", m[1]) if m[1] is not None else m[2].replace("''", "'")
    return _COMMENT.sub("", value)
