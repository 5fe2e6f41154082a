"""Where pages begin in the text: told from the layout, put into the model's text, and read back from the PDF."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pypdfium2
import pytest
from lxml import etree
from test_images import picture
from test_pdf_sample import prose

from pmpress import xhtml
from pmpress.model import Chapter
from pmpress.pdf import work
from pmpress.pdf.dress import dress, look
from pmpress.pdf.preparing.for_print import Printable
from pmpress.pdf.typesetter import fonts
from pmpress.press import Order, load
from pmpress.textplaces import BLOCK, counted, own_text, place_in_text

if TYPE_CHECKING:  # the engine, imported with it, finds its fonts while it is imported
    from pmpress.pdf.facts import PageStart

Write = Callable[..., Path]
SMALL = """@page { size: 260pt 220pt; margin: 20pt !important } ul, ol { list-style-type: none }
.chapter-heading { margin: 0; font-size: 12pt; line-height: 15pt } .chapter-number { display: inline; margin: 0 }
.footnote { width: 220pt }"""
MARK, NOTE = "\ue000", "\ue001"


@dataclass(frozen=True)
class Pages:
    """A chapter laid out: its text as the model has it, where its pages begin, and what is printed on each."""

    chapter: Chapter
    document: Any
    starts: tuple[PageStart | None, ...]
    printed: tuple[str, ...]

    @property
    def blocks(self) -> dict[int, etree._Element]:
        """The chapter's blocks by number."""
        title, body = xhtml.parse(self.chapter.title_xhtml), xhtml.parse(self.chapter.xhtml)
        return {0: title, **{int(block.get(BLOCK, "")): block for block in body.iter() if block.get(BLOCK)}}

    def places(self) -> list[str]:
        """The name of the element that each page begins in, and its next few characters."""
        found = []
        for start in self.starts:
            if start is None:
                found.append("")
                continue
            block = self.blocks[start.block]
            text = counted("".join(piece for _, _, piece in own_text(block)))
            found.append(f"{xhtml.local(block)} {text[start.offset : start.offset + 12]}".strip())
        return found

    def between(self) -> tuple[str, ...]:
        """The text of the model from each page's start to the next one's, and the notes that it refers to."""
        blocks = self.blocks
        title, body = blocks[0], blocks[1].getroottree().getroot()
        starts = [start for start in self.starts if start]
        for holder, where, index in reversed([place_in_text(blocks[start.block], start.offset) for start in starts]):
            text = getattr(holder, where) or ""
            setattr(holder, where, text[:index] + MARK + text[index:])
        notes = []
        for section in body.findall(f"{xhtml.tag('section')}[@class='footnotes']"):
            notes = [note.get("data-number", "") + xhtml.text_of(note) for note in section]
            xhtml.remove(section)
        for link in xhtml.elements(body, "a"):
            if link.get(xhtml.EPUB_TYPE) == "noteref":
                link.text = f"{link.text}{NOTE}"
        parts = iter("".join([*title.itertext(), *body.itertext()]).split(MARK)[1:])
        texts = [next(parts) if start else "" for start in self.starts]
        return tuple(text + "".join(notes.pop(0) for _ in range(text.count(NOTE))) for text in texts)

    def assert_right(self, bare: Callable[[str], str] | None = None) -> None:
        """Every page prints what stands in the model between its start and the next one's."""
        bare = bare or letters
        assert [bare(text) for text in self.printed] == [bare(text) for text in self.between()]
        assert len(self.starts) == len(self.document.pages)


def letters(text: str) -> str:
    """A text without white space, the chapter's number, hyphens, and what PDFium says for hyphens."""
    return re.sub(rf"[§\s\u00ad\u200b\u2010\ufffe\x02{NOTE}-]", "", text)


def laid_out(folder: Path, css: str = "") -> Pages:
    """The only chapter of a book, laid out on small pages."""
    loaded = load(Order(folder))
    chapter = loaded.book.chapters[0]
    fonts.use_only(loaded.layout.fonts)
    work.import_engine()
    from pmpress.pdf.laying_out import second_look
    from pmpress.pdf.laying_out.page_starts import page_starts
    from pmpress.pdf.typesetter.engine import Engine

    engine = Engine(look(loaded.layout))
    engine.dress = dress(loaded.book, loaded.layout)
    engine.serve(loaded.book.assets)
    numbered = replace(chapter, number="§")
    body = xhtml.parse(loaded.layout.render("chapter", book=loaded.book, chapter=numbered, role=""))
    Printable(engine.coverage).change(body, chapter.slug, None)
    root = engine.tree(xhtml.serialise(body))
    style_sheets = [engine.bare, *map(engine.parse, (second_look.WIDE, SMALL, css))]
    document = engine.lay_out(root, style_sheets)
    while second_look.mend(root, document, None) is not None:
        document = engine.lay_out(root, style_sheets)
    with pypdfium2.PdfDocument(document.write_pdf()) as pdf:
        printed = [page.get_textpage().get_text_range() for page in pdf]
    return Pages(chapter, document, page_starts(document, root), tuple(printed))


