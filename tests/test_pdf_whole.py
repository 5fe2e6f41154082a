"""The joined PDF beside one document, rendered whole by the engine as it comes: a reader and a validator see the same.

The whole document holds what the sheets give to the engine, each in a `body` of its own, with ordinary ids and links.
A little CSS says what the press does when it joins sheets (`JOINED`). It is rendered in another process, where the
engine sets lines as the press wants them (`put_right`), but with none of the functions that promise to change nothing
(`pmpress.pdf.typesetter.tuning`).

What the press does otherwise on purpose is allowed for where it is compared, with a word on why.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from ctypes import c_int
from dataclasses import asdict, dataclass
from io import BytesIO
from itertools import zip_longest
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pikepdf
import pypdfium2
import pytest
import verapdf
from lxml import etree
from PIL import Image, ImageChops, ImageStat
from pypdfium2 import raw

from pmpress import xhtml
from pmpress.inks import without_inks
from pmpress.layout import FontFamily, Layout
from pmpress.model import Asset, Book, Chapter, PageMap, Part
from pmpress.pdf.addresses import BASE, anchor_in
from pmpress.pdf.laying_out.tags import DECORATION
from pmpress.pdf.page_references import says_pages, with_pages
from pmpress.pdf.preparing.for_print import Printable
from pmpress.pdf.preparing.formulas import SIGN
from pmpress.pdf.preparing.glyphs import coverage_of
from pmpress.pdf.sheets import Binder, Sheet, body_of
from pmpress.pdf.typesetter import fonts
from pmpress.pdf.work import put_right
from pmpress.press import Order, load, render

BOOKS = Path(__file__).parent / "books"
MANUSCRIPT = BOOKS.parent.parent / "manuscript"
# What the press does when it joins sheets. Each begins on its side, and sets the strings of the running heads; pages
# left out to get to that side stay empty; a folio is the page's label, which no page counter of the engine's can be.
# The furniture of a page on its side stands where all pages have it: the engine cannot draw it there.
JOINED = """
body { break-before: recto }
body[data-starts="verso"] { break-before: verso }
body { string-set: book-title attr(data-book_title), part-title attr(data-part_title),
  chapter-title attr(data-chapter_title) }
