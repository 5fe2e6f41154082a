"""Counting pages: a matter of numbers, without an engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import count
from typing import Literal

import pytest

from pmpress.diagnostics import Diagnostic
from pmpress.model import Matter, PageMap
from pmpress.numerals import roman
from pmpress.pdf.facts import LaidOut, PageFacts, Place, SheetFacts, Strings
from pmpress.pdf.numbering import Pages, place, settle
from pmpress.pdf.page_references import with_pages
from pmpress.pdf.sheets import Sheet


def sheet(
    name: str, pages: int, matter: Matter = "bodymatter", starts: Literal["recto", "verso"] = "recto"
) -> tuple[Sheet, LaidOut]:
    facts = SheetFacts(tuple(PageFacts("", 10, 10) for _ in range(pages)), {name: Place(0, 0, 0)})
    return Sheet(name, "chapter", name, starts, matter, Strings(), name), LaidOut(b"", facts)


@pytest.mark.parametrize(
    ("number", "text"), [(1, "i"), (4, "iv"), (9, "ix"), (14, "xiv"), (40, "xl"), (1994, "mcmxciv")]
)
def test_roman(number: int, text: str) -> None:
    assert roman(number) == text


def test_each_sheet_starts_on_its_side() -> None:
    pages = place(
        [sheet("a", 1), sheet("b", 1, starts="verso"), sheet("c", 3), sheet("d", 1), sheet("e", 2, starts="verso")]
    )
    assert [placed.start for placed in pages.placed] == [0, 1, 2, 6, 7]
    assert pages.count == 9


def test_the_body_counts_from_one() -> None:
    pages = place([sheet("front", 3, "frontmatter"), sheet("one", 2), sheet("end", 1, "backmatter")])
    found = pages.page_map()
    assert found.labels == ("i", "ii", "iii", "iv", "1", "2", "3")
    assert (found.folio("front"), found.folio("one"), found.folio("end"), found.folio("none")) == ("i", "1", "3", "")


def test_a_book_of_front_matter_only() -> None:
    assert place([sheet("front", 2, "frontmatter")]).page_map().labels == ("i", "ii")
    assert place([]).page_map() == PageMap()


def settled(lengths: Iterator[int]) -> tuple[Pages, tuple[Diagnostic, ...]]:
    """A title, contents that say where the preface is and are as long as the next of `lengths`, and the preface."""
    contents = Sheet(
        "contents", "contents", '<p data-page-of="preface">0</p>', "recto", "frontmatter", Strings(), is_list=True
    )
    (title, of_title), (preface, of_preface) = sheet("title", 2, "frontmatter"), sheet("preface", 1, "frontmatter")

    def lay_out(changed: Sequence[Sheet]) -> list[Callable[[], LaidOut]]:
        assert len(changed) == 1
        laid_out = LaidOut(b"", SheetFacts(tuple(PageFacts("", 10, 10) for _ in range(next(lengths)))))
        return [lambda: laid_out]

    return settle((title, contents, preface), {0: of_title, 2: of_preface}, partial(with_pages, layout="x"), lay_out)


def test_contents_are_laid_out_until_they_are_right() -> None:
    pages, found = settled(iter([3, 3]))
    assert found == ()
    assert "vii" in pages.placed[1].sheet.html
    assert pages.page_map().folio("preface") == "vii"


def test_contents_that_never_settle_are_said() -> None:
    pages, found = settled(3 - 2 * (number % 2) for number in count())
    assert [said.code for said in found] == ["pages-unsettled"]
    assert len(pages.placed) == 3


def test_a_list_is_taken_to_be_as_long_as_its_letters_are_elsewhere() -> None:
    """So what stands behind it is where the contents say it is the first time they say it."""
    text, of_text = sheet("text", 4)
    text = replace(text, html="<p>" + "x" * 4000 + "</p>")
    listed = " ".join(f'<a data-page-of="text" href="#text--{number}">0</a>' for number in range(1300))
    index = Sheet("index", "chapter", f"<p>{listed}</p>", "recto", "backmatter", Strings(), "index", waits=True)
    colophon, of_colophon = sheet("colophon", 1, "backmatter")
    says = '<p data-page-of="colophon">0</p>'
    contents = Sheet("contents", "contents", says, "recto", "frontmatter", Strings(), waits=True)
    rounds: list[list[str]] = []

    def lay_out(changed: Sequence[Sheet]) -> list[Callable[[], LaidOut]]:
        rounds.append([each.name for each in changed])
        pages = {"contents": 1, "index": 3}
        return [lambda each=each: sheet(each.name, pages[each.name])[1] for each in changed]  # type: ignore[misc]

    sheets = (contents, text, index, colophon)
    pages, found = settle(sheets, {1: of_text, 3: of_colophon}, partial(with_pages, layout="x"), lay_out)
    assert found == ()
    assert rounds == [["index", "contents"]]  # the longest first, and neither again
    assert [placed.start for placed in pages.placed] == [0, 2, 6, 10]
    assert "9" in pages.placed[0].sheet.html


def test_sheets_that_follow_one_another_are_laid_out_for_the_side_they_come_to() -> None:
    lengths = {"recto": 1, "verso": 2}  # a text may be longer on one side
    sheets = [replace(sheet(name, 1)[0], follows=True) for name in "abcd"]
    asked: list[str] = []

    def lay_out(wanted: Sheet) -> Callable[[], LaidOut]:
        asked.append(f"{wanted.name} {wanted.starts}")
        pages = tuple(PageFacts("", 10, 10) for _ in range(lengths[wanted.starts]))
        return lambda: LaidOut(b"", SheetFacts(pages, {wanted.name: Place(0, 0, 0)}))

    def lay_out_all(changed: Sequence[Sheet]) -> list[Callable[[], LaidOut]]:
        return [lay_out(each) for each in changed]

    first = {number: lay_out(each)() for number, each in enumerate(sheets)}
    pages, found = settle(sheets, first, partial(with_pages, layout="x"), lay_out_all)
    assert found == ()
    assert [placed.start for placed in pages.placed] == [0, 1, 3, 5]
    assert [placed.sheet.starts for placed in pages.placed] == ["recto", "verso", "verso", "verso"]
    assert "a verso" not in asked
    assert pages.body == 0
    assert pages.page_map().folio("d") == "6"
