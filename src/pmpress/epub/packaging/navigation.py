"""Ways around the book: the navigation document, which is its contents page too, and the NCX for older readers.

The lists of figures and tables, the glossary, the bibliography and the index are pages of the book, which the landmarks
lead to: that is where reading systems offer them. Hardly any shows a list of its own in the navigation document, and it
would only say again what the page says.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from xml.sax.saxutils import escape, quoteattr

from pmpress.config import direction_of
from pmpress.epub.names import COVER, NAV, TITLE_PAGE, Names
from pmpress.epub.packaging.page_list import PageList
from pmpress.epub.pages.semantics import ROLES
from pmpress.model import Book, Entry
from pmpress.terms import is_spoken, spoken

_NCX = "http://www.daisy.org/z3986/2005/ncx/"
_MARKING = ("loi", "lot", "endnotes", "glossary", "bibliography", "index")
"""The kinds of text that are landmarks, where the book has them."""


def cut_to(depth: int, entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """The contents with so many levels at most, 0 for any."""
    return tuple(
        replace(entry, entries=() if depth == 1 else cut_to(max(0, depth - 1), entry.entries)) for entry in entries
    )


def nav(book: Book, names: Names, pages: PageList) -> str:
    """The navigation document's body: contents, landmarks, and the pages of the printed book, if the e-book knows them
    (EPUB 3.3, *EPUB navigation document*).

    Written here and not by the layout's template, because its mark-up is fixed to the last element; the class names
    are the template's, so that one style sheet dresses both.
    """
    heading, language = escape(book.terms["contents"]), spoken_in(book)
    landmarks = "\n".join(
        f'<li><a epub:type="{kind}" href={quoteattr(href)}>{escape(label)}</a></li>'
        for kind, href, label in _landmarks(book, names)
    )
    marks = "".join(
        f'<span epub:type="pagebreak" role="{ROLES["pagebreak"]}" id={quoteattr(each.id)}'
        f" aria-label={quoteattr(each.folio)}></span>\n"
        for each in pages.breaks.get(NAV, ())
    )
    role = ROLES["toc"]
    return f"""{marks}<nav epub:type="toc" role="{role}" id="toc" class="contents" aria-labelledby="toc-heading">
<h1 class="contents-heading" id="toc-heading"{language}>{heading}</h1>
{_lines(_contents(book), names, 0)}
</nav>
<nav epub:type="landmarks" id="landmarks" aria-label={quoteattr(book.terms["landmarks"])}{language} hidden="hidden">
<ol>
{landmarks}
</ol>
</nav>{_page_list(book, pages)}"""


def _page_list(book: Book, pages: PageList) -> str:
    """The page list, hidden as the landmarks are: reading systems show it in a way of their own."""
    if not pages.targets:
        return ""
    label = f"aria-label={quoteattr(book.terms['page-list'])}{spoken_in(book)}"
    lines = "\n".join(f"<li><a href={quoteattr(each.href)}>{escape(each.folio)}</a></li>" for each in pages.targets)
    return f"""
<nav epub:type="page-list" role="{ROLES["page-list"]}" id="page-list" {label} hidden="hidden">
<ol>
{lines}
</ol>
</nav>"""


def spoken_in(book: Book) -> str:
    """The attributes that say in which language the press's words are, where that is not the book's."""
    if is_spoken(book.metadata.language):
        return ""
    other = spoken(book.metadata.language)
    return f' lang="{other}" xml:lang="{other}" dir="ltr"'


def ncx(book: Book, names: Names, pages: PageList) -> bytes:
    """The same contents and pages as EPUB 2 wants them (OPF 2.0.1, *NCX*; ANSI/NISO Z39.86)."""
    entries = _contents(book)
    metadata = book.metadata
    last = max((int(each.folio) for each in pages.targets if each.folio.isdecimal()), default=0)
    return f"""<?xml version="1.0" encoding="utf-8"?>