@page :blank { @top-left { content: none } @top-center { content: none } @top-right { content: none } }
@page landscape { @top-left { content: none } @top-center { content: none } @top-right { content: none } }
.index-letter { bookmark-level: none }
@counter-style folio { system: fixed; symbols: %s }
"""
UNLISTED = ("dedication", "epigraph")
SLACK = 2.0  # pt that two places may be apart and still be the same to a reader
HEADROOM, LEAST_HEIGHT = 12.0, 10.0  # pt: how far above its target a link of the press leads, and how high it is
UNSEEN = 0.005  # how much of 255 greys a page's pictures may differ by: a letter that is missing is more


# --- One document of all sheets --------------------------------------------------------------------------------------


def whole_html(book: Book, layout: Layout, page_map: PageMap) -> str:
    """The document, the contents as they were settled."""
    about = book.metadata
    root = etree.Element(xhtml.tag("html"), {"lang": about.language, "dir": about.direction})
    etree.SubElement(etree.SubElement(root, xhtml.tag("head")), xhtml.tag("title")).text = about.title
    coverage = coverage_of(layout.fonts)
    binder = Binder(book, layout)
    for made in binder.sheets():
        sheet = with_pages(made, page_map, layout.name) if says_pages(made) else made
        body = body_of(sheet.html, layout.name, sheet.template)
        Printable(coverage, about.direction).change(body, sheet.anchor, sheet.span)
        make_ordinary(body, sheet)
        part = etree.SubElement(root, xhtml.tag("body"), {"data-starts": sheet.starts})
        part.attrib.update({f"data-{name}": coverage.printable(text) for name, text in asdict(sheet.strings).items()})
        part.text = body.text
        part.extend(list(body))
    return etree.tostring(root, encoding="unicode")


def make_ordinary(body: etree._Element, sheet: Sheet) -> None:
    """Make ids the only ones in the book, and links in the book those that HTML has."""
    for element in body.iter(etree.Element):
        identifier, anchor = element.get("id"), anchor_in(element.get("href", ""))
        if identifier is not None:
            element.set("id", sheet.anchor_of(identifier) if sheet.anchor else f"{sheet.name}--{identifier}")
        if anchor is not None:
            element.set("href", f"#{anchor}")


def whole_css(book: Book, layout: Layout, page_map: PageMap, labels: list[str]) -> list[str]:
    """The layout's CSS, folios printed as labels. The first page of a sheet is the document's n-th."""
    anchors = (page_map.anchors[item.slug] for item in (*book.bodymatter, *book.chapters))
    firsts = sorted({*leaves(book, page_map).values(), *anchors})
    css = layout.print_css.replace("@page :first", "@page " + ", ".join(f":nth({page + 1})" for page in firsts))
    assert ":first {" not in css
    css = re.sub(r"counter\(\s*page\s*\)", "counter(page, folio)", css)
    return [css, JOINED % " ".join(f'"{label}"' for label in labels)]


def leaves(book: Book, page_map: PageMap) -> dict[str, int]:
    """The page_index of each page that the layout makes by itself."""
    found, end = {}, 0
    for item in book.frontmatter:
        if isinstance(item, Chapter):
            end = page_map.anchors[item.slug] + 1
        else:
            found[item.name] = end + end % 2 if item.name != "copyright-page" else end
            end = found[item.name] + 1
    return found


def print_whole(html: str, css: list[str], assets: tuple[Asset, ...], families: tuple[FontFamily, ...]) -> bytes:
    """Plain WeasyPrint, in a process that has not touched it yet. What the press mends at a second look is mended."""
    fonts.use_only(families)
    import cssselect2
    import weasyprint
    from weasyprint.css.counters import CounterStyle
    from weasyprint.text.fonts import FontConfiguration

    from pmpress.pdf.laying_out import pictures, second_look, turnovers
    from pmpress.pdf.typesetter.fetch import SealedFetcher

    put_right()
    shared: dict[str, Any] = {"font_config": FontConfiguration(), "counter_style": CounterStyle()}
    served: dict[str, Any] = {"base_url": BASE, "url_fetcher": SealedFetcher(assets)}
    looks = [weasyprint.CSS(string=text, **served, **shared) for text in (*css, second_look.WIDE)]
    # Read as HTML, a paragraph would end where the blocks of a note begin.
    root = ElementTree.fromstring(html)
    for element in root.iter():
        element.tag = element.tag.removeprefix(xhtml.tag(""))
    whole = weasyprint.HTML(string="<p>", **served)
    while True:
        whole.wrapper_element = cssselect2.ElementWrapper.from_html_root(root, content_language=None)
        whole.etree_element = root
        document = whole.render(stylesheets=looks, pdf_variant="pdf/ua-1", **shared)
        if second_look.mend(root, document, None) is None:
            list(pictures.fit(document, None))
            return document.write_pdf(pdf_variant="pdf/ua-1", finisher=turnovers.mark)


def bound(data: bytes, direction: str) -> tuple[bytes, frozenset[int]]:
    """The document with the pages that are on their side turned as the press turns them, and which those are. It says
    which way it is read, as the joined one does: PDFium turns the words of a line round by that."""
    found = set()
    with pikepdf.open(BytesIO(data)) as pdf:
        if direction == "rtl":
            pdf.Root.ViewerPreferences.Direction = pikepdf.Name.R2L
        trim = [float(side) for side in pdf.pages[0].mediabox]
        for number, page in enumerate(pdf.pages):
            _, _, width, height = (float(side) for side in page.mediabox)
            if [0, 0, height, width] == trim and width != height:
                found.add(number)
                page.mediabox = page.trimbox = page.bleedbox = trim  # type: ignore[assignment]
                page.contents_add(f"q 0 1 -1 0 {height} 0 cm".encode(), prepend=True)
                page.contents_add(b"Q")
                for annotation in page.obj.get("/Annots", ()):
                    left, bottom, right, top = (float(side) for side in annotation.Rect)
                    annotation.Rect = pikepdf.Array([height - top, left, height - bottom, right])
        out = BytesIO()
        pdf.save(out)
    return out.getvalue(), frozenset(found)


# --- What a reader sees of a PDF -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Link:
    """A link: the address it leads to, or the page and the height on it, and the rectangle to click."""

    target: str | tuple[int, float]
    box: tuple[float, ...] = (0, 0, 0, 0)

    def leads_where(self, other: Link) -> bool:
        if isinstance(self.target, str) or isinstance(other.target, str):
            return self.target == other.target
        return self.target[0] == other.target[0] and abs(self.target[1] - other.target[1]) <= SLACK

    def is_in(self, other: Link) -> bool:
        sides = zip(outwards(other.box), outwards(self.box), strict=True)
        return self.leads_where(other) and all(outer <= inner + SLACK for outer, inner in sides)


def outwards(box: tuple[float, ...]) -> tuple[float, ...]:
    """Left, bottom, and right and top negated: of two boxes the outer has the smaller numbers."""
    return (box[0], box[1], -box[2], -box[3])


class Read:
    """A PDF read back."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.pdf = pikepdf.open(BytesIO(data))
        self.paper = pypdfium2.PdfDocument(data)
        self.numbers = {page.obj.objgen: number for number, page in enumerate(self.pdf.pages)}
        self.pages = range(len(self.pdf.pages))
        self.sizes = [self.paper.get_page_size(number) for number in self.pages]
        self.labels = [self.paper.get_page_label(number) for number in self.pages]
        self.marked = [marked_text(page) for page in self.pdf.pages]
        names = list(self.pdf.Root.Names.Dests.Names)
        self.places = dict(zip(map(bytes, names[::2]), names[1::2], strict=True))

    def words(self, number: int) -> list[str]:
        said = self.paper[number].get_textpage().get_text_range()  # U+FFFE is its hyphen at a line's end
        return without_strokes(said.replace("\ufffe\r\n", "").replace("\ufffe", "")).split()

    def picture(self, number: int) -> Image.Image:
        return self.paper[number].render(scale=0.5, grayscale=True).to_pil()  # at 36 dpi

    def links(self, number: int) -> list[Link]:
        annotations = self.pdf.pages[number].obj.get("/Annots", ())
        return [Link(self._target(each), tuple(map(float, each.Rect))) for each in annotations]

    def _target(self, annotation: pikepdf.Object) -> str | tuple[int, float]:
        action = annotation.get("/A", pikepdf.Dictionary())
        return str(action.URI) if "/URI" in action else self._place(action.D if "/D" in action else annotation.Dest)

    def _place(self, written: pikepdf.Object) -> tuple[int, float]:
        page, _, _, top, *_ = written if isinstance(written, pikepdf.Array) else self.places[bytes(written)]
        return self.numbers[page.objgen], float(top)

    def outline(self, line: pikepdf.Object | None = None, level: int = 0) -> Iterator[tuple[str, int, Link]]:
        """Each line: its title, its level, and where it leads."""
        line = line or self.pdf.Root.Outlines.First
        while line is not None:
            yield " ".join(str(line.Title).split()), level, Link(self._place(line.Dest))
            if "/First" in line:
                yield from self.outline(line.First, level + 1)
            line = line.get("/Next")

    def followed(self, number: int) -> int:
        """How many of a page's links to other pages PDFium can follow."""
        link, count, place = raw.FPDF_LINK(), 0, c_int(0)
        while raw.FPDFLink_Enumerate(self.paper[number], place, link):
            count += bool(raw.FPDFLink_GetDest(self.paper, link))
        return count

    def elements(self, element: pikepdf.Object | None = None) -> Iterator[tuple[int, str, str]]:
        """Every structure element in reading order: its page, its type, and its own text or what stands for it."""
        element = element or self.pdf.Root.StructTreeRoot.K[0]
        said: list[str] = []
        below: list[pikepdf.Object] = []
        self._gather(element, said, below, in_link=False)
        inside = [found for each in below for found in self.elements(each)]
        # An element with nothing in it is left out by the press, unless a table would lack a cell.
        if said or inside or element.S in ("/TD", "/TH"):
            # The engine calls a note a Part: the press asks for that, to know it (see `pdf.preparing.notes.NOTE`).
            kind, words = str(element.S).replace("/Part", "/Note"), str(element.get("/Alt", ""))
            if words.startswith(SIGN):  # and a formula a figure
                kind, words = "/Formula", words.removeprefix(SIGN)
            page = self.numbers[element.Pg.objgen] if "/Pg" in element else 0
            yield page, kind, "".join(said) + words
            yield from inside

    def _gather(self, element: pikepdf.Object, said: list[str], below: list[pikepdf.Object], *, in_link: bool) -> None:
        """What is said in an element, and the elements below it. Those that say nothing of their text, which the press
        dissolves, count as part of it, and so do bodies of list items, which it adds where the engine has none. A link
        is put in brackets, and one in a link is none."""
        inside = element.get("/K", pikepdf.Array())
        for kid in inside if isinstance(inside, pikepdf.Array) else [inside]:
            if isinstance(kid, int):
                said.append(self.marked[self.numbers[element.Pg.objgen]].get(kid, ""))
            elif kid.get("/S") == "/Link" and not in_link:
                said.append("[")
                self._gather(kid, said, below, in_link=True)
                said.append("]")
            elif kid.get("/S") in ("/Span", "/NonStruct", "/Link", "/LBody"):
                self._gather(kid, said, below, in_link=in_link)
            elif "/S" in kid:
                below.append(kid)


