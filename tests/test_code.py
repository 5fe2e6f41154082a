"""Code: listings, numbers of lines, and the marks beside lines that go on in the next."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from lxml import etree
from test_epub_sample import found
from tiny import tiny

from pmpress import xhtml
from pmpress.model import Rendered
from pmpress.press import Order, load, render

Write = Callable[..., Path]
TOML = '[book]\ntitle = "T"\nlanguage = "{}"\n[contents]\nbody = ["a.md"]\n'
HOOKS = re.compile(rb"/Artifact BMC q 0\.5 w 0\.45 G (.*?) Q EMC", re.DOTALL)


def printed(book_of: Write, text: str, language: str = "en") -> Rendered:
    folder = book_of({"book.toml": TOML.format(language), "a.md": f"# A\n\n{text}\n"})
    return render(load(Order(folder)), "pdf")


def hooks(made: Rendered) -> list[tuple[int, float, float]]:
    """The marks: page, and the left end and the height of the stroke at each one's foot, from the top."""
    marks = []
    with pikepdf.open(BytesIO(made.data)) as pdf:
        for number, page in enumerate(pdf.pages):
            contents = page.get("/Contents", pikepdf.Array())
            streams = contents if isinstance(contents, pikepdf.Array) else [contents]
            for drawn in HOOKS.findall(b"\n".join(stream.read_bytes() for stream in streams)):
                strokes = drawn.decode().split(" S")[:-1:2]
                marks += [(number, float(stroke.split()[-3]), float(stroke.split()[-2])) for stroke in strokes]
    return marks


def lines(made: Rendered, pattern: str) -> list[tuple[int, float, float, str]]:
    """The lines of the pages in which a pattern is found: page, left and right edge, and text."""
    shown = []
    document = pypdfium2.PdfDocument(made.data)
    for number, page in enumerate(document):
        words = page.get_textpage()
        text = words.get_text_range()
        for m in re.finditer(r"[^\r\n]+", text):
            if re.search(pattern, m[0]):
                left, right = words.get_charbox(m.start())[0], words.get_charbox(m.end() - 1)[2]
                shown.append((number, left, right, m[0]))
        words.close()
    document.close()
    return shown


def code(*written: str, info: str = "text") -> str:
    return "\n".join([f"```{info}", *written, "```"])


def test_each_line_that_goes_on_has_a_mark_beside_it(book_of: Write) -> None:
    made = printed(book_of, code("short x", "x" * 150, "", "x" * 40, "  x" + " xxxx" * 30))
    shown = lines(made, "x")
    marks = hooks(made)
    assert len(marks) == len(shown) - 4 >= 4
    assert len({left for _, left, _ in marks}) == 1
    assert marks[0][1] > max(right for _, _, right, _ in shown)
    # What is copied is what was written.
    assert "".join(text for *_, text in shown if "xxxxx" in text).count("x") == 190


def test_lines_that_fit_have_none(book_of: Write) -> None:
    assert hooks(printed(book_of, code("x" * 40, "", "y = 1  ", "\tz", ""))) == []


def test_a_block_over_several_pages(book_of: Write) -> None:
    count = 60
    made = printed(book_of, code(*[f"x{number:02} = " + "word " * 14 + "end" for number in range(count)]))
    shown = lines(made, "word|end")
    assert len({page for page, *_ in shown}) > 2
    marks = hooks(made)
    assert len(marks) == len(shown) - count
    assert {page for page, *_ in marks} == {page for page, *_ in shown}


def test_code_in_a_book_from_right_to_left(book_of: Write) -> None:
    made = printed(book_of, "نص\n\n" + code("x" * 100), language="ar")
    shown, marks = lines(made, "xxx"), hooks(made)
    assert len(marks) == len(shown) - 1 > 0
    assert marks[0][1] > max(right for _, _, right, _ in shown)


def test_numbers_hang_before_their_lines(book_of: Write) -> None:
    made = printed(book_of, code("x" * 100, '"""a', 'b"""', info="{.python .numbered start=9}"))
    with pypdfium2.PdfDocument(made.data) as document:
        page = next(page for page in document if "xxx" in page.get_textpage().get_text_range())
        words = page.get_textpage()
        text = words.get_text_range()
        assert re.search(r"^9 ?x{30,}\r\nx+\r\n10 ?\"\"\"a\r\n11 ?b\"\"\"", text, re.MULTILINE), text
        first = text.index("x")
        second = text.index("x", text.index("\r\n", first))
        assert words.get_charbox(first)[0] == pytest.approx(words.get_charbox(second)[0], abs=0.1)
        nine, eleven = text.rindex("9", 0, first), text.index("11")
        assert words.get_charbox(nine)[2] == pytest.approx(words.get_charbox(eleven + 1)[2], abs=1.5)
        assert words.get_charbox(nine)[2] < words.get_charbox(first)[0]
        page.close()
    assert len(hooks(made)) == 1


@pytest.mark.parametrize(
    ("info", "numbers"),
    [
        ("{.python .numbered}", ["1", "2", "3", "4"]),
        ("python {.numbered start=99}", ["99", "100", "101", "102"]),
        ('{.python .numberLines startFrom="7"}', ["7", "8", "9", "10"]),
        ("{.numberLines}", ["1", "2", "3", "4"]),
        ("python {start=5}", []),
    ],
)
def test_numbers_change_no_line(book_of: Write, info: str, numbers: list[str]) -> None:
    text = '"""one\ntwo\n\nfour"""'
    folder = book_of({"book.toml": TOML.format("en"), "a.md": f"# A\n\n{code(text, info=info)}\n"})
    (chapter,) = load(Order(folder)).book.chapters
    (block,) = xhtml.parse(chapter.xhtml).iter(xhtml.tag("pre"))
    said = [span for span in xhtml.elements(block, "span") if span.get("class") == "line-number"]
    assert [span.text for span in said] == numbers
    for span in said:
        assert span.get("aria-hidden") == "true"
        xhtml.remove(span)
    assert "".join(block.itertext()) == f"{text}\n"
    assert "data-start" not in etree.tostring(block).decode()


def test_listings_and_examples_are_counted_and_named() -> None:
    both = tiny("code")
    page = both.ebook.tree("ch1-listings.xhtml")
    captions = {
        figure.get("id"): xhtml.text_of(caption)
        for figure in found(page, "//h:figure[@id]")
        for caption in found(figure, "h:figcaption")
    }
    assert captions == {
        "lst-long": "Listing 1 long.py",
        "lst-numbers": "Listing 2 numbers.py",
        "lst-bare": "Listing 3",
        "ex-one": "Example 1 A sum",
    }
    assert "Listing 1 has long lines and Listing 2 numbers; Example 1 is an example" in both.page("ch1-listings.xhtml")
    assert "Listing 1 long.py" in " ".join(both.printed.text_from("ch1-listings").split())
    assert ".line-number" in both.ebook.files["EPUB/book.css"].decode().partition("user-select: none")[0]


def test_code_in_quotes_lists_and_notes_has_marks_too() -> None:
    made = tiny("code").printed.rendered
    shown = lines(made, r"widest of|even in|^made$|one, even|the widest")
    assert len([mark for mark in hooks(made) if mark[0] >= shown[0][0]]) == 4  # one, two, and one


def test_a_second_caption_is_said_to_be_left_out(book_of: Write) -> None:
    text = "# A\n\n```{.python title='a.py' caption='The end'}\npass\n```\n"
    found = load(Order(book_of({"book.toml": TOML.format("en"), "a.md": text}))).diagnostics
    assert [f"{each.span} {each.code}" for each in found] == ["a.md:3 caption-twice"]
