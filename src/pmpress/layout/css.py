"""A layout's CSS made ready for both outputs: imports set in, custom properties resolved, files accounted for.

E-readers know no custom properties and WeasyPrint none inside `@page`, so both are given plain values. What a style
sheet refers to is handed to the caller, who decides whether it may be read: nothing here opens a file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import tinycss2

Node: TypeAlias = Any  # tinycss2 has no types of its own
Reference: TypeAlias = Callable[[str, int], str | None]

_MOST_TOKENS = 10_000
NO_VALUE = "no-value"
"""What stands for the value of a property that has none."""
_SIDES = re.compile(r"\b(?:left|right)\b")
_ROOT = re.compile(r":root(?::lang\(\s*[\"']?([\w-]+)[\"']?\s*\))?")


def expand(text: str, refer: Reference, include: Reference) -> list[Node]:
    """The rules of the style sheet, with `@import` set in and every `url()` rewritten.

    `refer(url, line)` gives the URL to write instead, or None to take the URL out; `include(url, line)` gives the text
    of an imported sheet, or None to leave it out: also for one that is in already. Rules that do not parse are dropped,
    as CSS Syntax 3 says. Raises RecursionError for brackets nested by the hundred.
    """
    rules: list[Node] = []
    parsed: list[Node] = tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)
    for rule in parsed:
        if rule.type == "at-rule" and rule.lower_at_keyword == "import":
            target = next((_url_of(token) for token in rule.prelude if _url_of(token) is not None), "")
            inner = include(target or "", rule.source_line)
            if inner is not None:
                rules.extend(expand(inner, refer, include))
        elif rule.type == "error":
            continue
        else:
            if rule.content is not None:
                rule.content = _referred(rule.content, refer)
            rules.append(rule)
    return rules


def speak(rules: Iterable[Node], language: str) -> list[Node]:
    """The rules for a book in a language: those for `:root:lang(…)` that mean it become rules for `:root`, behind all
    others, and the rest are left out. (CSS Selectors Level 4, 7.2)"""
    spoken, kept = [], []
    for rule in rules:
        asked = _language_of(rule)
        if not asked:
            kept.append(rule)
        elif f"{language}-".lower().startswith(f"{asked}-".lower()):
            rule.prelude = tinycss2.parse_component_value_list(":root")
            spoken.append(rule)
    return [*kept, *spoken]


def _language_of(rule: Node) -> str:
    found = _ROOT.fullmatch(tinycss2.serialize(rule.prelude).strip()) if rule.type == "qualified-rule" else None
    return (found[1] or "") if found else ""


def mirror(rules: Iterable[Node]) -> None:
    """Turn the `@page` rules for a book that is read from right to left, in place: what they say of the left becomes
    the right's, pages, margins and margin boxes alike. Designers write them for books read from left to right."""
    for rule in rules:
        if rule.type == "at-rule" and rule.lower_at_keyword == "page":
            _swap_sides(rule.prelude)
            _swap_sides(rule.content or [])


def _swap_sides(tokens: Iterable[Node]) -> None:
    for token in tokens:
        if token.type in ("ident", "at-keyword"):
            token.value = _SIDES.sub(lambda side: "right" if side[0] == "left" else "left", token.value)
        for attribute in ("arguments", "content"):
            if isinstance(inner := getattr(token, attribute, None), list):
                _swap_sides(inner)


def written(rules: Iterable[Node]) -> dict[str, str]:
    """What `:root` gives each custom property, as it is written there (the later wins), by its name without dashes."""
    return {name[2:]: tinycss2.serialize(value) for name, value in _custom_properties(rules)}


