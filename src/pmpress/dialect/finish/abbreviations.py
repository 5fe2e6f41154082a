"""Abbreviations: `*[HTML]: Hyper Text Markup Language` says once what every `HTML` in the text stands for."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import chain

from lxml import etree
from markdown_it.common.utils import unescapeAll
from markdown_it.rules_block import StateBlock

from pmpress.xhtml import local, tag

_DEFINITION = re.compile(r"\*\[([^\[\]\n]+)\]:[ \t]*(\S.*)")
_WORD = re.compile(r"\w+|[^\w\s]")
_OPAQUE = frozenset({"abbr", "code", "kbd", "pre", "samp", "var"})


def definition(state: StateBlock, first: int, end: int, silent: bool) -> bool:
    """A block rule: takes a line with a definition out of the text."""
    if state.is_code_block(first):
        return False
    start = state.bMarks[first] + state.tShift[first]
    m = _DEFINITION.fullmatch(state.src, start, state.eMarks[first]) if state.src.startswith("*[", start) else None
    if not m or not m[1].strip():
        return False
    if not silent:
        state.env["reading"].abbreviations[" ".join(m[1].split())] = unescapeAll(m[2].rstrip())
        state.line = first + 1
    return True


def mark(body: etree._Element, meanings: Mapping[str, str]) -> None:
    """Mark each abbreviation in the running text under `body` with what it means."""
    if not meanings:
        return
    lengths: defaultdict[str, set[int]] = defaultdict(set)
    for short in meanings:
        if word := _WORD.match(short):
            lengths[word[0]].add(len(short))
    longest_first = {word: sorted(found, reverse=True) for word, found in lengths.items()}
    for element in list(_running(body)):
        _mark_in(element, longest_first, meanings)


def _running(body: etree._Element) -> Iterator[etree._Element]:
    """The elements with running text in them."""
    walker = etree.iterwalk(body, events=("start",))
    for _, element in walker:
        opaque = local(element) in _OPAQUE or element.get("class", "").startswith(("math ", "noteref"))
        if opaque:
            walker.skip_subtree()
        else:
            yield element


def _mark_in(element: etree._Element, lengths: Mapping[str, list[int]], meanings: Mapping[str, str]) -> None:
    """Mark the abbreviations in an element's own text, before and between its children."""
    text = element.text or ""
    pieces = list(_pieces(text, lengths, meanings))
    children = [(child, list(_pieces(child.tail or "", lengths, meanings))) for child in element]
    if not any(len(found) > 1 for found in chain([pieces], (found for _, found in children))):
        return
    element.text = pieces[0]
    new = list(_elements(pieces, meanings))
    for child, found in children:
        child.tail = found[0]
        new += [child, *_elements(found, meanings)]
    element[:] = new


def _elements(pieces: list[str], meanings: Mapping[str, str]) -> Iterator[etree._Element]:
    for short, after in zip(pieces[1::2], pieces[2::2], strict=True):
        abbreviation = etree.Element(tag("abbr"), {"title": meanings[short]})
        abbreviation.text, abbreviation.tail = short, after
        yield abbreviation


def _pieces(text: str, lengths: Mapping[str, list[int]], meanings: Mapping[str, str]) -> Iterator[str]:
    """The text, with an abbreviation in each second place."""
    written = place = 0
    while word := _WORD.search(text, place):
        place = word.end()
        for length in lengths.get(word[0], ()):
            end = word.start() + length
            if text[word.start() : end] in meanings and not (text[end - 1].isalnum() and text[end : end + 1].isalnum()):
                yield text[written : word.start()]
                yield text[word.start() : end]
                written = place = end
                break
    yield text[written:]
