"""The glossary: a list of terms, and in the chapters a link to it where a term is first used; abbreviations likewise.

In the chapter of that kind each term of a definition list is one of the glossary. `[words]{.term}` leads there from
anywhere, `[words]{.term entry="…"}` to a term of another form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from lxml import etree

from pmpress import xhtml
from pmpress.config import Key, Table, flag, one_of
from pmpress.diagnostics import Diagnostic, Nearest, error, warning
from pmpress.dialect import set_line
from pmpress.features.collation import collation, tidy
from pmpress.features.galley import Galley, plain_text
from pmpress.features.glossary.finding import Terms, bare
from pmpress.features.glossary.linking import WAITING, link
from pmpress.features.marks import ids_in, of_kind
from pmpress.model import Mark, Marks, Registry, Settings

__all__ = ["FILLS", "TABLE", "collect", "register", "resolve"]

TABLE = Table(
    "glossary",
    (
        Key("link", one_of("first", "marked"), "What leads to the glossary: first uses in a chapter, or .term only.",
            "first"),
        Key("abbreviations", flag, "Whether the book's abbreviations stand in the glossary.", False),
    ),
)  # fmt: skip

_KIND = "glossary"
_TERM, _ABBREVIATION = "term", "abbreviation"
_NOT_IN_A_SLUG = re.compile(r"[^0-9a-z]+")
# These are lists, or too short and too much by themselves.
_WITHOUT_LINKS = frozenset(
    {_KIND, "index", "bibliography", "loi", "lot", "dedication", "epigraph", "colophon", "endnotes"}
)


@dataclass(frozen=True, slots=True)
class Abbreviation:
    """An abbreviation that the press adds to the glossary, with all that it is said to mean."""

    short: str
    meanings: tuple[str, ...]
    id: str


@dataclass(frozen=True, slots=True)
class Glossary:
    """What chapters need to know of the glossary: each term with its anchor, what the press adds, and to which chapter;
    `is_added` if the press has added that as well."""

    terms: tuple[tuple[str, str], ...]
    abbreviations: tuple[Abbreviation, ...] = ()
    chapter: str = ""
    is_added: bool = False


def _is_wanted(marks: tuple[Marks, ...], settings: Settings) -> bool:
    return any(of_kind(marks, _ABBREVIATION))


FILLS = {_KIND: _is_wanted}


def collect(galley: Galley) -> None:
    """List the terms of a glossary, and the abbreviations in the text if these are wanted; prepare what is marked."""
    for root in galley.roots:
        for element in root.iter(xhtml.tag("span")):
            classes = xhtml.classes_of(element)
            if _TERM in classes:
                _wait(galley, element, [name for name in classes if name != _TERM])
    if galley.chapter.kind == _KIND:
        for listed in galley.body.iter(xhtml.tag("dl")):
            _list_terms(galley, listed)
    if galley.settings[TABLE.name]["abbreviations"]:
        found: dict[tuple[str, str], Mark] = {}
        for short in galley.body.iter(xhtml.tag("abbr")):
            said = tidy(xhtml.text_of(short)), str(short.get("title", "")).strip()
            if all(said):
                about = {"short": said[0], "meaning": said[1]}
                found.setdefault(said, Mark(_ABBREVIATION, galley.span(short), about=about))
        galley.marks.extend(found.values())


def _wait(galley: Galley, element: etree._Element, classes: list[str]) -> None:
    """Let a marked use wait for the terms of the whole book; an index that wants the same `entry` finds it too."""
    entry = str(element.get("data-entry", "")).strip()
    element.set(WAITING, tidy(set_line(entry, galley.language)) if entry else tidy(plain_text(element)))
    xhtml.set_classes(element, classes)
    if "index" not in classes:
        element.attrib.pop("data-entry", None)


def _list_terms(galley: Galley, listed: etree._Element) -> None:
    for item in listed:
        name = xhtml.local(item)
        if name == "dt" and (text := tidy(plain_text(item))):
            item.set("id", item.get("id") or _free_id(text, galley.taken))
            galley.marks.append(Mark(_TERM, galley.span(item), str(item.get("id")), about={"term": text}))
            _define(item)
        elif name == "dd":
            item.set(xhtml.EPUB_TYPE, "glossdef")


def _define(item: etree._Element) -> None:
    """Put what stands in a `dt` into a `dfn`."""
    item.set(xhtml.EPUB_TYPE, "glossterm")
    if next(item.iter(xhtml.tag("dfn")), None) is None:
        defined = etree.Element(xhtml.tag("dfn"))
        defined.text, item.text = item.text, None
        defined.extend(list(item))
        item.append(defined)


def _free_id(text: str, taken: set[str]) -> str:
    """An id for a term: `term-` and its Latin letters, if it has any."""
    plain = _NOT_IN_A_SLUG.sub("-", text.lower()).strip("-")
    return xhtml.free_id(f"term-{plain}" if plain else "term", taken)


def register(marks: tuple[Marks, ...], registry: Registry) -> tuple[Registry, tuple[Diagnostic, ...]]:
    """Make the glossary of all terms and abbreviations.

    A term that is listed twice is a warning `term-twice`, an abbreviation with two meanings `abbreviation-differs`.
    """
    terms: dict[str, str] = {}
    found: list[Diagnostic] = []
    for slug, mark in of_kind(marks, _TERM):
        term = mark.about["term"]
        if term in terms:
            found.append(warning("term-twice", f"the glossary has '{term}' twice: links lead to the first", mark.span))
        terms.setdefault(term, f"{slug}--{mark.id}")
    glossary = next((each.chapter for each in reversed(marks) if each.chapter.kind == _KIND), None)
    meanings, said = _meanings(marks)
    if glossary is None or not (terms or meanings):
        return registry, tuple(found)
    taken = ids_in(marks, glossary.slug)
    listed = {*terms, *map(bare, terms)}
    shorts = [short for short in meanings if short not in listed]
    if shorts:
        shorts.sort(key=collation(registry.language).key)
    added = tuple(Abbreviation(short, meanings[short], _free_id(short, taken)) for short in shorts)
    terms.update((each.short, f"{glossary.slug}--{each.id}") for each in added)
    part = Glossary(tuple(terms.items()), added, glossary.slug, glossary.span is None)
    known = registry.with_part(_KIND, part).with_anchors(glossary.slug, (each.id for each in added))
    return known, (*found, *said)


def _meanings(marks: tuple[Marks, ...]) -> tuple[dict[str, tuple[str, ...]], list[Diagnostic]]:
    meanings: dict[str, tuple[str, ...]] = {}
    found = []
    for _, mark in of_kind(marks, _ABBREVIATION):
        short, meaning = mark.about["short"], mark.about["meaning"]
        before = meanings.get(short, ())
        if meaning not in before:
            meanings[short] = (*before, meaning)
            if before:
                message = f"'{short}' is '{before[0]}' elsewhere, and here '{meaning}': the glossary has both"
                hint = "Say the same wherever it is meant to be the same."
                found.append(warning("abbreviation-differs", message, mark.span, hint))
    return meanings, found


def resolve(galley: Galley, registry: Registry) -> None:
    """Add the abbreviations to the glossary, and link the terms in any other chapter.

    A marked use of a term that is not in the glossary is an error `term-unknown`.
    """
    part = registry.parts.get(_KIND, Glossary(()))
    if part.chapter and part.chapter == galley.chapter.slug:
        if part.is_added:
            galley.title.text = galley.terms["abbreviations"]
        _add(galley, part.abbreviations)
    terms = Terms(part.terms)
    automatic = galley.settings[TABLE.name]["link"] == "first" and galley.chapter.kind not in _WITHOUT_LINKS
    known = Nearest([term for term, _ in part.terms])
    for element, wanted in link(galley, terms, automatic=automatic):
        message = f"'{wanted}' is not in the glossary" if part.terms else f"there is no glossary that has '{wanted}'"
        near = known.to(wanted)
        hint = f"Did you mean '{near}'? Write entry=\"{near}\"." if near else "Add it to the list of terms."
        galley.diagnostics.append(error("term-unknown", message, galley.span(element), hint))


def _add(galley: Galley, abbreviations: tuple[Abbreviation, ...]) -> None:
    """Put abbreviations into the author's list, where they belong if that is in alphabetical order."""
    if not abbreviations:
        return
    by = collation(galley.language)
    listed = next(iter(list(galley.body.iter(xhtml.tag("dl")))[-1:]), None)
    if listed is None:
        listed = etree.SubElement(galley.body, xhtml.tag("dl"))
    groups = list(_groups(listed))
    keys = [by.key(xhtml.text_of(group[0])) for group in groups]
    is_sorted = all(one <= other for one, other in pairwise(keys))
    keyed = list(zip(keys, groups, strict=True))
    for each in abbreviations:
        term = etree.Element(xhtml.tag("dt"), {"id": each.id})
        term.text = each.short
        _define(term)
        definitions = []
        for meaning in each.meanings:
            definitions.append(etree.Element(xhtml.tag("dd"), {xhtml.EPUB_TYPE: "glossdef"}))
            definitions[-1].text = meaning
        keyed.append((by.key(each.short), [term, *definitions]))
    if is_sorted:
        keyed.sort(key=lambda item: item[0])
    listed[:] = [element for _, group in keyed for element in group]


def _groups(listed: etree._Element) -> Iterator[list[etree._Element]]:
    """The terms of a definition list, each with what belongs to it."""
    group: list[etree._Element] = []
    for item in listed:
        if xhtml.local(item) == "dt" and group and xhtml.local(group[-1]) == "dd":
            yield group
            group = []
        group.append(item)
    if group:
        yield group
