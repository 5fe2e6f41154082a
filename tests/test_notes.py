"""Notes, wherever they are set: numbers, places, and the ways there and back, in the model and in both files."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from conftest import Run
from lxml import etree
from tiny import Tiny, finished, links, outline, tiny

from pmpress import xhtml
from pmpress.model import Chapter
from pmpress.press import Loaded, Order, load

Write = Callable[..., Path]
Command = Callable[..., Run]
PLACES = ("foot", "chapter", "book")
LIST = "\n\n".join(("[^a]: One thing.", "    - first\n    - second", "    ```\n    code()\n    ```", "    Last words."))


def toml(place: str = "foot", more: str = "") -> str:
    return f'[book]\ntitle = "T"\nlanguage = "en"\n[notes]\nplace = "{place}"\n{more}'


def loaded(book_of: Write, place: str = "foot", more: str = "", **files: str) -> Loaded:
    written = {f"{name}.md" if "." not in name else name: text for name, text in files.items()}
    return load(Order(book_of({"book.toml": toml(place, more), **written})))


def body(chapter: Chapter) -> etree._Element:
    return xhtml.parse(chapter.xhtml)


def references(root: etree._Element) -> list[etree._Element]:
    return [link for link in root.iter(xhtml.tag("a")) if link.get(xhtml.EPUB_TYPE) == "noteref"]


def asides(root: etree._Element) -> list[etree._Element]:
    return list(root.iter(xhtml.tag("aside")))


def asked(made: Tiny) -> dict[str, int]:
    """How many links on paper lead to each anchor."""
    return Counter(anchor for _, anchor in links(made.printed))


def dead(pages: Mapping[str, etree._Element]) -> Iterator[str]:
    """The links of an e-book that lead to no element of it."""
    ids = {(name, str(element.get("id"))) for name, page in pages.items() for element in page.iter(etree.Element)}
    for name, page in pages.items():
        for link in page.iter(xhtml.tag("a")):
            file, _, fragment = str(link.get("href")).partition("#")
            if fragment and ":" not in file and (file or name, fragment) not in ids:
                yield f"{name}: {link.get('href')}"


def both(found: Loaded) -> Tiny:
    """The book in both formats, in which nothing is wrong."""
    made = finished(found)
    assert made.diagnostics == found.diagnostics
    assert list(dead(made.ebook.pages)) == []
    return made


# --- numbers ---------------------------------------------------------------------------------------------------------


def test_a_note_inside_a_note_comes_right_behind_it(book_of: Write) -> None:
    text = "# A\n\nx[^a] y[^b] z[^c] again[^d]\n\n[^a]: One.\n[^b]: Two.[^d]\n[^c]: Four.[^b]\n[^d]: Three.[^a]\n"
    (chapter,) = loaded(book_of, a=text).book.chapters
    numbers = {aside.get("id"): aside.get("data-number") for aside in asides(body(chapter))}
    assert numbers == {"fn-a": "1", "fn-b": "2", "fn-d": "3", "fn-c": "4"}
    assert [link.text for link in references(body(chapter))] == ["1", "2", "4", "3", "3", "1", "2"]


def test_a_chain_of_notes_is_no_matter_of_depth(book_of: Write) -> None:
    count = 1500
    text = "# A\n\nx[^n0]\n\n" + "".join(f"[^n{number}]: n.[^n{number + 1}]\n" for number in range(count))
    (chapter,) = loaded(book_of, a=f"{text}[^n{count}]: end").book.chapters
    assert [aside.get("data-number") for aside in asides(body(chapter))] == [str(n) for n in range(1, count + 2)]


def test_numbers_are_the_same_in_both_formats(book_of: Write) -> None:
    text = (
        "# A\n\n::: only-ebook\nE[^e]\n:::\n\n::: only-print\nP[^p] x[^twice]\n:::\n\nBoth[^b]"
        "\n\n::: only-ebook\ny[^twice]\n:::\n\n[^e]: ee\n[^p]: pp\n[^b]: bb\n[^twice]: tt\n"
    )
    made = both(loaded(book_of, a=text))
    text_ = made.printed.text_from("a")
    assert [each in text_ for each in ("2 pp", "3 tt", "4 bb", "ee")] == [True, True, True, False]
    assert [each in made.page("a.xhtml") for each in ("1 ee", "3 tt", "4 bb", "pp")] == [True, True, True, False]


@pytest.mark.parametrize("place", PLACES)
def test_notes_for_one_format_are_in_that_one(place: str, book_of: Write) -> None:
    text = "# A\n\n[P[^p] x[^t]]{.only-print} [E[^e] x[^t]]{.only-ebook}\n\n[^e]: ee\n[^p]: pp\n[^t]: tt\n"
    made = both(loaded(book_of, place, a=text, b="# B\n\n::: only-print\nx[^q]\n:::\n\n[^q]: qq"))
    printed = " ".join(made.printed.texts)
    assert [each in printed for each in ("1 pp", "2 tt", "3 ee", "1 qq")] == [True, True, False, True]
    home = "endnotes" if place == "book" else "a"
    assert [each in made.page(f"{home}.xhtml") for each in ("1 pp", "2 tt", "3 ee")] == [False, True, True]
    assert "qq" not in made.page("b.xhtml")
    assert "Notes" not in made.page("b.xhtml")
    if place == "book":
        assert "B" not in made.page("endnotes.xhtml")


# --- where they stand ------------------------------------------------------------------------------------------------


ANYTHING = (
    "## H[^{}]",
    "> q[^{}]",
    "- i[^{}]",
    "| v\n| w[^{}]",
    "Term[^{}]\n: d",
    "Term\n: d[^{}]",
    '!!! note "Said[^{}]"\n    x',
    "::: box\nx[^{}]\n:::",
    "*e[^{}]*",
    "[l[^{}]](#a)",
)


@pytest.mark.parametrize("place", PLACES)
def test_a_note_may_stand_in_anything(place: str, book_of: Write) -> None:
    written = "\n\n".join(
        f"{text.format(mark)}\n\n[^{mark}]: Thing {mark}." for mark, text in zip("abcdefghij", ANYTHING, strict=True)
    )
    found = loaded(book_of, place, a=f"# A\n\n{written}\n\nx^[Thing k.]\n")
    made = both(found)
    printed = " ".join(made.printed.texts)
    page = made.page("endnotes.xhtml" if place == "book" else "a.xhtml")
    for number, mark in enumerate("abcdefghijk", start=1):
        assert printed.count(f"{number} Thing {mark}.") == printed.count(f"Thing {mark}.") == 1, mark
        assert page.count(f"{number} Thing {mark}. ↩") == 1, mark


@pytest.mark.parametrize("place", PLACES)
def test_a_note_may_hold_paragraphs_lists_and_code(place: str, book_of: Write) -> None:
    made = both(loaded(book_of, place, a=f"# A\n\nx[^a]\n\n{LIST}\n"))
    home = "endnotes" if place == "book" else "a"
    printed = made.printed.text_from(f"{home}--{'a-' if place == 'book' else ''}fn-a")
    assert re.search(r"1 One thing\. (• )*first (• )?second code\(\) Last words\.", printed)
    assert "1 One thing. first second code() Last words. ↩" in made.page(f"{home}.xhtml").replace("\ufe0e", "")


@pytest.mark.parametrize("place", PLACES)
def test_a_note_that_is_only_a_list_has_its_number_and_its_way_back(place: str, book_of: Write) -> None:
    made = both(loaded(book_of, place, a="# A\n\nx[^a]\n\n[^a]:\n    - first\n    - second\n"))
    home = "endnotes" if place == "book" else "a"
    assert "1 first second ↩" in made.page(f"{home}.xhtml").replace("\ufe0e", "")
    printed = made.printed.text_from(home)
    assert printed[: printed.index("first")].replace("•", "").replace("x1", "").rstrip().endswith(" 1")


@pytest.mark.parametrize("place", PLACES)
def test_a_note_used_twice_has_two_ways_back(place: str, book_of: Write) -> None:
    made = both(loaded(book_of, place, a="# A\n\nx[^a] y[^a]\n\n[^a]: One thing.\n"))
    home, prefix = ("endnotes", "a-") if place == "book" else ("a", "")
    (note,) = asides(made.ebook.tree(f"{home}.xhtml"))
    ways = [link for link in note.iter(xhtml.tag("a")) if link.get(xhtml.EPUB_TYPE) == "backlink"]
    file = "a.xhtml" if place == "book" else ""
    assert [link.get("href") for link in ways] == [f"{file}#fnref-a", f"{file}#fnref-a-2"]
    assert [link.get("aria-label") for link in ways] == ["Back to the text (1)", "Back to the text (2)"]
    there = [link.get("href") for link in references(made.ebook.tree("a.xhtml"))]
    assert there == [f"{'endnotes.xhtml' if place == 'book' else ''}#{prefix}fn-a"] * 2
    assert asked(made)[f"{home}--{prefix}fn-a"] == 2
    assert asked(made)["a--fnref-a"] == 1
    assert "x1y1" in made.printed.text_from("a").replace(" ", "")


@pytest.mark.parametrize("place", PLACES)
def test_a_titles_note_is_in_no_running_head_and_no_list(place: str, book_of: Write) -> None:
    filler = "\n\n".join(["Words upon words upon words. " * 30] * 6)
    text = f"# Name[^a] of it\n\n## Part[^b] of it\n\n{filler}\n\n[^a]: One.\n[^b]: Two.\n"
    found = loaded(book_of, place, a=text, b="# Other")
    made = both(found)
    assert [(entry.title, [one.title for one in entry.entries]) for entry in found.book.contents[:1]] == [
        ("Name of it", ["Part of it"])
    ]
    first = made.printed.page_map.anchors["a"]
    assert "Name1 of it" in made.printed.texts[first]
    assert "Part2 of it" in made.printed.texts[first]
    assert "Name of it" in made.printed.texts[first + 2]
    assert not any("Name1" in text for text in made.printed.texts[:first] + made.printed.texts[first + 1 : first + 4])
    assert [title.split("  ")[-1] for title in outline(made.printed)][:2] == ["Name of it", "Part of it"]
    for name in ("nav.xhtml", "toc.ncx"):
        nav = xhtml.text_of(made.ebook.tree(name))
        assert "Name of it" in nav
        assert "Name1" not in nav
    assert xhtml.text_of(next(made.ebook.tree("a.xhtml").iter(xhtml.tag("title")))) == "Name of it"


def test_headings_in_notes_are_no_headings(book_of: Write) -> None:
    found = loaded(book_of, "chapter", a="# A\n\nx[^a]\n\n[^a]: One.\n\n    ### Two\n\n    Three.\n")
    (chapter,) = found.book.chapters
    assert [xhtml.text_of(each) for each in body(chapter).iter(xhtml.tag("h2"), xhtml.tag("h3"))] == ["Notes"]
    assert chapter.headings == ()
    assert "1 One. Two Three." in both(found).page("a.xhtml")


# --- under a table ---------------------------------------------------------------------------------------------------

TABLE = """# A