def resolve(rules: Sequence[Node], wished: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """The style sheet of these rules, and what each custom property of `:root` comes to, by its name without dashes:
    with `var(--x)` replaced by the value that `wished` has for `x`, or else the one
    that `:root` gives `--x` (the later wins).

    A property that nobody defines, or that comes to itself, takes its fallback; without one the value becomes a word
    that no property knows, so that the declaration has no effect. (CSS Custom Properties Level 1, section 3.1) One that
    names itself where it is given a value once more means what it was before: `--size: calc(var(--size) * 1.1)`.

    Raises RecursionError as `expand` does.
    """
    own = [(f"--{name}", tinycss2.parse_component_value_list(value)) for name, value in wished.items()]
    layouts = list(_custom_properties(rules))
    properties = _Properties(_stacked([*layouts, *own]))
    rules = properties.substituted(_without_custom_properties(rules), frozenset())
    values = {
        name[2:]: tinycss2.serialize(properties.value(name)) for name in dict.fromkeys(name for name, _ in layouts)
    }
    return "".join(rule.serialize().strip() + "\n" for rule in rules), values


def _url_of(token: Node) -> str | None:
    if token.type in ("url", "string"):
        return str(token.value)
    if token.type == "function" and token.lower_name in ("url", "src"):
        return next((str(inner.value) for inner in token.arguments if inner.type == "string"), "")
    return None


def _referred(tokens: Iterable[Node], refer: Reference) -> list[Node]:
    """The tokens with every `url()` replaced by what `refer` answers."""
    done: list[Node] = []
    for token in tokens:
        inner_name = next(
            (name for name in ("arguments", "content") if isinstance(getattr(token, name, None), list)), None
        )
        is_url = token.type == "url" or (token.type == "function" and token.lower_name in ("url", "src"))
        if is_url:
            new = refer(_url_of(token) or "", token.source_line)
            done.extend(tinycss2.parse_component_value_list(f'url("{new}")' if new is not None else "none"))
            continue
        if inner_name:
            setattr(token, inner_name, _referred(getattr(token, inner_name), refer))
        done.append(token)
    return done


def _is_root(rule: Node) -> bool:
    return rule.type == "qualified-rule" and tinycss2.serialize(rule.prelude).strip() == ":root"


def _custom_properties(rules: Iterable[Node]) -> Iterable[tuple[str, list[Node]]]:
    for rule in rules:
        if _is_root(rule):
            for item in tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True):
                if item.type == "declaration" and item.name.startswith("--"):
                    yield item.name, _trimmed(item.value)


def _stacked(properties: Iterable[tuple[str, list[Node]]]) -> dict[str, list[Node]]:
    """The last value of each property, and under a name that nobody can write what it was before, where that is asked
    for."""
    written: dict[str, list[Node]] = {}
    for name, value in properties:
        before = f"{name} {len(written)}"
        if name in written and _rename(value, name, before):
            written[before] = written[name]
        written[name] = value
    return written


def _rename(tokens: Iterable[Node], name: str, new: str) -> bool:
    """Have `var()` name another property. Returns whether it was named."""
    found = False
    for token in tokens:
        if token.type == "ident" and token.value == name:
            token.value, found = new, True
        for attribute in ("arguments", "content"):
            if isinstance(inner := getattr(token, attribute, None), list):
                found = _rename(inner, name, new) or found
    return found


def _without_custom_properties(rules: Iterable[Node]) -> list[Node]:
    kept: list[Node] = []
    for rule in rules:
        if _is_root(rule):
            items = tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True)
            items = [item for item in items if not (item.type == "declaration" and item.name.startswith("--"))]
            if not items:
                continue
            text = "".join(item.serialize() + (";" if item.type == "declaration" else "") for item in items)
            rule.content = tinycss2.parse_component_value_list(text)
        kept.append(rule)
    return kept


def _trimmed(tokens: list[Node]) -> list[Node]:
    solid = [place for place, token in enumerate(tokens) if token.type != "whitespace"]
    return tokens[solid[0] : solid[-1] + 1] if solid else []


class _Properties:
    """The custom properties of a style sheet, each worked out once."""

    def __init__(self, written: Mapping[str, list[Node]]) -> None:
        self._written = written
        self._known: dict[str, list[Node] | None] = {}

    def substituted(self, tokens: Iterable[Node], within: frozenset[str]) -> list[Node]:
        """The tokens with their `var()` replaced; `within` are the properties they are the value of."""
        done: list[Node] = []
        for token in tokens:
            if token.type == "function" and token.lower_name == "var":
                done.extend(self._var(token, within))
                continue
            for attribute in ("arguments", "content", "prelude"):
                if isinstance(getattr(token, attribute, None), list):
                    setattr(token, attribute, self.substituted(getattr(token, attribute), within))
            done.append(token)
        return done

    def value(self, name: str) -> list[Node]:
        """What a property comes to; nothing for one that comes to itself."""
        return self._value(name, frozenset()) or []

    def _var(self, token: Node, within: frozenset[str]) -> list[Node]:
        name, fallback = _arguments_of_var(token)
        value = self._value(name, within)
        if value is None and fallback is not None:
            value = self.substituted(fallback, within)
        return tinycss2.parse_component_value_list(NO_VALUE) if value is None else value

    def _value(self, name: str, within: frozenset[str]) -> list[Node] | None:
        if name in within or name not in self._written:
            return None
        if name not in self._known:
            value = self.substituted(self._written[name], within | {name})
            # Properties that double each other would fill the memory.
            self._known[name] = value if len(value) <= _MOST_TOKENS else None
        return self._known[name]


def _arguments_of_var(token: Node) -> tuple[str, list[Node] | None]:
    comma = next((place for place, inner in enumerate(token.arguments) if inner == ","), None)
    head = token.arguments if comma is None else token.arguments[:comma]
    name = next((inner.value for inner in head if inner.type == "ident"), "")
    return name, None if comma is None else _trimmed(token.arguments[comma + 1 :])
