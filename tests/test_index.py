"""The index: from the mark in a text to the line in print and in the e-book."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree
from tiny import outline, tiny

from pmpress import xhtml
from pmpress.diagnostics import ManuscriptError
from pmpress.dialect import parse
from pmpress.press import Loaded, Order, load

Write = Callable[..., Path]


def loaded(folder: Path, *, draft: bool = False) -> Loaded:
    return load(Order(folder, draft=draft))


def said(found: Loaded | ManuscriptError) -> list[str]:
    return [f"{each.span} {each.code}" for each in found.diagnostics if "guessed" not in each.code]


def faults(folder: Path) -> list[str]:
    with pytest.raises(ManuscriptError) as raised:
        loaded(folder)
    return [each for each in said(raised.value) if not each.startswith("book.toml")]


def index_of(book: Loaded) -> etree._Element:
    (chapter,) = (each for each in book.book.chapters if each.kind == "index")
    return xhtml.parse(chapter.xhtml)


def lines(book: Loaded, output: str = "ebook") -> list[str]:
    """The index as its readers see it: a letter or an entry a line, entries indented."""
    return list(lines_of(index_of(book), "print" if output == "ebook" else "ebook", ""))


def lines_of(element: etree._Element, without: str, indent: str) -> list[str]:
    found = []
    for child in element:
        name = xhtml.local(child)
        if name == "h2":
            found.append(f"[{child.text}]")
        elif name == "li":
            found += [indent + own_text(child, without).strip(), *lines_of(child, without, indent + "  ")]
        elif name in ("div", "section", "ul"):
            found += lines_of(child, without, indent)
    return found


def own_text(item: etree._Element, without: str) -> str:
    text = item.text or ""
    for child in item:
        if xhtml.local(child) != "ul" and child.get("data-for") != without:
            text += own_text(child, without)
        text += child.tail or ""
    return text


# --- what is marked -------------------------------------------------------------------------------------------------


def test_the_dialect_keeps_what_is_said_of_a_mark() -> None:
    text = '[a]{.index entry="b!c" sort=d range=begin see="e" see-also="f"} and []{.index entry="g\\!h"}'
    found = parse(text, "a.md")
    marks = list(xhtml.parse(found.xhtml).iter(xhtml.tag("span")))
    assert dict(marks[0].attrib) == {
        "class": "index", "data-entry": "b!c", "data-sort": "d", "data-range": "begin", "data-see": "e",
        "data-see-also": "f", "data-src": "a.md:1-1",
    }  # fmt: skip
    assert (marks[1].text or "", marks[1].get("data-entry")) == ("", r"g\!h")
    assert found.diagnostics == ()


@pytest.mark.parametrize("raw", ["", "<b>raw</b>\n\n"])
def test_an_empty_mark_survives_by_itself(raw: str) -> None:
    found = parse(f'{raw}[]{{.index entry="a"}}\n', "a.md")
    assert 'data-entry="a"' in found.xhtml


def test_only_a_span_takes_what_is_said_of_a_mark() -> None:
    found = parse("*a*{.index entry=b} [c]{.index range=middle} <p data-entry='x' data-idx='y'>z</p>", "a.md")
    assert [each.code for each in found.diagnostics] == ["attribute-unknown"] * 2 + ["html-attribute-removed"] * 2
    assert "data-entry" not in found.xhtml
    assert "data-range" not in found.xhtml


def test_raw_html_says_no_more_than_a_mark_does(book_of: Write) -> None:
    span = '<span class="index" data-entry="x!<b>y</b>" data-see-also="&quot;&gt;">z</span>'
    written = f"# A\n\n{span} []{{.index entry='\">'}}\n"
    assert lines(loaded(book_of({"a.md": written}))) == ["[Symbols]", "“>, A", "[X]", "x", "  <b>y</b>, A; see also “>"]


def test_what_is_left_in_the_text_is_a_place(book_of: Write) -> None:
    book = loaded(book_of({"a.md": (
        "# A [title]{.index}\n\nOne [word]{.index}, []{.index entry=x}, *Em*{.index}, [see me]{.index see=word},\n"
        "[]{.index entry=y see=word}[own]{.index #idx-2}.\n\n## A [head]{.index}\n"
    )})).book  # fmt: skip
    chapter = book.chapters[0]
    assert chapter.title_xhtml == 'A <span data-src="a.md:1-1" id="idx-1">title</span>'
    body = xhtml.parse(chapter.xhtml)
    for element in body.iter(etree.Element):
        element.attrib.pop("data-src", None)
        element.attrib.pop("data-block", None)
    first = xhtml.serialise(body).strip().splitlines()[0]
    assert first.endswith(
        '>One <span id="idx-3">word</span>, <span id="idx-4"></span>, <em id="idx-5">Em</em>, see me,'
    )
    assert '<span id="idx-2">own</span>.' in xhtml.serialise(body)
    assert (chapter.title, chapter.headings[0].title, chapter.headings[0].id) == ("A title", "A head", "a-head")
    assert [entry.title for entry in book.contents] == ["A title", "Index"]


def test_marks_by_themselves_leave_no_empty_line(book_of: Write) -> None:
    body = loaded(book_of({"a.md": (
        "# A\n\n[]{.index entry=a range=begin}\n[]{.index entry=b}\n\nText.\n\n[]{.index entry=a range=end}\n\n"
        "* list\n\n[]{.index entry=c}\n\nMore.\n\n[]{.index entry=d}\n"
    )})).book.chapters[0].xhtml  # fmt: skip
    paragraphs = list(xhtml.parse(body).iter(xhtml.tag("p")))
    assert [[each.get("id") for each in paragraph] for paragraph in paragraphs] == [
        ["idx-1", "idx-2", "idx-3"], ["idx-4", "idx-5"]
    ]  # fmt: skip
    assert ["".join(paragraph.itertext()) for paragraph in paragraphs] == ["Text.", "More."]


# --- entries --------------------------------------------------------------------------------------------------------


def test_entries_are_one_tree_in_the_order_of_the_language(book_of: Write) -> None:
    book = loaded(book_of({
        "book.toml": '[book]\ntitle = "T"\nlanguage = "en"\n[numbering]\nsections = 1\n',
        "a.md": "# A\n\n[fruit]{.index} [pears]{.index entry='fruit!pear'} [an]{.index entry='fruit!apple!red'}\n\n"
                "## One\n\n[zoo]{.index} [Zoo]{.index} [zoo]{.index} [Äpfel]{.index} ^[A [note]{.index}.]\n[2D]{.index}"
                " [Yahoo!]{.index} []{.index entry='Yahoo\\!'} []{.index entry=zebra sort=a} [it's]{.index} "
                "[]{.index entry=\"it's\"}\n\n### Deep\n\n[zoo]{.index}\n",
        "b.md": "# B\n\n[zoo]{.index} [cafe\u0301]{.index} [caf\u00e9]{.index} <del>[Zoo]{.index}</del>\n",
    }))  # fmt: skip
    assert lines(book) == [
        "[Symbols]", "2D, 1.1",
        "[A]", "zebra, 1.1", "Äpfel, 1.1",
        "[C]", "café, 2, 2 (2)",
        "[F]", "fruit, 1", "  apple", "    red, 1", "  pear, 1",
        "[I]", "it’s, 1.1, 1.1 (2)",
        "[N]", "note, 1.1",
        "[Y]", "Yahoo!, 1.1, 1.1 (2)",
        "[Z]", "zoo, 1.1, 1.1 (2), 1.1 (3), 2", "Zoo, 1.1, 2",
    ]  # fmt: skip


def test_an_entry_looks_as_it_does_in_the_text(book_of: Write) -> None:
    book = loaded(
        book_of({"a.md": "# A\n\n[*Titanic*, `ls` and H~2~O[^n]]{.index} [a [link](#a)]{.index}\n\n[^n]: x\n"})
    )
    terms = [
        xhtml.serialise(each) for each in index_of(book).iter(xhtml.tag("span")) if each.get("class") == "index-term"
    ]
    assert terms == ["a link", "<em>Titanic</em>, <code>ls</code> and H<sub>2</sub>O"]


def test_references_lead_to_their_entries(book_of: Write) -> None:
    book = loaded(book_of({"a.md": (
        "# A\n\n## Entry 1\n\n[card]{.index entry='payment!card'} []{.index entry=plastic see='payment!card'}\n"
        "[pay]{.index see-also='payment'} []{.index entry=plastic see=pay}\n"
    )}))  # fmt: skip
    assert lines(book) == [
        "[P]", "pay, A; see also payment", "payment", "  card, A", "plastic, see payment: card, pay",
    ]  # fmt: skip
    body = index_of(book)
    ids = {item.get("id"): xhtml.text_of(item[0]) for item in body.iter(xhtml.tag("li")) if item.get("id")}
    led = {link.text: ids[link.get("href", "").removeprefix("#index--")] for link in body.iter(xhtml.tag("a"))
           if "xref" in link.get(xhtml.EPUB_TYPE, "")}  # fmt: skip
    assert led == {"payment: card": "card", "pay": "pay", "payment": "payment"}


def test_stretches_of_text(book_of: Write) -> None:
    book = loaded(book_of({
        "book.toml": '[book]\ntitle = "T"\nlanguage = "en"\n',
        "a.md": "# A\n\n[long]{.index range=begin} [short]{.index range=begin} text [short]{.index range=end}\n",
        "b.md": "# B\n\ntext []{.index entry=long range=end}[long]{.index}\n",
    }))  # fmt: skip
    assert lines(book) == ["[L]", "long, 1–2, 2", "[S]", "short, 1"]
    links = [dict(link.attrib) for link in index_of(book).iter(xhtml.tag("a")) if link.get("data-page-to")]
    assert [(link["data-page-of"], link["data-page-to"]) for link in links] == [
        ("a--idx-1", "b--idx-1"), ("a--idx-1", "b--idx-1"), ("a--idx-2", "a--idx-3"), ("a--idx-2", "a--idx-3")
    ]  # fmt: skip


def test_a_chapter_without_a_number_is_called_by_its_title(book_of: Write) -> None:
    book = loaded(book_of({"preface.md": "# Before\n\n[a]{.index} [a]{.index}\n", "a.md": "# Then\n\n[a]{.index}\n"}))
    assert lines(book) == ["[A]", "a, Before, Before (2), Then"]


def test_what_one_format_lacks_its_index_has_not(book_of: Write) -> None:
    book = loaded(book_of({"a.md": "# A\n\n[x]{.index} [x]{.index .only-print} [y]{.index .only-ebook}\n"}))
    assert [line for line in lines(book) if not line.startswith("[")] == ["x, A", "y, A"]
    assert [line for line in lines(book, "print") if not line.startswith("[")] == ["x, 0, 0", "y"]
    assert [group.get("data-for") for group in index_of(book).iter(xhtml.tag("section"))] == [None, "ebook"]


def test_an_entry_leads_only_to_what_its_format_has(book_of: Write) -> None:
    text = "# A\n\n[w]{.index .only-print} [x]{.index see-also=w} [y]{.index see=w} [z]{.index see-also=x}\n"
    book = loaded(book_of({"a.md": text}))
    assert [line for line in lines(book) if not line.startswith("[")] == ["w", "x, A", "y", "z, A; see also x"]
    only = {item[0].text: item.get("data-for") for item in index_of(book).iter(xhtml.tag("li"))}
    assert only == {"w": "print", "x": None, "y": "print", "z": None}


def test_what_stands_in_notes_is_found_where_the_notes_are(book_of: Write) -> None:
    toml = '[book]\ntitle = "T"\nlanguage = "en"\n[notes]\nplace = "book"\n'
    book = loaded(book_of({"book.toml": toml, "a.md": "# A\n\nText.[^n]\n\n[^n]: A [word]{.index}.\n"}))
    (notes,) = (each for each in book.book.chapters if each.kind == "endnotes")
    (mark,) = (each for each in xhtml.parse(notes.xhtml).iter(xhtml.tag("span")) if each.text == "word")
    links = list(index_of(book).iter(xhtml.tag("a")))
    assert {link.get("href") for link in links} == {f"#endnotes--{mark.get('id')}"}
    assert {link.get("data-page-of") for link in links} == {f"endnotes--{mark.get('id')}"}


def test_the_author_may_write_the_chapter_and_words_before_the_entries(book_of: Write) -> None:
    book = loaded(book_of({
        "book.toml": '[book]\ntitle = "T"\nlanguage = "en"\n[contents]\nbody = ["a.md"]\nback = ["index.md"]\n',
        "a.md": "# A\n\n[x]{.index}\n", "index.md": "# Where Things Are\n\nNumbers are pages.\n",
    }))  # fmt: skip
    assert [chapter.title for chapter in book.book.chapters] == ["A", "Where Things Are"]
    assert [xhtml.local(each) for each in index_of(book)] == ["p", "div"]


def test_a_book_without_marks_has_no_index(book_of: Write) -> None:
    assert [each.kind for each in loaded(book_of({"a.md": "# A\n\n[x]{.other}\n"})).book.chapters] == ["chapter"]


@pytest.mark.parametrize(
    ("language", "wanted"),
    [
        ("de", ["[B]", "b, A; siehe auch c", "[C]", "c, A", "d, siehe c"]),
        ("ar", ["[B]", "b، A; انظر أيضا c", "[C]", "c، A", "d، انظر c"]),
        ("ja", ["[B]", "b、A → c", "[C]", "c、A", "d → c"]),
    ],
)
def test_words_and_commas_are_the_languages(book_of: Write, language: str, wanted: list[str]) -> None:
    written = "# A\n\n[b]{.index see-also=c} [c]{.index} []{.index entry=d see=c sort=cd}\n"
    book = loaded(book_of({"a.md": written, "book.toml": f'[book]\ntitle = "T"\nlanguage = "{language}"\n'}))
    assert lines(book) == wanted


# --- what goes wrong ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("[x]{.index see=appel} [apple]{.index}", "index-see-unknown"),
        ("[x]{.index see-also='apple!red'} [apple]{.index}", "index-see-unknown"),
        ("[x]{.index see=x}", "index-see-unknown"),
        ("[x]{.index see=y} [y]{.index see=z} [z]{.index}", "index-see-unknown"),
        ("[x]{.index range=begin}", "index-range-open"),
        ("[x]{.index range=end}", "index-range-unbegun"),
        ("[]{.index}", "index-empty"),
        ("[x]{.index entry='a!!b'}", "index-empty"),
        ("[x]{.index entry='a!b!c!d'}", "index-too-deep"),
    ],
)
def test_faults_have_their_line(book_of: Write, written: str, code: str) -> None:
    folder = book_of({"a.md": f"# A\n\nText,\n{written}.\n"})
    assert faults(folder) == [f"a.md:4 {code}"]
    loaded(folder, draft=True)


def test_an_open_stretch_is_said_of_where_it_begins(book_of: Write) -> None:
    text = "# A\n\n[x]{.index range=begin}\n[x]{.index range=begin}\n[x]{.index range=end}\n"
    assert faults(book_of({"a.md": text})) == ["a.md:3 index-range-open"]


def test_the_nearest_entry_is_hinted_at(book_of: Write) -> None:
    with pytest.raises(ManuscriptError) as raised:
        loaded(book_of({"a.md": "# A\n\n[x]{.index see='fruit!appel'} []{.index entry='fruit!apple'}\n"}))
    (found,) = (each for each in raised.value.diagnostics if each.code == "index-see-unknown")
    assert found.hint == "Did you mean 'fruit!apple'?"


def test_what_can_be_worked_around(book_of: Write) -> None:
    found = loaded(book_of({
        "book.toml": '[book]\ntitle = "T"\nlanguage = "ja"\n',
        "a.md": "# A\n\n[x]{.index sort=a} [x]{.index sort=b}\n\n[東京]{.index} [y]{entry=z}\n",
    }))  # fmt: skip
    assert [each for each in said(found) if "book.toml" not in each] == [
        "a.md:5 attribute-unknown", "a.md:3 index-sort-differs", "a.md:5 index-reading-missing"
    ]  # fmt: skip


def test_hostile_marks_take_linear_time(book_of: Write) -> None:
    begun = time.process_time()
    wrong = "".join(f"[]{{.index entry=a{n} see=b{n}}}[]{{.index entry=c{n} range=begin}}\n" for n in range(1500))
    many = "[x]{.index}\n" * 1500
    with pytest.raises(ManuscriptError) as raised:
        loaded(book_of({"a.md": f"# A\n\n{wrong}\n{many}\n[{'y' * 50_000}]{{.index}}\n"}))
    assert len(raised.value.diagnostics) >= 3000
    assert time.process_time() - begun < 20


# --- finished files -------------------------------------------------------------------------------------------------


def test_the_printed_index() -> None:
    book = tiny("index")
    pages = [text for text, label in zip(book.printed.texts, range(99), strict=False) if label]
    text = " ".join(" ".join(pages).split())
    for line in ("The Crossing, v", "ferryman, v, 1–4; see also payment: coin", "crossing, 1–5", "boats, 1, 5",
                 "fares, see payment", "copper, 1", "tables, 2", "Äpfel, 5", "Symbols", "zenith, 8"):  # fmt: skip
        assert line in text


def test_printed_numbers_lead_to_their_pages() -> None:
    book = tiny("index")
    destinations = book.printed.destinations()
    places = {name: destinations[name] for name in destinations if "--idx-" in name}
    labels = book.printed.rendered.page_map.labels
    assert labels[places["preface--idx-1"]] == "v"
    assert "ferryman" in book.printed.texts[places["one--idx-3"]]
    assert places["one--idx-4"] == book.printed.rendered.page_map.anchors["one--idx-4"]  # nothing to see there


def test_no_mark_is_left_where_titles_are_listed() -> None:
    book = tiny("index")
    assert "The ferry landing" in book.page("nav.xhtml")
    for file in ("nav.xhtml", "toc.ncx"):
        assert b"idx-" not in book.ebook.files[f"EPUB/{file}"]
    assert "1  The ferry landing" in outline(book.printed)


def test_the_index_of_the_e_book() -> None:
    book = tiny("index")
    tree = book.ebook.tree("index.xhtml")
    (section,) = (each for each in tree.iter(xhtml.tag("section")) if each.get("role") == "doc-index")
    assert section.get(xhtml.EPUB_TYPE) == "index"
    text = book.page("index.xhtml")
    for line in ("ferryman, Preface, 1, 1.1, 1.2, 1.2 (2), 1.2 (3); see also payment: coin", "crossing, 1–2"):
        assert line in text
    for link in tree.iter(xhtml.tag("a")):
        file, _, name = link.get("href", "").partition("#")
        ids = {each.get("id") for each in book.ebook.tree(file or "index.xhtml").iter(etree.Element)}
        assert name in ids


def test_an_index_is_added_beside_chapters_that_are_called_so(book_of: Write) -> None:
    toml = '[book]\ntitle = "T"\nlanguage = "en"\n[contents]\nbody = ["index.md", "index-added.md"]\n'
    book = loaded(book_of({"book.toml": toml, "index.md": "# A\n\n[a]{.index}\n", "index-added.md": "# B\n\nx\n"}))
    kinds = {chapter.slug: chapter.kind for chapter in book.book.chapters}
    assert kinds == {"index": "chapter", "index-added": "chapter", "index-2": "index"}
