"""The glossary and abbreviations: terms, and the way to them from where they are used."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tiny import tiny

from pmpress import xhtml
from pmpress.diagnostics import ManuscriptError
from pmpress.features.glossary.finding import Terms
from pmpress.press import Loaded, Order, load

Write = Callable[..., Path]
TOML = '[book]\ntitle = "T"\nlanguage = "en"\n[contents]\nbody = ["a.md"]\nback = ["glossary.md"]\n'
LIST = "# Terms\n\nboat\n:   A vessel.\n\nferry boat\n:   Another.\n\nNATO\n:   Capitals.\n"


def loaded(folder: Path) -> Loaded:
    return load(Order(folder))


def said(found: Loaded | ManuscriptError) -> list[str]:
    return [f"{each.span} {each.code}" for each in found.diagnostics if each.severity != "note"]


def links(book: Loaded, slug: str = "a") -> list[tuple[str, str]]:
    """The words of each link to the glossary in a chapter, and the term."""
    (chapter,) = (each for each in book.book.chapters if each.slug == slug)
    roots = xhtml.parse(chapter.title_xhtml), xhtml.parse(chapter.xhtml)
    return [
        (xhtml.text_of(link), str(link.get("href")).removeprefix("#glossary--term-"))
        for root in roots
        for link in root.iter(xhtml.tag("a"))
        if link.get(xhtml.EPUB_TYPE) == "glossref"
    ]


def book_with(book_of: Write, text: str, settings: str = "", glossary: str = LIST) -> Loaded:
    return loaded(book_of({"book.toml": TOML + settings, "a.md": f"# A\n\n{text}\n", "glossary.md": glossary}))


def definitions(book: Loaded) -> list[str]:
    (chapter,) = (each for each in book.book.chapters if each.kind == "glossary")
    listed = xhtml.parse(chapter.xhtml)
    return [xhtml.text_of(item) for item in listed.iter(xhtml.tag("dt"), xhtml.tag("dd"))]


# --- terms in the text ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("A boat, then a boat.", [("boat", "boat")]),
        ("Boat. Then nothing.", [("Boat", "boat")]),
        ("A BOAT, boats, a houseboat, boat_house.", []),
        ("A ferry boat, and a boat.", [("ferry boat", "ferry-boat"), ("boat", "boat")]),
        ("Ferry\nboat: a ferry\u00a0boat.", [("Ferry boat", "ferry-boat")]),
        ("Nato, nato and NATO.", [("NATO", "nato")]),
        ("*A boat* behind *emphasis* is a NATO boat.", [("boat", "boat"), ("NATO", "nato")]),
        ("## A boat\n\n`boat` $boat$ [boat](#a) <kbd>boat</kbd>\n\n> boat\n\n    boat\n\n<q>boat</q>", []),
        ("| a |\n|---|\n| NATO |\n\n: A boat", [("NATO", "nato")]),
        ("Text.[^n]\n\n[^n]: A boat.", [("boat", "boat")]),
        ("[boat]{.only-print} boat", [("boat", "boat")]),
        ("boat-shaped, boat’s, (boat)", [("boat", "boat")]),
    ],
)
def test_the_first_use_of_a_term_leads_to_it(book_of: Write, text: str, wanted: list[tuple[str, str]]) -> None:
    assert links(book_with(book_of, text)) == wanted


def test_the_text_is_the_same_with_its_links(book_of: Write) -> None:
    text = "A *boat* or **ferry** boat and NATO *with* a ferry boat  \nand boat."
    with_links = book_with(book_of, text).book.chapters[0].xhtml
    without = book_with(book_of, text, glossary="# G\n\nx\n:   y\n").book.chapters[0].xhtml
    assert "".join(xhtml.parse(with_links).itertext()) == "".join(xhtml.parse(without).itertext())
    assert with_links != without


def test_each_chapter_has_its_own_first_use(book_of: Write) -> None:
    toml = TOML.replace('"a.md"', '"a.md", "b.md"')
    book = loaded(book_of({"book.toml": toml, "a.md": "# A\n\nboat\n", "b.md": "# B\n\nboat\n", "glossary.md": LIST}))
    assert links(book, "a") == links(book, "b") == [("boat", "boat")]
    assert links(book, "glossary") == []


def test_marked_uses(book_of: Write) -> None:
    text = '## Of [boats]{.term entry=boat}\n\nA [Boat]{.term .x}, boat; [a [link](#a)]{.term entry="ferry boat"}.'
    book = book_with(book_of, text)
    assert links(book) == [("boats", "boat"), ("Boat", "boat")]
    assert 'class="x glossref"' in book.book.chapters[0].xhtml
    assert "data-term" not in book.book.chapters[0].xhtml
    assert book.book.contents[0].entries[0].title == "Of boats"


def test_marked_uses_only(book_of: Write) -> None:
    book = book_with(book_of, "A boat and a [boat]{.term}.", '[glossary]\nlink = "marked"\n')
    assert links(book) == [("boat", "boat")]
    assert ">A boat and a <a " in book.book.chapters[0].xhtml


@pytest.mark.parametrize("glossary", [LIST, "# Terms\n\nNone.\n"])
def test_a_marked_use_of_no_term_is_an_error(book_of: Write, glossary: str) -> None:
    with pytest.raises(ManuscriptError) as raised:
        book_with(book_of, "Text\nand [bloat]{.term}.", glossary=glossary)
    assert said(raised.value) == ["a.md:4 term-unknown"]
    hints = [each.hint for each in raised.value.diagnostics if each.code == "term-unknown"]
    assert ("boat" in hints[0]) == (glossary == LIST)


def test_a_term_listed_twice_is_a_warning(book_of: Write) -> None:
    found = book_with(book_of, "boat", glossary=f"{LIST}\nboat\n:   Again.\n")
    assert said(found) == ["glossary.md:12 term-twice"]
    assert links(found) == [("boat", "boat")]


def test_what_the_glossary_is_made_of(book_of: Write) -> None:
    book = book_with(
        book_of, "x", glossary="# Terms\n\n*Boat* [see]{#own}\n:   A vessel.\n\n水\n:   Water.\n\n* no term\n"
    )
    body = xhtml.parse(book.book.chapters[-1].xhtml)
    terms = [(each.get("id"), each[0].tag, each.get(xhtml.EPUB_TYPE)) for each in body.iter(xhtml.tag("dt"))]
    assert terms == [("term-boat-see", xhtml.tag("dfn"), "glossterm"), ("term", xhtml.tag("dfn"), "glossterm")]
    assert {each.get(xhtml.EPUB_TYPE) for each in body.iter(xhtml.tag("dd"))} == {"glossdef"}


def test_languages_without_spaces() -> None:
    terms = Terms((("水", "w"), ("カード", "c"), ("自動車", "j"), ("車", "k")))
    found = [(text[slice(*place[:2])], place[2]) for text in ("水と自動車とカードとクレジットカード",)
             for place in terms.find(text)]  # fmt: skip
    assert found == [("水", "w"), ("自動車", "j"), ("カード", "c")]


def test_many_terms_take_linear_time(book_of: Write) -> None:
    begun = time.process_time()
    terms = "\n\n".join(f"the {'a ' * (n % 40)}word{n}\n:   x" for n in range(2000))
    text = "\n\n".join("the a " * 300 + f"the word{n * 40}." for n in range(50))
    found = links(book_with(book_of, text, glossary=f"# G\n\n{terms}\n"))
    assert len(found) == 50
    assert time.process_time() - begun < 20


# --- abbreviations --------------------------------------------------------------------------------------------------

ABBREVIATIONS = "[glossary]\nabbreviations = true\n"
TWO = "*[HTML]: Hyper Text\n*[CSS]: Style Sheets\n"


def test_abbreviations_join_the_authors_list(book_of: Write) -> None:
    book = book_with(book_of, f"The CSS of HTML, HTML.\n\n{TWO}", ABBREVIATIONS)
    # `NATO` of the list is behind `ferry boat`: the author's order is the alphabet's, and stays so.
    assert definitions(book) == [
        "boat", "A vessel.", "CSS", "Style Sheets", "ferry boat", "Another.", "HTML", "Hyper Text", "NATO", "Capitals."
    ]  # fmt: skip
    assert links(book) == [("CSS", "css"), ("HTML", "html")]
    assert '<abbr title="Hyper Text"><a ' in book.book.chapters[0].xhtml


def test_a_list_in_another_order_is_not_sorted(book_of: Write) -> None:
    book = book_with(book_of, f"HTML\n\n{TWO}", ABBREVIATIONS, glossary="# G\n\nzoo\n:   1\n\narc\n:   2\n")
    assert definitions(book) == ["zoo", "1", "arc", "2", "HTML", "Hyper Text"]


def test_the_authors_own_word_on_an_abbreviation_counts(book_of: Write) -> None:
    glossary = "# G\n\nHTML\n:   Mine.\n\nCSS (a language)\n:   Mine too.\n"
    book = book_with(book_of, f"HTML CSS\n\n{TWO}", ABBREVIATIONS, glossary=glossary)
    assert definitions(book) == ["HTML", "Mine.", "CSS (a language)", "Mine too."]
    assert links(book) == [("HTML", "html"), ("CSS", "css-a-language")]


def test_a_glossary_of_abbreviations_alone_is_added(book_of: Write) -> None:
    toml = TOML.split("[contents]", maxsplit=1)[0] + ABBREVIATIONS
    book = loaded(book_of({"book.toml": toml, "a.md": f"# A\n\nHTML\n\n{TWO}"}))
    assert [chapter.title for chapter in book.book.chapters] == ["A", "Abbreviations"]
    assert [entry.title for entry in book.book.contents] == ["A", "Abbreviations"]
    assert definitions(book) == ["HTML", "Hyper Text"]
    assert links(book) == [("HTML", "html")]


def test_nothing_is_listed_unasked(book_of: Write) -> None:
    book = loaded(book_of({"a.md": f"# A\n\nHTML\n\n{TWO}"}))
    assert [chapter.kind for chapter in book.book.chapters] == ["chapter"]
    assert '<abbr title="Hyper Text">HTML</abbr>' in book.book.chapters[0].xhtml


def test_two_meanings_are_a_warning_and_both_are_listed(book_of: Write) -> None:
    toml = TOML.split("[contents]", maxsplit=1)[0] + ABBREVIATIONS
    files = {"a.md": "# A\n\nHTML\n\n*[HTML]: One\n", "b.md": "# B\n\nx\n\nHTML\n\n*[HTML]: Two\n"}
    found = loaded(book_of({"book.toml": toml, **files}))
    assert said(found) == ["b.md:5 abbreviation-differs"]
    assert definitions(found) == ["HTML", "One", "Two"]


# --- finished files -------------------------------------------------------------------------------------------------


def test_in_print_a_link_leads_to_the_glossary_and_looks_like_text() -> None:
    book = tiny("glossary")
    destinations = book.printed.destinations()
    led = {name for name in destinations if name.startswith("glossary--term-")}
    assert {"glossary--term-boat", "glossary--term-html", "glossary--term-ferry-landing"} <= led
    text = " ".join(" ".join(book.printed.texts).split())
    assert "A landing is not a ferry landing, and a Ferry landing is no land" in text
    assert "Every boat (a boat, boat) is HTML to the WHATWG, and HTML it stays." in text
    assert "Hyper Text Markup Language" in book.printed.texts[destinations["glossary--term-html"]]


def test_in_the_e_book_the_glossary_says_what_it_is() -> None:
    book = tiny("glossary")
    page = book.ebook.tree("glossary.xhtml")
    assert [each.get("role") for each in page.iter(xhtml.tag("section"))] == ["doc-glossary"]
    links = [link for link in book.ebook.tree("one.xhtml").iter(xhtml.tag("a")) if link.get("role") == "doc-glossref"]
    ids = {each.get("id") for each in page.iter(xhtml.tag("dt"))}
    assert len(links) >= 6
    assert {link.get("href", "").removeprefix("glossary.xhtml#") for link in links} <= ids
