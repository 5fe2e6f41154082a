"""Addresses that stand bare in the text, as GitHub reads them."""

from __future__ import annotations

import html
import re
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.inlinepatterns import InlineProcessor
from markdown.util import ETX, STX

from pmpress.dialect.inline.atoms import link, source_of

_PLACEHOLDER = rf"{STX}klzzwxh:[0-9]++{ETX}"
# Chinese, Japanese and Korean text follows an address without a space.
_IN_URL = rf"[^\s<>{STX}“”„‘’«»\u3000-\u9fff\uac00-\ud7af\uff00-\uffef]*+"
_NOT_BEFORE = r"[\w/@.:-]"
# What may not stand before an address is asked after its first letter: a pattern that begins with a letter is searched
# for some four times as fast as one that begins with a look back at every place.
_URL = (
    rf"(?:h(?<!{_NOT_BEFORE}h)ttps?://|w(?<!{_NOT_BEFORE}w)ww\.)"
    rf"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+(?:[/:?#]{_IN_URL})?"
)
_MORE = re.compile(rf"({_PLACEHOLDER}){_IN_URL}")
_PUNCTUATION = "?!.,:;*_~'\""


class BareAddresses(InlineProcessor):
    """`https://example.org` and `www.example.org` as they stand in running text."""

    ANCESTOR_EXCLUDES = ("a",)

    def __init__(self, md: Markdown) -> None:
        super().__init__(_URL, md)

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[Element | None, int | None, int | None]:
        """See the base class. What looks like the sentence's own punctuation is left to the sentence."""
        end = m.end()
        # An ampersand is a placeholder by now; any other placeholder ends the address.
        while (more := _MORE.match(data, end)) and source_of(self.md, more[1]).startswith("&"):
            end = more.end()
        taken = _without_punctuation(data[m.start() : end])
        raw = source_of(self.md, taken)
        address = html.unescape(raw)
        href = address if address.startswith("http") else f"http://{address}"
        return link(href, address, raw), m.start(), m.start() + len(taken)


def _without_punctuation(address: str) -> str:
    """The address without punctuation at its end and without a bracket that was opened before it."""
    while True:
        shorter = address.rstrip(_PUNCTUATION)
        last = shorter[-1]
        if last in ")]" and shorter.count(last) > shorter.count("(" if last == ")" else "["):
            shorter = shorter[:-1]
        if shorter == address:
            return address
        address = shorter
