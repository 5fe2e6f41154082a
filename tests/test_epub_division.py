"""A chapter too long for one file of the e-book is in several: divided where it is best, and nothing lost by that."""

from __future__ import annotations

import posixpath
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from io import BytesIO
from pathlib import Path
from urllib.parse import urldefrag, urlsplit

import pytest
from lxml import etree
from paged import assert_exact, pages_of
from test_epub_check import needs_epubcheck
from test_epub_sample import Opened, found, of_text, plain, sample
from tiny import tiny

from pmpress import press, xhtml
from pmpress.checks.epubcheck import check_epub
from pmpress.checks.parity import check_parity
from pmpress.epub.pages.division import divide, split
from pmpress.model import Book, Chapter, EbookRules, Edition, PageMap, Target
from pmpress.press import Loaded, Order, load, render

Write = Callable[..., Path]
LONG = "The river is forty yards wide in summer, and nobody has ever measured the breadth of it in wintertime. "
TOML = '[book]\ntitle = "T"\nlanguage = "en"\ndate = 2026\n[layout]\ntrim = "4x6in"\n'
HOUSE = 'title = "House"\n[ebook]\ndocument_kilobytes = 12\n'


def long_text(sections: int, paragraphs: int) -> str:
    """A chapter with sections, notes, links between them and terms for the index."""
    lines = ["# The river", "", f"{LONG}It ends [far below](#section-{sections}).[^all]", ""]
    for section in range(1, sections + 1):
        lines += [f"## Section {section}", "", f"See [the one before](#section-{max(1, section - 1)}).", ""]
        for number in range(paragraphs):
            term = f"[word {section * number % 50}]{{.index}}"
            note = f"[^n{section}]" if number == 1 else "[^all]" if number == 2 and section % 3 == 0 else ""
            lines += [f"{term} {LONG * 4}{note}", ""]
        lines += [f"[^n{section}]: Of section {section}.", ""]
    return "\n".join([*lines, "[^all]: *Of all*, and more.[^more]", "", "[^more]: In a note of a note.", ""])


OTHER = "# The sea\n\nIt comes [from there](river.md#section-9), and [first](river.md) [here](river.md#section-1).\n"


@dataclass(frozen=True)
class Pair:
    """A book in files as short as its target wants them, and in one file a chapter."""

    loaded: Loaded
    divided: Opened
    whole: Opened

    @property
    def book(self) -> Book:
        return self.loaded.book

    def pieces(self, slug: str) -> list[etree._Element]:
        """The bodies of a chapter's files, in the order of the spine."""
        files = [file for file in spine(self.divided) if file == f"{slug}.xhtml" or file.startswith(f"{slug}-")]
        return [body(self.divided, file) for file in files]


def pair(loaded: Loaded, page_map: PageMap | None = None, most: int = 0) -> Pair:
    loaded = replace(loaded, book=replace(loaded.book, cover=None))
    edition = loaded.edition
    if most:
        edition = replace(edition, target=Target(ebook=EbookRules(document_bytes=most)))
    whole = replace(edition, target=Target(ebook=EbookRules(document_bytes=0)))
    made = (press.epub.render(loaded.book, plain(), each, page_map=page_map) for each in (edition, whole))
    return Pair(loaded, *(Opened(each.data, each.diagnostics) for each in made))


@pytest.fixture(scope="module")
def river(tmp_path_factory: pytest.TempPathFactory) -> Pair:
    """A chapter of twelve sections, and a target of its author's that takes 12 KB."""
    folder = tmp_path_factory.mktemp("river")
    for name, text in {"book.toml": TOML, "river.md": long_text(12, 8), "sea.md": OTHER, "house.toml": HOUSE}.items():
        (folder / name).write_text(text)
    return pair(load(Order(folder, target="house")))


@cache
def short(name: str) -> Pair:
    """A tiny book in files of 2 KB, with the pages of its print."""
    return pair(load(Order(Path(__file__).parent / "books" / name)), tiny(name).printed.page_map, 2000)


def spine(ebook: Opened) -> list[str]:
    hrefs = {item.get("id"): item.get("href") for item in found(ebook.package, "o:manifest/o:item")}
    return [hrefs[item.get("idref")] for item in found(ebook.package, "o:spine/o:itemref")]


def body(ebook: Opened, file: str) -> etree._Element:
    tree = ebook.tree(file).find(xhtml.tag("body"))
    assert tree is not None
    return tree


def words(pieces: list[etree._Element]) -> tuple[str, Counter[str]]:
    """The text of some files without their notes and without white space, and the notes without their ways back."""
    notes: Counter[str] = Counter()
    for piece in pieces:
        for link in found(piece, ".//h:a[@role='doc-backlink']"):
            xhtml.remove(link)
        for note in found(piece, ".//h:aside[@role='doc-footnote']"):
            notes[xhtml.text_of(note)] += 1
            xhtml.remove(note)
    return "".join("".join(map(xhtml.text_of, pieces)).split()), notes


