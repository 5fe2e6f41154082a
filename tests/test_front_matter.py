"""Front matter: what is read of it, and what a chapter takes from it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pmpress.dialect import parse
from pmpress.manuscript import load
from pmpress.press.composition import compose

Write = Callable[..., Path]


@pytest.mark.parametrize(
    ("written", "key", "value"),
    [
        ("title: Plain text # comment", "title", "Plain text"),
        ("title: 'It''s: quoted'", "title", "It's: quoted"),
        ('title: "a \\"b\\" #c"', "title", 'a "b" #c'),
        ("tags: [a, 'b c']", "tags", "a, b c"),
        ("tags:\n- a\n- b", "tags", "a, b"),
        ("tags:\n  - a\n  - b", "tags", "a, b"),
        ("title: >\n  folded\n  text", "title", "folded text"),
        ("title:\n\n# comment\nkind: x", "kind", "x"),
        ('title = "T"\nkind = "preface"', "kind", "preface"),
    ],
)
def test_values(written: str, key: str, value: str) -> None:
    parsed = parse(f"---\n{written}\n---\n\nText\n", "f.md")
    assert parsed.front_matter[key] == value
    assert parsed.xhtml.strip() == '<p data-src="f.md:{0}-{0}">Text</p>'.format(written.count("\n") + 5)


@pytest.mark.parametrize(
    "text",
    ["---\n\ntitle: a\n\n---\n", "---\nJust prose\n---\n", "----\na: b\n---\n", "--- \n", "---", "---\na = b\n---\n"],
)
def test_a_scene_break_is_no_front_matter(text: str) -> None:
    parsed = parse(text, "f.md")
    assert not parsed.front_matter
    assert not parsed.diagnostics
    assert parsed.xhtml.startswith("<hr")


@pytest.mark.parametrize(("text", "line"), [("---\na: b\nprose\n---\n", 3), ("---\na: b\n\nprose", 1)])
def test_what_cannot_be_read_is_printed(text: str, line: int) -> None:
    parsed = parse(text, "f.md")
    assert [str(found.span) for found in parsed.diagnostics] == [f"f.md:{line}"]
    assert "prose" in parsed.xhtml


def test_title_and_kind(book_of: Write) -> None:
    text = '---\ntitle: "It\'s mine"\nkind: epilogue\n---\n\nText\n'
    book, _ = load(book_of({"a.md": text}))
    composed, said = compose(next(iter(book.sections.all())), "en")
    assert (composed[0].chapter.title, composed[0].chapter.kind) == ("It’s mine", "epilogue")
    assert not said


def test_a_heading_counts_for_more_and_a_kind_must_be_known(book_of: Write) -> None:
    book, _ = load(book_of({"a.md": "---\ntitle: No\nkind: limerick\n---\n\n# Yes\n\nText\n"}))
    composed, said = compose(next(iter(book.sections.all())), "en")
    assert (composed[0].chapter.title, composed[0].chapter.kind) == ("Yes", "chapter")
    assert [f"{found.span} {found.code}" for found in said] == ["a.md:1 kind-unknown"]
