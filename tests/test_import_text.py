"""Plain text becomes a manuscript: each shape that people type is understood, and no word is lost."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Run

from pmpress import dialect, xhtml
from pmpress.importers import text
from pmpress.importers.found import Found
from pmpress.press import Order, load

ESSAY = Path(__file__).parent.parent.parent / "shared" / "essay.txt"

# A page with the same furniture as many: a byline with a dash, items that are `1.` each time, links run together.
PAGE = """The Price of Oil

- Ada Lampwright


Everybody says that a lighthouse costs nothing to look at, but keepers seldom say what it costs to keep:

A lamp burns colza, and colza is bought by the barrel. It is heavy, it is dear, and it is always late.

Kinds of Oil

  1. Colza Oil: This burns with a clear flame, and a keeper who has it sleeps well.
  1. Whale Oil: Nobody has seen any (since 1860), and nobody misses the smell.

How to Buy It (Without Regret)

  1. Know the Merchant: Those who know him are served before those who do not.
  1. Pay at Once: He remembers.

BackMain


© 1871 Ada Lampwright"""

SHAPES = {
    "mail": (
        "From: Anna S <a_s@example.org>\nTo: bob@example.org\nDate: Mon, 3 Jun 2024 10:15:00 +0200\n"
        "Subject: The lamp\n\n"
        "Hi Bob,\n\nthe oil that you sent was late again, and the lamp went out at four in\n"
        "the morning, which was noticed by a ship that was just passing the rock.\n\n"
        "> Was it dark?\n> > Very.\n\nBest,\nAnna\n\n-- \nAnna S\nKeeper\n",
        ["<h1>The lamp</h1>", "late again, and the lamp went out at four in the morning", "<blockquote>", "Best,<br/>"],
    ),
    "readme": (
        "lamp\n====\n\nLights a lamp.\n\nUsage\n-----\n\n    $ lamp --light *\n\nOr:\n\n```sh\nmake lamp_on\n```\n\n"
        "1. Fill it\n2. Light it\n",
        ["<h1>lamp</h1>", "<h2>Usage</h2>", "$ lamp --light *\n", "language-sh", "<li>Fill it</li>"],
    ),
    "notes": (
        "Keepers' Meeting\nDate: 3 June\nPresent: Ada, Bob\n\nAgenda\n• Oil\n• Rope\n    – hemp\n    – wire\n\n"
        "Action items\n[ ] Ada: buy oil\n[x] Bob: cut rope\n",
        ["<h1>Keepers’ Meeting</h1>", "Date: 3 June<br/>", "<h2>Agenda</h2>", "<li>hemp</li>", "☑"],
    ),
    "minutes": (
        "MINUTES\n\nDate:      3 June\nPresent:   Ada\n\n1. Oil\n\nThe oil was discussed for an hour, and nobody knew "
        "where it was.\n\n2. Other\n\nNone.\n",
        ["Date: 3 June<br/>", "<h2>1. Oil</h2>", "<h2>2. Other</h2>"],
    ),
    "poem": (
        "The Tide\n\nby Mary Example\n\nThe sea came in across the sand\n  And wrote its name in foam,\n"
        "And nobody on all the land\n  Could read it, or go home.\n\nAlone.\n\n"
        "I stood and watched until the dark\n  Had covered up the bay.\n",
        ["<h1>The Tide</h1>", 'class="verse"', "The sea came in across the sand<br/>", "<p>Alone.</p>"],
    ),
    "wrapped": (
        "THE LAMP\n\nThe lamp was lit at dusk, as it had been on every evening for a hun-\n"
        "dred years, and the keeper went down to his supper. He was a well-\n"
        "known man, and he said that he had seen a hundred ships by the year\n"
        "1985. A number, and no item of a list, stands before this sentence.\n\nA Night in May\n\n"
        "Nothing happened in May, and the book says so on every single page of\nit.\n",
        [
            "a hundred years, and the keeper",
            "a well-known man",
            "<h2>A Night in May</h2>",
            "by the year 1985. A number",
        ],
    ),
    "script": (
        "A PLAY\n\nADA: Is it lit?\n\nBOB: It is, and it has been since four in the morning, as you would know if "
        "you had looked.\n\nADA: Why?\n\nBOB: Because somebody has to do it, and nobody else is here tonight.\n",
        ["<h1>A PLAY</h1>", "<p>ADA: Why?</p>"],
    ),
    "recipe": (
        "Pancakes\n\nIngredients\n2 cups flour\n3 eggs\n1 pinch salt\n\nMethod\n1) Mix.\n2) Fry.\n",
        ["<h2>Ingredients</h2>", "2 cups flour<br/>", "<ol>"],
    ),
    "table": ("Prices\n\nThese are the prices:\n\nOil\t3\nRope\t4\n", ["<table>", "<td>4</td>"]),
    "japanese": (
        "灯台守\n\n灯台には一人の男が住んでいた。名前はまだ誰も知らない。毎晩同じ時刻に灯をと\n"
        "もし、毎朝同じ時刻に消した。それを百年のあいだ誰も見た者はいなかったので\nある。\n",
        ["<h1>灯台守</h1>", "灯をともし", "なかったのである。"],
    ),
    "speech": (
        "El faro\n\n—¿Dónde está la lámpara? —preguntó el farero.\n—En el mar —dijo el gato—. Y allí se quedará.\n",
        ["<p>—¿Dónde está la lámpara? —preguntó el farero.</p>", "<p>—En el mar"],
    ),
    "play": (
        "THE LAMP\nA Play\n\nACT I\n\nSCENE 1. Night.\n\nADA. Who is there?\n\nBOB. It is me, and I have come a very "
        "long way, and I am wet, and I should like to come in.\n\nADA. Come in.\n\nBOB\nGood evening.\n",
        ["<h1>THE LAMP</h1>", "<p>A Play</p>", "<h2>ACT I</h2>", "<p>ADA. Who is there?</p>", "<p>BOB<br/>"],
    ),
    "chat": (
        "12/05/2024, 18:03 - Anna: Are you coming?\n12/05/2024, 18:04 - Bob: In ten minutes, as soon as I have found "
        "my keys, and then the cat.\n",
        ["<h1>A</h1>", "Are you coming?</p>"],
    ),
    "laws": (
        "Terms\n\n(1) The user shall\na) keep the lamp clean,\nb) fill it daily.\n\n☐ ask\n☑ order\n",
        ["<p>(1) The user shall</p>", '<ol type="a">', "☐", "☑"],
    ),
    "paper": (
        "On Oil\n\nAbstract\n\nWe show that oil burns, and that it has always burned, and that it will burn.\n\n"
        "1 Introduction\n\nIt has long been known that oil burns, but nobody has ever said so in print.\n\n"
        "1.1 Oil\n\nOil is a liquid.\n\nReferences\n\n[1] A. Author, Oil.\n[2] B. Author, Fire.\n",
        ["<h2>Abstract</h2>", "<h2>1 Introduction</h2>", "<h3>1.1 Oil</h3>", "<h2>References</h2>"],
    ),
    "paragraphs set in": (
        "The Boat\n\n  The boat was blue and had a hole in its side. Through the hole one could\nsee the sea.\n"
        '  "It is a window," said the fisherman.\n  Nobody believed him, since windows have glass in them, and this one'
        " had\nonly water.\n",
        ["one could see the sea.</p>", "this one had only water.</p>"],
    ),
    "columns": (
        "Prices\n\nName      Price\n------    -----\nOil       10.00\n\nAll    prices are in pounds.\n",
        ["Name      Price\n------    -----\nOil", "<p>All prices are in pounds.</p>"],
    ),
    "items that go on": (
        "Steps\n\n- the printer, which was out of paper\n  for two days\n- lunch\n",
        ["<li>the printer, which was out of paper for two days</li>"],
    ),
    "pages": (
        "The rock stands in the sea, where it has always stood, and it is\n"
        "\f12            Ada Lampwright\n\nstanding there still.\n"
        "\f13            The Rock\n\nAnd that is all.\n",
        ["it is standing there still.</p>", "<p>And that is all.</p>"],
    ),
}


# What stands below the title and above the copyright line, and what is said of it.
EDGES = {
    "- Ada Lampwright": (["Ada Lampwright"], "", "Back | Main"),
    "— Ada Lampwright": (["Ada Lampwright"], "", "Back\nMain"),
    "Written by Ada Lampwright on 3 May 1871": (["Ada Lampwright"], "1871-05-03", "HomeAboutContact"),
    "by Ada Lampwright, Bob Ropewalker | May 3, 1871": (
        ["Ada Lampwright", "Bob Ropewalker"],
        "1871-05-03",
        "Back Main",
    ),
    "By Ada Lampwright and Bob Ropewalker": (["Ada Lampwright", "Bob Ropewalker"], "", "← Previous | Next →"),
    "作者：王小明": (["王小明"], "", "Share on Twitter"),
}


def brought(written: str | bytes) -> Found:
    return text.bring(written.encode() if isinstance(written, str) else written, "a.txt", "a")


def as_model(found: Found) -> str:
    """What the dialect makes of the texts, without places and ids."""
    parsed = [dialect.parse(each.markdown, "a.md", language="en") for each in found.texts]
    assert [diagnostic for each in parsed for diagnostic in each.diagnostics] == []
    return re.sub(r' (?:data-src|id|class="language-text")="[^"]*"', "", "".join(each.xhtml for each in parsed))


@pytest.mark.parametrize("shape", SHAPES)
def test_shapes_are_understood(shape: str) -> None:
    written, wanted = SHAPES[shape]
    model = as_model(brought(written))
    assert [each for each in wanted if each not in model] == []


def test_a_page_reads_as_it_was_meant(book_of: Callable[..., Path], run: Callable[..., Run], tmp_path: Path) -> None:
    book_of({"page.txt": PAGE}, "from")
    assert run("import", "from/page.txt", "-o", "ms").code == 0
    loaded = load(Order(tmp_path / "ms"))
    (chapter,) = loaded.book.chapters
    assert (loaded.book.metadata.title, chapter.title) == ("The Price of Oil", "The Price of Oil")
    assert [each.name for each in loaded.book.metadata.contributors] == ["Ada Lampwright"]
    assert loaded.book.metadata.rights == "© 1871 Ada Lampwright"
    tree = xhtml.parse(chapter.xhtml)
    assert [xhtml.text_of(each) for each in xhtml.elements(tree, "h2")] == [
        "Kinds of Oil",
        "How to Buy It (Without Regret)",
    ]
    assert [len(each) for each in xhtml.elements(tree, "ol")] == [2, 2]
    assert [each.text for each in xhtml.elements(tree, "strong")][:2] == ["Colza Oil:", "Whale Oil:"]
    report = (tmp_path / "ms" / "import-report.txt").read_text()
    assert "page.txt:20: note[furniture-left-out]" in report
    kept = [line for line in PAGE.split("\n")[3:] if line and line != "BackMain" and "©" not in line]
    words = re.findall(r"\w+", " ".join(re.sub(r"^ *1\. ", "", line) for line in kept))
    assert re.findall(r"\w+", xhtml.text_of(tree)) == words
    assert [each.code for each in loaded.diagnostics if each.severity != "note"] == []


@pytest.mark.parametrize("signed", EDGES)
def test_bylines_and_furniture_in_other_forms(signed: str) -> None:
    people, date, furniture = EDGES[signed]
    for sign in ("(1) ", "1) ", "a. ", "•", "• "):
        written = PAGE.replace("- Ada Lampwright", signed).replace("BackMain", furniture).replace("1. ", sign)
        written = written.replace("a. Whale", "b. Whale").replace("a. Pay", "b. Pay")
        found = brought(written.replace("© 1871 Ada Lampwright", "Copyright (c) 1871-1880 A. L. All rights reserved."))
        assert [each.name for each in found.about.contributors] == people
        assert (found.about.date, found.about.title) == (date, "The Price of Oil")
        assert found.about.rights == "Copyright (c) 1871-1880 A. L. All rights reserved."
        model = as_model(found)
        assert model.rstrip().endswith("</ul>" if sign[0] == "•" else "</ol>"), model
        assert (model.count("<li>"), model.count("<strong>"), model.count("<h2>")) == (4, 4, 2)
        (said,) = (each for each in found.diagnostics if each.code == "furniture-left-out")
        assert furniture.replace("\n", " ") in said.message


def test_a_title_of_one_word_is_no_furniture() -> None:
    written = "Home\n\nI went home, and there was nobody there, and the lamp was out, and it was a cold night."
    assert brought(written).about.title == "Home"


def test_the_first_chapter_is_no_title() -> None:
    body = "It began on a Monday, as most things do, and it was raining, as it does on most Mondays."
    written = f"Chapter 1: One\n\n{body}\n\nPART TWO\nThe Sea\n\nChapter 2: Two\n\n{body}"
    found = brought(written)
    assert [(each.title, each.part) for each in found.texts] == [
        ("Chapter 1: One", ""),
        ("Chapter 2: Two", "PART TWO. The Sea"),
    ]


def test_the_essay_is_whole() -> None:
    if not ESSAY.is_file():
        pytest.skip("the essay is not here: it is no part of the project")
    written = ESSAY.read_text("utf-8")
    said = re.findall(r"\w+", xhtml.text_of(xhtml.parse(as_model(brought(written)))))
    wanted = re.sub(r"^- Hashim Alsharif$|^BackMain$|^©.*$|^ *1\. ", "", written, flags=re.M)
    assert said == re.findall(r"\w+", wanted)


def test_a_book_is_divided_at_its_chapters() -> None:
    body = "It was a long day in the harbour, and nobody had anything to do but to look at the ship.\n"
    chapters = "".join(
        f"\n\nCHAPTER {number}.\n\nThe {name}\n\n{body}" for number, name in (("I", "Ship"), ("II", "Sea"))
    )
    found = brought(
        f"The Harbour\n\nBy Jane Writer\n\nContents\n\nCHAPTER I. The Ship\nCHAPTER II. The Sea\n{chapters}"
    )
    assert [each.title for each in found.texts] == ["CHAPTER I. The Ship", "CHAPTER II. The Sea"]
    assert "contents-left-out" in {each.code for each in found.diagnostics}


@pytest.mark.parametrize(
    ("written", "guessed"),
    [
        ("\ufeffÄrger\r\n\r\nText".encode(), False),
        ("Ärger\n\nText".encode("utf-16"), False),
        ("Ärger\n\nText und noch mehr.".encode("utf-16-le"), True),
        ("Ärger\n\nText".encode("cp1252"), True),
        ("Ärger\n\nDer Wärter hörte das Öl: „Fließt es?“ „Natürlich für jeden“, sagte er.".encode("cp1252"), True),
    ],
)
def test_encodings(written: bytes, guessed: bool) -> None:
    found = brought(written)
    assert found.about.title == "Ärger"
    assert ("encoding-guessed" in {each.code for each in found.diagnostics}) is guessed


@pytest.mark.parametrize(
    ("written", "encoding"),
    [
        ("Маяк\n\nЖил-был смотритель, у которого не было лампы, и никто не отвечал ему.", "cp1251"),
        ("灯台の話\n\n灯台守は油を買いに町へ行った。町には油屋が三軒あったが、どれも閉まっていた。", "cp932"),
        (
            "Le Gardien\n\nIl était un gardien. « Où est ma lampe ? » Elle est à la mer, où l’été ne finit pas.",
            "mac_roman",
        ),
    ],
)
def test_old_encodings_are_told_by_their_letters(written: str, encoding: str) -> None:
    assert written.split("\n", maxsplit=1)[0] == brought(written.encode(encoding)).about.title
    assert written.split("\n")[2][:20] in brought(written.encode(encoding)).texts[0].markdown


PIECES = r"""
* _ # ## <b> < [x](y) [^1] $ $a$ {{ x }} {.c} \ \* `c` ``` ~ ~~ ^ == | |a|b| --- *** === + > >> ::: !!! ??? : Table:
@foo [@bar] &amp; & http://x.org/a_b*c www.x.org/__a__ a_b@c.org -- ... 'q' "r" Word word Über 日本 مرحبا x_y f(x);
{{#include&a.md}} \{{#include&b}} <!-- <script> ![i](p.png) *[HTML]:&y [ref]:&url </div> 12:30 • – — - = ^[n] {%&raw&%}
~~~ (c) 1. 1) 1984.
"""


def test_signs_that_mean_something_elsewhere_are_words() -> None:
    """Whatever stands in a plain text, the model has the same words in the same order."""
    spaces = ["", " ", " ", "\n", "\n\n", "    "]
    for seed in range(60):
        dice = random.Random(seed)
        pieces = [dice.choice(PIECES.split()).replace("&", " ") + dice.choice(spaces) for _ in range(30)]
        written = f"Begin\n\nIt begins here.\n\n{''.join(pieces)}\n\nEnd of it."
        tree = xhtml.parse(as_model(brought(written)))
        assert not list(xhtml.elements(tree, "em", "mark", "del", "sub", "sup", "img")), written
        assert not [each for each in xhtml.elements(tree, "span") if each.get("class")], written
        said = xhtml.text_of(tree)
        assert re.findall(r"[^\W_]", said) == re.findall(r"[^\W_]", written), written


def test_doubled_braces_are_no_variables(book_of: Callable[..., Path], run: Callable[..., Run], tmp_path: Path) -> None:
    book_of({"a.txt": "Braces\n\nWrite {{ version }}, {{#include a.md}} or \\{{ version }} in it.\n"}, "from")
    run("import", "from/a.txt", "-o", "ms")
    loaded = load(Order(tmp_path / "ms"))
    assert [str(each) for each in loaded.diagnostics if each.severity != "note"] == []
    said = xhtml.text_of(xhtml.parse(loaded.book.chapters[0].xhtml))
    assert said == "Write {{ version }}, {{#include a.md}} or \\{{ version }} in it."


def test_a_paragraph_of_a_whole_book_is_divided() -> None:
    found = brought("Title\n\n" + "A sentence of words. " * 2000)
    assert "paragraph-divided" in {each.code for each in found.diagnostics}
    assert len(re.findall("sentence", found.texts[0].markdown)) == 2000