def dead(ebook: Opened) -> Iterator[str]:
    """The links of an e-book that lead nowhere, those of the NCX too."""
    ids = {name: set(found(page, "//@id")) for name, page in ebook.pages.items()}
    every = [(name, href) for name, page in ebook.pages.items() for href in found(page, "//h:a/@href")]
    for name, href in (*every, *(("toc.ncx", source) for source in found(ebook.tree("toc.ncx"), "//n:content/@src"))):
        file, fragment = urldefrag(href)
        file = posixpath.normpath(file) if file else name
        if not urlsplit(href).scheme and (file not in ids or (fragment and fragment not in ids[file])):
            yield f"{name}: {href}"


# --- nothing is lost -------------------------------------------------------------------------------------------------


def test_no_file_is_longer_than_the_target_takes(river: Pair) -> None:
    pieces = [name for name in spine(river.divided) if name.startswith("river")]
    assert len(pieces) > 3
    assert pieces[0] == "river.xhtml"
    assert all(len(river.divided.files[f"EPUB/{name}"]) <= 12_000 for name in spine(river.divided))
    assert river.divided.diagnostics == ()


def test_the_text_is_the_same_in_the_same_order(river: Pair) -> None:
    for slug in ("river", "sea", "index"):
        assert words(river.pieces(slug)) == words([body(river.whole, f"{slug}.xhtml")])
    assert len(river.pieces("index")) > 1


def test_every_link_leads_somewhere(river: Pair) -> None:
    assert not list(dead(river.divided))
    hrefs = found(river.divided.tree("sea.xhtml"), "//h:a/@href")
    assert [urldefrag(href)[0] == "river.xhtml" for href in hrefs] == [False, True, True]
    assert Counter(map(str, found(river.whole.tree("nav.xhtml"), "//h:nav[@id='toc']//h:a/text()"))) == Counter(
        map(str, found(river.divided.tree("nav.xhtml"), "//h:nav[@id='toc']//h:a/text()"))
    )


def test_locators_lead_to_the_file_their_place_is_in(river: Pair) -> None:
    files = {urldefrag(href)[0] for piece in river.pieces("index") for href in found(piece, ".//h:a/@href")}
    assert len(files & set(spine(river.divided))) == len(river.pieces("river"))


def test_a_note_is_where_the_first_reference_to_it_is(river: Pair) -> None:
    seen: set[str] = set()
    across = 0
    for piece in river.pieces("river"):
        own = set(found(piece, ".//h:aside[@role='doc-footnote']/@id"))
        first = [href for href in found(piece, ".//h:a[@role='doc-noteref']/@href") if urldefrag(href)[1] not in seen]
        assert {urldefrag(href)[1] for href in first} == own
        assert all(href.startswith("#") for href in first)
        across += sum(not href.startswith("#") for href in found(piece, ".//h:a[@role='doc-backlink']/@href"))
        seen |= own
    assert len(seen) == 14
    assert across == 4  # the note to many sections has a way back to each
    numbers = [found(piece, ".//h:span[@class='footnote-number']/text()") for piece in river.pieces("river")]
    assert numbers[0][:2] == ["1", "2"]
    assert sorted(int(number) for each in numbers for number in each) == list(range(1, 15))


def test_what_goes_on_is_no_chapter_of_its_own(river: Pair) -> None:
    roles = [found(piece, ".//@role[.='doc-chapter']") for piece in river.pieces("river")]
    assert [len(each) for each in roles] == [1] + [0] * (len(roles) - 1)
    page = river.divided.tree("river-2.xhtml")
    assert found(page, "//h:title/text()") == ["The river (2)"]
    assert (page.get("lang"), page.get("dir")) == ("en", "ltr")
    assert found(page, "/h:html/h:body/@class") == ["continued"]
    assert found(page, "//h:section/@class")[0] == "chapter chapter in-register"
    assert found(page, "//*[@id='river']") == []


def test_files_begin_with_sections(river: Pair) -> None:
    for piece in river.pieces("river")[1:]:
        (first,) = found(piece, "(.//h:*[not(self::h:section)])[1]")
        assert xhtml.local(first) == "h2"


def test_what_is_short_enough_is_the_same_to_the_byte(river: Pair) -> None:
    same = {
        name for name in spine(river.whole) if river.whole.files[f"EPUB/{name}"] == river.divided.files[f"EPUB/{name}"]
    }
    assert same == {"titlepage.xhtml", "copyright-page.xhtml"}  # the others are divided, or have links into what is
    assert len(river.whole.files["EPUB/river.xhtml"]) < 300_000
    edition = replace(river.loaded.edition, target=Target())
    assert press.epub.render(river.book, plain(), edition).data == river.whole.data


