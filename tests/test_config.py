from __future__ import annotations

import pytest

from pmpress.config import BookConfig, Isbns, Listed, ListedPart, direction_of, isbn, language, read_config
from pmpress.diagnostics import ManuscriptError, Span
from pmpress.languages import for_libraries
from pmpress.model import Contributor, Series, Subject

WHOLE = """\
[book]
title = "A Title"
language = "de-ch"
contributors = ["Ada", { name = "Grace Hopper", role = "edt", sort = "Hopper, Grace" }]
date = 2026-11-23
isbn = "978-3-16-148410-0"

[contents]
front = ["preface.md"]
body = [
  "one.md",
  { part = "Second", chapters = ["two.md", "three.md"] },
]
"""


def said(text: str, *overrides: tuple[str, str]) -> list[str]:
    return [f"{found.span} {found.severity} {found.code}" for found in read_config(text, overrides, ())[1]]


def test_a_whole_book() -> None:
    config, diagnostics = read_config(WHOLE, (), ())
    assert diagnostics == ()
    assert (config.title, config.language, config.date, config.isbn.print) == (
        "A Title",
        "de-CH",
        "2026-11-23",
        "9783161484100",
    )
    assert config.contributors == (Contributor("Ada"), Contributor("Grace Hopper", "edt", "Hopper, Grace"))
    assert config.contents is not None
    assert config.contents.front == (Listed("preface.md", Span("book.toml", 9)),)
    one, second = config.contents.body
    assert one == Listed("one.md", Span("book.toml", 11))
    assert isinstance(second, ListedPart)
    assert second.title == "Second"
    assert [file.path for file in second.chapters] == ["two.md", "three.md"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('titel = "x"', "book.toml:3 error config-unknown-key"),
        ("subtitle = 3", "book.toml:3 error config-type"),
        ('subtitle = ""', "book.toml:3 warning config-empty-key"),
        ('date = "2026-13-01"', "book.toml:3 error config-bad-date"),
        ('date = "last May"', "book.toml:3 error config-bad-date"),
        ('language = "english"', "book.toml:3 error config-bad-language"),
        ('language = "e"', "book.toml:3 error config-bad-language"),
        ('isbn = "9783161484101"', "book.toml:3 error config-bad-isbn"),
        ('slug = "../x"', "book.toml:3 error config-bad-slug"),
        ('identifier = "no uri"', "book.toml:3 error config-bad-identifier"),
        ('contributors = [{ name = "A", role = "author" }]', "book.toml:3 error config-type"),
        ("contributors = [3]", "book.toml:3 error config-type"),
        ('subjects = "one"', "book.toml:3 error config-bad-subject"),
        ('subjects = [""]', "book.toml:3 error config-bad-subject"),
        ('subjects = [{ bisac = "KJM" }]', "book.toml:3 error config-bad-subject"),
        ('subjects = [{ thema = "kjm" }]', "book.toml:3 error config-bad-subject"),
        ('subjects = [{ bisac = "BUS041000", thema = "KJM" }]', "book.toml:3 error config-bad-subject"),
        ('subjects = [{ lcsh = "Lamps" }]', "book.toml:3 error config-bad-subject"),
        ('isbn = "0306406151"', "book.toml:3 error config-bad-isbn"),
        ('isbn = { paper = "9783161484100" }', "book.toml:3 error config-bad-isbn"),
        ('doi = "11.1000/182"', "book.toml:3 error config-bad-doi"),
        ('identifiers = ["x y"]', "book.toml:3 error config-bad-identifier"),
        ('series = { position = "2" }', "book.toml:3 error config-type"),
        ('series = { name = "S", position = "II" }', "book.toml:3 error config-type"),
        ('series = ""', "book.toml:3 warning config-empty-key"),
        ('contributors = [{ name = "A", organisation = "yes" }]', "book.toml:3 error config-type"),
        ('contributors = [{ name = "" }]', "book.toml:3 error config-type"),
        ('subtitle = "two\\nlines"', "book.toml:3 error config-type"),
        ('publisher = "a\\u0007b"', "book.toml:3 error config-type"),
        ('date = "0001-01-01"', "book.toml:3 error config-bad-date"),
        ("date = 0001-01-01", "book.toml:3 error config-bad-date"),
        ('[contents]\nbody = [{ part = "", chapters = ["a.md"] }]', "book.toml:4 error config-type"),
        ('[contents]\nbody = [{ part = "P", chapters = 3 }]', "book.toml:4 error config-type"),
        ('[contents]\nbody = [""]', "book.toml:4 error config-type"),
        ('[contents]\nbody = [{ part = "P" }]', "book.toml:4 error config-type"),
        ("[chapters]\nx = 1", "book.toml:3 error config-unknown-key"),
    ],
)
def test_each_fault_has_its_line(line: str, expected: str) -> None:
    assert said(f'[book]\ntitle = "T"\n{line}\n') == [expected]


