"""citeproc-py with a style and some works: what a citation and an entry say, as `richtext`.

The only place that knows citeproc-py. It says what each work looks like; how citations are put together is said in
`citing`. It is given texts only, never a path from a manuscript. What it lacks is done here: accents do not decide on
the order of the works, text is escaped whatever is in it, and a mark shows where the names and the year are.
"""

from __future__ import annotations

import io
import re
import unicodedata
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from citeproc import VARIABLES, CitationStylesBibliography, CitationStylesStyle
from citeproc.model import CitationStylesElement
from citeproc.source import (
    BibliographySource,
    Citation,
    CitationItem,
    Date,
    DateRange,
    LiteralDate,
    Locator,
    Name,
    Reference,
)
from citeproc.string import MixedString, NoCase, String
from lxml import etree

from pmpress.features.citations import richtext
from pmpress.features.citations.bibliography import StyleFault
from pmpress.features.citations.library import Work
from pmpress.features.citations.spoken import another_language

_OURS = "urn:pmpress:style:"
_CSL = "http://purl.org/net/xbiblio/csl"
_NAMESPACES = {"cs": _CSL}
# Languages whose tag does not begin with the region's that their script is used in.
_LOCALES = {"zh-hant": "zh-TW", "no": "nb-NO"}
_TITLES = ("title", "title-short", "container-title")
_NO_CASE = re.compile(f"{richtext.NO_CASE}|{richtext.NO_CASE_END}")
# What is named in the text of a citation: the terms of CSL.
LOCATORS = (
    "page", "chapter", "section", "paragraph", "figure", "table", "equation", "verse", "line", "note", "part",
    "volume", "column", "folio", "issue", "book", "opus", "sub-verbo",
)  # fmt: skip
# What a title that begins with it is not filed under.
_ARTICLES = {
    "en": "the|an?", "fr": "les?|la|une?|l[’']", "de": "der|die|das|eine?", "es": "el|l[ao]s?|una?",
    "it": "il|l[aeo]|gli",
}  # fmt: skip
_MOST_CALLS = 20_000  # of macros by macros, for one work; the longest styles there are make some hundreds


@cache
def _path(expression: str) -> etree.XPath:
    return etree.XPath(expression, namespaces=CitationStylesElement.nsmap)


def _xpath_search(element: CitationStylesElement, expression: str) -> Any:
    return _path(expression)(element)


# It has each expression read again for every term and every macro, some thousands of times for a short bibliography.
CitationStylesElement.xpath_search = _xpath_search


class _Marked:
    """Mark-up as citeproc-py asks a formatter for it."""

    @staticmethod
    def preformat(text: str) -> str:
        return str(text)

    Italic = Oblique = staticmethod(lambda text: f"{richtext.ITALIC}{text}{richtext.END}")
    Bold = staticmethod(lambda text: f"{richtext.BOLD}{text}{richtext.END}")
    Light = staticmethod(str)
    Underline = staticmethod(lambda text: f"{richtext.UNDERLINE}{text}{richtext.END}")
    Superscript = staticmethod(lambda text: f"{richtext.RAISED}{text}{richtext.END}")
    Subscript = staticmethod(lambda text: f"{richtext.LOWERED}{text}{richtext.END}")
    SmallCaps = staticmethod(lambda text: f"{richtext.SMALL_CAPS}{text}{richtext.END}")


class _Year(int):
    """A year with a mark behind it."""

    def __abs__(self) -> _Year:
        return _Year(super().__abs__())

    def __str__(self) -> str:
        return f"{int(self)}{richtext.YEAR}"


