"""A finished pair read back: the words on each page of the PDF, and those between the marks of the e-book's pages."""

from __future__ import annotations

import ctypes
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from io import BytesIO

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
from lxml import etree
from test_epub_sample import Opened, found

from pmpress import xhtml
from pmpress.model import Book, Chapter, PageMap, Rendered

UNPRINTED_TITLES = ("dedication", "epigraph")
_CITED = re.compile(r"\(cited:[^)]*\)")
_NUMBERS = re.compile(r"[\d.]")
_ORNAMENT = "⁂"
_NO_TEXT = frozenset({"/Note", "/Figure", "/Lbl"})  # notes at the foot, pictures, the signs before items


@dataclass(frozen=True)
class Stretch:
    """A page of the printed book: its folio, what is printed on it, and what stands between its mark and the next."""

    chapter: str
    folio: str
    printed: str
    marked: str


def letters(text: str) -> str:
    """The letters, digits and signs of a text, as they are whatever line they stand in."""
    plain = unicodedata.normalize("NFKC", text)
    return re.sub(r"[\s\u00ad\u200b\u200e\u200f\u2060\u2010\ufffe\x02\ufeff-]", "", plain)


def pages_of(book: Book, pdf: Rendered, ebook: Opened) -> list[Stretch]:
    """Every page of a chapter or a part, in order."""
    printed, page_map = words_by_page(pdf.data), pdf.page_map
    marked = words_by_mark(book, ebook)
    targets = [link.get("href") for link in found(ebook.tree("nav.xhtml"), "//h:nav[@id='page-list']//h:a")]
    folios = [link.text for link in found(ebook.tree("nav.xhtml"), "//h:nav[@id='page-list']//h:a")]
    assert list(marked) == targets, "the marks stand in the order of the list, each once"
    with_text = [number for number, start in enumerate(page_map.starts) if start]
    of_text = [target for target, folio in zip(targets, folios, strict=True) if _index(page_map, folio) in with_text]
    assert len(with_text) == len(of_text)
    stretches = []
    for page_index, target in zip(with_text, of_text, strict=True):
        start = page_map.starts[page_index]
        assert start
        stretches.append(Stretch(start.chapter, page_map.labels[page_index], printed[page_index], marked[target]))
    return stretches


def _index(page_map: PageMap, folio: str) -> int:
    return page_map.labels.index(folio)


def words_by_page(data: bytes) -> list[str]:
    """What is printed on each page of a tagged PDF, without furniture and notes, as PDFium reads it."""
    with pikepdf.open(BytesIO(data)) as tagged:
        kinds = list(_kinds(tagged))
    with pypdfium2.PdfDocument(data) as document:
        return ["".join(_pieces(page, kind)) for page, kind in zip(document, kinds, strict=True)]


def _kinds(pdf: pikepdf.Pdf) -> Iterator[Mapping[int, frozenset[str]]]:
    """For each page, what each piece of marked content stands in."""
    numbers = pdf.Root.StructTreeRoot.ParentTree.Nums
    parents = dict(zip([int(number) for number in numbers[::2]], numbers[1::2], strict=True))
    for page in pdf.pages:
        elements = parents[int(page.obj.StructParents)] if "/StructParents" in page.obj else ()
        yield {number: frozenset(_around(element)) for number, element in enumerate(elements) if element is not None}


def _around(element: pikepdf.Object) -> Iterator[str]:
    while "/S" in element:
        yield str(element.S)
        element = element.P


def _pieces(page: pypdfium2.PdfPage, kinds: Mapping[int, frozenset[str]]) -> Iterator[str]:
    text_page = page.get_textpage()
    for item in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT], max_depth=1):
        number = pdfium.FPDFPageObj_GetMarkedContentID(item.raw)
        if number not in kinds or kinds[number] & _NO_TEXT:
            continue
        length = pdfium.FPDFTextObj_GetText(item.raw, text_page.raw, None, 0)
        buffer = (ctypes.c_ushort * length)()
        pdfium.FPDFTextObj_GetText(item.raw, text_page.raw, buffer, length)
        yield bytes(buffer).decode("utf-16-le").rstrip("\0")


def words_by_mark(book: Book, ebook: Opened) -> dict[str, str]:
    """The text between each mark and the next, without what is the e-book's alone, and without notes."""
    untitled = {f"{chapter.slug}.xhtml" for chapter in book.chapters if chapter.kind in UNPRINTED_TITLES}
    hrefs = {item.get("id"): item.get("href") for item in found(ebook.package, "o:manifest/o:item")}
    words: dict[str, str] = {}
    mark = ""
    for item in found(ebook.package, "o:spine/o:itemref"):
        file = hrefs[item.get("idref")]
        body = ebook.tree(file).find(xhtml.tag("body"))
        _take_out(body, file in untitled)
        for piece in _walk(body):
            if isinstance(piece, str):
                words[mark] = words.get(mark, "") + piece
            else:
                mark = f"{file}#{piece.get('id')}"
                words.setdefault(mark, "")
    words.pop("", None)
    return words


