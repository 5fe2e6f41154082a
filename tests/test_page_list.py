"""The printed book's pages in the e-book: marked where they begin, listed, said by the index, and right to the word."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from lxml import etree
from paged import assert_exact, letters, pages_of
from test_epub_check import needs_epubcheck
from test_epub_sample import Opened, found
from tiny import BOOKS, tiny

from pmpress import press, xhtml
from pmpress.checks.epubcheck import check_epub
from pmpress.epub.packaging.page_list import PageBreak
from pmpress.epub.pages.page_breaks import mark_pages
from pmpress.epub.pages.page_references import show_pages
from pmpress.model import PageMap
from pmpress.press import Loaded, Order, load, publish, render
from pmpress.textplaces import BLOCK

Write = Callable[..., Path]
LISTED = (("epub.page_list", "true"),)
MANUSCRIPT = Path(__file__).parent.parent / "manuscript"
TOML = '[book]\ntitle = "T"\nlanguage = "en"\ndate = 2026\n[epub]\npage_list = true\n[layout]\ntrim = "4x6in"\n'
LONG = "The river is forty yards wide in summer, and nobody has ever measured the breadth of it in wintertime. "


@cache
def listed(name: str) -> tuple[Loaded, Opened]:
    """A tiny book, and its e-book that knows the pages of its print, which is laid out once for all tests."""
    loaded = load(Order(BOOKS / name, LISTED))
    book = replace(loaded.book, cover=None)
    return loaded, Opened(
        press.epub.render(book, loaded.layout, loaded.edition, page_map=tiny(name).printed.page_map).data
    )


def made(folder: Path, *kinds: str, **order: str) -> list[bytes]:
    paths, _ = publish(Order(folder, **order), kinds, folder / "out")  # type: ignore[arg-type]
    return [path.read_bytes() for path in paths]


# --- where a mark stands -------------------------------------------------------------------------------------------


def marked(text: str, *places: tuple[int, int]) -> str:
    """A text with a `|` where pages begin: at a block, behind so many characters."""
    body = xhtml.parse(text)
    mark_pages(body, [PageBreak(f"page-{number}", str(number), *place) for number, place in enumerate(places)])
    for mark in list(body.iter(xhtml.tag("span"))):
        if mark.get(xhtml.EPUB_TYPE) == "pagebreak":
            xhtml.put_first(mark, "", "")
            mark.text = "|"
            mark.remove(mark[0])
            xhtml.unwrap(mark)
    etree.strip_attributes(body, BLOCK)
    return xhtml.serialise(body)


@pytest.mark.parametrize(
    ("text", "place", "wanted"),
    [
        ('<p data-block="1">One two three.</p>', (1, 3), "<p>One |two three.</p>"),
        ('<p data-block="1">One two.</p>', (1, 0), "<p>|One two.</p>"),
        # A word that the print divides, with what stands right behind it.
        ('<p data-block="1">One meas\u00adured, two.</p>', (1, 7), "<p>One meas\u00adured,| two.</p>"),
        ('<p data-block="1">An <em>ever</em>green tree</p>', (1, 4), "<p>An <em>ever</em>green| tree</p>"),
        ('<p data-block="1">The well-known end</p>', (1, 8), "<p>The well-known| end</p>"),
        ('<p data-block="1">Dash\u2014and more</p>', (1, 5), "<p>Dash\u2014|and more</p>"),
        ('<p data-block="1">The last meas\u00adured.</p>', (1, 11), "<p>The last meas\u00adured.|</p>"),
        ('<p data-block="1">吾輩は猫である。</p>', (1, 3), "<p>吾輩は|猫である。</p>"),
        # Outside of what begins there.
        ('<p data-block="1">See <a>the <b>end</b></a>.</p>', (1, 3), "<p>See |<a>the <b>end</b></a>.</p>"),
        ('<p data-block="1">See <a>the <b>end</b></a>.</p>', (1, 6), "<p>See <a>the |<b>end</b></a>.</p>"),
        # Before what is no paragraph, and is not to be read out with a number.
        ('<p>A</p><h2 data-block="1">Two</h2>', (1, 0), "<p>A</p>|<h2>Two</h2>"),
        ('<p>A</p><pre data-block="1"><code>x</code></pre>', (1, 0), "<p>A</p>|<pre><code>x</code></pre>"),
        ('<figure data-block="1"><img src="x"/></figure>', (1, 0), '|<figure><img src="x"/></figure>'),
        # Inside what may not have one before it.
        ('<ul><li data-block="1">One</li></ul>', (1, 0), "<ul><li>|One</li></ul>"),
        ("<table><tr><td data-block='1'>One</td></tr></table>", (1, 0), "<table><tr><td>|One</td></tr></table>"),
        ('<ol><li><p data-block="1">One</p></li></ol>', (1, 0), "<ol><li><p>|One</p></li></ol>"),
        # Code: before the line, not before the first sign in it.
        ('<pre data-block="1"><code>if a:\n    b</code></pre>', (1, 4), "<pre><code>if a:\n|    b</code></pre>"),
        ('<pre data-block="1"><code>a\n<i>  b</i>c</code></pre>', (1, 1), "<pre><code>a\n|<i>  b</i>c</code></pre>"),
        # Text behind a block in a block; pictures and formulas, which count as one character.
        ('<li data-block="1"><p data-block="2">a</p>text</li>', (1, 0), "<li><p>a</p>|text</li>"),
        ('<p data-block="1">One <img src="x"/> two</p>', (1, 3), '<p>One |<img src="x"/> two</p>'),
        ('<p data-block="1">One <img src="x"/> two</p>', (1, 4), '<p>One <img src="x"/> |two</p>'),
        (
            '<p data-block="1">So <span class="math inline"><b data-for="ebook">x</b></span> it</p>',
            (1, 2),
            '<p>So |<span class="math inline"><b data-for="ebook">x</b></span> it</p>',
        ),
    ],
)  # fmt: skip
def test_where_a_page_is_marked(text: str, place: tuple[int, int], wanted: str) -> None:
    assert marked(text, place) == wanted


def test_a_chapters_first_page_is_marked_at_its_top() -> None:
    assert marked('<section><h1>A</h1><p data-block="1">b</p></section>', (0, 0)) == (
        "<section>|<h1>A</h1><p>b</p></section>"
    )


def test_pages_that_begin_at_one_place_are_marked_in_their_order() -> None:
    body = xhtml.parse('<p data-block="1">One meas\u00adured word</p>')
    mark_pages(body, [PageBreak("page-1", "1", 1, 5), PageBreak("page-2", "2", 1, 8)])
    assert [mark.get("id") for mark in body.iter(xhtml.tag("span"))] == ["page-1", "page-2"]
    assert "".join(body.itertext()) == "One meas\u00adured word"


def test_many_pages_in_one_block_take_linear_time() -> None:
    text = f'<pre data-block="1"><code>{"word <b>x</b> " * 20_000}</code></pre>'
    body = xhtml.parse(text)
    begun = time.perf_counter()
    mark_pages(body, [PageBreak(f"page-{number}", str(number), 1, 200 * number) for number in range(1, 450)])
    assert time.perf_counter() - begun < 5
    assert len(list(body.iter(xhtml.tag("span")))) == 449


# --- what the e-book says of its pages -----------------------------------------------------------------------------


def test_the_list_of_pages() -> None:
    loaded, ebook = listed("front-and-back")
    page_map = tiny("front-and-back").printed.page_map
    links = found(ebook.tree("nav.xhtml"), "//h:nav[@id='page-list']//h:a")
    folios = [link.text for link in links]
    with_text = [label for label, start in zip(page_map.labels, page_map.starts, strict=True) if start]
    assert folios[:2] == [page_map.labels[page_map.leaves[name]] for name in ("titlepage", "copyright-page")]
    assert [folio for folio in folios if folio in with_text] == with_text
    of_leaves = {page_map.labels[page_index] for name, page_index in page_map.leaves.items() if name != "halftitlepage"}
    assert set(folios) - set(with_text) == of_leaves
    for link in links:
        file, _, name = (link.get("href") or "").partition("#")
        (mark,) = found(ebook.tree(file), f"//h:span[@id='{name}']")
        assert (mark.get("role"), mark.get("aria-label"), mark.text) == ("doc-pagebreak", link.text, None)
        assert mark.get(xhtml.EPUB_TYPE) == "pagebreak"
    (nav,) = found(ebook.tree("nav.xhtml"), "//h:nav[@id='page-list']")
    assert (nav.get(xhtml.EPUB_TYPE), nav.get("role")) == ("page-list", "doc-pagelist")
    assert (nav.get("hidden"), nav.get("aria-label")) == ("hidden", loaded.book.terms["page-list"])


def test_the_list_of_pages_for_older_readers() -> None:
    _, ebook = listed("index")
    tree = ebook.tree("toc.ncx")
    folios = found(tree, "//n:pageTarget/n:navLabel/n:text/text()")
    assert folios == [link.text for link in found(ebook.tree("nav.xhtml"), "//h:nav[@id='page-list']//h:a")]
    numbers = {each.get("name"): each.get("content") for each in found(tree, "//n:meta")}
    assert (numbers["dtb:totalPageCount"], numbers["dtb:maxPageNumber"]) == (str(len(folios)), folios[-1])
    kinds = [(each.get("type"), each.get("value")) for each in found(tree, "//n:pageTarget")]
    assert kinds[0] == ("front", None)
    assert kinds[-1] == ("normal", folios[-1])


@pytest.mark.parametrize(
    ("said", "source"),
    [
        ('isbn = { print = "9783161484100", ebook = "9781861978769" }', "urn:isbn:9783161484100"),
        ('edition = "Second edition"\npublisher = "P"', "T, Second edition, P, 2026"),
        ('isbn = "9783161484100"', "T, 2026"),
    ],
)
def test_the_printed_book_is_named(said: str, source: str, book_of: Write) -> None:
    folder = book_of({"book.toml": TOML.replace("date = 2026", f"date = 2026\n{said}"), "a.md": "# A\n\nText.\n"})
    ebook = Opened(render(load(Order(folder)), "epub").data)
    assert ebook.meta("pageBreakSource") == [source]
    assert source in found(ebook.package, "//dc:source/text()")
    assert {"pageBreakMarkers", "pageNavigation"} <= set(ebook.meta("schema:accessibilityFeature"))


def test_without_being_asked_for_there_are_no_pages() -> None:
    ebook = tiny("index").ebook
    assert b"pagebreak" not in b"".join(ebook.files.values())
    assert b"page-list" not in ebook.files["EPUB/nav.xhtml"]
    assert not ebook.meta("pageBreakSource")
    assert not {"pageBreakMarkers", "pageNavigation"} & set(ebook.meta("schema:accessibilityFeature"))


def test_an_id_of_the_authors_is_no_pages(book_of: Write) -> None:
    text = f"# A\n\n{LONG * 20}\n\n## Page 2\n\nSee [there](#page-2).\n"
    ebook = Opened(render(load(Order(book_of({"book.toml": TOML, "a.md": text}))), "epub").data)
    page = ebook.tree("a.xhtml")
    assert [xhtml.local(each) for each in found(page, "//*[@id='page-2']")] == ["h2"]
    assert "a.xhtml#page-2-2" in [link.get("href") for link in found(ebook.tree("nav.xhtml"), "//h:a")]


# --- text that says pages -------------------------------------------------------------------------------------------


def test_the_index_says_what_the_printed_one_says() -> None:
    _, ebook = listed("index")
    (index,) = (tree for name, tree in ebook.pages.items() if "doc-index" in etree.tostring(tree).decode())
    said = {
        "".join(found(item, "h:span[1]//text()")): "".join(found(item, "h:span[@class='locators']//text()"))
        for item in found(index, "//h:li")
    }
    assert said["ferryman"] == ", v, 1–4"
    assert said["boats"] == ", 1, 5"
    for link in found(index, "//h:span[@class='locators']/h:a"):
        file, _, name = (link.get("href") or "").partition("#")
        assert len(found(ebook.tree(file), f"//*[@id='{name}']")) == 1
        assert link.get(xhtml.EPUB_TYPE) == "index-locator"


def test_see_page_42(book_of: Write) -> None:
    text = "# A\n\nIt is on [](#there){.page}, and [the end](#there){.page} too.\n\n## There\n\nHere.\n"
    folder = book_of({"book.toml": TOML, "a.md": text})
    words = words_of(Opened(render(load(Order(folder)), "epub").data))
    assert "It is on page 1, and the end (page 1) too." in words
    without = words_of(Opened(render(load(Order(folder, (("epub.page_list", "false"),))), "epub").data))
    assert "It is on There, and the end too." in without


def test_what_the_print_does_not_have_is_called_by_its_place(book_of: Write) -> None:
    text = (
        "# A\n\n[both]{.index} []{.index entry=x .only-ebook} []{.index entry=x}\n\n"
        "::: {.only-print}\n## Printed {#printed}\n:::\n\nSee [this](#printed){.page}.\n"
    )
    loaded = load(Order(book_of({"book.toml": TOML, "a.md": text})))
    ebook = Opened(render(loaded, "epub").data)
    (index,) = (tree for tree in ebook.pages.values() if "doc-index" in etree.tostring(tree).decode())
    said = ["".join(item.itertext()) for item in found(index, "//h:li")]
    assert said == ["both, 1", "x, A, 1"]
    assert "See this." in words_of(ebook)


def test_only_what_is_known_is_said() -> None:
    text = '<p><a data-page-of="x">X</a> <a data-page-of="y" data-page-to="x">Y</a> <i data-page-of="y">Z</i></p>'
    body = xhtml.parse(text)
    show_pages(body, PageMap(("7",), {"y": 0}))
    assert "".join(body.itertext()) == "X Y 7"


def words_of(ebook: Opened) -> str:
    return xhtml.text_of(ebook.tree("a.xhtml").find(xhtml.tag("body")))


# --- the same bytes, and no work done twice ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kinds", "order"),
    [
        (("pdf", "epub"), {}),
        (("pdf", "epub"), {"edition": "screen"}),
        (("epub",), {"edition": "screen"}),
        (("epub",), {"target": "apple"}),
    ],
)
def test_the_bytes_depend_on_no_order_and_no_edition(
    kinds: tuple[str, ...], order: dict[str, str], book_of: Write
) -> None:
    files = {"book.toml": TOML.replace("[layout]", '[layout]\nbleed = "3mm"'), "a.md": f"# A\n\n{LONG * 30}\n"}
    (alone,) = made(book_of(files, "one"), "epub")
    assert made(book_of(files, "two"), *kinds, **order)[-1] == alone
    assert b"page-3" in Opened(alone).files["EPUB/nav.xhtml"]


def test_the_print_is_laid_out_once(book_of: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    times: list[object] = []
    really = press.pdf.render
    monkeypatch.setattr(press.pdf, "render", lambda *given, **named: times.append(given) or really(*given, **named))
    folder = book_of({"book.toml": TOML, "a.md": "# A\n\nText.\n"})
    made(folder, "pdf", "epub")
    assert len(times) == 1
    made(folder, "epub")
    assert len(times) == 1


# --- right to the word ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    ["citations", "code", "endnotes", "figures", "front-and-back", "glossary", "index", "mathematics", "matters",
     "notes", "numbering", "prose", "references"],
)  # fmt: skip
def test_every_page_has_the_words_between_its_marks(name: str) -> None:
    loaded, ebook = listed(name)
    assert_exact(loaded.book, pages_of(loaded.book, tiny(name).printed.rendered, ebook))


@pytest.mark.parametrize("name", ["arabic", "japanese"])
def test_every_page_of_another_script_has_the_words_between_its_marks(name: str) -> None:
    # PDFium reads lines that run to and fro its own way, some ligatures as more letters than they are, and readings
    # before what they stand over.
    loaded, ebook = listed(name)
    assert_exact(loaded.book, pages_of(loaded.book, tiny(name).printed.rendered, ebook), like=_shuffled)


def _shuffled(text: str) -> str:
    return "".join(sorted(letter for letter in text if letter.isalnum() and letter not in "لـ"))


def test_a_page_begins_with_a_formula_or_behind_one(book_of: Write) -> None:
    text = "# A\n\n" + " ".join(f"and $a_{{{number}}} + {number}$" for number in range(400))
    loaded = load(Order(book_of({"book.toml": TOML, "a.md": text})))
    pdf, ebook = render(loaded, "pdf"), Opened(render(loaded, "epub").data)
    shown = _formulas(pdf.data, pdf.page_map)
    assert len(shown) > 4
    between: Counter[str] = Counter()
    folio = ""
    for element in ebook.tree("a.xhtml").iter(etree.Element):
        if element.get(xhtml.EPUB_TYPE) == "pagebreak":
            folio = element.get("aria-label", "")
        between[folio] += element.tag.endswith("}math")
    assert +between == shown


def _formulas(data: bytes, page_map: PageMap) -> Counter[str]:
    """How many formulas are printed on each page."""
    with pikepdf.open(BytesIO(data)) as pdf:
        pages = {page.obj.objgen: page_map.labels[number] for number, page in enumerate(pdf.pages)}
        elements = [each for each in pdf.objects if isinstance(each, pikepdf.Dictionary)]
        return Counter(pages[each.Pg.objgen] for each in elements if each.get("/S") == "/Formula")


@pytest.mark.slow
def test_every_page_of_the_manuscript() -> None:
    loaded = load(Order(MANUSCRIPT))
    assert loaded.printed, "the manuscript has a page list"
    stretches = pages_of(loaded.book, render(loaded, "pdf"), Opened(render(loaded, "epub").data))
    assert_exact(loaded.book, stretches)
    assert len(stretches) > 50


def test_a_page_that_is_marked_elsewhere_is_found_out() -> None:
    loaded, ebook = listed("references")
    stretches = pages_of(loaded.book, tiny("references").printed.rendered, ebook)
    first, second, *others = stretches
    word = first.marked.split()[-1]
    moved = (
        replace(first, marked=first.marked.rstrip()[: -len(word)]),
        replace(second, marked=f"{word} {second.marked}"),
    )
    assert letters(word)
    with pytest.raises(AssertionError):
        assert_exact(loaded.book, [*moved, *others])


@pytest.mark.slow
@needs_epubcheck
@pytest.mark.parametrize("name", ["prose", "arabic"])
def test_epubcheck_finds_nothing(name: str, tmp_path: Path) -> None:
    path = tmp_path / "a.epub"
    path.write_bytes(listed(name)[1].data)
    assert check_epub(path) == ()
