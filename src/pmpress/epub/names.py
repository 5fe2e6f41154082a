"""What each file of the e-book is called, and so where a link of the book leads.

File names are plain ASCII without spaces, as Kobo asks, differ by more than upper and lower case, and never leave the
container (EPUB 3.3, *File paths and file names*).
"""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from html import unescape

from pmpress.epub.pages.division import Cut, Division
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
_IMAGE = re.compile(rf"src(?<!-src)(?:set)?{_VALUE}")  # the negation behind the word: so it is searched for fast


@dataclass(frozen=True, slots=True)
class Names:
    """`pages`: slug of a chapter or part → its file; `assets`: name of an asset → its file.

    A page that is divided has more files: `cuts`, by its slug; `moved`: anchor → which of these it stands in.
    """

    pages: Mapping[str, str]
    assets: Mapping[str, str]
    cuts: Mapping[str, tuple[Cut, ...]] = field(default_factory=dict)
    moved: Mapping[str, str] = field(default_factory=dict)

    def asked_by(self, page: str) -> Names:
        """The few of these names that a page's XHTML asks for, and perhaps some that it only writes about."""
        anchors = {link.removeprefix("#") for link in _values(_LINK, page)}
        slugs = {anchor.partition("--")[0] for anchor in anchors}
        return Names(
            pages={slug: self.pages[slug] for slug in slugs & self.pages.keys()},
            assets={name: self.assets[name] for name in _values(_IMAGE, page) & self.assets.keys()},
            moved={anchor: self.moved[anchor] for anchor in anchors & self.moved.keys()},
        )

    def leads(self, anchor: str) -> bool:
        """Whether the anchor (`CHAPTER` or `CHAPTER--ID`) is of a page of this book."""
        return anchor.partition("--")[0] in self.pages

    def href(self, anchor: str, here: str = "") -> str:
        """The link to an anchor from the page of the slug `here`. Raises KeyError unless `leads(anchor)`."""
        slug, _, fragment = anchor.partition("--")
        if not fragment:
            return self.pages[slug]
        return f"#{fragment}" if slug == here else f"{self.moved.get(anchor, self.pages[slug])}#{fragment}"


def _values(attribute: re.Pattern[str], page: str) -> set[str]:
    return {unescape(value[1:-1]) for value in attribute.findall(page)}


def name_files(book: Book, layout: Layout) -> Names:
    """Find a name for every chapter, part and asset of the book; the layout's style sheet fixes those of its own."""
    taken = _taken(layout)
    slugs = [chapter.slug for chapter in book.chapters]
    slugs += [item.slug for item in book.bodymatter if isinstance(item, Part)]
    assets = (*book.assets, *((book.cover,) if book.cover else ()))
    return Names(
        pages={slug: claimed(f"{slug}.xhtml", taken) for slug in slugs},
        assets={name: claimed(name, taken) for name in dict.fromkeys(asset.name for asset in assets)},
    )


def name_parts(names: Names, divisions: Mapping[str, Division], layout: Layout) -> Names:
    """Find names for the files that pages are divided into, and say what stands in each; `divisions` are by slug."""
    taken = _taken(layout, *names.pages.values(), *names.assets.values())
    cuts: dict[str, tuple[Cut, ...]] = {}
    moved: dict[str, str] = {}
    for slug, division in divisions.items():
        files = [claimed(names.pages[slug], taken) for _ in division.starts]
        cuts[slug] = tuple(map(Cut, files, division.starts))
        moved |= {f"{slug}--{id_}": file for file, ids in zip(files, division.ids, strict=True) for id_ in ids}
    return replace(names, cuts=cuts, moved=moved)


def _taken(layout: Layout, *files: str) -> set[str]:
    return {name.casefold() for name in (*_RESERVED, *(asset.name for asset in layout.assets), *files)}


def claimed(name: str, taken: set[str]) -> str:
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