ENGLISH = f"""# On *product* management

{prose(3)} A note.[^1] {prose(2, 1)}

## A heading

* {prose(1, 2)}
* {prose(1, 3)}

    {prose(1, 4)}

    * {prose(1, 5)}
    * {prose(1, 6)}

| One | Two |
| --- | --- |
| {prose(1, 1)} | {prose(1, 2)} |
| {prose(1, 3)} | {prose(1, 4)} |

> {prose(2, 7)}

```python
def decide(facts):
\t# nobody knows
\treturn facts[0] or "a long line that will be broken, since it does not fit into the line at all"
```

{prose(2, 6)} Another note.[^2]
*{prose(3, 2)}*

Term
: {prose(2, 3)}

[^1]: A *note*.
[^2]: Another.
"""


def test_every_page_of_a_chapter_with_all_there_is(book_of: Write) -> None:
    pages = laid_out(book_of({"a.md": ENGLISH}), "thead { display: table-row-group }")
    pages.assert_right()
    assert len(pages.starts) > 7
    assert pages.starts[0] is not None
    assert (pages.starts[0].block, pages.starts[0].offset) == (0, 0)
    assert len({start.block for start in pages.starts if start}) > 6
    starts = [start for start in pages.starts if start]
    assert starts == sorted(starts)


@pytest.mark.parametrize("size", ["260pt 200pt", "264pt 220pt", "270pt 240pt"])
def test_notes_on_pages_of_any_size(book_of: Write, size: str) -> None:
    # In binary not every size is whole: a note as high as its area must not be taken for higher.
    pages = laid_out(book_of({"a.md": ENGLISH}), f"thead {{ display: table-row-group }} @page {{ size: {size} }}")
    pages.assert_right()


def test_a_note_that_goes_on_with_its_line_takes_no_other_along(book_of: Write) -> None:
    pages = laid_out(book_of({"a.md": ENGLISH}), "@page { size: 260pt 200pt }")
    assert "On product management" in " ".join(pages.printed[0].split())
    assert pages.printed[0].rstrip().endswith("have learned to live")
    assert pages.printed[1].startswith("with. A note.1")
    assert "1 A note." in " ".join(pages.printed[1].split())


def test_from_right_to_left(book_of: Write) -> None:
    text = "كتب محمد قصة قصيرة عن مدينة بعيدة في بلد غريب، ثم جلس قرب بيت قديم يشرب شاي ويقرأ *جريدة قديمة* حتى مساء. "
    toml = '[book]\ntitle = "x"\nlanguage = "ar"'
    pages = laid_out(book_of({"book.toml": toml, "a.md": f"# قصة\n\n{text * 5}\n\n{text * 14}"}))
    # PDFium turns lines round its own way: the letters of the pages are the same, in whatever order.
    pages.assert_right(lambda text: "".join(sorted(re.sub(r"\W", "", text))))
    assert len(pages.starts) > 4


def test_japanese(book_of: Write) -> None:
    text = "むかしむかし、ある村に本の好きな人がいました。**毎日**、朝から夜まで本を読んで、新しい本を書きました。"
    toml = '[book]\ntitle = "x"\nlanguage = "ja"'
    pages = laid_out(book_of({"book.toml": toml, "a.md": f"# 本の話\n\n{text * 9}\n\n{text * 15}"}))
    pages.assert_right()
    assert len(pages.starts) > 4


def test_inside_a_hyphenated_word(book_of: Write) -> None:
    pages = laid_out(book_of({"a.md": f"# A\n\n{prose(60)}"}), "@page { size: 150pt 200pt }")
    pages.assert_right()
    hyphenated = [number for number, text in enumerate(pages.printed) if re.search("[\u2010\ufffe\x02]\\s*$", text)]
    assert hyphenated
    assert all(pages.between()[number][-1].isalpha() for number in hyphenated)