| Plant[^p] | Days |
|:----------|-----:|
| Bean[^b]  | 10[^l] |
| Leek[^o]  | 20[^b] |

: Sowing[^c]

Out[^o].

[^p]: In English.
[^b]: Runner.[^in]
[^l]: Later:

    - June
[^c]: From the almanac.
[^o]: Outside too.
[^in]: In a table's note.
"""


@pytest.mark.parametrize("place", PLACES)
def test_notes_of_a_table_are_under_it(place: str, book_of: Write) -> None:
    found = loaded(book_of, place, a=TABLE)
    root = body(found.book.chapters[0])
    (block,) = (each for each in root.iter(xhtml.tag("div")) if each.get("class") == "table-block")
    assert [xhtml.local(each) for each in block] == ["table", "div"]
    notes = asides(block)
    assert [(each.get("id"), xhtml.text_of(each)[:6]) for each in notes] == [
        ("fn-c", "a From"), ("fn-p", "b In E"), ("fn-b", "c Runn"), ("fn-l", "d Late"),
    ]  # fmt: skip
    assert [link.text for link in references(block[0])] == ["a", "b", "c", "d", "1", "c"]
    made = both(found)
    page = made.printed.text_from("a")
    under = re.search(r"a From the almanac\. b In English\. c Runner\.2 d Later: (• )?June", page)
    assert under
    assert page.index("Leek") < under.start() < page.index("Out1")
    assert asked(made)["a--fn-b"] == 2
    assert asked(made)["a--fnref-b"] == 1
    tree = made.ebook.tree("a.xhtml")
    (note,) = (each for each in asides(tree) if each.get("id") == "fn-b")
    assert (note.get(xhtml.EPUB_TYPE), note.get("role")) == ("footnote", "doc-footnote")
    ways = [link.get("href") for link in note.iter(xhtml.tag("a")) if link.get(xhtml.EPUB_TYPE) != "noteref"]
    assert ways == ["#fnref-b", "#fnref-b", "#fnref-b-2"]
    assert note.getparent().get("class") == "table-notes"
    home = "endnotes" if place == "book" else "a"
    assert "2 In a table’s note." in made.page(f"{home}.xhtml")
    assert "1 Outside too." in made.page(f"{home}.xhtml")


def test_each_table_has_letters_of_its_own(book_of: Write) -> None:
    tables = "".join(f"| a[^x{n}] | b[^y{n}] |\n|---|---|\n| c[^both] | |\n\nx\n\n" for n in (1, 2))
    notes = "".join(f"[^{mark}{n}]: {mark}{n}\n" for n in (1, 2) for mark in "xy")
    root = body(loaded(book_of, a=f"# A\n\n{tables}{notes}[^both]: both\n").book.chapters[0])
    assert [link.text for link in references(root)] == ["a", "b", "1", "a", "b", "1"]


def test_the_notes_are_on_the_page_the_table_ends_on(book_of: Write) -> None:
    # A table of twelve rows or fewer would not be parted.
    rows = "".join(f"| row {number} | {'x[^z]' if number == 13 else 'x'} |\n" for number in range(14))
    table = f"| K[^h] | V |\n|---|---|\n{rows}\n[^h]: Head note.\n[^z]: {'Long words. ' * 30}End note.\n"
    texts = {
        f"c{number}": f"# C\n\n{'Lorem ipsum dolor sit amet. ' * number}\n\n{table}" for number in range(20, 80, 4)
    }
    made = both(loaded(book_of, **texts))
    pages = [text for text in made.printed.texts if "row 13" in text]
    assert len(pages) == len(texts)
    assert all("a Head note." in page and "End note." in page for page in pages)
    assert any("row 0" not in page for page in pages)
    assert any("row 0" in page and "Lorem" in page for page in pages)


def test_a_table_longer_than_a_page_has_its_notes_at_its_end(book_of: Write) -> None:
    rows = "".join(f"| row {number} | {'x[^z]' if number == 2 else 'x'} |\n" for number in range(60))
    made = both(loaded(book_of, a=f"# A\n\n| K[^h] | V |\n|---|---|\n{rows}\n[^h]: Head note.\n[^z]: Low note.\n"))
    texts = [text for text in made.printed.texts if "row" in text]
    assert len(texts) >= 3
    assert [("Head note." in text, "Low note." in text) for text in texts] == [
        *[(False, False)] * (len(texts) - 1), (True, True),
    ]  # fmt: skip


def test_a_note_under_a_table_may_be_longer_than_a_page(book_of: Write) -> None:
    text = f"# A\n\n| K[^h] |\n|---|\n| v |\n\n[^h]: {'Long words. ' * 600}End.\n"
    made = both(loaded(book_of, a=text))
    assert "".join(made.printed.texts).count("words.") == 600


# --- at the end of the chapter or the book ----------------------------------------------------------------------------


def test_notes_at_the_end_of_the_chapter(book_of: Write) -> None:
    found = loaded(book_of, "chapter", a="# A\n\nx[^a]\n\n## Last\n\n### Deep\n\ny[^b]\n\n[^a]: One.\n[^b]: Two.\n")
    (chapter,) = found.book.chapters
    section = body(chapter)[-1]
    assert (section.get(xhtml.EPUB_TYPE), xhtml.text_of(section[0])) == ("endnotes", "Notes")
    assert "Notes" not in [heading.title for heading in chapter.headings]
    made = both(found)
    assert "Notes 1 One. 2 Two." in made.printed.text_from("a--fn-a")
    assert "Notes" not in "".join(outline(made.printed))
    assert "Notes" not in xhtml.text_of(made.ebook.tree("nav.xhtml"))
    assert asked(made) == {"a--fn-a": 1, "a--fn-b": 1, "a--fnref-a": 1, "a--fnref-b": 1, **_contents(found)}
    note = asides(made.ebook.tree("a.xhtml"))[0]
    assert (note.get(xhtml.EPUB_TYPE), note.get("role")) == ("endnote", "note")


def _contents(found: Loaded) -> dict[str, int]:
    """What the printed contents lead to."""
    return {entry.anchor: 1 for top in found.book.contents for entry in (top, *top.entries)}


def test_notes_at_the_end_of_the_book(book_of: Write) -> None:
    found = loaded(
        book_of,
        "book",
        **{"1-a": "# *A* b[^t]\n\nx[^n]\n\n[^t]: Title.\n[^n]: One.\n", "2-b": "# B\n\nno notes\n",
           "3-c": "# C\n\nx[^n] [see](#mark)\n\n[^n]: Two [here]{#mark}, [there](1-a.md), [on](2-b.md#b).\n"},
    )  # fmt: skip
    assert [(chapter.slug, chapter.kind, chapter.title) for chapter in found.book.chapters][-1:] == [
        ("endnotes", "endnotes", "Notes")
    ]
    assert [entry.title for entry in found.book.contents] == ["A b", "B", "C", "Notes"]
    root = body(found.book.chapters[-1])
    assert [xhtml.text_of(each) for each in root.iter(xhtml.tag("h2"))] == ["1 A b", "3 C"]
    assert next(root.iter(xhtml.tag("em"))).text == "A"
    blocks = [int(each.get("data-block", "0")) for each in root.iter() if each.get("data-block")]
    assert blocks == list(range(1, len(blocks) + 1))
    made = both(found)
    home = found.book.chapters[-1].slug
    assert "1 A b 1 Title. 2 One. 3 C 1 Two here, there, on." in made.printed.text_from(home)
    c = found.book.chapters[2].slug
    assert asked(made)[f"{home}--{c}-mark"] == 1
    assert asked(made)[f"{home}--{c}-fn-n"] == 1
    assert asked(made)[f"{c}--fnref-n"] == 1
    assert "One." not in made.page(f"{found.book.chapters[0].slug}.xhtml")
    assert [text for text in made.printed.texts if "Two here" in text] == [made.printed.text_from(home)]


def test_what_a_moved_note_says_is_right_where_it_stands(book_of: Write) -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
    note = (
        "[^n]: As [](#fig) and [](#own) and [there](../b.md#far) say, on [](#fig){.page}.\n\n"
        '    ![own](p.svg "Own"){#own}\n\n    | a |\n    |---|\n    | b |\n'
    )
    more = "[lists]\nfigures = true\n[contents]\nbody = ['sub/a.md', 'b.md']\n"
    files = {
        "book.toml": toml("book", more),
        "sub/a.md": f'# A\n\nx[^n]\n\n![fig](p.svg "Fig"){{#fig}}\n\n{note}',
        "sub/p.svg": svg,
        "b.md": "# B\n\n## Far\n\nSee [](sub/a.md#own).\n",
    }
    found = load(Order(book_of(files)))
    made = both(found)
    home, a, b = "endnotes", found.book.chapters[1].slug, found.book.chapters[2].slug
    assert "As Figure 1.1 and Figure 1.2 and there say, on page 1." in made.printed.text_from(home)
    assert "Figure 1.2 Own" in made.page(f"{home}.xhtml")
    assert "See Figure 1.2." in made.page(f"{b}.xhtml")
    links = [link.get("href") for link in made.ebook.tree(f"{home}.xhtml").iter(xhtml.tag("a"))]
    assert {f"{a}.xhtml#fig", f"#{a}-own", f"{b}.xhtml#far"} <= set(links)
    assert f"{home}.xhtml#{a}-own" in [link.get("href") for link in made.ebook.tree("loi.xhtml").iter(xhtml.tag("a"))]
    assert asked(made)[f"{home}--{a}-own"] == 3


def test_what_the_author_has_written_for_the_end_comes_first(book_of: Write) -> None:
    more = "[contents]\nbody = ['a.md']\nback = ['endnotes.md']\n"
    found = loaded(
        book_of, "book", more, a="# A\n\nx[^n]\n\n[^n]: One.\n", endnotes="# My notes\n\n[x]{#a-fn-n}Before.\n"
    )
    assert [chapter.title for chapter in found.book.chapters] == ["A", "My notes"]
    assert "Before.A 1 One." in both(found).page("endnotes.xhtml")
    assert 'href="#endnotes--a-fn-n-2"' in found.book.chapters[0].xhtml


def test_a_book_without_notes_has_no_place_for_them(book_of: Write) -> None:
    found = loaded(book_of, "book", a="# A\n\nx\n\n| a[^t] |\n|---|\n| b |\n\n[^t]: in the table\n")
    assert [chapter.slug for chapter in found.book.chapters] == ["a"]


def test_the_place_is_one_of_three(book_of: Write, run: Command) -> None:
    left = run("epub", book_of({"book.toml": toml("margin"), "a.md": "# A"}), "--format", "json")
    assert (left.code, "book.toml:5 error config-type" in left.said) == (1, True)


# --- faults ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", PLACES)
def test_what_is_wrong_with_notes_is_said_with_its_line(place: str, book_of: Write, run: Command) -> None:
    text = "# A\n\nx[^gone]\ny[^a]\n\n[^a]: One.\n[^unread]: Two.\n[^a]: Three.\n"
    left = run("epub", book_of({"book.toml": toml(place), "a.md": text}), "--format", "json")
    assert left.code == 0
    assert [each for each in left.said if " note " not in each] == [
        "a.md:3 warning note-undefined",
        "a.md:7 warning note-unused",
        "a.md:8 warning note-duplicate",
    ]


def test_what_has_a_page_of_its_own_has_none_in_a_note(book_of: Write) -> None:
    table = "    | a |\n    |---|\n    | cell[^in] |\n\n    : Turned {.landscape}\n\n    Behind."
    made = both(loaded(book_of, a=f"# A\n\nx[^n]\n\n[^n]: One.\n\n{table}\n\n[^in]: Inner.\n"))
    text = made.printed.text_from("a")
    assert [word for word in ("cell", "Turned", "Behind", "Inner") if word not in text] == []


def test_a_text_for_endnotes_is_printed_without_any(book_of: Write) -> None:
    more = "[contents]\nbody = ['a.md']\nback = ['endnotes.md']\n"
    made = both(loaded(book_of, "foot", more, a="# A\n\nx\n", endnotes="# Notes\n\nThere are none.\n"))
    assert "There are none." in made.printed.text_from("endnotes")


def test_a_reference_alone_in_its_paragraph_stays_beside_raw_html(book_of: Write) -> None:
    (chapter,) = loaded(book_of, a="# A\n\n^[Said.]\n\n<div>raw</div>\n").book.chapters
    assert len(asides(body(chapter))) == 1


# --- the tiny books --------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_tiny_book_with_notes() -> None:
    book = tiny("notes")
    beds = book.printed.text_from("ch1-beds")
    assert "5 So said the neighbour.6 6 He has since moved. 7 With a fork" in beds
    assert "3 Three things help:" in beds
    assert "Beds1 and borders" in beds
    assert "    Digging deep" not in outline(book.printed)
    assert "a After the old almanac. b By their English names." in book.printed.text_from("ch1-beds--sowing")


@pytest.mark.slow
def test_the_tiny_book_with_endnotes() -> None:
    book = tiny("endnotes")
    notes = book.printed.text_from("endnotes")
    assert "1 Going out 1 A walk in two parts. 2 At six. See the bridge, the way home and the note on maps." in notes
    assert "4 A note to a note. 2 Coming back 1 At nine, by the bridge. A scale of 1 : 25 000. 2 An oak’s." in notes
    page = book.page("endnotes.xhtml")
    assert "An oak" not in page
    assert "1 Going out 1 A walk in two parts." in page
    assert "a Now a house." in book.printed.text_from("ch1-out")
