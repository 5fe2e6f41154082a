"""`{{ name }}`: a plain look-up, in the model and in the finished files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import pytest
from conftest import Run
from tiny import tiny

from pmpress import xhtml
from pmpress.model import Chapter
from pmpress.press import Loaded, Order, load

Write = Callable[..., Path]
Command = Callable[..., Run]

TOML = """[book]
title = "The Almanac"
language = "en"
contributors = ["Ada Field", {name = "Ed", role = "edt"}, "Ben Moss"]
date = 2026-03-01
isbn = {print = "978-0-306-40615-7", ebook = "978-1-86197-876-9"}
[variables]
name = "Nut"
_draft_ = "under"
a_b = "one"
c_d = "two"
a--b = "dashed"
HTML = "markup"
version = 2.50
count = 7
ready = true
day = 2026-01-31
sly = "{{ name }} *x* <b> \\"y\\" -- {{ book.title }}"
url = "https://example.org/a b?c=d&e"
page = "b.md#there"
bad = "javascript:alert(1)"
"""
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'


def loaded(book_of: Write, text: str, **files: str) -> Loaded:
    others = {f"{name}.md": content for name, content in files.items()}
    return load(Order(book_of({"book.toml": TOML, "a.md": f"# One\n\n{text}\n", **others})))


def said(found: Loaded) -> list[str]:
    return [f"{each.span} {each.code}" for each in found.diagnostics if each.code.startswith("variable")]


def words(chapter: Chapter) -> str:
    return xhtml.text_of(xhtml.parse(chapter.xhtml))


@pytest.mark.parametrize(
    ("written", "put"),
    [
        ("{{ name }} {{name}} {{  name\n}}", "Nut Nut Nut"),
        ("{{ version }}, {{ count }}, {{ ready }}, {{ day }}", "2.5, 7, true, 2026-01-31"),
        ("{{ book.title }} by {{ book.authors }}, {{ book.date }}", "The Almanac by Ada Field, Ben Moss, 1 March 2026"),
        ("{{ book.isbn.print }} {{ book.isbn.ebook }}", "9780306406157 9781861978769"),
        ("{{ book.language }}", "en"),
        ("{{ a_b }} and {{ c_d }}", "one and two"),
        ("{{ _draft_ }} and {{ a--b }}", "under and dashed"),
        ("*{{ name }}* “{{ name }}s”", "Nut “Nuts”"),
        ("\\{{ name }} and \\{{name}}", "{{ name }} and {{name}}"),
        ("\\\\{{ name }}", "\\Nut"),
        ("`{{ name }}` <kbd>{{ name }}</kbd>", "{{ name }} {{ name }}"),
        ("<p>{{ name }}, \\{{ name }}, <b>{{ name }}</b></p>", "Nut, {{ name }}, Nut"),
        ("{{ a*b }} {{ name + 1 }} {{ name | upper }} {{#name}} {{}} { { name } }",
         "{{ a*b }} {{ name + 1 }} {{ name | upper }} {{#name}} {{}} { { name } }"),
        ("{{ sly }}", '{{ name }} *x* <b> "y" -- {{ book.title }}'),
        ("{{ HTML }}\n\n*[HTML]: Hypertext", "markup"),
        ("| {{ name }} |\n|---|\n| {{ count }} |", "Nut 7"),
        ("x[^n]\n\n[^n]: {{ name }}", "x1 Nut"),
    ],
)  # fmt: skip
def test_values_are_put_in_as_they_are(written: str, put: str, book_of: Write) -> None:
    found = loaded(book_of, written)
    assert words(found.book.chapters[0]) == put
    assert "data-variable" not in found.book.chapters[0].xhtml
    assert said(found) == []


def test_code_and_mathematics_are_left_alone(book_of: Write) -> None:
    found = loaded(book_of, "```\n{{ name }}\n```\n\n    {{ count }}\n\n$a^{{b}} {{ name }}$", b="# Two")
    text = words(found.book.chapters[0])
    assert "{{ name }}" in text
    assert "{{ count }}" in text
    assert "Nut" not in text
    assert said(found) == []


def test_titles_headings_and_alternative_texts(book_of: Write) -> None:
    folder = book_of({
        "book.toml": TOML, "p.svg": SVG,
        "a.md": '# About {{ name }}[^1]\n\n## In {{ book.title }}\n\n'
                '![A {{ name }}](p.svg "The {{ name }}")\n\n[^1]: x',
    })  # fmt: skip
    book = load(Order(folder)).book
    (chapter,) = book.chapters
    assert (chapter.title, [heading.title for heading in chapter.headings]) == ("About Nut", ["In The Almanac"])
    assert [entry.title for entry in (*book.contents, *book.contents[0].entries)] == ["About Nut", "In The Almanac"]
    (image,) = xhtml.parse(chapter.xhtml).iter(xhtml.tag("img"))
    assert image.get("alt") == "A Nut"
    assert "The Nut" in words(chapter)


def test_addresses(book_of: Write) -> None:
    text = "[a]({{url}}) [b](<{{ url }}>) [c][r] [d]({{page}}) [e](https://example.org/{{version}}/)\n\n[r]: {{url}}"
    found = loaded(book_of, text, b="# Two\n\n## There")
    body = xhtml.parse(found.book.chapters[0].xhtml)
    there = "https://example.org/a%20b?c=d&e"
    assert [link.get("href") for link in body.iter(xhtml.tag("a"))] == [
        there, there, there, "#b--there", "https://example.org/2.5/",
    ]  # fmt: skip


def test_no_value_makes_a_link_that_runs(book_of: Write, run: Command) -> None:
    book = book_of({"book.toml": TOML, "a.md": "# One\n\n[x]({{bad}})"})
    left = run("epub", book, "--format", "json")
    assert left.code == 1
    assert "a.md:3 error path-outside" in left.said


def test_a_span_keeps_what_else_it_says(book_of: Write) -> None:
    found = loaded(book_of, "{{ name }}{.smallcaps #n}")
    (span,) = xhtml.parse(found.book.chapters[0].xhtml).iter(xhtml.tag("span"))
    assert (span.get("class"), span.get("id")) == ("smallcaps", "n")
    assert words(found.book.chapters[0]) == "Nut"


def test_an_unknown_name_stays_and_is_said_once(book_of: Write) -> None:
    text = "One\n{{ nme }} two\n\n{{ nme }} {{ book.titel }}\n\n{{ zzz }} ![{{ zzz }}](p.svg)"
    book_of({"p.svg": SVG})
    found = loaded(book_of, text, b="# Two\n\n{{ nme }} {{ zzz }}")
    assert words(found.book.chapters[0]) == "One {{ nme }} two {{ nme }} {{ book.titel }} {{ zzz }}"
    assert sorted(said(found)) == ["a.md:4 variable-unknown", "a.md:6 variable-unknown", "a.md:8 variable-unknown"]
    hints = {each.hint for each in found.diagnostics if each.code == "variable-unknown"}
    assert hints == {
        "Did you mean 'name'?",
        "Did you mean 'book.title'?",
        'Add zzz = "…" to [variables], or write \\{{ zzz }}.',
    }


def test_what_the_book_does_not_say_is_unknown(book_of: Write) -> None:
    assert said(loaded(book_of, "{{ book.publisher }}")) == ["a.md:3 variable-unknown"]


def test_a_value_is_text_or_a_number(book_of: Write, run: Command) -> None:
    toml = '[book]\ntitle = "T"\nlanguage = "en"\n[variables]\nlist = ["a"]\nbook.title = "x"\n'
    left = run("epub", book_of({"book.toml": toml, "a.md": "# One"}), "--format", "json")
    assert left.code == 1
    assert [each for each in left.said if "config" in each] == [
        "book.toml:5 error config-type",
        "book.toml:6 error config-type",
    ]


def test_a_changed_value_is_seen(book_of: Write, run: Command, tmp_path: Path) -> None:
    book = book_of({"book.toml": TOML, "a.md": "# One\n\n{{ name }} {{ book.title }}"})
    assert run("epub", book, "-o", "out/a.epub").code == 0
    first = (tmp_path / "out" / "a.epub").read_bytes()
    assert run("epub", book, "-o", "out/a.epub", "--set", "variables.name=Pip").code == 0
    assert (tmp_path / "out" / "a.epub").read_bytes() != first


@pytest.mark.parametrize("piece", ["{{", "{{ a", "{{ a }", "\\{{", "{{ a }}", "{{" + " " * 50, "[{{ a }}"])
def test_many_braces_take_their_time_only_once(piece: str, book_of: Write) -> None:
    def seconds(times: int) -> float:
        begun = perf_counter()
        loaded(book_of, piece * times)
        return perf_counter() - begun

    seconds(10)
    assert seconds(8000) < 4 + 40 * seconds(800)


@pytest.mark.slow
def test_both_files_say_the_same() -> None:
    book = tiny("notes")
    said = (
        "This is The Garden Almanac: Notes of a gardener, by Ada Field, Ben Moss, Second edition, Hedge & Co., "
        '1 March 2026, in “en”, version 2.5, true; "Good -- day," {{ version }} <b>&.'
    )
    assert said in book.page("ch2-words.xhtml")
    assert said.replace(" ", "") in "".join(book.printed.texts).replace(" ", "").replace("\n", "").replace("\r", "")
    assert "About The Garden Almanac" in [entry.title for entry in book.book.contents]
