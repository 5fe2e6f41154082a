"""What is lost between the model and the finished files is found, with its place; and nothing else is."""

from __future__ import annotations

import re
import time
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from test_images import picture
from tiny import NAMES, tiny

from pmpress.checks.parity import check_parity
from pmpress.checks.parity.alignment import lost_of
from pmpress.checks.parity.printed import _logical
from pmpress.checks.parity.reading import read
from pmpress.checks.parity.signs import Signs
from pmpress.diagnostics import Diagnostic, Span, UsageError
from pmpress.model import Book, Chapter
from pmpress.press import Loaded, Order, load, render

Write = Callable[..., Path]

BREAD = """# Bread

Flour, water and salt are all that bread needs, and *time*.

A second paragraph stands here, to be dropped.

It takes a mill[^mill] and an oven[^oven].

![A loaf on a board](loaf.png)

![A sack of flour](sack.png)

| Grain | Days |
| --- | --- |
| Wheat | 3 |
| Rye | 5 |

Of the rest $a + b$ is known, and $c^2$ is not.

Read [the other chapter](b.md), [its end](b.md#end) and [a page](https://example.org/page).

* The first of the items
* The second of the items
* The third of the items

```python
knead = True
bake(knead)
```

[^mill]: One of stone, and turned by water.
[^oven]: One of brick, and hot.
"""
WATER = "# Water\n\nWater is wet.\n\n## End\n\nThe end.\n"

# What is taken from the model: where it begins, where it ends, what is put in its place, and what is to be said.
PLANTED: Mapping[str, tuple[str, str, str, str]] = {
    "a word": ("water", " and", "and", "a.md:3 parity-words 'water'"),
    "a paragraph": ("<p data-src=\"a.md:5-5\"", "</p>", "", "a.md:5 parity-words the paragraph"),
    "a note's link": ("", "", "", "a.md:7 parity-link '#a--fn-oven'"),
    "a figure": ('<figure data-src="a.md:9-9"', "</figure>", "", "a.md:9 parity-figure 'A loaf on a board'"),
    "words for a figure": ('alt="A sack of flour', '"', 'alt="Sack"', "a.md:11 parity-figure 'A sack of flour'"),
    "a row": ('<tr data-src="a.md:16-16"', "</tr>", "", "a.md:16 parity-table the row 'Rye 5'"),
    "a formula": ('<math xmlns="http://www.w3.org/1998/Math/MathML" display="inline" alttext="c^2"', "</math>", "",
                  "a.md:18 parity-formula 'c^2'"),
    "a link made plain": ('<a data-src="a.md:20-20" href="#b--end">', "its end</a>", "its end",
                          "a.md:20 parity-link '#b--end'"),
    "a link elsewhere": ("https://example.org/", "page", "https://example.org/another",
                         "a.md:20 parity-link 'https://example.org/page'"),
    "a list item": ('<li data-src="a.md:23-23"', "</li>", "", "a.md:23 parity-words the list item"),
    "a line of code": ("bake(knead)", "\n", "", "a.md:26 parity-words 'bake(knead)'"),
    "a note": ('<aside epub:type="footnote" role="doc-footnote" id="fn-oven"', "</aside>", "",
               "a.md:32 parity-note the note"),
}  # fmt: skip


def without(book: Book, *names: str) -> Book:
    """The book without what is planted in its first chapter."""
    first, *others = book.chapters
    text = first.xhtml
    for begin, end, instead, _ in (PLANTED[name] for name in names):
        if begin:
            start = text.index(begin)
            text = text[:start] + instead + text[text.index(end, start + len(begin)) + len(end) :]
    assert text != first.xhtml
    return replace(book, bodymatter=(replace(first, xhtml=text), *others))


def said(found: tuple[Diagnostic, ...], output: str) -> list[str]:
    """What was found in one output: place, code and message."""
    return [f"{each.span} {each.code} {each.message}" for each in found if f"the {output}" in each.message]


