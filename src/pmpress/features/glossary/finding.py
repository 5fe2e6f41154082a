"""Terms in running text: whole words, the longest first, in linear time for any number of terms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

# A word, or one sign. Han and Hiragana have no spaces between words: each letter may begin a term.
_WORD = re.compile(
    "[\u30a1-\u30ff]+|[\u3041-\u309f\u3400-\u4dbf\u4e00-\u9fff]"
    "|(?:(?![\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff])\\w)+|[^\\w\\s]"
)
_IN_BRACKETS = re.compile(r"\s*\([^()]*\)$")
_LONGEST = 32  # words: a longer term is linked only where it is marked


def bare(term: str) -> str:
    """A term as it stands in running text: "CSS (a language)" is CSS there."""
    return _IN_BRACKETS.sub("", term) or term


@dataclass(slots=True)
class _Node:
    """A word of a term, what may follow it, and the terms that end with it: one that is in lower case only, so that it
    may open a sentence, or one of any form."""

    follow: dict[str, _Node] = field(default_factory=dict)
    term: str = ""


@dataclass(slots=True)
class Terms:
    """The terms of a glossary, with the anchor of each."""

    given: Iterable[tuple[str, str]]
    _anchors: dict[str, str] = field(init=False)
    _folded: dict[str, str] = field(init=False)
    _root: _Node = field(init=False)

    def __post_init__(self) -> None:
        self._anchors = dict(self.given)
        for term, anchor in self.given:
            self._anchors.setdefault(bare(term), anchor)
        self._folded = {}
        for term, anchor in self._anchors.items():
            self._folded.setdefault(term.casefold(), anchor)
        self._root = _Node()
        for term in self._anchors:
            words = _WORD.findall(term)
            if len(words) <= _LONGEST:
                node = self._root
                for word in words:
                    node = node.follow.setdefault(word, _Node())
                node.term = term

    def anchor(self, term: str) -> str:
        """Where a term that an author names stands in the glossary, or nothing."""
        return self._anchors.get(term) or self._folded.get(term.casefold(), "")

    def find(self, text: str) -> Iterator[tuple[int, int, str]]:
        """The terms in a text: where each begins and ends, and its anchor."""
        words = list(_WORD.finditer(text)) if self._anchors else []
        place = 0
        while place < len(words):
            count, term = max(self._longest(words, place), self._longest(words, place, small=True))
            if count:
                yield words[place].start(), words[place + count - 1].end(), self._anchors[term]
            place += max(1, count)

    def _longest(self, words: list[re.Match[str]], place: int, *, small: bool = False) -> tuple[int, str]:
        """How many words from a place on are a term, and which; `small`: the first in lower case, of terms that are."""
        first = words[place][0]
        word, node, found = first[0].lower() + first[1:] if small else first, self._root, (0, "")
        if small and word == first:
            return found
        for count, following in enumerate(words[place : place + _LONGEST], start=1):
            node = node.follow.get(following[0] if count > 1 else word, _NOTHING)
            if node is _NOTHING:
                break
            if node.term and (not small or node.term == node.term.lower()):
                found = count, node.term
        return found


_NOTHING = _Node()
