"""Includes: what is put in, what is refused, and whose lines it keeps."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pmpress import xhtml
from pmpress.diagnostics import Diagnostic, Span
from pmpress.manuscript import Source, load
from pmpress.manuscript.includes import read_source
from pmpress.press.composition import compose
from pmpress.xhtml import SPAN, local

Write = Callable[..., Path]

PROGRAM = """\
one
two
# ANCHOR: main
def main():
    # ANCHOR: inner
    return 1
    # ANCHOR_END: inner
# ANCHOR_END: main
"""


def read(folder: Path, path: str = "a.md") -> tuple[Source, list[str]]:
    diagnostics: list[Diagnostic] = []
    source = read_source(folder, path, Span(path), diagnostics)
    assert source
    return source, [f"{found.span} {found.code}" for found in diagnostics]


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ("code/p.py:1:2", "one\ntwo"),
        ("code/p.py:2", "two"),
        ("code/p.py::2", "one\ntwo"),
        ("code/p.py:6:", "    return 1\n    # ANCHOR_END: inner\n# ANCHOR_END: main"),
        ("code/p.py:main", "def main():\n    return 1"),
        ("code/p.py:inner", "    return 1"),
        ("code/p.py", "one\ntwo\ndef main():\n    return 1"),
        ("empty.txt", ""),
    ],
)
def test_what_is_asked_for_is_put_in(book_of: Write, asked: str, text: str) -> None:
    folder = book_of({"a.md": f"```\n{{{{#include {asked}}}}}\n```\n", "code/p.py": PROGRAM, "empty.txt": ""})
    source, said = read(folder)
    assert source.text == f"```\n{text}\n```\n"
    assert source.lines is not None
    assert len(source.lines) == len(source.text.split("\n"))
    assert not said


def test_an_escaped_include_is_text(book_of: Write) -> None:
    source, said = read(book_of({"a.md": "`\\{{#include x}}` and {{other}}\n"}))
    assert source.text == "`{{#include x}}` and {{other}}\n"
    assert not said


def test_a_text_without_includes_is_as_it_is(book_of: Write) -> None:
    source, _ = read(book_of({"a.md": "{{#title x}} {{ }}\n"}))
    assert source == Source("a.md", "{{#title x}} {{ }}\n")


def test_includes_in_includes_are_relative_to_their_file(book_of: Write) -> None:
    files = {"a.md": "A\n\n{{#include parts/b.md}}\n\nmid {{#include parts/c.md}} end\n"}
    source, said = read(book_of({**files, "parts/b.md": "B\n{{#include c.md}}\n", "parts/c.md": "C\n"}))
    assert source.text == "A\n\nB\nC\n\nmid C end\n"
    assert source.lines == (
        ("a.md", 1), ("a.md", 2), ("parts/b.md", 1), ("parts/c.md", 1), ("a.md", 4), ("a.md", 5), ("a.md", 6),
    )  # fmt: skip
    assert source.included == ("parts/b.md", "parts/c.md")
    assert not said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("\n{{#include none.md}}", "a.md:2 include-missing"),
        ("{{#include ../out.md}}", "a.md:1 path-outside"),
        ("{{#include /etc/passwd}}", "a.md:1 path-outside"),
        ("{{#include a.md}}", "a.md:1 include-circular"),
        ("{{#include b.md}}", "b.md:1 include-circular"),
        ("{{#include c.md:none}}", "a.md:1 include-missing"),
        ("{{#include c.md:7:9}}", "a.md:1 include-missing"),
    ],
)
def test_what_cannot_be_included_is_left_out(book_of: Write, text: str, said: str) -> None:
    folder = book_of({"a.md": f"{text}\nafter\n", "b.md": "{{#include a.md}}", "c.md": "C"})
    (folder.parent / "out.md").write_text("secret", encoding="utf-8")
    source, found = read(folder)
    assert found == [said]
    assert source.text.split("\n")[-2:] == ["after", ""]
    assert "secret" not in source.text


def test_includes_do_not_grow_without_end(book_of: Write) -> None:
    files = {f"{n}.md": f"{{{{#include {n + 1}.md}}}}\n" * 30 + "x" * 1000 for n in range(9)}
    source, said = read(book_of({**files, "9.md": "x" * 1000}), "0.md")
    assert len(source.text) < 6_000_000
    assert any("include-too-long" in each for each in said)


def test_lines_of_included_text_are_those_of_its_file(book_of: Write) -> None:
    text = "# A\n\nText\n\n{{#include b.inc}}\n\n[c](<javascript:x>)\n"
    book, _ = load(book_of({"a.md": text, "b.inc": "\n[d](<javascript:x>)\n\n- e\n"}))
    composed, said = compose(next(iter(book.sections.all())), "en")
    body = xhtml.parse(composed[0].chapter.xhtml)
    lines = [(local(element), element.get(SPAN)) for element in body.iter() if element.get(SPAN)]
    assert lines == [
        ("p", "a.md:3-3"), ("p", "b.inc:2-2"), ("ul", "b.inc:4-4"), ("li", "b.inc:4-4"), ("p", "a.md:7-7"),
    ]  # fmt: skip
    assert sorted(str(found.span) for found in said) == ["a.md:7", "b.inc:2"]


def test_a_file_that_another_includes_is_no_chapter(book_of: Write) -> None:
    book, said = load(book_of({"a.md": "# A\n\n{{#include parts/b.md}}\n", "parts/b.md": "B {{#include none.md}}"}))
    assert [section.sources[0].path for section in book.sections.all()] == ["a.md"]
    found = [f"{each.span} {each.code}" for each in said]
    assert "parts/b.md file-left-out" in found
    assert found.count("parts/b.md:1 include-missing") == 1
