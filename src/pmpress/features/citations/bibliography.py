"""The texts of a book's citations and of its bibliography, and how they find each other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from lxml import etree

from pmpress import xhtml
from pmpress.features.citations import richtext
from pmpress.features.citations.library import Work
from pmpress.features.citations.notation import Cite
from pmpress.features.galley import Galley
from pmpress.model import Label
from pmpress.textplaces import OUTPUT

KIND = "bibliography"
PART = "citations"

_PLACE = "refs"  # the id that pandoc gives the place of the entries
_WRITTEN = re.compile(
    r"(?P<key>@(?:\{[^\s{}]+\}|[^\W_](?:[^\W_]|_+(?=[^\W_])|[:.#%+?/-](?=\w))*))(?P<behind>[ \xa0]\[[^\[\]]*\])?"
    r"|\[[^\[\]]*\]"
)
_ARROW = "\u21a9\ufe0e"  # the selector keeps phones from drawing an emoji
_LONGEST_NUMBER = 4
_ADDRESS = re.compile(r"https?://[\w.-]+(?::\d+)?(?:[/?#]\S*)?")


class StyleFault(Exception):
    """The style cannot be read, or not be used: what is wrong, and the line of it."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, slots=True)
class Citation:
    """A citation in the text, all of whose works are known."""

    anchor: str
    cites: tuple[Cite, ...]
    in_brackets: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """A work in the bibliography; `anchors` are the citations of it, in reading order."""

    id: str
    number: str
    xhtml: str
    anchors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Citations:
    """What every chapter may ask: the text of each citation by its anchor, the entries, and the chapter they stand in;
    `written` says for each citation as its author wrote it what it says."""

    texts: Mapping[str, str] = field(default_factory=dict)
    entries: tuple[Entry, ...] = ()
    home: str = ""
    written: Mapping[str, str] = field(default_factory=dict)

    def plain(self, anchor: str) -> str:
        """The text of a citation without mark-up; nothing if there is no such citation."""
        return xhtml.text_of(xhtml.parse(self.texts[anchor])) if anchor in self.texts else ""

    def said(self, title: str) -> str:
        """A title, or a caption, with what the citations in it say."""
        return _WRITTEN.sub(self._said, title) if "@" in title else title

    def _said(self, found: re.Match[str]) -> str:
        key, behind = found["key"] or "", found["behind"] or ""
        return self.written.get(found[0]) or self.written.get(key, key) + behind or found[0]


def made(
    citations: Sequence[Citation], works: Mapping[str, Work], style: str, language: str, home: str, taken: set[str]
) -> Citations:
    """The texts of these citations, in reading order, and of the entries, in a style. Raises StyleFault.

    `home` is the chapter of the entries, in which some ids are `taken`.
    """
    # What makes the citations takes a while to import, and a book without any has no use for it.
    from pmpress.features.citations.citing import Speaker
    from pmpress.features.citations.engine import prepare

    cited: dict[str, list[str]] = {}
    for citation in citations:
        for cite in citation.cites:
            cited.setdefault(cite.key, []).append(citation.anchor)
    if not cited:
        return Citations()
    ids = _ids(cited, taken)
    known = {key: works[key] for key in cited}
    speaker = Speaker(prepare(tuple(known.values()), style.encode(), language), known)
    links = [{"epub:type": "biblioref", "href": f"#{home}--{ids[key]}"} for key in cited]
    numbers = {key: number for number, key in enumerate(cited)}
    texts = {}
    for citation in citations:
        said = (
            speaker.in_brackets(citation.cites, numbers)
            if citation.in_brackets
            else speaker.in_text(citation.cites[0], numbers)
        )
        texts[citation.anchor] = richtext.to_xhtml(said, links)
    entries = tuple(
        Entry(ids[key], number, _with_address(said, known[key]), tuple(dict.fromkeys(cited[key])))
        for key, number, said in speaker.entries()
    )
    return Citations(texts, entries, home)


