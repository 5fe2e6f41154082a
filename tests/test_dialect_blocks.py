"""Blocks that are not CommonMark's: hostile ones take no time, and lose no text."""

from __future__ import annotations

import time

import pytest

from pmpress import xhtml
from pmpress.dialect import parse

UNITS = [
    ":::\n", "::: a\n", "::: a\n\n", "::: a\n- ", "> ::: a\n", "::: {#a", "::: {.a .b\n", ": a\n", ": a\n\n",
    "a\n: b\n", "a\n\n: b\n", "a\n~ ", ": : ", ": > ", "!!! a\n    ", "!!! a\n\n    ", "> [!NOTE]\n", "> [!NOTE]\n\n",
    "Table: a\n", "Table: a\n\n", "table: a |\n", ": a | b\n-|-\n", "a|b\n-|-\n: c\n", "a|b\n-|-\n\n: c\n\n", "| a\n",
    "|\n", "| a\n b\n", '<div markdown="1">\n', '<div markdown="1">', "<p markdown=1>a</p>\n",
    "<td markdown=1>a\n",
    "<div markdown=1>\n</div>\n", '```a title="', '```a title="x"\n```\n', "---\na: b\n",
]  # fmt: skip
SHAPES = {
    "admonitions": "".join("    " * depth + "!!! a\n" for depth in range(95)),
    "definitions": "".join("  " * depth + "a\n" + "  " * depth + ": b\n" for depth in range(90)),
    "divs": "::: a\n" * 1500 + "b\n" + ":::\n" * 2500,
    "divs in lists": "".join("  " * depth + "- ::: a\n" for depth in range(130)),
    "elements": '<div markdown="1">\n' * 500 + "a\n" + "</div>\n" * 800,
    "a long stanza": "| a\n" + " b\n" * 6000,
    "a long caption": ": a\n" * 5000 + "\n|a|\n|-|\n",
    "front matter": "---\n" + "a: b\n" * 4000 + "---\n",
}
HOSTILE = {unit: (unit * 20_000)[:20_000] for unit in UNITS} | SHAPES


@pytest.mark.parametrize("name", HOSTILE, ids=repr)
def test_hostile_input_is_read_in_time(name: str) -> None:
    begun = time.process_time()
    parsed = parse(HOSTILE[name], "f.md")
    assert time.process_time() - begun < 2
    xhtml.parse(parsed.xhtml)


@pytest.mark.parametrize("name", ["divs", "elements", "a long stanza", "a long caption"])
def test_hostile_input_keeps_its_text(name: str) -> None:
    letters = "".join(xhtml.parse(parse(f"{HOSTILE[name]}\n\nw\n", "f.md").xhtml).itertext())
    assert "w" in letters
    for letter in "ab":
        if f"\n{letter}\n" in HOSTILE[name] or f" {letter}\n" in HOSTILE[name]:
            assert letter in letters
