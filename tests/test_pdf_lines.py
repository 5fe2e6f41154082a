"""What the press notices in the lines of finished pages, and tells with the line it was written in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from test_images import picture

from pmpress.diagnostics import Diagnostic, Severity
from pmpress.pdf import work
from pmpress.pdf.dress import dress
from pmpress.pdf.sheets import Binder
from pmpress.press import Order, load

Write = Callable[..., Path]

# Pages of 5 lines, of which the title takes one, each as wide as 20 letters of Latin or 12 of Japanese.
PAGE = """@page { size: 160pt 142pt; margin: 20pt !important }
* { margin: 0 !important; padding: 0 !important; text-indent: 0 !important; line-height: 20pt !important }
html, h1, h2, .chapter-title { font: 10pt "JetBrains Mono", "Amiri", "BIZ UDGothic" !important }
p, li { hyphens: manual; overflow-wrap: normal; text-align: start }
p::first-line { font-variant: normal !important; letter-spacing: normal !important }
.footnote { font-size: 10pt !important; width: 120pt }
"""
ALONE = "p { orphans: 1; widows: 1 }"
LINE = "word word word word"  # 19 letters
SPLIT = "&shy;".join(["syllables"] * 10)


def told(folder: Path, css: str = "") -> list[Diagnostic]:
    """What is told of the chapters of a book on small pages."""
    loaded = load(Order(folder))
    worn = dress(loaded.book, loaded.layout)
    worn = replace(worn, look=replace(worn.look, css=f"{worn.look.css}\n{PAGE}\n{css}"))
    sheets = [sheet for sheet in Binder(loaded.book, loaded.layout).sheets() if sheet.template == "chapter"]
    return [found for sheet in sheets for found in work.lay_out_sheet(worn, sheet).diagnostics]


def shown(found: Iterable[Diagnostic]) -> list[str]:
    """The place and the code of each."""
    return [f"{each.span} {each.code}" for each in found]


def lines(count: int) -> str:
    return " ".join([LINE] * count)


def test_a_short_last_line(book_of: Write) -> None:
    (found,) = told(book_of({"a.md": f"# A\n\nA word.\n\n{lines(2)}\nit.\n"}))
    assert (str(found.span), found.code, found.severity) == ("a.md:5", "runt", Severity.NOTE)
    assert "'it.'" in found.message


@pytest.mark.parametrize(
    "text",
    [
        f"{lines(2)} it.",
        f"* {lines(1)} and",
        f"> {lines(1)} and",
        f"{lines(1)} *and*",
        f"{lines(1)} and[^1]\n\n[^1]: A note.",
        f"{lines(1)} -ing.",
        f"Term\n:   {lines(1)} and",
        f"{lines(6)} and.",
    ],
)
def test_short_last_lines_of_all_kinds(book_of: Write, text: str) -> None:
    assert [each.split()[1] for each in shown(told(book_of({"a.md": f"# A\n\n{text}\n"})))] == ["runt"]


@pytest.mark.parametrize(
    "text",
    [
        "it.",
        lines(2),
        f"{lines(1)} other",
        f"{lines(1)}<br>\nit.",
        f"## {lines(1)} it.",
        f"```\n{LINE} it.\n```",
        f"| {LINE}\n| it.",
        f"{lines(1)} $x$",
        f"{lines(1)} ![x](x.png)",
        f"| A |\n| - |\n| {lines(1)} it. |",
        f"{lines(1)} it.\n{{.centred}}",
        f"{lines(1)} it: *an* $$x$$ *and* so on and on it goes.",
    ],
)
def test_what_is_no_short_last_line(book_of: Write, text: str) -> None:
    book = book_of({"a.md": f"# A\n\n{text}\n", "x.png": picture(size=(40, 10))})
    css = ".centred { text-align: center } td { width: 120pt } table { table-layout: fixed; width: 120pt }"
    assert [each for each in shown(told(book, css)) if "image" not in each] == []


def test_a_note_at_the_foot(book_of: Write) -> None:
    text = f"# A\n\nText.[^1]\n\n[^1]: {lines(1)[2:]} it.\n"
    assert shown(told(book_of({"a.md": text}))) == ["a.md:5 runt"]


@pytest.mark.parametrize(
    ("end", "count"), [("", 0), ("す", 1), ("す。", 1), ("ます", 1), ("ます。", 0), ("it.", 1), ("other", 0)]
)
def test_japanese(book_of: Write, end: str, count: int) -> None:
    settings = '[book]\ntitle = "A"\nlanguage = "ja"\n'
    text = f"# A\n\n{'あ' * 24}{end}\n"
    assert shown(told(book_of({"a.md": text, "book.toml": settings}))) == ["a.md:3 runt"] * count


@pytest.mark.parametrize(("end", "count"), [("هنا", 1), ("هُنَاكَ", 1), ("هنالك", 0)])
def test_arabic(book_of: Write, end: str, count: int) -> None:
    settings = '[book]\ntitle = "A"\nlanguage = "ar"\n'
    text = f"# A\n\n{' '.join(['كلمة'] * 40)} {end}\n"
    css = "p { width: WIDTHpt } p::before { content: none !important }"
    folder = book_of({"a.md": text, "book.toml": settings})
    # However wide the page, the last word stands alone in its line on one of some widths.
    found = {code for width in range(96, 121, 3) for code in shown(told(folder, css.replace("WIDTH", str(width))))}
    assert ("a.md:3 runt" in found) == bool(count)
    assert "hyphens" not in str(found)


def test_a_last_line_at_the_head_of_a_page(book_of: Write) -> None:
    book = book_of({"a.md": f"# A\n\n{lines(4)} which ends.\n"})
    (found,) = told(book, ALONE)
    assert (str(found.span), found.code, found.severity) == ("a.md:3", "widow", Severity.NOTE)
    assert "'which ends.'" in found.message
    assert shown(told(book, "p { orphans: 2; widows: 2 }")) == []


def test_a_first_line_at_the_foot_of_a_page(book_of: Write) -> None:
    book = book_of({"a.md": f"# A\n\n{lines(3)}\n\nBegins with {lines(3)}\n"})
    (found,) = told(book, f"{ALONE} p::first-line {{ color: red }}")
    assert (str(found.span), found.code, found.severity) == ("a.md:5", "orphan", Severity.NOTE)
    assert "'Begins with word" in found.message
    assert shown(told(book, "p { orphans: 2; widows: 2 }")) == []


@pytest.mark.parametrize("text", [f"{lines(3)}\n\nOne.\n\n{lines(3)}", lines(8), f"{lines(3)}\n\nOne.<br>\n\nTwo."])
def test_paragraphs_that_end_with_their_page(book_of: Write, text: str) -> None:
    assert shown(told(book_of({"a.md": f"# A\n\n{text}\n"}), ALONE)) == []


def test_an_item_is_not_taken_for_what_stands_behind_its_list(book_of: Write) -> None:
    text = f"<ul><li>{lines(3)}<ul><li>{LINE}</li></ul>ends</li></ul>"
    assert shown(told(book_of({"a.md": f"# A\n\n{text}\n"}), "li { orphans: 1; widows: 1 }")) == []


def test_a_heading_at_the_foot_of_a_page(book_of: Write) -> None:
    book = book_of({"a.md": f"# A\n\n{lines(3)}\n\n## The heading\n\n{lines(2)}\n"})
    (found,) = told(book, "h2 { break-after: auto !important }")
    assert (str(found.span), found.code, found.severity) == ("a.md:5", "heading-stranded", Severity.NOTE)
    assert "'The heading'" in found.message
    assert shown(told(book)) == []
    assert shown(told(book, "h2 { break-after: page !important }")) == []


@pytest.mark.parametrize(
    "text", ["## The heading", f"## The heading\n\nText.\n\n{lines(2)}", f"{lines(3)}\n\n## The heading"]
)
def test_headings_with_what_they_are_for(book_of: Write, text: str) -> None:
    assert shown(told(book_of({"a.md": f"# A\n\n{text}\n"}), "h2 { break-after: auto !important }")) == []


def test_hyphens_below_one_another(book_of: Write) -> None:
    (found,) = told(book_of({"a.md": f"# A\n\nA word.\n\n{SPLIT}\n"}), "@page { size: 160pt 400pt }")
    assert (str(found.span), found.code, found.severity) == ("a.md:5", "hyphens-stacked", Severity.NOTE)
    assert found.message.startswith("4 lines ")
    assert "'syllablessyllables-'" in found.message


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("-".join(["syllable"] * 9), 1),
        ("&shy;".join(["syllables"] * 8), 1),
        ("&shy;".join(["syllables"] * 6), 0),
        (f"{'&shy;'.join(['syllables'] * 6)} is {'&shy;'.join(['syllables'] * 5)} and so on", 0),
        (f"<code>{SPLIT}</code>\n{{.verse}}", 0),
    ],
)
def test_how_many_hyphens_are_told(book_of: Write, text: str, count: int) -> None:
    found = shown(told(book_of({"a.md": f"# A\n\n{text}\n"}), "@page { size: 160pt 400pt }"))
    assert found == ["a.md:3 hyphens-stacked"] * count


def test_text_that_sticks_out(book_of: Write) -> None:
    book = book_of({"a.md": f"# A\n\nA word.\n\nAnd {'x' * 25} and {'x' * 22} again.\n"})
    (found,) = told(book)
    # 25 letters of 6 pt each in a line of 120 pt.
    assert (str(found.span), found.code, found.severity) == ("a.md:5", "text-overflow", Severity.WARNING)
    assert found.message == "a line sticks out of the page area by 10.6 mm at the right"
    assert shown(told(book, "p { margin-right: -30pt !important }")) == []
    assert shown(told(book, "p { overflow-wrap: anywhere }")) == []


def test_a_picture_that_sticks_out(book_of: Write) -> None:
    book = book_of({"a.md": "# A\n\nA word.\n\n![x](x.png)\n", "x.png": picture(size=(200, 10))})
    found = [each for each in told(book, "img { max-width: none }") if each.severity is Severity.WARNING]
    assert shown(found) == ["a.md:5 text-overflow"]
    assert found[0].message == "a picture sticks out of the page area by 10.6 mm at the right"


def test_a_title_that_sticks_out(book_of: Write) -> None:
    (found,) = told(book_of({"a.md": f"# {'x' * 25}\n\nA word.\n"}), "h1 { overflow-wrap: normal }")
    assert (str(found.span), found.code) == ("a.md:1", "text-overflow")
    assert "title" in found.message


def test_a_table_is_told_once(book_of: Write) -> None:
    row = "| " + " | ".join(["word"] * 40) + " |\n"
    text = f"# A\n\n{row}{row.replace('word', '---')}{row}\n{'x' * 25}\n"
    assert sorted(shown(told(book_of({"a.md": text}), "table { hyphens: none }"))) == [
        "a.md:3 table-too-wide",
        "a.md:7 text-overflow",
    ]