@pytest.mark.parametrize("hyphens", ["manual", "none", "auto"])
def test_soft_hyphens(book_of: Write, hyphens: str) -> None:
    word = "incom\u00adprehen\u00adsi\u00adbili\u00adties "
    css = f"@page {{ size: 150pt 200pt }} p {{ hyphens: {hyphens} }}"
    pages = laid_out(book_of({"a.md": f"# A\n\n{word * 60}"}), css)
    pages.assert_right()
    assert len(pages.starts) > 3


def test_hyphens_of_the_layouts_own_choice(book_of: Write) -> None:
    css = "@page { size: 150pt 200pt } p { hyphenate-character: '~' }"
    pages = laid_out(book_of({"a.md": f"# A\n\n{'well-incomprehensibilities ' * 50}"}), css)
    pages.assert_right(lambda text: letters(text).replace("~", ""))


def test_words_longer_than_a_page(book_of: Write) -> None:
    pages = laid_out(book_of({"a.md": f"# A\n\nA {'abcdefghij' * 200} and {'klmnopqrst' * 11} end. {prose(3)}"}))
    pages.assert_right()
    assert len(pages.starts) > 4


def test_what_is_printed_as_something_else(book_of: Write) -> None:
    odd = "A 𓀀𓀁 hieroglyph, a separator\u2028here, a space\u200bof no width. "
    pages = laid_out(book_of({"a.md": f"# A\n\n{odd * 20}"}))
    pages.assert_right(lambda text: re.sub("[𓀀𓀁\ufffd]", "", letters(text)))
    assert len(pages.starts) > 2


@pytest.mark.parametrize("case", ["uppercase", "lowercase", "capitalize"])
def test_letters_changed_by_the_layout(book_of: Write, case: str) -> None:
    pages = laid_out(
        book_of({"a.md": f"# A\n\n{'Straße und Maß, Fluß *ßo groß* und weiß, ﬁn. ' * 40}"}),
        f"p {{ text-transform: {case}; hyphens: none }}",
    )
    pages.assert_right(lambda text: letters(text).casefold())
    assert len(pages.starts) > 3


def test_small_capitals(book_of: Write) -> None:
    pages = laid_out(book_of({"a.md": f"# A\n\n{prose(9)}"}), "p { font-variant: small-caps }")
    pages.assert_right(lambda text: letters(text).casefold())


@pytest.mark.parametrize("css", ["p::first-letter { font-size: 20pt }", ".drop { float: left; font-size: 20pt }"])
def test_first_letters_set_apart(book_of: Write, css: str) -> None:
    paragraphs = "\n\n".join(f"[D]{{.drop}}rop. {prose(2, start)}" for start in range(9))
    pages = laid_out(book_of({"a.md": f"# A\n\n{paragraphs}"}), f"p {{ break-inside: avoid }} {css}")
    pages.assert_right(lambda text: "".join(sorted(letters(text))))
    assert all(place.startswith("p Drop.") for place in pages.places()[1:])
    assert len(pages.starts) > 3


def test_lines_broken_by_the_author_and_code_with_tabs(book_of: Write) -> None:
    verse = "\\\n".join(prose(1, start)[:30] for start in range(20))
    code = "\n".join(f"\tline {number}\tand its rest" for number in range(30))
    pages = laid_out(book_of({"a.md": f"# A\n\n{verse}\n\n```\n{code}\n```\n"}))
    pages.assert_right()
    assert "pre line" in " ".join(pages.places())


def test_markers_and_generated_words_are_no_text(book_of: Write) -> None:
    items = "\n".join(f"{number}. {word}" for number, word in enumerate(("one", "two", "three"), start=9))
    css = "ol { list-style-type: decimal } li { break-before: page } li::before, p::after { content: 'one' }"
    pages = laid_out(book_of({"a.md": f"# A\n\nText\n\n{items}"}), css)
    assert pages.places() == ["body A", "li one", "li two", "li three"]
    assert {start.offset for start in pages.starts if start} == {0}


def test_a_repeated_table_head_is_not_where_a_page_begins(book_of: Write) -> None:
    rows = "\n".join(f"| row {number} | {prose(1, number)} |" for number in range(15))  # a shorter one is not parted
    pages = laid_out(book_of({"a.md": f"# A\n\n| Head | Words |\n| --- | --- |\n{rows}"}))
    assert len(pages.starts) > 4
    assert all("Head" in text for text in pages.printed)
    assert all(place.startswith("td row") for place in pages.places()[1:])


