"""Which characters the book shows in which face: what the subset of a font must hold.

A small part of the cascade, enough to leave out what nobody sees: family, slant and weight are followed down the
tree. Of a selector only the last compound is looked at (its type, classes and `:lang()`), and a rule that may match
is taken as one that does.
(CSS Fonts Module Level 4; Selectors Level 4, *Structure and terminology*)
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, reduce
from itertools import groupby, pairwise, takewhile
from typing import Any, TypeAlias

import tinycss2
from lxml import etree

from pmpress.epub.styles import rules_of

Node: TypeAlias = Any  # tinycss2's own types do not tell its nodes apart

_OF_THE_READER = """
em, i, cite, dfn, var, address { font-style: italic }
b, strong, th, h1, h2, h3, h4, h5, h6 { font-weight: bold }
"""
_OF_LISTS = "0123456789.•"  # the markers of lists stand in no text
_COMBINATORS = (">", "+", "~")


@dataclass(frozen=True, slots=True, order=True)
class Wish:
    """The face a text asks for: its families in order, whether slanted, whether bold."""

    families: tuple[str, ...] = ()
    italic: bool = False
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """The characters that a page shows in one face, each once and in their order."""

    wish: Wish
    characters: str


def together(pages: Iterable[Iterable[Shown]]) -> Mapping[Wish, frozenset[str]]:
    """What is shown in each face, when this is on each of the pages."""
    found: defaultdict[Wish, frozenset[str]] = defaultdict(frozenset)
    for shown in (each for page in pages for each in page):
        found[shown.wish] = found[shown.wish].union(shown.characters)
    return found


@lru_cache(maxsize=2)
def cascade(style_sheet: str, language: str) -> Cascade:
    """The cascade of a book: the same one for all its pages, since it takes as long to set up as a page to read."""
    return Cascade(style_sheet, language)


class Cascade:
    """Tells which face each text of a page may be shown in."""

    def __init__(self, style_sheet: str, language: str) -> None:
        nodes = (*tinycss2.parse_stylesheet(_OF_THE_READER, skip_whitespace=True), *rules_of(style_sheet))
        self._rules = tuple(_rules(nodes))
        self._generated = frozenset(_OF_LISTS).union(*_generated(nodes))
        self._capitals = "uppercase" in style_sheet
        self._language = language
        self._wished: dict[tuple[str, str, str, frozenset[Wish]], frozenset[Wish]] = {}

    def shown(self, body: etree._Element) -> tuple[Shown, ...]:
        """The characters of one page; those that only the style sheet makes are taken to be in every face."""
        found: defaultdict[Wish, set[str]] = defaultdict(set)
        for wishes, texts in self._texts(body).items():
            seen = set("".join(texts))
            for wish in wishes if seen else ():
                found[wish] |= seen
        return tuple(Shown(wish, self._with_made("".join(seen))) for wish, seen in sorted(found.items()))

    def _texts(self, body: etree._Element) -> Mapping[frozenset[Wish], list[str]]:
        found: defaultdict[frozenset[Wish], list[str]] = defaultdict(list)
        language = self._language
        wishes = self._wishes("html", "", language, frozenset({Wish()}))
        pending = [(body, language, self._wishes("body", "", language, wishes))]
        while pending:
            element, language, wishes = pending.pop()
            texts = found[wishes]
            texts.append(element.text or "")
            for child in element.iterchildren(etree.Element):
                texts.append(child.tail or "")
                spoken = child.get("lang") or language
                below = self._wishes(str(child.tag), child.get("class") or "", spoken, wishes)
                pending.append((child, spoken, below))
        return found

    def _with_made(self, seen: str) -> str:
        return "".join(sorted(self._generated.union(seen, seen.upper() if self._capitals else "")))

    def _wishes(self, tag: str, classes: str, language: str, inherited: frozenset[Wish]) -> frozenset[Wish]:
        """What an element of that name, classes and language may ask for, given what the one around it may."""
        key = (tag, classes, language, inherited)
        if key not in self._wished:
            names = {tag.rpartition("}")[2], *(f".{word}" for word in classes.split())}
            matching = (rule for rule in self._rules if rule.matches(names, language))
            self._wished[key] = reduce(_changed, matching, inherited)
        return self._wished[key]


@dataclass(frozen=True, slots=True)
class _Rule:
    """What a rule says of fonts (None: nothing), for elements with all the `names` (`p`, `.footnote`) and, if there are
    any, one of the `languages`.

    `sure`: that is all its selector asks for, so that it does match and does not only may.
    """

    names: frozenset[str]
    languages: frozenset[str]
    sure: bool
    families: tuple[str, ...] | None
    italic: bool | None
    bold: bool | None

    def matches(self, names: set[str], language: str) -> bool:
        spoken = f"{language.lower()}-"
        return self.names <= names and (
            not self.languages or any(spoken.startswith(f"{tag}-") for tag in self.languages)
        )

    def over(self, wish: Wish) -> Wish:
        return Wish(
            families=wish.families if self.families is None else self.families,
            italic=wish.italic if self.italic is None else self.italic,
            bold=wish.bold if self.bold is None else self.bold,
        )


def _changed(wishes: frozenset[Wish], rule: _Rule) -> frozenset[Wish]:
    changed = frozenset(rule.over(wish) for wish in wishes)
    return changed if rule.sure else wishes | changed


def _rules(nodes: Iterable[Node], sure: bool = True) -> Iterator[_Rule]:
    """The rules that say something of fonts; those inside `@media` and its like are never sure."""
    for node in nodes:
        if node.type == "at-rule" and node.content is not None and node.lower_at_keyword in ("media", "supports"):
            yield from _rules(tinycss2.parse_rule_list(node.content), sure=False)
        elif node.type == "qualified-rule":
            said = _said(node.content)
            if said != (None, None, None):
                for comma, selector in groupby(node.prelude, lambda token: bool(token == ",")):
                    if not comma:
                        names, languages, whole = _last_compound(list(selector))
                        yield _Rule(names, languages, sure and whole, *said)


def _said(content: list[Node]) -> tuple[tuple[str, ...] | None, bool | None, bool | None]:
    """Family, slant and weight that a rule sets, each None if it leaves it alone."""
    families: tuple[str, ...] | None = None
    italic: bool | None = None
    bold: bool | None = None
    for item in _declarations(content, "font", "font-family", "font-style", "font-weight"):
        words = {token.lower_value for token in item.value if token.type == "ident"}
        if item.lower_name in ("font", "font-family") and "inherit" not in words:
            families = _families(item.value)
        if item.lower_name in ("font", "font-style"):
            italic = bool(words & {"italic", "oblique"})
        if item.lower_name in ("font", "font-weight"):
            heavy = any(token.type == "number" and 600 <= token.value <= 1000 for token in item.value)
            bold = heavy or bool(words & {"bold", "bolder"})
    return families, italic, bold


def _families(tokens: Iterable[Node]) -> tuple[str, ...]:
    """The names in a list of families: strings, or words in a row (`Linux Libertine O`)."""
    names: list[str] = []
    for kind, group in groupby((token for token in tokens if token.type != "whitespace"), lambda token: token.type):
        if kind in ("dimension", "percentage"):
            names.clear()  # in `font`, what stands before the size is no family
        elif kind == "string":
            names.extend(token.value for token in group)
        elif kind == "ident":
            names.append(" ".join(token.value for token in group))
    return tuple(names)


def _last_compound(selector: list[Node]) -> tuple[frozenset[str], frozenset[str], bool]:
    """Names and languages of the element that a selector is about, and whether they are all it asks for."""
    while selector and selector[-1].type == "whitespace":
        selector.pop()
    while selector and selector[0].type == "whitespace":
        selector.pop(0)
    last = list(takewhile(lambda token: token.type != "whitespace" and token not in _COMBINATORS, reversed(selector)))
    whole = len(last) == len(selector)
    names: set[str] = set()
    languages: set[str] = set()
    for before, token in pairwise((None, *reversed(last))):
        if token.type == "ident" and before == ".":
            names.add(f".{token.value}")
        elif token.type == "ident" and before is None:
            names.add(token.lower_value)
        elif token.type == "function" and token.lower_name == "lang":
            languages.update(tag.value.lower() for tag in token.arguments if tag.type in ("ident", "string"))
        elif token not in (".", "*", ":"):
            whole = False
    return frozenset(names), frozenset(languages), whole


def _generated(nodes: Iterable[Node]) -> Iterator[str]:
    """The texts that the style sheet itself makes (`content: "…"`)."""
    for node in nodes:
        if node.type == "qualified-rule":
            for item in _declarations(node.content, "content"):
                yield from (token.value for token in item.value if token.type == "string")


def _declarations(content: list[Node], *names: str) -> Iterator[Node]:
    if not any(token.type == "ident" and token.lower_value in names for token in content):
        return iter(())
    items: list[Node] = tinycss2.parse_blocks_contents(content)
    return (item for item in items if item.type == "declaration" and item.lower_name in names)