def marked_text(page: pikepdf.Page) -> dict[int, str]:
    """The text of a page's marked content by number, as the fonts say what their glyphs mean."""
    said: defaultdict[int, str] = defaultdict(str)
    meanings = {name: meanings_in(font) for name, font in page.obj.Resources.get("/Font", {}).items()}
    marks: list[int | None] = []
    font = ""
    for operands, operator in pikepdf.parse_content_stream(page):
        match str(operator):
            case "BMC" | "BDC":
                marks.append(int(operands[1].MCID) if len(operands) == 2 and "/MCID" in operands[1] else None)
            case "EMC":
                marks.pop()
            case "Tf":
                font = str(operands[0])
            case "TJ" if marks and marks[-1] is not None:
                codes = b"".join(bytes(piece) for piece in operands[0] if isinstance(piece, pikepdf.String)).hex()
                said[marks[-1]] += "".join(meanings[font][code] for code in re.findall("....", codes))
    return said


def without_strokes(text: str) -> str:
    """The text without strokes between Arabic letters, which the engine takes for the letter before, a lam; the press
    says what they are (`pmpress.pdf.typesetter.typefaces`)."""
    return re.sub("ل+", "ل", text.replace("\u0640", "").replace("\u2060", ""))


def meanings_in(font: pikepdf.Object) -> dict[str, str]:
    lines = re.findall(r"^<([0-9a-f]{4})> <([0-9a-f]*)>$", font.ToUnicode.read_bytes().decode(), re.MULTILINE)
    return {code: bytes.fromhex(text).decode("utf-16-be") for code, text in lines}


