from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pmpress.diagnostics import Diagnostic, UsageError
from pmpress.manuscript import Manuscript, PartSections, load
from pmpress.manuscript.natural import natural_key

Write = Callable[..., Path]


def outline(book: Manuscript) -> list[str]:
    lines = [f"front {section.kind} {section.slug}" for section in book.sections.front]
    for item in book.sections.body:
        inside = item.sections if isinstance(item, PartSections) else (item,)
        lines += [f"part {item.title}"] if isinstance(item, PartSections) else []
        for section in inside:
            lines += [f"body {section.kind} {section.slug}"]
            lines += [f"  {source.depth} {source.path}" for source in section.sources[1:]]
    return lines + [f"back {section.kind} {section.slug}" for section in book.sections.back]


def codes(diagnostics: tuple[Diagnostic, ...]) -> list[str]:
    return [f"{found.span} {found.code}" for found in diagnostics]


def test_a_folder_nobody_ordered(book_of: Write) -> None:
    folder = book_of({
        "ch10.md": "# Ten", "ch2.md": "# Two", "appendix_a.md": "# A", "preface.md": "# P", "glossary.md": "# G",
        "README.md": "# R", "LICENSE.md": "no", "CONTRIBUTING.md": "no", "changelog.markdown": "no", "notes.txt": "no",
        ".hidden/x.md": "no", "build/y.md": "no",
    })  # fmt: skip
    book, diagnostics = load(folder)
    assert outline(book) == [
        "front preface preface",
        "body introduction readme",
        "body chapter ch2",
        "body chapter ch10",
        "back appendix appendix-a",
        "back glossary glossary",
    ]
    assert "LICENSE.md file-left-out" in codes(diagnostics)
    assert "CONTRIBUTING.md file-left-out" in codes(diagnostics)
    assert "changelog.markdown file-left-out" in codes(diagnostics)
    assert not [found for found in diagnostics if found.severity != "note"]


def test_folders_are_in_order_too(book_of: Write) -> None:
    book, _ = load(
        book_of({"02-b/01-x.md": "# X", "10-c/01-x.md": "# Z", "01-a/02-y.md": "# Y", "01-a/01-x.md": "# X"})
    )
    assert [section.sources[0].path for section in book.sections.all()] == [
        "01-a/01-x.md", "01-a/02-y.md", "02-b/01-x.md", "10-c/01-x.md",
    ]  # fmt: skip
    assert [section.slug for section in book.sections.all()] == ["ch01-x", "ch02-y", "ch01-x-2", "ch01-x-3"]


def test_the_order_is_not_the_file_systems(book_of: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    # Not a disk on which A.md and a.md are one file.
    folder = book_of({"a.md": "# a", "b/x.md": "# x", "B/x.md": "# X", "LICENSE.md": "no", "HISTORY.md": "no"})
    (folder / "A.md").write_text("# A")
    first = load(folder)
    walk = os.walk

    def backwards(top: Path, **others: Any) -> Iterator[tuple[str, list[str], list[str]]]:
        for where, inner, files in walk(top, **others):
            inner.sort(reverse=True)
            yield where, inner, sorted(files, reverse=True)

    monkeypatch.setattr("os.walk", backwards)
    assert load(folder) == first


SUMMARY = """\
# Summary

[Foreword](foreword.md)

# The Basics

- [One](one.md)
  - [One, further](one/further.md)
    - [Deeper](one/deeper.md)
- [Two](./two.md)
- [Not yet]()

# More

* [Three](three.md#start)
* [Three again](three.md#end)

---

[Thanks](thanks.md)
"""


def test_a_summary(book_of: Write) -> None:
    files = dict.fromkeys(
        ("foreword.md", "one.md", "one/further.md", "one/deeper.md", "two.md", "three.md", "thanks.md"), "# T"
    )
    book, diagnostics = load(book_of({**files, "SUMMARY.md": SUMMARY, "unlisted.md": "# no"}))
    assert outline(book) == [
        "front foreword foreword",
        "part The Basics",
        "body chapter one",
        "  1 one/further.md",
        "  2 one/deeper.md",
        "body chapter two",
        "part More",
        "body chapter three",
        "back chapter thanks",
    ]
    assert "SUMMARY.md:11 entry-left-out" in codes(diagnostics)


def test_a_summary_names_what_is_missing(book_of: Write) -> None:
    _, diagnostics = load(book_of({"SUMMARY.md": "- [A](a.md)\n- [B](b.md)\n", "b.md": "# B"}))
    assert "SUMMARY.md:1 chapter-missing" in codes(diagnostics)


def test_the_settings_of_mdbook_are_told_apart(book_of: Write) -> None:
    toml = '[book]\ntitle = "T"\nauthors = ["A"]\nsrc = "src"\n[output.html]\n'
    folder = book_of({"book.toml": toml, "src/SUMMARY.md": "- [A](a.md)", "src/a.md": "# A"})
    assert "book.toml config-of-mdbook" in codes(load(folder)[1])
    book, diagnostics = load(folder / "src")
    assert outline(book) == ["body chapter a"]
    assert "book.toml config-of-mdbook" not in codes(diagnostics)


def test_one_file(book_of: Write) -> None:
    folder = book_of({"story.md": "# S", "other.md": "# O"})
    book, _ = load(folder / "story.md")
    assert outline(book) == ["body chapter story"]


def test_slugs_never_collide_with_the_parts_of_an_epub(book_of: Write) -> None:
    book, _ = load(book_of({"nav.md": "# N", "part-1.md": "# P", "été.md": "# E", "日本.md": "# J"}))
    assert sorted(section.slug for section in book.sections.all()) == ["ete", "nav-2", "part-1-2", "text"]


def test_the_language_is_guessed_from_the_script(book_of: Write) -> None:
    for text, tag in [
        ("Hello", "en"),
        ("これは本です", "ja"),
        ("هذا كتاب", "ar"),
        ("Это книга", "ru"),
        ("这是书", "zh"),
    ]:
        book, diagnostics = load(book_of({"a.md": f"# T\n\n{text * 9}"}))
        assert book.language == tag
        assert "a.md language-guessed" in codes(diagnostics)


def test_nothing_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as fault:
        load(tmp_path / "nowhere")
    assert fault.value.diagnostics[0].code == "book-missing"
    _, diagnostics = load(tmp_path)
    assert [found.code for found in diagnostics if found.severity == "error"] == ["book-empty"]


def test_natural_order() -> None:
    names = ["ch10.md", "ch2.md", "Ch1.md", "a/9.md", "a/10.md"]
    assert sorted(names, key=natural_key) == ["a/9.md", "a/10.md", "Ch1.md", "ch2.md", "ch10.md"]
