"""The literary page: chapters opened by small caps and drop caps, and text that stands on the same lines everywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pypdfium2
import pytest
from lxml import etree
from test_pdf_sample import prose

from pmpress import xhtml
from pmpress.pdf.preparing.drop_caps import set_drop_caps
from pmpress.press import Order, load, render

Write = Callable[..., Path]

LINE = 14.5
CONFIG = '[book]\ntitle = "Book"\nlanguage = "en"\n[layout]\nname = "{}"\n'
LONG = "The ferry leaves when there is somebody to leave with, and comes back when there is somebody to fetch. " * 2


def lines(folder: Path, **style: str) -> Iterator[list[tuple[str, float, float]]]:
    """The text of every page in pieces set alike, with the height of the first letter and the place of its baseline."""
    order = Order(folder, tuple((f"style.{name}", value) for name, value in style.items()))
    pdf = pypdfium2.PdfDocument(render(load(order), "pdf").data)
    for page in pdf:
        text = page.get_textpage()
        found = []
        for number in range(text.count_rects()):
            left, bottom, right, top = text.get_rect(number)
            words = text.get_text_bounded(left, bottom, right, top).strip()
            found.append((words, top - bottom, bottom))
        yield found


def test_the_first_letter_is_as_high_as_its_lines(book_of: Write) -> None:
    folder = book_of({"book.toml": CONFIG.format("classic"), "a.md": f"# A\n\n{LONG}\n"})
    for wanted, height in (("0", 0.0), ("2", LINE), ("3", 2 * LINE)):
        shown = [piece for page in lines(folder, **{"drop-cap": wanted}) for piece in page]
        largest = max(tall for words, tall, _ in shown if "T" in words)
        if height:
            assert any(words == "T" for words, _, _ in shown)
            assert largest == pytest.approx(height + 0.658 * 11, abs=1)
        else:
            assert largest < LINE


@pytest.mark.parametrize(
    ("paragraph", "letter"),
    [
        (f"<p>{LONG}</p>", "T"),
        (f"<p>“{LONG}</p>", "“T"),
        (f"<p><em>{LONG}</em></p>", "T"),
        (f"<div class='epigraph'><p>{LONG}</p></div><p>Behind it {LONG}</p>", "B"),
        (f"<p>{LONG.lower()}</p>", ""),
        (f"<p><code>T</code>{LONG}</p>", ""),
        ("<p>Too short.</p>", ""),
        (f"<figure/><p>{LONG}</p>", ""),
    ],
)
def test_which_letter_is_set_apart(paragraph: str, letter: str) -> None:
    body = xhtml.parse(f'<section class="chapter drop-caps"><h1>A</h1>{paragraph}</section>')
    before = "".join(body.itertext())
    set_drop_caps(body)
    assert "".join(body.itertext()) == before
    spans = [element for element in body.iter(etree.Element) if element.get("class") == "drop-cap"]
    assert [span.text for span in spans] == ([letter] if letter else [])


def test_no_letter_is_set_apart_where_nobody_asks() -> None:
    body = xhtml.parse(f'<section class="chapter"><h1>A</h1><p>{LONG}</p></section>')
    set_drop_caps(body)
    assert not list(xhtml.elements(body, "span"))


def off_the_lines(folder: Path, **style: str) -> list[str]:
    """The paragraphs that begin with "On" and stand on no line of those that the first page has."""
    grid: float | None = None
    found = []
    for page in lines(folder, **style):
        for words, _, bottom in page:
            if words.startswith("On"):
                grid = bottom if grid is None else grid
                over = (grid - bottom) % LINE
                found += [words] if 0.3 < over < LINE - 0.3 else []
    return found


def test_lines_are_in_register_behind_what_is_of_another_height(book_of: Write) -> None:
    odd = ("```\na\n```", "> Quoted.", "| A |\n| - |\n| 1 |", "## Heading", "* item", "$$\n\\frac{1}{2}\n$$")
    text = "\n\n".join(f"On {prose(3, number)}\n\n{block}\n\nOn {prose(1)}" for number, block in enumerate(odd))
    folder = book_of({"book.toml": CONFIG.format("classic"), "a.md": f"# A\n\nAt first.\n\n{text}\n"})
    assert off_the_lines(folder, register="none")
    assert not off_the_lines(folder)


@pytest.mark.parametrize("words", ["`git log`", "日本", "<kbd>Ctrl</kbd>"])
def test_letters_of_another_face_make_no_line_higher(words: str, book_of: Write) -> None:
    text = "\n\n".join(f"On {prose(1, number)} {words} {prose(1, number)}" for number in range(4))
    folder = book_of({"book.toml": CONFIG.format("classic"), "a.md": f"# A\n\nAt first.\n\n{text}\n"})
    assert not off_the_lines(folder, register="none")


def test_a_layout_that_wants_no_register_has_none(book_of: Write) -> None:
    folder = book_of({"book.toml": CONFIG.format("manual"), "a.md": "# A\n\nText.\n"})
    loaded = load(Order(folder))
    chapter = loaded.layout.render("chapter", book=loaded.book, chapter=loaded.book.chapters[0], role="")
    assert "in-register" not in chapter


def test_a_line_that_ends_before_a_link_is_not_broken_in_its_first_word(book_of: Write) -> None:
    """The line "yourself … whether a" fits but for the space behind it, and the link's first syllable does not."""
    text = (
        "We should not like to be quoted, though, in support of the following arrangement, which exists. A product "
        "manager is given a revenue target. The price is set by finance, the roadmap by the founder, and the launch "
        "date by a conference. All that has been arranged there is somebody to blame. Before accepting the title, ask "
        "for a short list of things that you may settle by yourself. The order of the queue and the last word on "
        "whether a [release](https://example.org) is good enough to go out would be plenty to start with."
    )
    config = '[book]\ntitle = "Book"\nlanguage = "en-GB"\n'
    folder = book_of({"book.toml": config, "a.md": f"# A\n\nAt first.\n\n## B\n\n{text}\n"})
    for measure in ("286.5pt", "286.75pt", "287pt"):
        shown = [words for page in lines(folder, measure=measure) for words, *_ in page]
        assert not [words for words in shown if words.startswith("your") and len(words) < 10]
