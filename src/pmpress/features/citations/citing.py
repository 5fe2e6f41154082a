"""What the citations of a book say, and the entries of its bibliography, as `richtext`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pmpress.features.citations import richtext
from pmpress.features.citations.engine import LOCATORS, Engine
from pmpress.features.citations.finishing import Words
from pmpress.features.citations.library import Work
from pmpress.features.citations.notation import Cite
from pmpress.numerals import letters

_NAMES = re.compile(f"{richtext.NAMES}(.*?){richtext.NAMES_END}", re.DOTALL)
_ONE = r"(?:[A-Za-z]?\d[\w.:/]*(?<![.:/])|[ivxlcdm]+\b|[IVXLCDM]+\b)(?:[ \xa0]?ff?\b\.?)?"
_PLACES = rf"{_ONE}(?:\s*(?:[-–—,&]|and\b)\s*{_ONE})*"
_ROLES = ("author", "editor", "translator")


@dataclass(slots=True)
class Speaker:
    """Says citations and entries in one style; first it tells works apart that would be cited alike."""

    engine: Engine
    works: Mapping[str, Work]
    words: Words = field(init=False)
    _locator: re.Pattern[str] = field(init=False)
    _labels: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        term = self.engine.term
        self.words = Words(
            term("and"),
            term("et-al"),
            term("open-quote"),
            term("close-quote"),
            term("open-inner-quote"),
            term("close-inner-quote"),
            self.engine.option("punctuation-in-quote") == "true",
        )
        self._labels = _labels(self.engine)
        named = "|".join(re.escape(word) for word in sorted(self._labels, key=len, reverse=True))
        self._locator = re.compile(rf"[\s,]*(?:(?P<label>{named})\s*)?(?P<places>{_PLACES})", re.IGNORECASE)
        if self.engine.citation.get("disambiguate-add-givenname") == "true":
            self.engine.name_apart(self._names_apart())
        keys = self.engine.order()
        if self.engine.citation.get("disambiguate-add-year-suffix") == "true":
            self.engine.suffix(self._suffixes(keys))

    # --- telling works apart ------------------------------------------------------------------------------------------

    def _suffixes(self, keys: Iterable[str]) -> dict[str, str]:
        """A letter for each of the works, in this order, that would be cited like another."""
        alike: dict[str, list[str]] = {}
        for key in keys:
            alike.setdefault(self.engine.cite(key), []).append(key)
        return {
            key: letters(number)
            for group in alike.values()
            if len(group) > 1
            for number, key in enumerate(group, start=1)
        }

    def _names_apart(self) -> dict[str, str]:
        """What to cite works under whose first authors have one family name and are not the same."""
        people: dict[str, dict[str, list[str]]] = {}
        for key, work in self.works.items():
            first: Mapping[str, str] = next((work.item[role][0] for role in _ROLES if role in work.item), {})
            if first.get("family") and first.get("given"):
                people.setdefault(_family(first), {}).setdefault(first["given"], []).append(key)
        names = {}
        for family, given in people.items():
            groups = _same_people(given)
            short = [_initials(group[0]) for group in groups]
            for group, initials in zip(groups, short, strict=True) if len(groups) > 1 else ():
                before = initials if short.count(initials) == 1 else group[0]
                names.update({key: f"{before} {family}" for name in group for key in given[name]})
        return names

    # --- saying them --------------------------------------------------------------------------------------------------

    def in_brackets(self, cites: Sequence[Cite], numbers: Mapping[str, int]) -> str:
        """The text of `[see @a, p. 3; @b]`; `numbers` are those of the links, by key."""
        order = self.engine.sorted_cites([cite.key for cite in cites])
        if not any(cite.before for cite in cites[1:]):
            cites = [cites[place] for place in order]
        text = names_before = ""
        alone_before = False
        for cite in cites:
            locator, rest = self._located(cite.after)
            said = self.engine.cite(cite.key, locator)
            names = _NAMES.search(said)
            same = bool(names and names[0] == names_before and not cite.before and self._collapses())
            if names and (cite.bare or same):
                said = _without(said, names)
            if text:
                text += self._between(same=same and alone_before and not locator, alone=alone_before)
            text += f"{cite.before}{' ' if cite.before else ''}{_linked(said, numbers[cite.key])}{rest}"
            names_before = names[0] if names and not rest else ""
            alone_before = not locator
        return self.words.finish(self.engine.around(text))

    def in_text(self, cite: Cite, numbers: Mapping[str, int]) -> str:
        """The text of `@a [p. 3]`: "Knuth (1984, 3)"."""
        locator, rest = self._located(cite.after)
        said = self.engine.cite(cite.key, locator)
        names = _NAMES.search(said)
        who = names[1].strip(" ,:") if names else self._who(cite.key)
        said = self.engine.around((_without(said, names) if names else said) + rest)
        return self.words.finish(_linked(f"{who} {said}".lstrip(), numbers[cite.key]))

    def entries(self) -> list[tuple[str, str, str]]:
        """The works in the order of the bibliography: key, number or nothing, text."""
        said = []
        for key, text in self.engine.entries():
            label, found, after = text.rpartition(richtext.LABEL_END)
            said.append((key, richtext.plain(label), self.words.finish(after.lstrip() if found else text)))
        return said

    def _between(self, *, same: bool, alone: bool) -> str:
        """What stands between two works: of the `same` authors, or after one that stands `alone`, without a place."""
        delimiter = self.engine.citation.get("delimiter", "")
        if same:
            return ", "
        # A comma would join the place in one work to the next.
        return delimiter if alone else delimiter.replace(",", ";")

    def _collapses(self) -> bool:
        return self.engine.citation.get("collapse", "").startswith("year")

    def _located(self, after: str) -> tuple[tuple[str, str] | None, str]:
        """What is said behind a key: the place in the work, if it begins with one, and the rest."""
        found = self._locator.match(after)
        if not found:
            return None, f"{'' if after[:1] in ',:;.' else ' '}{after}" if after else ""
        label = self._labels[found["label"].lower()] if found["label"] else "page"
        rest = after[found.end() :]
        return (label, found["places"].replace("—", "–")), rest

    def _who(self, key: str) -> str:
        """The family names of who wrote a work, where the style has none in its citations."""
        item = self.works[key].item
        people: list[Mapping[str, str]] = next((item[role] for role in _ROLES if role in item), [])
        names = [person.get("literal") or _family(person) for person in people]
        if len(names) > 3:
            return f"{names[0]} {self.words.et_al}"
        if len(names) > 1:
            return f"{', '.join(names[:-1])} {self.words.and_} {names[-1]}"
        return names[0] if names else str(item.get("title-short") or item.get("title", ""))


def _labels(engine: Engine) -> dict[str, str]:
    """What is said of a place in a work ("p.", "chapters"), in small letters, and what CSL calls it."""
    labels = {"p.": "page", "pp.": "page", "chap.": "chapter", "sec.": "section", "fig.": "figure", "vol.": "volume",
              "§": "section", "§§": "section", "no.": "issue", "n.": "note", "l.": "line", "ll.": "line",
              "v.": "verse", "vv.": "verse", "s.v.": "sub-verbo"}  # fmt: skip
    for name in LOCATORS:
        labels.setdefault(name, name)
        labels.setdefault(f"{name}s", name)
        for form in (None, "short", "symbol"):
            for plural in (False, True):
                if word := engine.term(name, form, plural=plural).lower().strip():
                    labels.setdefault(word, name)
    return labels


def _linked(said: str, number: int) -> str:
    return f"{richtext.LINK}{number}{richtext.LINK_TO}{said}{richtext.END}"


def _without(said: str, names: re.Match[str]) -> str:
    """What is said, without who wrote it."""
    before, after = said[: names.start()], said[names.end() :]
    return before + after.lstrip(" ,:") if not richtext.plain(before).strip() else before.rstrip(" ,") + after


def _family(person: Mapping[str, str]) -> str:
    return " ".join(filter(None, (person.get("non-dropping-particle"), person.get("family"))))


def _initials(given: str) -> str:
    return " ".join(f"{word[0]}." for word in re.split(r"[\s.]+", given) if word)


def _same_people(given: Iterable[str]) -> list[list[str]]:
    """Given names put together that may be one person's: "D.", "D. E." and "Donald E."."""
    groups: list[list[str]] = []
    for name in sorted(given, key=lambda name: (-len(_initials(name)), -len(name), name)):
        home = next((group for group in groups if _may_be(group[0], name)), None)
        if home is None:
            groups.append([name])
        else:
            home.append(name)
    return groups


def _may_be(full: str, short: str) -> bool:
    pairs = zip(re.split(r"[\s.]+", full.strip(". ")), re.split(r"[\s.]+", short.strip(". ")), strict=False)
    return all(a == b or (1 in (len(a), len(b)) and a[:1] == b[:1]) for a, b in pairs)
