"""Features over whole small books, seen in the model."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pmpress import xhtml
from pmpress.model import Book, Entry, Part
from pmpress.press import Loaded, Order, load

Write = Callable[..., Path]


def loaded(folder: Path, *, draft: bool = False) -> Loaded:
    return load(Order(folder, draft=draft))


def hrefs(book: Book) -> list[str]:
    return [
        str(link.get("href"))
        for chapter in book.chapters
        for link in xhtml.parse(chapter.xhtml).iter(xhtml.tag("a"))
        if link.get(xhtml.EPUB_TYPE) != "noteref"
    ]


def tree(entries: tuple[Entry, ...]) -> list[object]:
    return [
        (f"{entry.number} {entry.title}".strip(), tree(entry.entries)) if entry.entries else entry.title
        for entry in entries
    ]


def test_links_between_chapters(book_of: Write) -> None:
    book = loaded(book_of({
        "a.md": "# Alpha\n\n[1](b.md) [2](b.md#deep) [3](#alpha) [4](#here) [5](sub/c.md) [6](b.html#deep)\n\n"
                "## Here\n",
        "b.md": "# Beta\n\n## Deep\n\n[1](./a.md#here) [2](/a.md) [3](https://example.org/x.md) [4](sub/)\n",
        "sub/README.md": "# Sub\n\n[1](../b.md#Deep) [2](mailto:a@example.org)\n",
        "sub/c.md": "# Gamma\n",
    })).book  # fmt: skip
    assert hrefs(book) == [
        "#b", "#b--deep", "#a", "#a--here", "#c", "#b--deep",
        "#a--here", "#a", "https://example.org/x.md", "#sub",
        "#b--deep", "mailto:a@example.org",
    ]  # fmt: skip


def test_a_link_to_a_file_left_out_becomes_text(book_of: Write) -> None:
    found = loaded(book_of({"a.md": "# A\n\nSee the [licence](LICENSE.md).\n", "LICENSE.md": "x"}))
    assert hrefs(found.book) == []
    assert "See the licence." in found.book.chapters[0].xhtml
    assert "a.md:3 link-left-out" in [f"{each.span} {each.code}" for each in found.diagnostics]


def test_every_top_heading_begins_a_chapter_and_takes_its_notes_along(book_of: Write) -> None:
    book = loaded(book_of({"all.md": (
        "Before.\n\n# One\n\nx[^a] y[^b]\n\n# Two\n\n[back](#one) z[^c] x[^a2]\n\n"
        "[^a]: note a\n[^b]: note b\n[^c]: note c\n[^a2]: note a2\n"
    )})).book  # fmt: skip
    one, two = book.chapters
    assert (one.slug, one.title, two.slug, two.title) == ("all", "One", "all_2", "Two")
    assert "Before." in one.xhtml
    assert [aside.get("data-number") for aside in xhtml.parse(two.xhtml).iter(xhtml.tag("aside"))] == ["1", "2"]
    assert "note c" in two.xhtml
    assert "note c" not in one.xhtml
    assert hrefs(book) == ["#all"]
    refs = [link.text for link in xhtml.parse(two.xhtml).iter(xhtml.tag("a")) if link.get(xhtml.EPUB_TYPE) == "noteref"]
    assert refs == ["1", "2"]
    for chapter in book.chapters:
        body = xhtml.parse(chapter.xhtml)
        ids = {f"#{chapter.slug}--{element.get('id')}" for element in body.iter(xhtml.tag("aside"))}
        links = {link.get("href") for link in body.iter(xhtml.tag("a")) if link.get(xhtml.EPUB_TYPE) == "noteref"}
        assert ids == links


def test_levels_are_closed_up(book_of: Write) -> None:
    found = loaded(book_of({"a.md": "# A\n\n### B\n\n##### C\n\n### D\n\n## E\n\n#### F\n"}))
    assert [(head.level, head.title) for head in found.book.chapters[0].headings] == [
        (2, "B"), (3, "C"), (2, "D"), (2, "E"), (3, "F"),
    ]  # fmt: skip
    assert [each.span.line for each in found.diagnostics if each.code == "heading-skipped" and each.span] == [
        3,
        5,
        7,
        11,
    ]


def test_contents_and_numbers(book_of: Write) -> None:
    toml = (
        '[book]\ntitle = "T"\n[contents]\nfront = ["preface.md"]\n'
        'body = [{part = "P", chapters = ["a.md"]}, {part = "Q", chapters = ["b.md"]}]'
    )
    book = loaded(
        book_of(
            {
                "book.toml": toml,
                "preface.md": "# Why",
                "a.md": "# A\n## S\n### SS\n## T",
                "b.md": "# *B*[^1]\n\n[^1]: n",
            }
        )
    ).book
    assert tree(book.contents) == [
        "Why", ("I P", [("1 A", [("S", ["SS"]), "T"])]), ("II Q", ["B"]),
    ]  # fmt: skip
    assert [entry.anchor for entry in book.contents] == ["preface", "part-1", "part-2"]
    assert isinstance(book.bodymatter[1], Part)
    assert book.bodymatter[1].chapters[0].number == "2"


def test_titles_that_say_their_number_are_given_none(book_of: Write) -> None:
    book = loaded(book_of({"ch1.md": "# Chapter 1: A", "ch2.md": "# Chapter 2: B"})).book
    assert [chapter.number for chapter in book.chapters] == ["", ""]


def test_sections_of_a_summary_are_lowered_into_their_chapter(book_of: Write) -> None:
    book = loaded(book_of({
        "SUMMARY.md": "- [One](one.md)\n  - [Sub](sub.md)\n- [Two](two.md)\n",
        "one.md": "# One\n\n## Same\n\n[x](sub.md) [y](sub.md#same)\n",
        "sub.md": "# Sub\n\n## Same\n\nText[^1].\n\n[^1]: Note.\n",
        "two.md": "# Two\n\n[z](sub.md#same)\n",
    })).book  # fmt: skip
    one, two = book.chapters
    assert [(head.level, head.id) for head in one.headings] == [(2, "same"), (2, "sub"), (3, "same-2")]
    assert hrefs(book)[0] == "#one--sub"
    assert "note" in one.xhtml.lower()
    assert two.title == "Two"


def test_text_without_a_title_is_given_one(book_of: Write) -> None:
    book = loaded(book_of({"01-first_steps.md": "Only text.", "02.md": "## Lower\n\nText."})).book
    assert [chapter.title for chapter in book.chapters] == ["First steps", "Lower"]


def test_missing_words_for_a_picture_are_a_stated_placeholder(book_of: Write) -> None:
    from test_images import picture

    book = loaded(book_of({"a.md": '# A\n\n![](x.png)\n\n![](x.png "What it is.")\n', "x.png": picture()})).book
    images = list(xhtml.parse(book.chapters[0].xhtml).iter(xhtml.tag("img")))
    assert [(image.get("alt"), image.get("data-alt")) for image in images] == [
        ("Image", "missing"),
        ("What it is.", "missing"),
    ]
    assert {image.get("src") for image in images} == {"images/x.png"}


def test_the_identifier_comes_from_the_metadata_alone(book_of: Write) -> None:
    one = loaded(book_of({"book.toml": '[book]\ntitle = "T"', "a.md": "# A"}, "x")).book.metadata
    two = loaded(book_of({"book.toml": '[book]\ntitle = "T"', "a.md": "# B"}, "y")).book.metadata
    other = loaded(book_of({"book.toml": '[book]\ntitle = "U"', "a.md": "# A"}, "z")).book.metadata
    assert one.identifier == two.identifier
    assert one.identifier.startswith("urn:uuid:")
    assert one.identifier != other.identifier
    assert (one.modified, one.dated) == ("1980-01-01T00:00:00Z", False)


def test_the_title_of_a_folder_and_of_one_text(book_of: Write) -> None:
    assert loaded(book_of({"a.md": "# A", "b.md": "# B"}, "my-great_book")).book.metadata.title == "My great book"
    assert loaded(book_of({"a.md": "# The Story"}, "x")).book.metadata.title == "The Story"
    assert loaded(book_of({"README.md": "# All of It", "b.md": "# B"}, "y")).book.metadata.title == "All of It"


def test_every_block_has_a_number_in_reading_order(book_of: Write) -> None:
    text = (
        "# Title[^1]\n\nText with *emphasis*.\n\n> * one\n>\n>   | a |\n>   | - |\n>   | b |\n\n"
        "```\ncode\n```\n\n---\n\n$$\nx\n$$\n\nTerm\n: What it is\n\n## End\n\n[^1]: Note.\n"
    )
    (chapter,) = loaded(book_of({"a.md": text})).book.chapters
    assert "data-block" not in chapter.title_xhtml
    body = xhtml.parse(chapter.xhtml)
    blocks = [each for each in body.iter() if each.get("data-block")]
    assert [each.get("data-block") for each in blocks] == [str(number + 1) for number in range(len(blocks))]
    names = " ".join(map(xhtml.local, blocks))
    assert names == "p blockquote ul li p table th td pre hr div dl dt dd h2 section aside p"


def test_whatever_has_text_stands_in_a_block(book_of: Write) -> None:
    html = "<div>x<details><summary>y</summary>z</details></div>\n\n<b>w</b>\n\n<table><caption>v</caption></table>"
    (chapter,) = loaded(book_of({"a.md": f"# A\n\n{html}\n"})).book.chapters
    body = xhtml.parse(chapter.xhtml)
    assert all(not (part or "").strip() for part in (body.text, *(child.tail for child in body)))
    assert all(child.get("data-block") for child in body)


def test_ids_of_files_that_become_one_chapter_are_kept_apart(book_of: Write) -> None:
    files = {
        "SUMMARY.md": "- [One](one.md)\n  - [Two](two.md)\n",
        "one.md": "# One\n\n[x]{#a}\n",
        "two.md": "# Two\n\n[p]{#a-2} [q]{#a} [y](#a) [z](#a-2)\n",
    }
    (chapter,) = loaded(book_of(files)).book.chapters
    body = xhtml.parse(chapter.xhtml)
    assert [each.get("id") for each in body.iter(xhtml.tag("span"))] == ["a", "a-2", "a-3"]
    assert [each.get("href") for each in body.iter(xhtml.tag("a"))] == ["#one--a-3", "#one--a-2"]


def test_a_heading_that_is_a_picture_is_called_by_what_it_shows(book_of: Write) -> None:
    text = "# A\n\n## ![The sea](p.png)\n\nx\n\n## ![](p.png){.decorative}\n\ny\n"
    (chapter,) = loaded(book_of({"a.md": text}), draft=True).book.chapters
    assert [heading.title for heading in chapter.headings] == ["The sea"]