def _ids(keys: Iterable[str], taken: set[str]) -> dict[str, str]:
    """For each key an id, whatever characters the key is made of."""
    plain = {key: re.sub(r"[^A-Za-z0-9_.-]+", "-", key).strip("-") for key in keys}
    return {key: xhtml.free_id(f"ref-{said}", taken) for key, said in plain.items()}


def _with_address(said: str, work: Work) -> str:
    """An entry as XHTML, its addresses links."""
    links: list[Mapping[str, str]] = []
    for prefix, variable in (("https://doi.org/", "DOI"), ("", "URL")):
        address = prefix + str(work.item.get(variable, ""))
        if _ADDRESS.fullmatch(address) and address in said:
            linked = f"{richtext.LINK}{len(links)}{richtext.LINK_TO}{address}{richtext.END}"
            said = said.replace(address, linked, 1)
            links.append({"href": quote(address, safe="/:?&=%#@!$'()*+,;~-._")})
    return richtext.to_xhtml(said, links)


def fill(galley: Galley, part: Citations, labels: Mapping[str, Label]) -> None:
    """Put the entries into the chapter: where the author wants them (`::: {#refs}`), or behind all text."""
    place = next((each for each in galley.body.iter(xhtml.tag("div")) if each.get("id") == _PLACE), None)
    kind = "references numbered" if part.entries[0].number else "references"
    listed = etree.Element(xhtml.tag("ul"), {"class": kind})
    if place is not None:
        place.append(listed)
    else:
        notes = next((each for each in galley.body if each.get(xhtml.EPUB_TYPE) == "footnotes"), None)
        galley.body.insert(len(galley.body) if notes is None else galley.body.index(notes), listed)
    for entry in part.entries:
        item = etree.SubElement(listed, xhtml.tag("li"), {"id": entry.id})
        if entry.number:
            number = etree.SubElement(item, xhtml.tag("span"), {"class": "reference-number"})
            number.text = f"{entry.number} "
        text = xhtml.parse(entry.xhtml)
        xhtml.append_text(item, len(item), text.text)
        item.extend(list(text))
        _link_back(galley, item, entry, labels)


def _link_back(galley: Galley, item: etree._Element, entry: Entry, labels: Mapping[str, Label]) -> None:
    """Say behind an entry where it is cited: in print by page, in the e-book by chapter."""
    pages = _behind(item, {"class": "cited", OUTPUT: "print"})
    pages.text = f"({galley.terms['cited']}:\xa0"
    locators = etree.SubElement(pages, xhtml.tag("span"), {"class": "locators"})
    locators.tail = ")"
    links = _behind(item, {"class": "cited", OUTPUT: "ebook"})
    counts: dict[str, int] = {}
    for anchor in entry.anchors:
        page = {"href": f"#{anchor}", "data-page-of": anchor}
        etree.SubElement(locators, xhtml.tag("a"), page).text = "0"
        chapter = anchor.partition("--")[0]
        count = counts[chapter] = counts.get(chapter, 0) + 1
        name = _name(galley.terms, labels.get(chapter, Label("")))
        said = f"{galley.terms['back']}: {name}" if count == 1 else f"{galley.terms['back']}: {name} ({count})"
        back = {xhtml.EPUB_TYPE: "backlink", "class": "backlink", "href": f"#{anchor}", "aria-label": said}
        if len(links):
            links[-1].tail = ", " if count > 1 else " "
        link = etree.SubElement(links, xhtml.tag("a"), back)
        link.text = f"{_ARROW}\xa0{_unbroken(name)}" if count == 1 else str(count)


def _unbroken(name: str) -> str:
    """A number stays on the line of the word before it."""
    words, space, last = name.rpartition(" ")
    return f"{words}\xa0{last}" if space and len(last) <= _LONGEST_NUMBER else name


def _behind(item: etree._Element, attributes: Mapping[str, str]) -> etree._Element:
    xhtml.append_text(item, len(item), " ")
    return etree.SubElement(item, xhtml.tag("span"), dict(attributes))


def _name(terms: Mapping[str, str], label: Label) -> str:
    """What a chapter is called: "Chapter 3", "Preface"."""
    pattern = terms.get(f"label-{label.series}", "")
    return pattern.format(label.number) if pattern and label.number else label.title