def test_a_long_chapter_is_divided_unasked(book_of: Write) -> None:
    made = pair(load(Order(book_of({"book.toml": TOML, "river.md": long_text(40, 38)}))))
    sizes = [len(content) for name, content in made.divided.files.items() if "/river" in name]
    assert sum(sizes) > 700_000
    assert len(sizes) == 3
    assert max(sizes) <= 300_000
    assert words(made.pieces("river")) == words([body(made.whole, "river.xhtml")])
    assert not list(dead(made.divided))


@pytest.mark.parametrize("name", ["figures", "index", "mathematics", "notes"])
def test_every_page_has_the_words_between_its_marks(name: str) -> None:
    made = short(name)
    assert len(spine(made.divided)) > len(spine(made.whole))
    assert_exact(made.book, pages_of(made.book, tiny(name).printed.rendered, made.divided))
    assert not list(dead(made.divided))


@pytest.mark.parametrize("name", ["index", "mathematics", "notes"])
def test_parity_holds(name: str) -> None:
    made = short(name)
    said = check_parity(made.book, tiny(name).printed.rendered.data, made.divided.data)
    assert [each.code for each in said] == ["parity-holds"]


def test_parity_finds_a_file_that_is_lost() -> None:
    made = short("notes")
    lost = BytesIO()
    with zipfile.ZipFile(lost, "w") as container:
        for name, content in made.divided.files.items():
            container.writestr(name, made.whole.files["EPUB/nav.xhtml"] if "beds-2" in name else content)
    said = check_parity(made.book, tiny("notes").printed.rendered.data, lost.getvalue())
    assert {"parity-words", "parity-note"} <= {each.code for each in said}


def test_the_manifest_says_of_each_file_what_is_in_it() -> None:
    made = short("mathematics")
    for name, item in made.divided.manifest.items():
        if name.endswith(".xhtml"):
            has = bool(found(made.divided.tree(name), "//*[local-name()='math']"))
            assert ("mathml" in (item.get("properties") or "").split()) == has, name


@pytest.mark.slow
@needs_epubcheck
@pytest.mark.parametrize("name", ["river", "mathematics"])
def test_epubcheck_finds_nothing(name: str, river: Pair, tmp_path: Path) -> None:
    path = tmp_path / "a.epub"
    path.write_bytes((river if name == "river" else short(name)).divided.data)
    assert check_epub(path) == ()


# --- where a page is divided -----------------------------------------------------------------------------------------


def divided(text: str, most: int) -> list[str]:
    """A page in files of so many bytes besides what every file has."""
    page, again = xhtml.parse(text), xhtml.parse(text)
    starts = divide(page, again, "a.xhtml", most + 1_000).starts
    return [xhtml.serialise(piece) for piece in split(again, starts)]


P = f"<p>{'x' * 93}</p>"  # of 100 bytes
MARK = '<span epub:type="pagebreak" id="page-2"></span>'


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        # Before the highest heading that helps, and no more often than needed.
        (f"<h1>A</h1>{P}<h3>B</h3><h2>C</h2>{P}<h3>D</h3>{P}",
         [f"<h1>A</h1>{P}<h3>B</h3>", f"<h2>C</h2>{P}<h3>D</h3>{P}"]),
        (f"{P}<h2>A</h2><p>b</p><h2>C</h2>{P}{P}", [f"{P}<h2>A</h2><p>b</p>", f"<h2>C</h2>{P}{P}"]),
        (f"<section><h1>A</h1>{P}{P}<section><h2>B</h2>{P}</section></section>",
         [f"<section><h1>A</h1>{P}{P}</section>", f"<section><section><h2>B</h2>{P}</section></section>"]),
        # Between blocks, and not right behind a heading.
        (f"<h2>A</h2>{P}{P}<p>b</p>{P}", [f"<h2>A</h2>{P}{P}<p>b</p>", P]),
        (f"<h1>A</h1><h2>B</h2>{P * 3}", [f"<h1>A</h1><h2>B</h2>{P}{P}", P]),
        # What marks a page goes with what stands behind it.
        (f"{P}{P}{MARK}<h2>A</h2>{P}", [f"{P}{P}", f"{MARK}<h2>A</h2>{P}"]),
        (f"{P}{P}<section>{MARK}<h2>A</h2>{P}</section>", [f"{P}{P}", f"<section>{MARK}<h2>A</h2>{P}</section>"]),
        # In a list, where there is nothing else.
        (f"<ul><li>{P}</li><li>{P}</li><li>{P}</li></ul>",
         [f"<ul><li>{P}</li><li>{P}</li></ul>", f"<ul><li>{P}</li></ul>"]),
        (f'<ol id="l" start="4"><li>{P}</li><li value="9">{P}</li><li>{P}</li></ol>',
         [f'<ol id="l" start="4"><li>{P}</li><li value="9">{P}</li></ol>', f'<ol start="10"><li>{P}</li></ol>']),
        (f"<dl><dt>a</dt><dd>{P}{P}</dd><dt>b</dt><dt>c</dt><dd>{P}{P}</dd></dl>",
         [f"<dl><dt>a</dt><dd>{P}{P}</dd></dl>", f"<dl><dt>b</dt><dt>c</dt><dd>{P}{P}</dd></dl>"]),
        (f"<div><blockquote>{P}{P}{P}</blockquote></div>",
         [f"<div><blockquote>{P}{P}</blockquote></div>", f"<div><blockquote>{P}</blockquote></div>"]),
        # What stays whole.
        (f"<table><tr><td>{P}</td></tr><tr><td>{P}{P}</td></tr></table>", None),
        (f"<pre>{'x' * 400}</pre>", None),
        (f"<h1>A</h1><pre>{'x' * 400}</pre>", None),
        (f"<ol reversed=\"reversed\"><li>{P}</li><li>{P}</li><li>{P}</li></ol>", None),
        (f"<div>text {P} text {P} text {P} text</div>", None),
        (f"<div><em>{'x' * 200}</em> <em>{'x' * 200}</em></div>", None),
        ("", None),
    ],
)  # fmt: skip
def test_where_a_page_is_divided(text: str, wanted: list[str] | None) -> None:
    assert divided(text, 260) == (wanted or [text])