# --- Both, side by side ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Pair:
    """A book, joined and whole; `turned` are its pages on their side."""

    book: Book
    page_map: PageMap
    joined: Read
    whole: Read
    turned: frozenset[int]

    def as_ours(self, link: Link) -> Link:
        """A link of the whole document with the headroom and the height that one of the press has."""
        target = link.target
        if not isinstance(target, str):
            height = self.whole.sizes[target[0]][1]
            target = target[0], height if target[0] in self.turned else min(target[1] + HEADROOM, height)
        left, right = sorted(link.box[::2])
        bottom, top = sorted(link.box[1::2])
        lacking = max(0.0, LEAST_HEIGHT - (top - bottom)) / 2
        return Link(target, (left, bottom - lacking, right, top + lacking))


@pytest.fixture(scope="module")
def other() -> Iterator[Executor]:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        yield process


@pytest.fixture(
    scope="module",
    params=[
        *(BOOKS / name for name in ("prose", "matters", "arabic", "figures", "code")),
        pytest.param(MANUSCRIPT, marks=pytest.mark.slow),
    ],
    ids=lambda folder: folder.name,
)
def pair(request: pytest.FixtureRequest, other: Executor) -> Pair:
    loaded = load(Order(request.param))
    book, layout = loaded.book, loaded.layout
    rendered = render(loaded, "pdf")
    joined = Read(rendered.data)
    html = whole_html(book, layout, rendered.page_map)
    css = whole_css(book, layout, rendered.page_map, joined.labels)
    assets = tuple(map(without_inks, (*book.assets, *layout.assets)))
    whole = other.submit(print_whole, html, css, assets, layout.fonts).result()
    upright, on_side = bound(whole, book.metadata.direction)
    return Pair(book, rendered.page_map, joined, Read(upright), on_side)


def test_there_is_something_to_compare(pair: Pair) -> None:
    assert {"/H1", "/H2", "/P", "/LI", "/Note", "/BlockQuote"} <= {kind for _, kind, _ in pair.joined.elements()}
    assert sum(len(pair.joined.links(number)) for number in pair.whole.pages) > 10
    assert [] in [pair.joined.words(number) for number in pair.whole.pages]


def test_the_pages_are_as_many_and_as_large(pair: Pair) -> None:
    assert pair.joined.sizes == pair.whole.sizes


def test_every_page_says_the_same(pair: Pair) -> None:
    """Running heads and folios too; pages that are left out are blank in both."""
    for number in pair.whole.pages:
        joined, whole = pair.joined.words(number), pair.whole.words(number)
        if pair.book.metadata.direction == "rtl":
            # In which order PDFium says the lines of a table is its guess. The tags say in which order they stand.
            joined, whole = sorted(joined), sorted(whole)
        if number in pair.turned:
            assert not Counter(whole) - Counter(joined), f"page {number}"
            assert Counter(joined)[pair.joined.labels[number]] > Counter(whole)[pair.joined.labels[number]]
        else:
            assert joined == whole, f"page {number}"


