"""The layout's style sheet, as an e-book may carry it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, TypeAlias

import tinycss2

Node: TypeAlias = Any  # tinycss2's own types do not tell its nodes apart

_FORBIDDEN = ("direction", "unicode-bidi")


@lru_cache(maxsize=1)
def rules_of(style_sheet: str) -> tuple[Node, ...]:
    """The rules of a style sheet, for whoever asks and nobody to change."""
    return tuple(tinycss2.parse_stylesheet(style_sheet, skip_comments=True, skip_whitespace=True))


def permitted(style_sheet: str) -> str:
    """The style sheet without the two properties that only attributes may set (EPUB 3.3, *CSS style sheets*)."""
    return "".join(_serialised(rule) + "\n" for rule in rules_of(style_sheet))


def _serialised(rule: Node) -> str:
    text = str(rule.serialize())
    if not any(name in text.lower() for name in _FORBIDDEN):
        return text
    if rule.type == "qualified-rule":
        return f"{tinycss2.serialize(rule.prelude)}{{{_without_forbidden(rule.content)}}}"
    if rule.type == "at-rule" and rule.content is not None and rule.lower_at_keyword in ("media", "supports"):
        inner = "".join(_serialised(inner) for inner in tinycss2.parse_rule_list(rule.content))
        return f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{{inner}}}"
    return text


def _without_forbidden(content: list[Node]) -> str:
    items = tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True)
    kept = (item for item in items if not (item.type == "declaration" and item.lower_name in _FORBIDDEN))
    text = " ".join(item.serialize() + (";" if item.type == "declaration" else "") for item in kept)
    return f" {text} "
