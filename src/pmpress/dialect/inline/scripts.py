"""`~sub~` and `^sup^`: pandoc's rule, by which no space stands inside unless a backslash is before it."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.inlinepatterns import InlineProcessor

from pmpress.dialect.inline.atoms import source_of
from pmpress.dialect.tree import SOURCE


class Script(InlineProcessor):
    """What stands between two single characters `mark` becomes an element `name`."""

    def __init__(self, md: Markdown, mark: str, name: str) -> None:
        one = rf"\{mark}(?<!\{mark}\{mark})(?!\{mark})"
        super().__init__(rf"{one}((?:[^\s\{mark}\\]++|\\ |\\)+){one}", md)
        self._name = name

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[Element | None, int | None, int | None]:
        """See the base class."""
        element = Element(self._name, {SOURCE: source_of(self.md, m[0])})
        element.text = m[1].replace("\\ ", "\xa0")
        return element, m.start(), m.end()