@pytest.fixture(scope="module")
def bread(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    """The book that things are taken from."""
    root = tmp_path_factory.mktemp("bread")
    (root / "a.md").write_text(BREAD)
    (root / "b.md").write_text(WATER)
    for name in ("loaf.png", "sack.png"):
        (root / name).write_bytes(picture())
    return load(Order(root))


@pytest.fixture(scope="module")
def whole(bread: Loaded) -> tuple[bytes, bytes]:
    """Its PDF and its EPUB."""
    return render(bread, "pdf").data, render(bread, "epub").data


@pytest.fixture(scope="module")
def found(bread: Loaded) -> tuple[Diagnostic, ...]:
    """What is said of files from which everything is taken that is planted."""
    broken = replace(bread, book=without(bread.book, *PLANTED))
    return check_parity(bread.book, render(broken, "pdf").data, render(broken, "epub").data)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.slow
def test_nothing_is_missing_in_a_tiny_book(name: str) -> None:
    made = tiny(name)
    (proof,) = check_parity(made.book, made.printed.rendered.data, made.ebook.data)
    assert proof.code == "parity-holds"


def test_nothing_is_missing(bread: Loaded, whole: tuple[bytes, bytes]) -> None:
    (proof,) = check_parity(bread.book, *whole)
    count = "2 notes, 2 figures, 1 table, 2 formulas, 5 links"
    assert count in proof.message.partition("EPUB")[0]
    assert count in proof.message.partition("EPUB")[2]


@pytest.mark.parametrize("output", ["PDF", "EPUB"])
@pytest.mark.parametrize("name", sorted(PLANTED))
def test_what_is_planted_is_found(name: str, output: str, found: tuple[Diagnostic, ...]) -> None:
    place, code, *words = PLANTED[name][3].split(" ", 2)
    lines = [line for line in said(found, output) if line.startswith(f"{place} {code} ")]
    assert any(word in line for line in lines for word in words)


@pytest.mark.parametrize("output", ["PDF", "EPUB"])
def test_nothing_else_is_found(output: str, found: tuple[Diagnostic, ...]) -> None:
    wanted = sorted(" ".join(expected.split()[:2]) for *_, expected in PLANTED.values())
    assert sorted(" ".join(line.split()[:2]) for line in said(found, output)) == wanted


@pytest.mark.parametrize("name", sorted(PLANTED.keys() - {"a note", "a note's link"}))
def test_one_alone_is_found_alone(name: str, bread: Loaded, whole: tuple[bytes, bytes]) -> None:
    broken = replace(bread, book=without(bread.book, name))
    (loss,) = check_parity(bread.book, whole[0], render(broken, "epub").data)
    place, code, words = PLANTED[name][3].split(" ", 2)
    assert (str(loss.span), loss.code) == (place, code)
    assert words in loss.message


def repacked(epub: bytes, change: Callable[[str, bytes], bytes | None]) -> bytes:
    """An e-book with its files changed; one that becomes None is left out."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(epub)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            if (data := change(name, source.read(name))) is not None:
                target.writestr(name, data)
    return out.getvalue()


def test_a_chapter_that_is_not_in_the_spine(bread: Loaded, whole: tuple[bytes, bytes]) -> None:
    reference = b'<itemref idref="page-b"/>'

    def change(name: str, data: bytes) -> bytes:
        assert not name.endswith(".opf") or reference in data
        return data.replace(reference, b"")

    found = check_parity(bread.book, whole[0], repacked(whole[1], change))
    links = ["a.md:20 parity-link"] * 2
    assert [f"{each.span} {each.code}" for each in found] == [*links, "b.md:1 parity-words"]
    assert "the chapter 'Water Water is wet. End The end.' is not in the EPUB" in found[-1].message


def test_a_chapter_that_is_not_printed(bread: Loaded, whole: tuple[bytes, bytes]) -> None:
    broken = replace(bread, book=replace(bread.book, bodymatter=bread.book.bodymatter[:1]))
    found = check_parity(bread.book, render(broken, "pdf").data, whole[1])
    assert "b.md:1 parity-words the chapter 'Water Water is wet. End The end.' is not in the PDF" in said(found, "PDF")


def test_a_picture_that_is_not_packed(bread: Loaded, whole: tuple[bytes, bytes]) -> None:
    epub = repacked(whole[1], lambda name, data: None if name.endswith("loaf.png") else data)
    (loss,) = check_parity(bread.book, whole[0], epub)
    assert (str(loss.span), loss.code) == ("a.md:9", "parity-figure")


def edited(pdf: bytes, change: Callable[[pikepdf.Pdf], None]) -> bytes:
    """A PDF with something changed in it."""
    out = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as opened:
        change(opened)
        opened.save(out)
    return out.getvalue()


def elements(parent: Any) -> list[Any]:
    """All elements below one in the tree of tags."""
    kids = [kid for kid in parent.K if isinstance(kid, pikepdf.Dictionary) and "/S" in kid] if "/K" in parent else []
    return [each for kid in kids for each in (kid, *elements(kid))]


def test_a_glyph_without_a_meaning(bread: Loaded, whole: tuple[bytes, bytes]) -> None:
    def forget(pdf: pikepdf.Pdf) -> None:
        fonts = {font.objgen: font for page in pdf.pages for font in page.Resources.get("/Font", {}).values()}
        for font in fonts.values():
            meanings = font.ToUnicode.read_bytes()
            font.ToUnicode = pdf.make_stream(re.sub(rb"(<\w+> )<0046>", rb"\1<2060>", meanings))  # F

    found = check_parity(bread.book, edited(whole[0], forget), whole[1])
    assert [(str(each.span), each.code) for each in found] == [("a.md:3", "parity-words")]
    assert "not in the PDF: 'Flour,'" in found[0].message


@pytest.mark.parametrize(
    ("tag", "code", "places"),
    [
        ("/Figure", "parity-figure", ["a.md:9", "a.md:11"]),
        ("/Formula", "parity-formula", ["a.md:18", "a.md:18"]),
        ("/Note", "parity-note", ["a.md:31", "a.md:32"]),
        ("/Table", "parity-table", ["a.md:13"]),
        ("/Link", "parity-link", ["a.md:7", "a.md:7", "a.md:20", "a.md:20", "a.md:20"]),
    ],
)
def test_tags_that_do_not_say_what_a_thing_is(
    tag: str, code: str, places: list[str], bread: Loaded, whole: tuple[bytes, bytes]
) -> None:
    def forget(pdf: pikepdf.Pdf) -> None:
        for element in elements(pdf.Root.StructTreeRoot.K[0]):
            if str(element.S) == tag:
                element.S = pikepdf.Name.NonStruct

    found = check_parity(bread.book, edited(whole[0], forget), whole[1])
    assert sorted((str(each.span), each.code) for each in found) == sorted((place, code) for place in places)


def test_a_link_of_the_pdf_to_a_place_that_is_not_there(bread: Loaded, whole: tuple[bytes, bytes]) -> None:
    def mislead(pdf: pikepdf.Pdf) -> None:
        for page in pdf.pages:
            for annotation in page.get("/Annots", ()):
                if "/D" in annotation.A and bytes(annotation.A.D) == b"b--end":
                    annotation.A.D = pikepdf.String("b--beginning")

    (loss,) = check_parity(bread.book, edited(whole[0], mislead), whole[1])
    assert (str(loss.span), loss.code) == ("a.md:20", "parity-link")


def test_a_note_too_long_for_the_foot_of_a_page(book_of: Write) -> None:
    notes = [f"Note{number} {words}" for number, words in enumerate(["short", "long " * 900, "brief", "last"], start=1)]
    text = "".join(f"Paragraph {number}.[^{number}]\n\n" for number in range(1, 5))
    text += "".join(f"[^{number}]: {words}\n" for number, words in enumerate(notes, start=1))
    book = load(Order(book_of({"a.md": f"# A\n\n{text}"})))
    assert [each.code for each in check_parity(book.book, render(book, "pdf").data, render(book, "epub").data)] == [
        "parity-holds"
    ]


def test_an_endnote() -> None:
    made = tiny("endnotes")

    def change(name: str, data: bytes) -> bytes:
        text = data.decode("utf-8", "ignore")
        place = text.find('id="ch1-out-fn-early"')
        if not name.endswith(".xhtml") or place < 0:
            return data
        begin, end = text.rindex("<aside", 0, place), text.index("</aside>", place) + len("</aside>")
        return (text[:begin] + text[end:]).encode()

    found = check_parity(made.book, made.printed.rendered.data, repacked(made.ebook.data, change))
    assert [(str(each.span), each.code) for each in found if each.code != "parity-link"] == [
        ("1-out.md:12", "parity-note")
    ]
    assert any(each.code == "parity-link" for each in found)  # which the note is reached by


def test_a_pdf_without_tags_cannot_be_read_back(bread: Loaded, whole: tuple[bytes, bytes]) -> None:
    def forget(pdf: pikepdf.Pdf) -> None:
        del pdf.Root.StructTreeRoot

    with pytest.raises(UsageError) as caught:
        check_parity(bread.book, edited(whole[0], forget), whole[1])
    assert [each.code for each in caught.value.diagnostics] == ["parity-untagged"]


@cache
def signs() -> Signs:
    return Signs()


def lost(wanted: str, found: str) -> list[str]:
    """What a text lacks of another, both said in words."""
    text = read(("", f"<p>{wanted}</p>"), signs(), Span("x"), of="print", says_pages=True)
    return [text.signs[first:last] for first, last in lost_of(text, signs().of_text(found), in_any_order=False)]


def test_what_comes_and_goes_where_lines_end_is_no_loss() -> None:
    assert lost("incom\u00adprehensible ﬁnd Ǆ word\u2060joined", "Incompre-\nhens-\nible find DŽ wordjoined") == []


def test_what_is_elsewhere_is_not_lost_but_counts_once() -> None:
    text = " ".join(f"word{number}" for number in range(200))
    assert lost(f"A moved sentence. {text}", f"{text} A moved sentence.") == []
    assert lost(f"A moved sentence. {text} A moved sentence.", f"{text} A moved sentence.") == ["amovedsentence."]


def test_a_word_that_is_part_of_another_is_missed() -> None:
    assert lost("one or other, or both of them", "one or other, both of them") == ["or"]


def test_time_grows_with_the_length_however_much_is_lost() -> None:
    def seconds(length: int) -> float:
        wanted = " ".join(f"{number * 7919 % 100003}" for number in range(length))
        begun = time.perf_counter()
        lost(wanted, " ".join(wanted.split()[::-1]))
        lost(wanted, "x" * len(wanted))
        return time.perf_counter() - begun

    seconds(100)
    assert seconds(8000) < 40 * seconds(1000) + 0.5


@pytest.mark.parametrize(
    ("line", "read_out"),
    [
        ("abc 12", "abc 12"),
        ("ملاس", "سالم"),
        (".2024 ماع Git 2.0 ردص", "صدر Git 2.0 عام 2024."),
        ("2-1 لكشلا", "الشكل 1-2"),
    ],
)
def test_lines_that_run_from_right_to_left(line: str, read_out: str) -> None:
    assert _logical(list(line), is_rtl=True) == read_out


@pytest.mark.parametrize(
    ("line", "read_out"),
    [
        ("abc 12", "abc 12"),
        ("ملاس", "سالم"),
        ("letters, د ج ب أ, or figures", "letters, أ ب ج د, or figures"),
        ("د ج ب أ) or", "أ ب ج د) or"),
        ("page 12 2.0 لكشلا of", "page 12 2.0 الشكل of"),
    ],
)
def test_lines_of_two_directions_that_run_from_left_to_right(line: str, read_out: str) -> None:
    assert _logical(list(line), is_rtl=False) == read_out


def test_words_lost_from_a_line_of_two_directions(book_of: Write) -> None:
    text = "# قصة\n\nصدر Git الإصدار 2.0 في عام 2014، وهو برنامج جيد.\n\nجلس محمد قرب بيت قديم.\n"
    loaded = load(Order(book_of({"book.toml": '[book]\ntitle = "x"\nlanguage = "ar"', "a.md": text})))
    (chapter,) = loaded.book.chapters
    pdf, epub = render(loaded, "pdf").data, render(loaded, "epub").data
    assert [each.code for each in check_parity(loaded.book, pdf, epub)] == ["parity-holds"]
    assert isinstance(chapter, Chapter)
    longer = chapter.xhtml.replace("بيت قديم", "بيت كبير قديم").replace("2014", "2014 Linux")
    book = replace(loaded.book, bodymatter=(replace(chapter, xhtml=longer),))
    found = check_parity(book, pdf, epub)
    assert [(str(each.span), each.code) for each in found] == [
        ("a.md:3", "parity-words"),
        ("a.md:5", "parity-words"),
    ] * 2


def test_the_command(book_of: Write, run: Callable[..., Any], tmp_path: Path) -> None:
    path = book_of({"book.toml": '[book]\ntitle = "x"', "a.md": "# A\n\nSome words."})
    done = run("parity", path, "-o", tmp_path / "out")
    assert done.code == 0
    assert "parity-holds" in done.err
    untagged = run("parity", path, "-o", tmp_path / "out", "--target", "kdp", "--format", "json")
    assert (untagged.code, untagged.said) == (2, ["error parity-untagged"])
