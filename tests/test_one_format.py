"""Content for one format only: in the model, in both finished files, and what links to it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Run
from test_epub_sample import Opened
from test_pdf_sample import texts_of
from tiny import outline, tiny

from pmpress import xhtml
from pmpress.press import Loaded, Order, load, render

Write = Callable[..., Path]
Command = Callable[..., Run]
TOML = '[book]\ntitle = "T"\nlanguage = "en"\n'


def loaded(book_of: Write, text: str, **files: str) -> Loaded:
    others = {f"{name}.md": content for name, content in files.items()}
    return load(Order(book_of({"book.toml": TOML, "a.md": f"# One\n\n{text}\n", **others})))


def both(found: Loaded) -> tuple[str, str]:
    """The words of the first chapter as they are printed, and in the e-book."""
    pdf, epub = render(found, "pdf"), render(found, "epub")
    assert (pdf.diagnostics, epub.diagnostics) == ((), ())
    slug = found.book.chapters[0].slug
    page = pdf.page_map.anchors[slug]
    body = Opened(epub.data).tree(f"{slug}.xhtml").find(xhtml.tag("body"))
    return list(texts_of(pdf.data))[page], xhtml.text_of(body)


def said(found: Loaded) -> list[str]:
    return [f"{each.span} {each.code}" for each in found.diagnostics if each.code.startswith(("link", "heading"))]


@pytest.mark.parametrize(
    ("written", "printed", "in_ebook"),
    [
        ("::: only-print\nP\n:::\n\nx\n\n::: only-ebook\nE\n:::", "P x", "x E"),
        ("::: {.only-print .box}\nP\n:::\n\nx", "P x", "x"),
        ("Turn the [page]{.only-print}[screen]{.only-ebook .x}.", "Turn the page.", "Turn the screen."),
        ("::: only-print\nP\n\n::: only-ebook\nN\n:::\n\n[N]{.only-ebook}Q\n:::\n\nx", "P Q x", "x"),
        ("::: only-ebook\n::: only-ebook\nE\n:::\n:::\n\nx", "x", "E x"),
        ("::: {.only-print .only-ebook}\nB\n:::", "B", "B"),
        ("| A |\n|---|\n| [P]{.only-print}[E]{.only-ebook} |", "A P", "A E"),
        ("- a\n- [b]{.only-ebook}c", "ac", "a bc"),
        ('<div class="only-print">P</div>\n\nx', "P x", "x"),
        ("[P `c` *d*]{.only-print} $a$ x", "P c d", "x"),
    ],
)
def test_each_output_drops_what_is_the_others(written: str, printed: str, in_ebook: str, book_of: Write) -> None:
    in_print, on_screen = both(loaded(book_of, written))
    assert printed.replace(" ", "") in in_print.replace(" ", "")
    assert "E" not in in_print.removeprefix("One")
    assert on_screen == f"One {in_ebook}" or "$a$" in written


def test_the_other_classes_stay(book_of: Write) -> None:
    found = loaded(book_of, "::: {.only-print .box #b}\nP\n:::\n\n[w]{.only-ebook}")
    text = found.book.chapters[0].xhtml
    assert 'class="box"' in text
    assert "only-" not in text
    assert text.count("data-for=") == 2


def test_headings_for_one_format_are_in_no_contents(book_of: Write) -> None:
    found = loaded(
        book_of, "## A\n\n::: only-print\n## P\n\n### PP\n:::\n\n## E {.only-ebook}\n\n### F\n\n## [x]{.only-print}G"
    )
    chapter = found.book.chapters[0]
    assert [(heading.level, heading.title) for heading in chapter.headings] == [(2, "A"), (3, "F"), (2, "G")]
    assert [entry.title for entry in found.book.contents[0].entries] == ["A", "G"]
    assert said(found) == []


def test_a_heading_stands_under_none_of_the_other_format(book_of: Write) -> None:
    found = loaded(book_of, "::: only-ebook\n## E\n:::\n\n### F\n\n::: only-print\n#### G\n:::")
    levels = [xhtml.local(each) for each in xhtml.parse(found.book.chapters[0].xhtml).iter() if each.get("id")]
    assert levels == ["h2", "h2", "h3"]
    assert said(found) == ["a.md:7 heading-skipped"]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("[to](#p)", ["a.md:3 link-one-format"]),
        ("[to](b.md#p)", ["a.md:3 link-one-format"]),
        ("[to](#p){.only-print}", []),
        ("[to](#p){.only-ebook}", ["a.md:3 link-one-format"]),
        ("::: only-print\n[to](#p)\n:::", []),
        ("::: only-print\nx\n\n::: other\n[to](#p)\n:::\n:::", []),
        ("::: only-ebook\nx\n\n[to](#p)\n:::", ["a.md:6 link-one-format"]),
        ("[to](#e)", ["a.md:3 link-one-format"]),
        ("[to](#q)", ["a.md:3 link-one-format"]),
        ("[to](#n)", ["a.md:3 link-one-format"]),
        ("[to](#both)", []),
    ],
)
def test_a_link_that_is_dead_in_one_output_is_said(written: str, expected: list[str], book_of: Write) -> None:
    two = (
        "# Two\n\n## Both\n\n::: only-print\n## P\n\n[q]{#q}\n\n::: {.only-ebook #n}\nnowhere\n:::\n:::\n\n"
        "::: {.only-ebook #e}\nE\n:::\n"
    )
    found = loaded(book_of, written, b=two)
    assert said(found) == expected
    both(found)


def test_such_a_link_is_text_in_the_other_output(book_of: Write) -> None:
    found = loaded(book_of, "See *it* [all *here* now](#p), so.\n\n::: {.only-print #p}\nP\n:::")
    pdf, epub = render(found, "pdf"), render(found, "epub")
    body = Opened(epub.data).tree("a.xhtml").find(xhtml.tag("body"))
    assert body is not None
    assert xhtml.text_of(body) == "One See it all here now, so."
    assert [link.get("href") for link in body.iter(xhtml.tag("a"))] == []
    text = list(texts_of(pdf.data))[pdf.page_map.anchors["a"]]
    assert "See it all here now, so. P" in text
    assert "a--p" in pdf.page_map.anchors


def test_what_is_listed_for_one_format_is_listed_there(book_of: Write) -> None:
    toml = TOML + "[lists]\nfigures = true\n"
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
    text = '# One\n\n![a](p.svg "Both"){#x}\n\n::: only-print\n![b](p.svg "Paper"){#y}\n:::\n\n![c](p.svg "Too"){#z}\n'
    found = load(Order(book_of({"book.toml": toml, "a.md": text, "p.svg": svg})))
    pdf, epub = render(found, "pdf"), render(found, "epub")
    assert [each for each in (*found.diagnostics, *pdf.diagnostics, *epub.diagnostics)
            if each.code not in ("order-natural",)] == []  # fmt: skip
    page = xhtml.text_of(Opened(epub.data).tree("loi.xhtml"))
    assert "Paper" not in page
    assert "Too" in page
    assert "Paper" in list(texts_of(pdf.data))[pdf.page_map.anchors["loi"]]


@pytest.mark.slow
def test_pages_begin_at_the_same_places_in_both(book_of: Write) -> None:
    piece = "[Some words for paper.]{.only-print} " + "Words for both of them. " * 9
    screen = "\n\n::: only-ebook\n" + "Words for the screen. " * 30 + "\n:::\n\n"
    found = loaded(book_of, screen.join([piece] * 40))
    pdf, epub = render(found, "pdf"), render(found, "epub")
    assert (pdf.diagnostics, epub.diagnostics) == ((), ())
    from pmpress.textplaces import BLOCK, own_text

    blocks = {each.get(BLOCK): each for each in xhtml.parse(found.book.chapters[0].xhtml).iter() if each.get(BLOCK)}
    first = pdf.page_map.anchors["a"]
    starts = [start for start in pdf.page_map.starts[first + 1 :] if start]
    assert len(starts) >= 3
    texts = list(texts_of(pdf.data))
    for number, start in enumerate(starts, start=first + 1):
        own = "".join("".join(text for _, _, text in own_text(blocks[str(start.block)])).split())
        page = "".join(texts[number].split())
        assert own[start.offset : start.offset + 12] in page[:80]


@pytest.mark.slow
def test_the_tiny_book() -> None:
    book = tiny("notes")
    printed, page = " ".join(book.printed.texts), book.page("ch2-words.xhtml")
    assert "ISBN 9780306406157." in printed
    assert "ISBN 9781861978769." in page
    assert "9781861978769. This" not in printed
    assert "In print only" not in page
    assert "Nowhere" not in printed + page
    assert "    In print only" not in outline(book.printed)
