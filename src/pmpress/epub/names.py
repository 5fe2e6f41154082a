"""What each file of the e-book is called, and so where a link of the book leads.

File names are plain ASCII without spaces, as Kobo asks, differ by more than upper and lower case, and never leave the
container (EPUB 3.3, *File paths and file names*).
"""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape

from pmpress.layout import Layout
from pmpress.model import Book, Part

COVER = "cover.xhtml"
TITLE_PAGE = "titlepage.xhtml"
COPYRIGHT_PAGE = "copyright-page.xhtml"
NAV = "nav.xhtml"
NCX = "toc.ncx"
STYLE_SHEET = "book.css"
_RESERVED = (COVER, TITLE_PAGE, COPYRIGHT_PAGE, NAV, NCX, STYLE_SHEET, "content.opf")


# Where a page names something. Text may look as if it did, but it hides no attribute: no value reaches over a `<`, and
# none is taken away by the lookahead.
_VALUE = r"""\s*=\s*(?=("[^"<]*"|'[^'<]*'))"""
_LINK = re.compile(rf"(?:href|data-page-to){_VALUE}")
_IMAGE = re.compile(rf"src(?<!-src){_VALUE}")  # the negation behind the word: so it is searched for fast


@dataclass(frozen=True, slots=True)
class Names:
    """`pages`: slug of a chapter or part → its file; `assets`: name of an asset → its file."""

    pages: Mapping[str, str]
    assets: Mapping[str, str]

    def asked_by(self, page: str) -> Names:
        """The few of these names that a page's XHTML asks for, and perhaps some that it only writes about."""
        slugs = {link.removeprefix("#").partition("--")[0] for link in _values(_LINK, page)}
        return Names(
            pages={slug: self.pages[slug] for slug in slugs & self.pages.keys()},
            assets={name: self.assets[name] for name in _values(_IMAGE, page) & self.assets.keys()},
        )

    def leads(self, anchor: str) -> bool:
        """Whether the anchor (`CHAPTER` or `CHAPTER--ID`) is of a page of this book."""
        return anchor.partition("--")[0] in self.pages

    def href(self, anchor: str, here: str = "") -> str:
        """The link to an anchor from the page of the slug `here`. Raises KeyError unless `leads(anchor)`."""
        slug, _, fragment = anchor.partition("--")
        if not fragment:
            return self.pages[slug]
        return f"#{fragment}" if slug == here else f"{self.pages[slug]}#{fragment}"


def _values(attribute: re.Pattern[str], page: str) -> set[str]:
    return {unescape(value[1:-1]) for value in attribute.findall(page)}


def name_files(book: Book, layout: Layout) -> Names:
    """Find a name for every chapter, part and asset of the book; the layout's style sheet fixes those of its own."""
    taken = {name.casefold() for name in (*_RESERVED, *(asset.name for asset in layout.assets))}
    slugs = [chapter.slug for chapter in book.chapters]
    slugs += [item.slug for item in book.bodymatter if isinstance(item, Part)]
    assets = (*book.assets, *((book.cover,) if book.cover else ()))
    return Names(
        pages={slug: _claimed(f"{slug}.xhtml", taken) for slug in slugs},
        assets={name: _claimed(name, taken) for name in dict.fromkeys(asset.name for asset in assets)},
    )


def _claimed(name: str, taken: set[str]) -> str:
    """The name in plain ASCII, numbered if another file has it already; it is taken from now on."""
    stem, suffix = posixpath.splitext(plain_name(name))
    free, number = stem + suffix, 1
    while free.casefold() in taken:
        number += 1
        free = f"{stem}-{number}{suffix}"
    taken.add(free.casefold())
    return free


def plain_name(name: str) -> str:
    """The path in plain ASCII, with neither `..` nor spaces in it."""
    stem, suffix = posixpath.splitext(unicodedata.normalize("NFKD", name))
    *folders, last = (re.sub(r"[^A-Za-z0-9._-]+", "-", _ascii(part)).strip(".-") for part in stem.split("/"))
    path = "/".join((*filter(None, folders), last or "file"))
    return path + re.sub(r"[^A-Za-z0-9.]", "", _ascii(suffix))


def _ascii(text: str) -> str:
    return text.encode("ascii", "ignore").decode()
