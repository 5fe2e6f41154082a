"""Variables: `{{ name }}` becomes what `[variables]` says, `{{ book.title }}` what the book says of itself.

A plain look-up: no expressions, and a value is put in as it is, whatever stands in it. The dialect has marked each
`{{ name }}` that it has read, so that no mark-up spoils the name, and those that are written with a backslash; what is
left is in raw HTML and in attributes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, time
from typing import Any
from urllib.parse import quote

from lxml import etree

from pmpress import xhtml
from pmpress.config import Key, Table, shaped, text
from pmpress.diagnostics import Diagnostic, Nearest, warning
from pmpress.features.galley import Galley
from pmpress.features.marks import of_kind
from pmpress.model import Mark, Marks, Registry, Settings

BOOK = "book"
"""The table of settings, made by the press, of what the book says of itself."""

_VARIABLE = "data-variable"  # on a span of the dialect's: the name, or nothing where a backslash was written
_MARK = "variable-unknown"
_NAMED = re.compile(r"(\\?)(\{\{\s*([\w.-]+)\s*\}\})")
_IN_ADDRESS = re.compile(r"()((?:\{|%7B){2}(?:\s|%20)*([\w.-]+)(?:\s|%20)*(?:\}|%7D){2})", re.I)
_IN_ADDRESSES_SAFE = ":/?#[]@!$&'()*+,;=%~"
_LEFT_ALONE = frozenset({"code", "kbd", "pre", "samp", "math"})


@shaped({"type": ["string", "number", "boolean"], "title": "text, a number, a date, true or false"})
def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float, date, time)):
        return str(value)
    try:
        return text(value)
    except ValueError:
        raise ValueError("text, a number, a date, true or false") from None


TABLE = Table("variables", (), others=Key("", _value, "What `{{ name }}` stands for in the text."))


def collect(galley: Galley) -> None:
    """Put the values in. A name that is not known stays as it is written."""
    looked_up = _LookUp(galley)
    for root in galley.roots:
        for element in list(_running(root)):
            looked_up.fill_attributes(element)
            if element.get(_VARIABLE) is None:
                element.text = looked_up.filled(element, element.text)
            for child in element:
                child.tail = looked_up.filled(element, child.tail)
        for span in xhtml.elements(root, "span"):
            looked_up.fill_span(span)
    galley.marks += looked_up.unknown.values()


def _running(root: etree._Element) -> Iterator[etree._Element]:
    """The elements with running text in them: no code, no mathematics."""
    walker = etree.iterwalk(root, events=("start",))
    for _, element in walker:
        if xhtml.local(element) in _LEFT_ALONE or "math" in xhtml.classes_of(element):
            walker.skip_subtree()
        else:
            yield element


class _LookUp:
    """The values by name, and a mark for each name that has none, where it first stands."""

    def __init__(self, galley: Galley) -> None:
        self._galley = galley
        self._values = _values(galley.settings)
        self.unknown: dict[str, Mark] = {}

    def filled(self, element: etree._Element, written: str | None) -> str | None:
        """A text with its values put in."""
        if not written or "{{" not in written:
            return written
        return _NAMED.sub(self._replacing(element, str), written)

    def fill_attributes(self, element: etree._Element) -> None:
        """Put values into what is said of an element, and into the address of a link."""
        for name in ("alt", "title"):
            if name in element.attrib:
                element.set(name, self.filled(element, element.get(name)) or "")
        if xhtml.local(element) == "a" and "href" in element.attrib:
            replacing = self._replacing(element, lambda value: quote(value, safe=_IN_ADDRESSES_SAFE))
            element.set("href", _IN_ADDRESS.sub(replacing, element.get("href", "")))

    def fill_span(self, span: etree._Element) -> None:
        """Put the value into a span that the dialect has made; the span stays only if it says something by itself."""
        name = span.attrib.pop(_VARIABLE, None)
        if name is None:
            return
        is_text = name and not any(xhtml.local(around) in _LEFT_ALONE for around in span.iterancestors())
        value = self._value(span, name) if is_text else None
        if value is not None:
            span[:] = []
            span.text = value
        if not set(span.attrib) - {xhtml.SPAN}:
            xhtml.unwrap(span)

    def _replacing(self, element: etree._Element, put: Callable[[str], str]) -> Callable[[re.Match[str]], str]:
        def replaced(m: re.Match[str]) -> str:
            value = None if m[1] else self._value(element, m[3])
            return m[2] if value is None else put(value)

        return replaced

    def _value(self, element: etree._Element, name: str) -> str | None:
        value = self._values.get(name)
        if value is None:
            span, known = self._galley.span(element), self.unknown.get(name)
            if known is None or (span.file == known.span.file and span.line < known.span.line):
                self.unknown[name] = Mark(_MARK, span, target=name)
        return value


def _values(settings: Settings) -> dict[str, str]:
    of_book = {f"{BOOK}.{name}": value for name, value in settings[BOOK].items()}
    return {**settings[TABLE.name], **of_book}


def register(marks: tuple[Marks, ...], registry: Registry) -> tuple[Registry, tuple[Diagnostic, ...]]:
    """Say which names are unknown: each once, where it stands first."""
    near = Nearest(_values(registry.settings))
    unknown = [mark for _, mark in of_kind(marks, _MARK)]
    first = {mark.target: mark for mark in reversed(unknown)}
    return registry, tuple(_said(first[name], near) for name in dict.fromkeys(mark.target for mark in unknown))


def _said(mark: Mark, known: Nearest) -> Diagnostic:
    name = mark.target
    near = known.to(name)
    key = name.removeprefix(f"{BOOK}.")
    table = BOOK if name != key else TABLE.name
    hint = f"Did you mean '{near}'?" if near else f'Add {key} = "…" to [{table}], or write \\{{{{ {name} }}}}.'
    return warning(_MARK, f"nothing is known of '{name}': {{{{ {name} }}}} stays as it is written", mark.span, hint)
