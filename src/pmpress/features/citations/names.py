"""Names as BibTeX writes them: "First von Last", "von Last, Jr, First", {An Office}, and others."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from pmpress.features.citations import latex, richtext

_SEPARATOR = re.compile(r"[{}]|\\.|\s+and(?=\s)\s+|,|[\s~]+", re.IGNORECASE | re.DOTALL)
_COMMAND = re.compile(r"\\[A-Za-z]+[ \t]*|\\.", re.DOTALL)


def read(value: str) -> list[dict[str, str]]:
    """The names in the field, as CSL-JSON has them."""
    pieces = _pieces(f" {value} ", lambda found: found.strip().lower() == "and")
    return [name for piece in pieces if (name := _name(piece.strip()))]


def parts(value: str) -> str:
    """A list of publishers or places, which are parted as names are."""
    return ", ".join(_decoded(piece.strip()) for piece in _pieces(f" {value} ", lambda found: found.strip() == "and"))


def _pieces(value: str, separates: Callable[[str], bool]) -> Iterator[str]:
    """The value cut at those separators that stand in no braces."""
    depth = place = 0
    for found in _SEPARATOR.finditer(value):
        depth = max(0, depth + {"{": 1, "}": -1}.get(found[0], 0))
        if depth == 0 and separates(found[0]):
            yield value[place : found.start()]
            place = found.end()
    yield value[place:]


def _words(value: str) -> list[str]:
    return [word for word in _pieces(value, lambda found: not found.strip(" \t\r\n~")) if word]


def _name(written: str) -> dict[str, str]:
    if written.lower() == "others":
        return {"literal": richtext.OTHERS}
    written_parts = [part.strip() for part in _pieces(written, lambda found: found == ",")]
    words = _words(written_parts[0])
    if not words:
        return {}
    if len(written_parts) == 1 and len(words) == 1 and words[0][0] == "{":
        return {"literal": _decoded(words[0])}
    small = [place for place, word in enumerate(words[:-1]) if _is_small(word)]
    if len(written_parts) > 1:
        last = small[-1] + 1 if small else 0
        particle, family, given = words[:last], words[last:], _words(written_parts[-1])
    else:
        first, last = (small[0], small[-1] + 1) if small else (len(words) - 1, len(words) - 1)
        given, particle, family = words[:first], words[first:last], words[last:]
    name = {
        "family": " ".join(family),
        "given": " ".join(given),
        "non-dropping-particle": " ".join(particle),
        "suffix": written_parts[1] if len(written_parts) > 2 else "",
    }
    return {part: said for part, words in name.items() if (said := _decoded(words))}


def _is_small(word: str) -> bool:
    """Whether a word is of the kind of "von": its first letter outside of braces is a small one."""
    letter = next((character for character in _COMMAND.sub("", word) if character.isalpha()), "")
    return not word.startswith("{") and letter.islower()


def _decoded(text: str) -> str:
    return richtext.clean(richtext.plain(latex.decode(text)))