def test_a_row_higher_than_a_page(book_of: Write) -> None:
    css = "tr { break-inside: auto } td { width: 50% }"
    pages = laid_out(book_of({"a.md": f"# A\n\n| | |\n| --- | --- |\n| {prose(9)} | {prose(9, 1)} |"}), css)
    assert len(pages.starts) > 4
    assert len({start.block for start in pages.starts[1:] if start}) == 1
    assert [start.offset for start in pages.starts[1:] if start][1:] == sorted(
        {start.offset for start in pages.starts[2:] if start}
    )


def test_a_float_that_goes_on_over_the_page_is_not_where_that_begins(book_of: Write) -> None:
    text = f"# A\n\n> {prose(12)}\n\n" + "\n\n".join(prose(2, start) for start in range(9))
    pages = laid_out(book_of({"a.md": text}), "blockquote { float: left; width: 50% } p { hyphens: none }")
    inside = {int(block.get(BLOCK, "")) for block in pages.blocks[1].iter() if block.get(BLOCK)}
    assert len(pages.starts) > 5
    assert not {start.block for start in pages.starts[1:] if start} & inside
    starts = [start for start in pages.starts if start]
    assert starts == sorted(set(starts))


def test_a_title_that_floats(book_of: Write) -> None:
    pages = laid_out(book_of({"a.md": f"# A\n\n{prose(9)}"}), ".chapter-heading * { float: left }")
    pages.assert_right()


def test_pages_without_text(book_of: Write) -> None:
    text = "# A\n\nBefore.\n\n![A picture](x.png)\n\n## B\n\nAfter.\n"
    css = "figure, h2 { break-before: recto } p:has(> img) { break-before: recto }"
    pages = laid_out(book_of({"a.md": text, "x.png": picture()}), css)
    blank = [number for number, start in enumerate(pages.starts) if start is None]
    assert blank == [1, 3]
    assert pages.starts[2] is not None
    assert list(xhtml.elements(pages.blocks[pages.starts[2].block], "img"))
    assert pages.starts[2].offset == 0
    assert pages.places()[4] == "h2 B"


def test_a_picture_in_a_link_adds_no_text(book_of: Write) -> None:
    text = f"# A\n\n{prose(3)} [![Its many words](x.png)](https://example.org) {prose(14)}"
    pages = laid_out(book_of({"a.md": text, "x.png": picture()}), "p { hyphens: none }")
    pages.assert_right(lambda text: letters(text).replace("Itsmanywords", ""))
    assert len(pages.starts) > 3


def test_a_note_too_long_for_a_page_stands_in_the_flow(book_of: Write) -> None:
    pages = laid_out(book_of({"a.md": f"# A\n\nText.[^1]\n\n[^1]: {prose(24)}\n"}))
    places = pages.places()
    assert len(places) > 3
    assert all(place.startswith("p ") for place in places[1:])
    text = counted(prose(24))
    for start, place in zip(pages.starts[1:], places[1:], strict=True):
        assert start is not None
        assert text[start.offset :].startswith(place.removeprefix("p "))


def test_notes_that_begin_with_no_paragraph(book_of: Write) -> None:
    notes = "[^1]: * One.\n[^2]: > Two.\n"
    pages = laid_out(book_of({"a.md": f"# A\n\nOne[^1] two[^2] {prose(9)}\n\n{notes}"}))
    pages.assert_right()


def test_what_is_for_print_only_is_no_place_for_both() -> None:
    body = xhtml.parse('<p data-block="1"><b data-for="print">a</b>b<b data-for="ebook">c</b>d</p>')
    assert counted("".join(text for _, _, text in own_text(body[0]))) == "bd"
    assert place_in_text(body[0], 0) == (body[0][0], "tail", 0)
    assert place_in_text(body[0], 1) == (body[0][1], "tail", 0)


def test_a_place_in_a_block_of_blocks() -> None:
    body = xhtml.parse(
        '<ul data-block="1"><li data-block="2"> a <em>b\u00ad\u200b c</em> d <p data-for="ebook">xx</p>'
        '<ul data-block="3"><li data-block="4">x</li></ul> e f </li></ul><p data-block="5"><img/></p>'
    )
    item, figure = body[0][0], body[1]
    places = [place_in_text(item, offset) for offset in range(7)]
    em, other, inner = item[0], item[1], item[2]
    assert other.tail is None
    assert places == [
        (item, "text", 1), (em, "text", 0), (em, "text", 4), (em, "tail", 1), (inner, "tail", 1), (inner, "tail", 3),
        (inner, "tail", 5),
    ]  # fmt: skip
    assert place_in_text(figure, 0) == (figure, "text", 0)
