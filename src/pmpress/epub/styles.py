"""The layout's style sheet, as an e-book may carry it."""

from __future__ import annotations

from typing import Any, TypeAlias

import tinycss2

Node: TypeAlias = Any  # tinycss2's own types do not tell its nodes apart

_FORBIDDEN = ("direction", "unicode-bidi")


def permitted(style_sheet: str) -> str:
    """The style sheet without the two properties that only attributes may set (EPUB 3.3, *CSS style sheets*)."""
    rules = tinycss2.parse_stylesheet(style_sheet, skip_comments=True, skip_whitespace=True)
    return "".join(_serialised(rule) + "\n" for rule in rules)


def _serialised(rule: Node) -> str:
    if rule.type == "qualified-rule":
        rule.content = _without_forbidden(rule.content)
    elif rule.type == "at-rule" and rule.content is not None and rule.lower_at_keyword in ("media", "supports"):
        inner = "".join(_serialised(inner) for inner in tinycss2.parse_rule_list(rule.content))
        rule.content = tinycss2.parse_component_value_list(inner)
    return str(rule.serialize())


def _without_forbidden(content: list[Node]) -> list[Node]:
    items = tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True)
    if all(item.type == "declaration" and item.lower_name not in _FORBIDDEN for item in items):
        return content
    kept = (item for item in items if not (item.type == "declaration" and item.lower_name in _FORBIDDEN))
    text = " ".join(item.serialize() + (";" if item.type == "declaration" else "") for item in kept)
    return tinycss2.parse_component_value_list(f" {text} ")