def test_every_page_looks_the_same(pair: Pair) -> None:
    """Every glyph at its place, and all other ink."""
    for number in pair.whole.pages:
        difference = ImageChops.difference(pair.joined.picture(number), pair.whole.picture(number))
        if number in pair.turned:  # without its furniture
            difference.paste(0, (0, 0, difference.width, 31))
        assert ImageStat.Stat(difference).mean[0] <= UNSEEN, f"page {number}, at {difference.getbbox()}"


def test_every_link_is_there_and_leads_to_the_same_place(pair: Pair) -> None:
    """A link of the press is one annotation a line, wide enough for all that the engine makes for what stands in the
    link, and high enough to be clicked (see `_widen` and `_stretch` in `pmpress.pdf.laying_out.tags`)."""
    for number in pair.whole.pages:
        joined = pair.joined.links(number)
        whole = [pair.as_ours(each) for each in pair.whole.links(number)]
        for link in whole:
            assert any(link.is_in(each) for each in joined), f"page {number}: no {link} among {joined}"
        for link in joined:
            inside = [each for each in whole if each.is_in(link)]
            assert inside, f"page {number}: {link} is nowhere else"
            sides = zip(*(outwards(each.box) for each in inside), strict=True)
            together = Link(link.target, outwards(tuple(map(min, sides))))
            assert link.is_in(together), f"page {number}: {link} is larger than {together}"


def test_pdfium_follows_every_link(pair: Pair) -> None:
    """So that Chrome and Edge do."""
    lost = [line.get_title() for line in pair.joined.paper.get_toc() if line.get_dest() is None]
    for number in pair.whole.pages:
        inside = [link for link in pair.joined.links(number) if not isinstance(link.target, str)]
        lost += [f"page {number}"] * (len(inside) - pair.joined.followed(number))
    assert lost == []


def test_the_outlines_say_the_same(pair: Pair) -> None:
    """The same titles, in order, lead to the same places. The press leaves out what the book's contents leave out, the
    title page and the contents; does not say "part" before a part's number; and sets chapters a level below their
    parts, where the engine, which knows only the levels of headings, sets them beside."""
    book = pair.book
    parts = {f"{part.number} {part.title}" for part in book.bodymatter if isinstance(part, Part)}
    unlisted = {pair.page_map.anchors[chapter.slug] for chapter in book.chapters if chapter.kind in UNLISTED}
    own = {*leaves(book, pair.page_map).values(), *unlisted}
    whole = (line for line in pair.whole.outline() if line[2].target[0] not in own)
    below = 0
    for ours, theirs in zip_longest(pair.joined.outline(), whole):
        assert None not in (ours, theirs), f"only one of both has {ours or theirs}"
        is_part = ours[0] in parts
        called = ("part", "appendix")
        assert ours[0] in {
            theirs[0],
            *(theirs[0].removeprefix(f"{book.terms[f'label-{kind}']} ".replace("{} ", "")) for kind in called),
        }
        below = int(is_part) if ours[1] == 0 else below
        assert ours[1] == theirs[1] + (0 if is_part else below), f"{ours}, {theirs}"
        assert ours[2].leads_where(pair.as_ours(theirs[2])), f"{ours}, {theirs}"


def test_the_tags_say_the_same(pair: Pair) -> None:
    """The same elements with the same text, figures with what stands for them, in the same order and language."""
    assert pair.joined.pdf.Root.Lang == pair.whole.pdf.Root.Lang
    # What shows nothing is an artifact in the joined file, which the engine by itself has no way to say.
    whole = (each for each in pair.whole.elements() if each[2] != DECORATION)
    for ours, theirs in zip_longest(pair.joined.elements(), whole):
        assert ours is not None
        assert theirs is not None
        assert (*ours[:2], without_strokes(ours[2])) == (*theirs[:2], without_strokes(theirs[2]))


def test_the_joined_file_is_hardly_larger(pair: Pair) -> None:
    assert len(pair.joined.data) <= 1.1 * len(pair.whole.data)


@pytest.mark.slow
@pytest.mark.skipif(bool(verapdf.missing()), reason=f"not installed: {', '.join(verapdf.missing())}")
def test_the_joined_file_conforms_to_pdf_ua_1(pair: Pair, tmp_path: Path) -> None:
    file = tmp_path / "joined.pdf"
    file.write_bytes(pair.joined.data)
    command = [sys.executable, str(Path(verapdf.__file__)), str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == {str(file): []}