def test_all_faults_are_found_in_one_run() -> None:
    assert said('[book]\ntitle = ""\ndate = "x"\nfoo = 1\n') == [
        "book.toml:4 error config-unknown-key",
        "book.toml:2 error config-empty-key",
        "book.toml:3 error config-bad-date",
    ]


def test_a_title_is_required_where_there_is_a_book_toml() -> None:
    assert said("[book]\n") == ["book.toml:1 error config-missing-key"]
    assert read_config(None, (), ()) == (BookConfig(), ())


def test_a_wrong_key_is_answered_with_the_nearest() -> None:
    _, (found, *_) = read_config('[book]\ntitle = "T"\nsubtitel = "x"\n', (), ())
    assert found.hint == "Did you mean 'subtitle'?"


def test_no_toml_at_all_ends_the_run_with_its_line() -> None:
    with pytest.raises(ManuscriptError) as fault:
        read_config("[book]\ntitle = unquoted\n", (), ())
    (found,) = fault.value.diagnostics
    assert (found.code, found.span) == ("config-syntax", Span("book.toml", 2))


@pytest.mark.parametrize("value", ["9" * 5000, "[" * 5000])
def test_toml_that_python_cannot_hold(value: str) -> None:
    with pytest.raises(ManuscriptError) as fault:
        read_config(f"[book]\ntitle = {value}\n", (), ())
    assert fault.value.diagnostics[0].code == "config-syntax"
    assert read_config(WHOLE, [("publisher", value)], ())[0].publisher == value


def test_a_table_that_is_none_cannot_be_overridden() -> None:
    for source in ("book = 1", "[[book]]"):
        diagnostics = read_config(source, [("title", "T")], ())[1]
        assert "config-type" in {found.code for found in diagnostics}


def test_overrides_are_read_as_toml_or_as_text() -> None:
    overrides = [("language", "ar"), ("book.subjects", '["a", "b"]'), ("layout.name", "essay")]
    config, diagnostics = read_config(WHOLE, overrides, ())
    assert diagnostics == ()
    assert (config.language, config.subjects, config.layout) == ("ar", (Subject("a"), Subject("b")), "essay")


def test_an_override_is_checked_as_the_file_is() -> None:
    assert said(WHOLE, ("book.date", "soon")) == ["--set book.date error config-bad-date"]


@pytest.mark.parametrize(("tag", "written"), [("EN", "en"), ("zh-hant-tw", "zh-Hant-TW"), ("de-1996", "de-1996")])
def test_language_tags_are_put_into_their_customary_case(tag: str, written: str) -> None:
    assert language(tag) == written