<ncx xmlns="{_NCX}" version="2005-1" xml:lang={quoteattr(metadata.language)} dir="{metadata.direction}">
<head>
<meta name="dtb:uid" content={quoteattr(metadata.identifier)}/>
<meta name="dtb:depth" content="{_depth(entries)}"/>
<meta name="dtb:totalPageCount" content="{len(pages.targets)}"/>
<meta name="dtb:maxPageNumber" content="{last}"/>
</head>
<docTitle><text>{escape(metadata.title)}</text></docTitle>
<navMap>
{_points(entries, names, count(1))}
</navMap>{_page_targets(book, pages)}
</ncx>
""".encode()


def _page_targets(book: Book, pages: PageList) -> str:
    if not pages.targets:
        return ""
    targets = "\n".join(
        f'<pageTarget id="page-{number}" {_kind(each.folio)}><navLabel><text>{escape(each.folio)}</text></navLabel>'
        f"<content src={quoteattr(each.href)}/></pageTarget>"
        for number, each in enumerate(pages.targets, start=1)
    )
    label = escape(book.terms["page-list"])
    return f"\n<pageList>\n<navLabel><text>{label}</text></navLabel>\n{targets}\n</pageList>"


def _kind(folio: str) -> str:
    return f'type="normal" value="{int(folio)}"' if folio.isdecimal() else 'type="front"'


def _contents(book: Book) -> tuple[Entry, ...]:
    """The book's contents; an empty list is not allowed, so that a book without one is given that of its chapters."""
    chapters = (Entry(chapter.slug, chapter.title, chapter.kind, chapter.number) for chapter in book.chapters)
    return book.contents or tuple(chapters)


def _lines(entries: tuple[Entry, ...], names: Names, depth: int) -> str:
    lines = []
    for entry in entries:
        number = f'<span class="contents-number">{escape(entry.number)}</span> ' if entry.number else ""
        title = f'<span class="contents-title"{_in_language(entry)}>{escape(_title(entry))}</span>'
        below = "\n" + _lines(entry.entries, names, depth + 1) + "\n" if entry.entries else ""
        link = f"<a href={quoteattr(names.href(entry.anchor))}>{number}{title}</a>"
        lines.append(f'<li class="contents-{entry.kind}">{link}{below}</li>')
    return f'<ol class="contents-{depth}">\n' + "\n".join(lines) + "\n</ol>"


def _in_language(entry: Entry) -> str:
    """The attributes that say in which language a title is, where that is not the book's."""
    if not entry.language:
        return ""
    language = quoteattr(entry.language)
    return f' lang={language} xml:lang={language} dir="{direction_of(entry.language)}"'


def _title(entry: Entry) -> str:
    """A link without text is an error: a heading that is only a picture is called by its anchor."""
    return entry.title or (entry.anchor if not entry.number else "")


def _points(entries: tuple[Entry, ...], names: Names, numbers: Iterator[int]) -> str:
    points = []
    for entry in entries:
        label = escape(" ".join(filter(None, (entry.number, _title(entry)))))
        points.append(
            f'<navPoint id="point-{next(numbers)}"><navLabel><text>{label}</text></navLabel>'
            f"<content src={quoteattr(names.href(entry.anchor))}/>{_points(entry.entries, names, numbers)}</navPoint>"
        )
    return "\n".join(points)


def _depth(entries: tuple[Entry, ...]) -> int:
    return 1 + max((_depth(entry.entries) for entry in entries), default=0) if entries else 0


def _landmarks(book: Book, names: Names) -> Iterator[tuple[str, str, str]]:
    """epub:type, link and label of the places that every book has, and of those that readers look for."""
    if book.cover:
        yield "cover", COVER, book.terms["cover"]
    yield "titlepage", TITLE_PAGE, book.terms["title-page"]
    yield "toc", f"{NAV}#toc", book.terms["contents"]
    first = next(iter(book.bodymatter), None)
    if first is not None:
        yield "bodymatter", names.pages[first.slug], book.terms["begin"]
    for chapter in book.chapters:
        if chapter.kind in _MARKING:
            yield chapter.kind, names.pages[chapter.slug], chapter.title or book.terms[chapter.kind]