def test_what_is_named_by_something_in_another_file_is_not_named_by_it() -> None:
    text = f'<section aria-labelledby="h"><h2 id="h">A</h2><p aria-describedby="t">a{LONG * 3}</p>{P * 20}'
    ebook = short_of(of_text(f'{text}<p id="t">b</p>{P * 20}</section>'))
    named = [
        found(page, "//@aria-labelledby | //@aria-describedby") for name, page in ebook.pages.items() if "one" in name
    ]
    assert named[0] == ["h"]
    assert not any(named[1:])


def short_of(book: Book, most: int = 2_500) -> Opened:
    made = press.epub.render(book, plain(), Edition(target=Target(ebook=EbookRules(document_bytes=most))))
    return Opened(made.data, made.diagnostics)


def test_no_file_takes_the_name_of_another() -> None:
    book = of_text(P * 60)
    (one,) = book.chapters
    second = replace(one, slug="one-2", title="Second", xhtml="<p>short</p>")
    ebook = short_of(replace(book, bodymatter=(one, second)), 4_000)
    assert spine(ebook)[-4:] == ["one.xhtml", "one-3.xhtml", "one-4.xhtml", "one-2.xhtml"]


def test_two_divided_chapters_lead_to_each_other() -> None:
    def chapter(slug: str, other: str) -> Chapter:
        text = "".join(
            f'<p id="p{n}"><a href="#{other}--p{n}">{n}</a> <a href="#{slug}--p9">9</a></p>' for n in range(99)
        )
        return replace(sample().chapters[1], slug=slug, xhtml=text)

    book = replace(of_text(""), bodymatter=(chapter("one", "two"), chapter("two", "one")))
    ebook = short_of(book, 3_000)
    assert len(spine(ebook)) > 10
    assert not list(dead(ebook))
    assert ebook.diagnostics == ()
    assert max(len(content) for name, content in ebook.files.items() if name.endswith(".xhtml")) <= 3_000


def test_a_thousand_files_take_little_time() -> None:
    ebook = short_of(of_text(P * 5_000), 1_900)
    assert len(spine(ebook)) > 1_000


# --- what is said ----------------------------------------------------------------------------------------------------


def test_a_block_that_is_too_long_is_named_by_its_line(book_of: Write) -> None:
    table = "| a | b |\n| --- | --- |\n" + f"| {LONG} | {LONG} |\n" * 70
    code = f"```\n{LONG * 150}\n```\n"
    folder = book_of({"book.toml": TOML, "a.md": f"# A\n\nText.\n\n{table}\nText.\n\n{code}", "house.toml": HOUSE})
    said = [each for each in render(load(Order(folder, target="house")), "epub").diagnostics if each.span]
    assert [(each.code, str(each.span)) for each in said] == [("document-size", "a.md:5"), ("document-size", "a.md:80")]
    assert said[0].message == "'a-2.xhtml' has 17 KB, and for this e-book 12 are the most"


def test_a_file_of_the_presss_own_stays_whole_and_is_named() -> None:
    ebook = short_of(sample(), 1_900)
    assert len(ebook.files["EPUB/nav.xhtml"]) > 1_900
    (said,) = (each for each in ebook.diagnostics if "'nav.xhtml'" in each.message)
    assert (said.code, said.span, said.hint) == ("document-size", None, "Have fewer levels in the contents.")
