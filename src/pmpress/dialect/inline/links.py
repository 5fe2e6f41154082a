"""Addresses: which ones no book may carry, and images brought into their final form."""

from __future__ import annotations

import re
from urllib.parse import quote
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor
from markdown.util import HTML_PLACEHOLDER_RE

from pmpress.dialect.finish.typography import without_stand_ins
from pmpress.dialect.reading import Reading, first_line_of
from pmpress.dialect.tree import omit
from pmpress.xhtml import SPAN

# What a reading system would run. `file:` leads out of the manuscript's folder, which is not for the dialect to judge.
UNSAFE_SCHEMES = frozenset({"javascript", "vbscript", "livescript", "data", "blob", "filesystem", "jar", "view-source"})
SCHEME_IN_HTML = re.compile(r"""\b(?:href|src)="([A-Za-z][A-Za-z0-9+.-]*):""")

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):")
_IGNORED_IN_URLS = re.compile(r"[\x00-\x20\x7f-\xa0\xad\u200b-\u200f\u2028-\u202e\u2060\ufeff]")
_IMAGE_DATA = re.compile(r"data:image/(?:png|jpeg|gif|webp)[;,]")
_LABEL = r"[^\s/?#@:\[\]\\<>^|%.]+"
_ON_THE_WEB = re.compile(
    rf"(?:https?|ftp)://(?:[^/?#@\s]*@)?(?:\[[0-9a-f:.]+\]|{_LABEL}(?:\.{_LABEL})*\.?)(?::[0-9]{{0,4}})?(?:[/?#].*)?",
    re.IGNORECASE | re.DOTALL,
)
_PARTS = re.compile(r"([a-z][a-z0-9+.-]*:(?://[^/?#]*)?)([^#]*#?)(.*)", re.IGNORECASE | re.DOTALL)
_NOT_IN_URLS = re.compile(
    r"[\s\"<>\[\\\]^`{|}#\x00-\x1f\x7f-\x9f\ue000-\uf8ff\ufdd0-\ufdef\ufff0-\uffff]|%(?![0-9A-Fa-f]{2})"
)


def _scheme(address: str) -> str:
    """The scheme of an address, in lower case, as the most lenient reader would see it; empty if it has none."""
    m = _SCHEME.match(_IGNORED_IN_URLS.sub("", address).lower())
    return m[1] if m else ""


def usable(address: str, reading: Reading, line: int, *, image: bool = False) -> bool:
    """Whether a book may have this address; if not, says so. Pictures, but nothing else, may come as `data:`."""
    scheme = _scheme(address)
    shown = " ".join(address.split())[:60]
    if scheme in UNSAFE_SCHEMES and not (image and _IMAGE_DATA.match(address.lower())):
        reading.warn("link-unsafe", f"a book may not point to “{shown}”: only the text is kept", line)
    elif (scheme in {"http", "https", "ftp"} and not _ON_THE_WEB.fullmatch(address.strip())) or (
        scheme and address.strip().endswith(":")
    ):
        reading.warn("link-invalid", f"“{shown}” is no address: only the text is kept", line)
    else:
        return True
    return False


def tidied(address: str) -> str:
    """An address outside the book with the characters escaped that no URL may have; others as they are written."""
    m = _PARTS.fullmatch(address.strip())
    if not m:
        return address
    before, fragment = m[2].removesuffix("#"), m[3]
    sharp = "#" if before != m[2] else ""
    return m[1] + _escaped(before) + sharp + _escaped(fragment)


def _escaped(part: str) -> str:
    return _NOT_IN_URLS.sub(lambda found: quote(found[0], safe=""), part)


class Addresses(Treeprocessor):
    """Takes addresses away that a book may not have, keeping the text, and turns what is inside images into `alt`."""

    def __init__(self, md: Markdown, reading: Reading) -> None:
        super().__init__(md)
        self._reading = reading

    def run(self, root: Element) -> None:
        """See the base class."""
        for element in root.iter("img"):
            text = "".join(element.itertext())
            element.set("alt", without_stand_ins(HTML_PLACEHOLDER_RE.sub("", text)).replace("\n", " "))
            element.text = None
            del element[:]
            self._check(element, "src")
        for element in root.iter("a"):
            self._check(element, "href")

    def _check(self, element: Element, attribute: str) -> None:
        address = element.get(attribute, "")
        line = first_line_of(element.get(SPAN, ""))
        if usable(address, self._reading, line, image=element.tag == "img"):
            element.set(attribute, tidied(address))
            return
        if element.tag == "img":
            element.text = element.get("alt")
        omit(element)