@dataclass(slots=True)
class Engine:
    """A style in a language, over the works that are cited, in the order in which they are cited first."""

    works: Sequence[Work]
    style: Any
    language: str
    suffixes: dict[str, str] = field(default_factory=dict)
    _cited: Any = None
    _listed: Any = None
    _items: dict[str, Any] = field(default_factory=dict)
    _before: list[Any] = field(default_factory=list)
    _said: dict[tuple[str, tuple[str, str] | None], str] = field(default_factory=dict)
    _looks_back: bool = False

    def __post_init__(self) -> None:
        # Whether what was cited before counts ("ibid.").
        self._looks_back = self.style.root.find(".//*[@position]") is not None
        self._listed = self._bibliography({})
        self.name_apart({})

    def _bibliography(self, families: Mapping[str, str]) -> Any:
        source = BibliographySource()
        for place, work in enumerate(self.works):
            source[str(place)] = _reference(str(place), work, families.get(work.key, ""), self.language)
        made = CitationStylesBibliography(self.style, source, _Marked)
        made.register(Citation([CitationItem(str(place)) for place, _ in enumerate(self.works)]))
        return made

    def name_apart(self, families: Mapping[str, str]) -> None:
        """Have some works cited, by key, under a name of more than the family's."""
        self._said.clear()
        self._cited = self._bibliography(families)
        self._items = {work.key: str(place) for place, work in enumerate(self.works)}

    def suffix(self, suffixes: Mapping[str, str]) -> None:
        """Tell works apart, by key, by a letter behind their year."""
        self._said.clear()
        self._before.clear()
        for bibliography in (self._cited, self._listed):
            for key, letter in suffixes.items():
                bibliography.source[self._items[key]]["year_suffix"] = String(f"{richtext.SUFFIX}{letter}")
        self.suffixes = dict(suffixes)

    # --- what is said -------------------------------------------------------------------------------------------------

    @property
    def citation(self) -> Mapping[str, str]:
        """The attributes of `citation` and of its `layout`."""
        citation = self.style.root.citation
        return {**citation.attrib, **citation.layout.attrib}

    def cite(self, key: str, locator: tuple[str, str] | None = None) -> str:
        """What the style says in a citation of one work, without what stands around all works of a citation."""
        if (key, locator) in self._said:
            return self._said[key, locator]
        item = CitationItem(self._items[key], **({"locator": Locator(*locator)} if locator else {}))
        Citation([item]).bibliography = self._cited
        citation = self.style.root.citation
        citation.cites = self._before
        layout = citation.layout
        layout.repressed = {}
        said = str(layout.render_children(item) or "")
        self._before.append(item)
        said = self._with_suffix(key, said)
        if not self._looks_back:
            self._said[key, locator] = said
        return said

    def around(self, text: str) -> str:
        """The text of a citation with what the style puts around it."""
        layout = self.style.root.citation.layout
        return str(layout.format(layout.wrap(String(text))))

    def sorted_cites(self, keys: Sequence[str]) -> list[int]:
        """The order, if the style has any, of the works within a citation."""
        sort = self.style.root.citation.find("cs:sort", _NAMESPACES)
        return self._order(sort, self.style.root.citation.layout, self._cited, keys)

    def order(self) -> list[str]:
        """The keys in the order of the bibliography; in it the works are numbered, if the style does so."""
        bibliography, keys = self.style.root.bibliography, [work.key for work in self.works]
        if bibliography is None:
            return keys
        order = self._order(bibliography.find("cs:sort", _NAMESPACES), bibliography.layout, self._listed, keys)
        for each in (self._listed, self._cited):
            each.keys = [str(place) for place in order]
        return [keys[place] for place in order]

    def entries(self) -> list[tuple[str, str]]:
        """The works in the order of the bibliography, each by its key with what the style says of it."""
        bibliography = self.style.root.bibliography
        if bibliography is None:
            return []
        layout = bibliography.layout
        entries = []
        for key in self.order():
            layout.repressed = {}
            item = self._listed.items[int(self._items[key])]
            said = layout.format(layout.wrap(layout.render_children(item)))
            entries.append((key, self._with_suffix(key, str(said or ""))))
        return entries

    def term(self, name: str, form: str | None = None, *, plural: bool = False) -> str:
        """A word of the style's language."""
        found = self.style.root.get_term(name, form)
        return "" if found is None else str(found.multiple if plural else found.single)

    def option(self, name: str) -> str:
        """An option of the style's language."""
        return str(self.style.root.get_locale_option(name) or "")

    def _with_suffix(self, key: str, said: str) -> str:
        letter = self.suffixes.get(key, "")
        if letter and richtext.SUFFIX not in said:
            said = said.replace(richtext.YEAR, letter, 1)
        return said.replace(richtext.YEAR, "").replace(richtext.SUFFIX, "")

    # --- the order ----------------------------------------------------------------------------------------------------

    def _order(self, sort: Any, layout: Any, bibliography: Any, keys: Sequence[str]) -> list[int]:
        order = list(range(len(keys)))
        items = [bibliography.items[int(self._items[key])] for key in keys]
        for by in reversed(sort.findall("cs:key", _NAMESPACES) if sort is not None else []):
            said = [self._sort_key(item, key) for item, key in zip(items, by.sort_keys(items, layout), strict=True)]
            # What has no such key comes last, whichever way the others are sorted.
            order.sort(key=lambda place: said[place], reverse=by.get("sort") == "descending")
            order.sort(key=lambda place: not said[place])
        return order

    def _sort_key(self, item: Any, key: Any) -> list[tuple[int, int, str]]:
        if key is None or not str(key):
            return []
        text = richtext.plain(str(key)).lstrip("“‘«„\"'([")
        who = next((item.reference[role] for role in ("author", "editor", "translator") if role in item.reference), ())
        articles = _ARTICLES.get(self.language.split("-")[0])
        if articles and (not who or "literal" in who[0]):
            text = re.sub(rf"\A(?:{articles})(?:\s+|(?<=[’']))(?=\S)", "", text, flags=re.IGNORECASE)
        folded = unicodedata.normalize("NFKD", text.casefold())
        folded = "".join(character for character in folded if not unicodedata.combining(character))
        # Word by word: a space comes before all letters, and numbers count as such.
        return [_rank(word) for word in re.findall(r"\d+|[^\W\d]+|,", folded)] or [_rank(folded)]


