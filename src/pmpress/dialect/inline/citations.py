"""Keys of works that are cited, as pandoc writes them: `@knuth1984`.

The dialect knows no bibliography, so it only marks what may be a key; whether it is one, and what the brackets around
it mean, the feature `citations` finds out. What is none of it becomes the text again that it was.
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.inlinepatterns import InlineProcessor
from markdown.util import AtomicString

from pmpress.dialect.tree import CITED, SOURCE

# Punctuation belongs to a key only between two of its letters. Nor is it one in the middle of a word: `me@example.org`.
_KEY = r"@(?<![\w@/.+:]@)(?:([^\W_](?:[^\W_]|_+(?=[^\W_])|[:.\#%+?/-](?=\w))*)|\{([^\s{}]++)\})"


class Keys(InlineProcessor):
    """Marks them."""

    ANCESTOR_EXCLUDES = ("a",)

    def __init__(self, md: Markdown) -> None:
        super().__init__(_KEY, md)

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[Element, int, int]:
        """See the base class."""
        element = Element("span", {CITED: m[1] or m[2], SOURCE: m[0]})
        element.text = AtomicString(m[0].replace("&", "&amp;"))
        return element, m.start(), m.end()