@pytest.mark.parametrize(
    ("tag", "meant"),
    [
        ("xq", ""), ("eng", "en"), ("deu-CH", "de"), ("en-UK", "GB"), ("sr-Lann", "latn"), ("de-1997", "1996"),
        ("qaa", None), ("ckb", None), ("zh-Hant-TW", None), ("sl-rozaj-biske-1994", None), ("en-x-whatever", None),
        ("iw", None), ("es-419", None), ("ar-XX", None),
    ],
)  # fmt: skip
def test_a_language_that_is_not_registered_is_doubted(tag: str, meant: str | None) -> None:
    found = read_config(f'[book]\ntitle = "T"\nlanguage = "{tag}"\n', (), ())[1]
    assert [f"{each.span} {each.severity} {each.code}" for each in found] == [
        "book.toml:3 warning language-unknown" for _ in [meant] if meant is not None
    ]
    assert all(f"'{meant}'?" in each.hint for each in found if meant)


@pytest.mark.parametrize(
    ("tag", "three"), [("de-CH", "ger"), ("fra", "fre"), ("ckb", "ckb"), ("EN", "eng"), ("iw", "heb")]
)
def test_libraries_know_a_language_by_three_letters(tag: str, three: str) -> None:
    assert for_libraries(tag) == three


def test_an_isbn_of_ten_digits_becomes_one_of_thirteen() -> None:
    text = '[book]\ntitle = "T"\nisbn = { print = "0-8044-2957-X", ebook = "978-1-86197-876-9" }\n'
    config, (found,) = read_config(text, (), ())
    assert config.isbn == Isbns("9780804429573", "9781861978769")
    assert (str(found.span), found.severity, found.code) == ("book.toml:3", "note", "isbn-converted")


def test_a_role_that_marc_has_not_is_doubted_where_it_stands() -> None:
    text = '[book]\ntitle = "T"\ncontributors = [\n  "Ada",\n  { name = "Bo", role = "atu" },\n]\n'
    config, (found,) = read_config(text, (), ())
    assert (str(found.span), found.severity, found.code) == ("book.toml:5", "warning", "role-unknown")
    assert found.hint == "Did you mean 'aut'?"
    assert config.contributors[1].role == "atu"


def test_what_catalogues_want() -> None:
    text = """[book]
title = "T"
contributors = [{ name = "The Society", organisation = true }]
doi = "https://doi.org/10.1000/182"
identifiers = ["urn:uuid:6f3f6f0c-5c0a-5b3e-9f2f-0b7a5d6c1e2f"]
series = { name = "Lights", position = 2 }
source = "An older book"
subjects = ["Lamps", { name = "Management", bisac = "BUS041000" }, { thema = "1DDU-GB" }]
"""
    config, diagnostics = read_config(text, (), ())
    assert diagnostics == ()
    assert config.contributors == (Contributor("The Society", organisation=True),)
    assert (config.doi, config.series, config.source) == ("10.1000/182", Series("Lights", "2"), "An older book")
    assert config.identifiers == ("urn:uuid:6f3f6f0c-5c0a-5b3e-9f2f-0b7a5d6c1e2f",)
    assert config.subjects == (
        Subject("Lamps"), Subject("Management", "BISAC", "BUS041000"), Subject("", "Thema", "1DDU-GB"),
    )  # fmt: skip
    assert read_config('[book]\ntitle = "T"\nseries = "Lights"\n', (), ())[0].series == Series("Lights")


def test_the_check_digit_of_an_isbn_counts() -> None:
    assert isbn("978 0 306 40615 7") == "9780306406157"
    with pytest.raises(ValueError, match="check digit"):
        isbn("9780306406158")


@pytest.mark.parametrize(
    ("tag", "direction"),
    [
        ("ar", "rtl"), ("he-IL", "rtl"), ("az-Arab", "rtl"), ("ar-Latn", "ltr"), ("en", "ltr"), ("ckb", "rtl"),
        ("ary-MA", "rtl"), ("ff-Adlm", "rtl"), ("syr", "rtl"), ("sd-Deva", "ltr"), ("en-x-arab", "ltr"),
    ],
)  # fmt: skip
def test_direction(tag: str, direction: str) -> None:
    assert direction_of(tag) == direction
