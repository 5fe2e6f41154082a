"""The last hand on what a style says: names that are left out, punctuation that meets, quotes within quotes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pmpress.features.citations import richtext


@dataclass(slots=True)
class Words:
    """The words and the marks of a style's language that are wanted here."""

    and_: str
    et_al: str
    open: str
    close: str
    inner_open: str
    inner_close: str
    inside: bool
    """Whether a full stop or a comma stands before a closing quotation mark."""
    _others: re.Pattern[str] = field(init=False)
    _quotes: re.Pattern[str] = field(init=False)
    _moved: re.Pattern[str] = field(init=False)
    _doubled: re.Pattern[str] = field(init=False)

    def __post_init__(self) -> None:
        marks, close = richtext.MARKS, re.escape(self.close)
        inner = re.escape(self.inner_close)
        joined = "|".join(re.escape(word) for word in (self.and_, "&") if word)
        self._others = re.compile(rf"\s(?:(?:{joined})\s)?{richtext.OTHERS}")
        self._doubled = re.compile(rf"(?<=[.!?…])((?:{close}|{inner}|{marks})+)\.(?!\.)")
        self._moved = re.compile(rf"((?:{inner})?{close})({marks}*)([.,])")
        closing = rf"(?:(?<!\w){close}|{close}(?!\w))"  # and not an apostrophe inside a word
        self._quotes = re.compile(rf"{re.escape(self.open)}|{closing}|[\"']")

    def finish(self, text: str) -> str:
        """The text as it is printed."""
        if richtext.OTHERS in text:
            text = self._others.sub(f" {self.et_al}", text)
        text = self._doubled.sub(r"\1", self._quoted(text))
        if self.inside:
            text = self._moved.sub(r"\3\1\2", text)
        return text

    def _quoted(self, text: str) -> str:
        """Straight quotes made curly, and those within others the inner ones."""
        depth, place, pieces = 0, 0, []
        for quote in self._quotes.finditer(text):
            pieces.append(text[place : quote.start()])
            place = quote.end()
            if quote[0] == "'":
                pieces.append("’")
                continue
            opens = quote[0] == self.open
            if quote[0] == '"' or self.open == self.close:
                before = richtext.plain(text[max(0, quote.start() - 8) : quote.start()])
                opens = not before or before[-1] in " (['‘“"
            depth += opens
            outer, inner = (self.open, self.inner_open) if opens else (self.close, self.inner_close)
            pieces.append(outer if depth % 2 else inner)
            depth = max(0, depth - (not opens))
        return "".join([*pieces, text[place:]])