def _rank(word: str) -> tuple[int, int, str]:
    """A comma, which ends a name, comes before numbers, and they before words."""
    if word.isdecimal() and len(word) < 20:
        return 1, int(word), ""
    return (0, 0, "") if word == "," else (2, 0, word)


def prepare(works: Sequence[Work], style: bytes, language: str) -> Engine:
    """A style's XML, ready for these works. Raises StyleFault."""
    root = _parsed(style)
    if root.findtext("cs:info/cs:id", "", _NAMESPACES).startswith(_OURS) and not language.lower().startswith("en"):
        for name in root.iterfind(".//cs:name", _NAMESPACES):  # "A, B, and C" is English
            name.set("delimiter-precedes-last", "never")
    tree = _marked(root)
    locale = _LOCALES.get(language.lower()) or _LOCALES.get(language.partition("-")[0].lower()) or language
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of variables it does not know
        made = CitationStylesStyle(io.BytesIO(tree), locale=locale, validate=False)
        return Engine(works, made, language)


def _parsed(style: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(style, parser)
    except etree.XMLSyntaxError as fault:
        raise StyleFault(f"this is no XML: {fault.msg.partition(', line')[0]}", fault.lineno or 1) from fault
    if root.tag != f"{{{_CSL}}}style":
        raise StyleFault("this is no style of the Citation Style Language: its root is no 'style'", 1)
    if root.getroottree().docinfo.internalDTD is not None:
        raise StyleFault("a style has no document type", 1)
    if root.find("cs:citation/cs:layout", _NAMESPACES) is None:
        parent = root.find("cs:info/cs:link[@rel='independent-parent']", _NAMESPACES)
        of = f" It depends on another: {parent.get('href')}" if parent is not None else ""
        raise StyleFault(f"the style does not say how citations look.{of}", root.sourceline or 1)
    if root.find("cs:bibliography/cs:layout", _NAMESPACES) is None:
        raise StyleFault("the style does not say how the bibliography looks", root.sourceline or 1)
    macros = {macro.get("name") for macro in root.iterfind("cs:macro", _NAMESPACES)}
    for element in root.iterfind(".//*[@macro]"):
        if element.get("macro") not in macros:
            raise StyleFault(f"there is no macro '{element.get('macro')}'", element.sourceline or 1)
    _refuse_circles(root)
    return root


def _refuse_circles(root: etree._Element) -> None:
    sizes: dict[str, int] = {}
    calls = {
        str(macro.get("name")): [str(each.get("macro")) for each in macro.iterfind(".//*[@macro]")]
        for macro in root.iterfind("cs:macro", _NAMESPACES)
    }
    # Take away, again and again, what calls nothing that is left.
    while ends := [name for name, called in calls.items() if not calls.keys() & called]:
        for name in ends:
            sizes[name] = 1 + sum(sizes[called] for called in calls.pop(name))
    if calls:
        raise StyleFault(f"the macro '{min(calls)}' calls itself", 1)
    if max(sizes.values(), default=0) > _MOST_CALLS:
        raise StyleFault("its macros call each other too often", 1)


def _marked(root: etree._Element) -> bytes:
    """The style with marks around the names in a citation and the number of an entry."""
    for names in root.iterfind(".//cs:names", _NAMESPACES):
        if next(names.iterancestors(f"{{{_CSL}}}substitute"), None) is None:
            names.set("prefix", richtext.NAMES + names.get("prefix", ""))
            names.set("suffix", names.get("suffix", "") + richtext.NAMES_END)
    for whole in root.iterfind(".//*[@initialize='false']"):  # citeproc-py makes initials all the same
        for name in whole.iter(f"{{{_CSL}}}*"):
            name.attrib.pop("initialize-with", None)
    for number in root.iterfind("cs:bibliography/cs:layout//cs:text[@variable='citation-number']", _NAMESPACES):
        number.set("prefix", richtext.LABEL + number.get("prefix", ""))
        number.set("suffix", number.get("suffix", "") + richtext.LABEL_END)
    return etree.tostring(root, encoding="utf-8")


def _reference(key: str, work: Work, family: str, language: str) -> Any:
    values: dict[str, Any] = {}
    other = another_language(str(work.item.get("language", "")), language)
    for variable, value in work.item.items():
        name = variable.replace("-", "_")
        if name not in VARIABLES:
            continue
        if isinstance(value, list):
            values[name] = [Name(**person) for person in value]
            if family and variable in ("author", "editor", "translator"):
                values[name][0] = Name(family=family)
                family = ""
        elif isinstance(value, dict):
            values[name] = _date(value)
        else:
            values[name] = value if name == "language" else _string(value, other if variable in _TITLES else "")
    if len(work.item.get("issued", {}).get("date-parts", ((),))[0]) > 1:
        values["submitted"] = values["issued"]  # for our own styles: CSL cannot ask whether a date has a month
    return Reference(key, str(work.item["type"]), **values)


def _string(text: str, language: str) -> Any:
    """The text as citeproc-py wants it, with capitals that keep apart from others. In another language it is marked,
    and all its capitals are kept: only English changes those of titles."""
    string = MixedString()
    # Which quotation marks they are is for the language of the book, and of the style, to say.
    text = re.sub("[“”„]", '"', text)
    if language and text:
        said = _NO_CASE.sub("", text)
        return MixedString([NoCase(f"{richtext.SPOKEN}{language}{richtext.SPOKEN_IN}{said}{richtext.END}")])
    for place, piece in enumerate(_NO_CASE.split(text)):
        if piece:
            string += NoCase(piece) if place % 2 else String(piece)
    return string


def _date(value: Mapping[str, Any]) -> Any:
    if "literal" in value:
        return LiteralDate(value["literal"])
    dates = []
    known = value["date-parts"]
    if len(known) > 1 and known[0][0] == known[1][0]:
        # citeproc-py stumbles over a stretch within a year: only what is common to both ends is said.
        known = [known[0][:2] if known[0][:2] == known[1][:2] else known[0][:1]]
    for parts in known:
        date = Date(**dict(zip(("year", "month", "day"), parts, strict=False)))
        date["year"] = _Year(parts[0])
        dates.append(date)
    made = dates[0] if len(dates) == 1 else DateRange(begin=dates[0], end=dates[1])
    made["circa"] = value.get("circa", False)
    return made
