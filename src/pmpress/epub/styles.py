"""The layout's style sheet, as an e-book may carry it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, TypeAlias

import tinycss2
from tinycss2 import color3

Node: TypeAlias = Any  # tinycss2's own types do not tell its nodes apart

_FORBIDDEN = ("direction", "unicode-bidi")
_GROUNDS = ("background", "background-color", "background-image")
_OF_THE_READER = 40
"""How much of a text's colour is the reader's own, in per cent: as much as makes a colour that is read on white, dark
or light, one that can be read on black and on sepia as well (WCAG 2.2, *Contrast (Minimum)*)."""


@lru_cache(maxsize=1)
def rules_of(style_sheet: str) -> tuple[Node, ...]:
    """The rules of a style sheet, for whoever asks and nobody to change."""
    return tuple(tinycss2.parse_stylesheet(style_sheet, skip_comments=True, skip_whitespace=True))


def permitted(style_sheet: str) -> str:
    """The style sheet without the two properties that only attributes may set (EPUB 3.3, *CSS style sheets*), and with
    the colours of text mixed with that of the reader's: light on a dark ground, dark on a light one. Readers that
    cannot mix colours (CSS Color Module Level 5) keep those that are written. What has a ground of its own is left."""
    return "".join(_serialised(rule) + "\n" for rule in rules_of(style_sheet))


def without_faces(style_sheet: str) -> str:
    """The style sheet without `@font-face`."""
    kept = (rule for rule in rules_of(style_sheet) if getattr(rule, "lower_at_keyword", "") != "font-face")
    return "".join(f"{rule.serialize()}\n" for rule in kept)


def _serialised(rule: Node) -> str:
    text = str(rule.serialize())
    if not any(name in text.lower() for name in (*_FORBIDDEN, "color")):
        return text
    if rule.type == "qualified-rule":
        return f"{tinycss2.serialize(rule.prelude)}{{{_declarations(rule.content)}}}"
    if rule.type == "at-rule" and rule.content is not None and rule.lower_at_keyword in ("media", "supports"):
        inner = "".join(_serialised(inner) for inner in tinycss2.parse_rule_list(rule.content))
        return f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{{inner}}}"
    return text


def _declarations(content: list[Node]) -> str:
    items = tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True)
    items = [item for item in items if not (item.type == "declaration" and item.lower_name in _FORBIDDEN)]
    grounded = any(item.type == "declaration" and _is_ground(item) for item in items)
    written = []
    for item in items:
        written.append(item.serialize() + (";" if item.type == "declaration" else ""))
        if item.type == "declaration" and item.lower_name == "color" and not grounded and _is_ink(item):
            written.append(_mixed(item))
    return f" {' '.join(written)} "


def _is_ground(declaration: Node) -> bool:
    return declaration.lower_name in _GROUNDS and not _words(declaration) & {"none", "transparent", "inherit"}


def _words(declaration: Node) -> set[str]:
    return {token.lower_value for token in declaration.value if token.type == "ident"}


def _is_ink(declaration: Node) -> bool:
    """Whether the colour is one by itself: not `inherit`, and not the reader's."""
    return isinstance(color3.parse_color(tinycss2.serialize(declaration.value)), color3.RGBA)


def _mixed(declaration: Node) -> str:
    important = " !important" if declaration.important else ""
    colour = tinycss2.serialize(declaration.value).strip()
    return f"color: color-mix(in srgb, currentcolor {_OF_THE_READER}%, {colour}){important};"
