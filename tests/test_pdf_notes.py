"""Notes: at the foot of the page, whatever they stand in, and never lost."""

from __future__ import annotations

import pytest
from test_pdf_sample import Printed, noteref, printed, prose, small_book, whole

from pmpress import xhtml
from pmpress.pdf.preparing.notes import place_notes


def notes(**bodies: str) -> str:
    """A list of notes: `n1="…"` is note 1."""
    asides = "".join(
        f'<aside epub:type="footnote" id="fn-{name[1:]}" data-number="{name[1:]}">{body}</aside>'
        for name, body in bodies.items()
    )
    return f'<section epub:type="footnotes">{asides}</section>'


def placed(fragment: str) -> str:
    body = xhtml.parse(fragment)
    place_notes(body, "c1")
    return xhtml.serialise(body)


def test_a_note_stands_behind_its_first_reference_and_knows_the_way_back() -> None:
    ref = noteref("c1", 1)
    assert placed(f"<p>One{ref} two{ref}.</p>" + notes(n1="<p>Said.</p>")) == (
        '<p>One<a epub:type="noteref" href="#c1--fn-1" class="noteref" id="ref-fn-1">1</a>'
        '<main class="footnote" id="fn-1"><p><a class="footnote-number" href="#c1--ref-fn-1">1</a> Said.</p></main>'
        ' two<a epub:type="noteref" href="#c1--fn-1" class="noteref">1</a>.</p>'
    )


def test_a_note_that_begins_with_a_list_is_led_in_by_its_number() -> None:
    text = placed(f"<p>One{noteref('c1', 1)}</p>" + notes(n1="<ul><li>a</li></ul>"))
    assert '<p><a class="footnote-number" href="#c1--ref-fn-1">1</a> </p><ul><li>a</li></ul></main>' in text


def test_a_note_of_bare_text() -> None:
    text = placed(f"<p>One{noteref('c1', 1)}</p>" + notes(n1="Just <i>said</i>."))
    assert ">1</a> Just </p><i>said</i>.</main>" in text


def test_a_note_inside_a_note_stands_beside_it() -> None:
    text = placed(f"<p>One{noteref('c1', 1)} on.</p>" + notes(n1=f"<p>See{noteref('c1', 2)}.</p>", n2="<p>Two.</p>"))
    assert text.count("<main") == 2
    assert "</main><main" in text
    assert text.endswith("</main> on.</p>")


def test_a_note_that_nothing_refers_to_stays() -> None:
    assert "Alone." in placed("<p>One.</p>" + notes(n1="<p>Alone.</p>"))


def test_notes_stand_on_the_page_of_their_first_reference() -> None:
    book = whole()
    first = book.text_from("one")
    assert "learned to live with.1 " in first or ".1 " in first
    assert "1 Elad Gil, High Growth Handbook (2018), in the chapter on hiring." in first
    everything = " ".join(book.texts)
    assert everything.count("1 Elad Gil, High Growth Handbook") == 7, "once a chapter, though referred to twice"
    assert "one thing that matters; another that matters less." in everything.replace("• ", "")
    assert "make pdf make epub" in everything


def test_reference_and_note_lead_to_each_other() -> None:
    book = whole()
    there = [bytes(a.A.D).decode() for _, a in book.annotations() if a.A.S == "/GoTo"]
    assert there.count("one--fn-1") == 2
    assert there.count("one--ref-fn-1") == 1
    assert book.page_map.anchors["one--fn-1"] == book.page_map.anchors["one--ref-fn-1"]


@pytest.mark.parametrize(
    "body",
    [
        f"<h2>A heading{noteref('c1', 1)}</h2><p>x</p>",
        f"<table><caption>Said{noteref('c1', 1)}</caption><tr><td>x</td></tr></table>",
        f"<table><thead><tr><th>Kind{noteref('c1', 1)}</th></tr></thead><tbody><tr><td>x</td></tr></tbody></table>",
        f"<table><tr><td>x{noteref('c1', 1)}</td></tr></table>",
        f"<ul><li>x{noteref('c1', 1)}</li></ul>",
        f"<blockquote><p>x{noteref('c1', 1)}</p></blockquote>",
        f"<figure><p>x</p><figcaption>Seen{noteref('c1', 1)}</figcaption></figure>",
        f"<p><em>x{noteref('c1', 1)}</em></p>",
    ],
    ids=["heading", "caption", "header", "cell", "item", "quote", "figure", "emphasis"],
)
def test_a_note_may_stand_in_anything(body: str) -> None:
    found = printed(small_book(body + notes(n1="<p>The very note.</p>")))
    assert sum(text.count("1 The very note.") for text in found.texts) == 1
    assert found.codes == []


def long_note(words: int) -> Printed:
    body = f"<p>{prose(2)}{noteref('c1', 1)} {prose(2)}</p>" + notes(n1=f"<p>{'word ' * words}end.</p>")
    return printed(small_book(body))


def test_a_note_longer_than_a_page_stands_at_the_chapters_end() -> None:
    found = long_note(1500)
    assert found.codes == ["note-too-long"]
    everything = " ".join(found.texts)
    assert everything.count("word") == 1500
    assert "end." in everything


def test_many_notes_are_all_there() -> None:
    rows = "".join(f"<tr><td>{prose(1, number)}{noteref('c1', number)}</td></tr>" for number in range(1, 30))
    bodies = {f"n{number}": f"<p>This is note {number}. {prose(2)}</p>" for number in range(1, 30)}
    found = printed(small_book(f"<table>{rows}</table>" + notes(**bodies)))
    everything = " ".join(found.texts)
    assert all(everything.count(f"This is note {number}.") == 1 for number in range(1, 30))


@pytest.mark.parametrize("lines", range(1, 7))
def test_a_note_is_on_the_page_of_its_reference_wherever_the_page_ends(lines: int) -> None:
    # Paragraphs of several lengths, each with a note, meet the foot of the page in every way there is.
    texts = [f"<p>{prose(lines + number % 4, number)}{noteref('c1', number)} {prose(2)}</p>" for number in range(1, 25)]
    bodies = {f"n{number}": f"<p>This is note {number}.\n{prose(1, number)}</p>" for number in range(1, 25)}
    found = printed(small_book("".join(texts) + notes(**bodies)))
    anchors = found.page_map.anchors
    for number in range(1, 25):
        assert anchors[f"c1--fn-{number}"] == anchors[f"c1--ref-fn-{number}"], number
    assert [anchors[f"c1--fn-{number}"] for number in range(1, 25)] == sorted(
        anchors[f"c1--fn-{number}"] for number in range(1, 25)
    )


def test_line_ends_in_a_note_are_spaces() -> None:
    text = placed(f"<p>a{noteref('c1', 1)}</p>" + notes(n1="\n<p>One\ntwo\u00a0 three</p>\n<pre>x\n y</pre>\n"))
    assert ">1</a> One two\u00a0 three</p><pre>x\n y</pre></main>" in text