def _take_out(body: etree._Element, is_untitled: bool) -> None:
    for element in list(body.iter(etree.Element)):
        kinds = (element.get(xhtml.EPUB_TYPE) or "").split()
        classes = xhtml.classes_of(element)
        is_gone = (
            element.get("class") == "footnotes" or "backlink" in kinds or "cited" in classes
            or (is_untitled and element.tag == xhtml.tag("h1")) or element.tag.endswith("}math")
            or xhtml.local(element) in ("rp", "svg")
        )  # fmt: skip
        if is_gone and element.getparent() is not None:
            assert not any("pagebreak" in (each.get(xhtml.EPUB_TYPE) or "") for each in element.iter(etree.Element))
            xhtml.remove(element)


def _walk(element: etree._Element) -> Iterator[str | etree._Element]:
    if element.get(xhtml.EPUB_TYPE) == "pagebreak":
        yield element
    is_block = xhtml.local(element) in ("p", "li", "td", "th", "h1", "h2", "h3", "div", "pre", "br", "dt", "dd")
    yield ("\n" if is_block else "") + (element.text or "")
    for child in element:
        yield from _walk(child)
        yield child.tail or ""


@dataclass(frozen=True)
class Known:
    """What of a chapter is not the same in both outputs, by the model: the heads of tables, which are printed again on
    every page, the numbers of equations, which the tags have elsewhere, and whether page numbers stand behind its lines
    in print. `is_alike`: no other text is in one output only."""

    heads: tuple[str, ...]
    equations: tuple[str, ...]
    says_pages: bool
    is_alike: bool

    def bare(self, stretch: Stretch) -> tuple[str, str]:
        """The letters of a page in print, and between the marks, that both have."""
        printed, marked = letters(stretch.printed), letters(stretch.marked)
        for head in self.heads:
            if printed.startswith(head) and not marked.startswith(head):
                printed = printed.removeprefix(head)
        for number in self.equations:
            printed, marked = (text.replace(number, "", 1) for text in (printed, marked))
        printed = _CITED.sub("", printed).replace(_ORNAMENT, "")
        return (_NUMBERS.sub("", printed), _NUMBERS.sub("", marked)) if self.says_pages else (printed, marked)


@cache
def known_of(chapter: Chapter | None) -> Known:
    """What is to be known of a chapter; None is a part."""
    body = xhtml.parse(chapter.xhtml if chapter else "")
    heads = tuple(_letters_of(head) for head in xhtml.elements(body, "thead"))
    numbers = tuple(_letters_of(each) for each in body.iter() if "equation-number" in xhtml.classes_of(each))
    is_alike = not any(_is_of_one_output(each) for each in body.iter(etree.Element))
    return Known(heads, numbers, chapter is not None and chapter.kind in ("loi", "lot"), is_alike)


def _is_of_one_output(element: etree._Element) -> bool:
    after = element.getnext()
    return (
        element.get("data-for") is not None
        and not element.tag.endswith("}math")
        and not any(each.get("data-page-of") for each in element.iter(etree.Element))
        and (after is None or after.get("data-paged") is None)
        and "cited" not in xhtml.classes_of(element)
    )


def _letters_of(element: etree._Element) -> str:
    return letters("".join(element.itertext()))


def assert_exact(book: Book, stretches: list[Stretch], like: Callable[[str], str] = str) -> None:
    """Every page prints what stands between its mark and the next, but that a word which the print divides is left
    whole on the page on which it begins. `like` says how the letters of a page are held against one another."""
    chapters = {chapter.slug: chapter for chapter in book.chapters}
    ahead = ""
    for each in stretches:
        known = known_of(chapters.get(each.chapter))
        if not known.is_alike:
            continue
        printed, marked = known.bare(each)
        assert printed.startswith(ahead) or like is not str, (each.chapter, each.folio, ahead)
        printed = printed.removeprefix(ahead)
        where = (each.chapter, each.folio, _first_difference(printed, marked))
        ahead = marked[len(printed) :] if like is str else ""
        assert like(marked.removesuffix(ahead)) == like(printed), where
        assert not ahead or len(ahead) < len(each.marked.split()[-1]), where
    assert not ahead


def _first_difference(one: str, other: str) -> str:
    at = next((place for place, (a, b) in enumerate(zip(one, other)) if a != b), min(len(one), len(other)))  # noqa: B905
    return f"printed {one[max(0, at - 30) : at + 30]!r}, marked {other[max(0, at - 30) : at + 30]!r}"
