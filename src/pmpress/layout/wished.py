"""Whether what a book wishes for a custom property can stand in the place of what its layout says of it.

Only what is sure to come to nothing is refused: the page engine would leave out every rule that the property is used
in, and name the layout for it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, TypeAlias

import tinycss2
from tinycss2 import color5

from pmpress.layout.css import NO_VALUE

Node: TypeAlias = Any  # tinycss2 has no types of its own

_UNITS = frozenset({"pt", "mm", "cm", "in", "px", "pc", "q", "em", "rem", "ex", "ch", "lh", "rlh", "vw", "vh"})
_MATH = frozenset({"calc", "min", "max", "clamp", "round", "mod", "rem", "abs"})
_ASKING = frozenset({"var", "env"})
_WORDS = frozenset({"auto", "none", "normal", "thin", "medium", "thick"})
_GENERIC = frozenset({"serif", "sans-serif", "monospace", "cursive", "fantasy", "system-ui", "inherit", "initial"})
_MOST = 100_000  # of any unit: larger ones have no room in the engine


def wanted_instead(own: str, wish: str) -> str:
    """What a property wants that the layout gives the value `own`, if a wish is nothing of the kind; else nothing."""
    (kind, *others), (first, *more) = _solid(own) or [None], _solid(wish) or [None]
    if kind is None or others or first is None or _asks([first, *more]):
        return ""
    if kind.type == "dimension" or (kind.type == "function" and kind.lower_name in _MATH):
        return "" if not more and _is_length(first) else 'a length, such as "11pt" or "4mm"'
    if _is_colour(kind):
        return "" if not more and _is_colour(first) else 'a colour, such as "#7a2e1f" or "navy"'
    return ""


def comes_to_nothing(value: str) -> bool:
    """Whether what a property came to (`pmpress.layout.css.resolve`) is of no use."""
    return not value or NO_VALUE in value


def families(own: str, wish: str) -> Iterator[str]:
    """The families that a wish names: in quotation marks, and without them if the layout names families there."""
    names_families = next((token.type == "string" for token in _solid(own)), False)
    words: list[str] = []
    for token in [*_solid(wish), None]:
        if token is not None and token.type == "ident" and names_families:
            words.append(token.value)
            continue
        if words and not (len(words) == 1 and words[0].lower() in _GENERIC):
            yield " ".join(words)
        words = []
        if token is not None and token.type == "string" and token.value:
            yield token.value


def _solid(value: str) -> list[Node]:
    tokens = tinycss2.parse_component_value_list(value, skip_comments=True)
    return [token for token in tokens if token.type != "whitespace"]


def _asks(tokens: list[Node]) -> bool:
    return any(token.type == "function" and (token.lower_name in _ASKING or _asks(token.arguments)) for token in tokens)


def _is_length(token: Node) -> bool:
    if token.type in ("dimension", "percentage", "number"):
        if not math.isfinite(token.value) or abs(token.value) > _MOST:
            return False
        return bool(token.type == "percentage" or token.value == 0 or (
            token.type == "dimension" and token.lower_unit in _UNITS))  # fmt: skip
    if token.type == "ident":
        return token.lower_value in _WORDS
    return bool(token.type == "function" and token.lower_name in _MATH)


def _is_colour(token: Node) -> bool:
    if token.type == "function" and token.lower_name.endswith("-gradient"):
        return True
    if token.type == "ident" and token.lower_value == "none":
        return True
    return color5.parse_color(token) is not None
