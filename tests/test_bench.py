"""The benchmark makes the books it says, reads processes right, and writes well-formed results. No time is judged."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from bench import table
from bench.bars import Bar, bars, critical_path
from bench.books import add_page, bind, change_word, largest, prose
from bench.measuring import Measured, measure
from bench.plot import plot
from bench.report import BEGIN, END, put
from bench.results import COLD, EPUB, NOTHING, PAGE, PLAIN, PRESS, WORD, Case, Results

from pmpress import features
from pmpress import manuscript as sources

SENTENCE = "The keeper went slowly down the narrow stairs and looked over the water for a while."
CHAPTER = f"""# Harbour

{SENTENCE} One.

```text
a line of code that nobody may ever change because it is code and stays as it is
```

* an item that is long enough to be taken for a paragraph, were it not an item of a list

{SENTENCE} Two.

    more code, indented this time, and as long as any paragraph of prose is likely to be

{SENTENCE} Three.
"""

Write = Callable[..., Path]


@pytest.fixture
def book(book_of: Write) -> Path:
    sea = f"# Sea\n\n{SENTENCE}\n\n![A map](images/map.png)\n"
    return book_of({"01-harbour.md": CHAPTER, "02-sea.md": sea, "images/map.png": b"map"})


def order(book: Path) -> list[str]:
    manuscript, _ = sources.load(book, [("book.language", "en")], features.TABLES)
    return [source.path for section in manuscript.sections.all() for source in section.sources]


def test_prose_is_neither_code_nor_list_nor_heading() -> None:
    assert [paragraph.text.split()[-1] for paragraph in prose(CHAPTER)] == ["One.", "Two.", "Three."]
    assert all(CHAPTER[found.begin : found.end] == found.text for found in prose(CHAPTER))


def test_one_word_of_prose_changes_in_the_middle_of_the_largest_chapter(book: Path) -> None:
    chapter = largest(book.glob("*.md"))
    assert chapter.name == "01-harbour.md"
    change_word(chapter)
    before, after = CHAPTER.split(" "), chapter.read_text("utf-8").split(" ")
    changed = [(old, new, place) for place, (old, new) in enumerate(zip(before, after, strict=True)) if old != new]
    ((old, new, place),) = changed
    assert new == old[::-1] != old
    assert old.islower()
    assert len(" ".join(before[:place])) in range(CHAPTER.index("Two.") - len(SENTENCE) - 1, CHAPTER.index("Two."))


def test_a_script_without_spaces_has_a_word_to_change(book_of: Write) -> None:
    text = "# 港\n\n" + "灯台守は狭い階段をゆっくりと降りていった。" * 4 + "\n"
    chapter = book_of({"01.md": text}) / "01.md"
    change_word(chapter)
    assert chapter.read_text("utf-8") != text
    assert sorted(chapter.read_text("utf-8")) == sorted(text)


def test_a_page_is_added_after_the_first_paragraph(book: Path) -> None:
    chapter = book / "01-harbour.md"
    add_page(chapter)
    text = chapter.read_text("utf-8")
    end = CHAPTER.index("One.") + len("One.")
    assert text.startswith(CHAPTER[:end])
    assert text.endswith(CHAPTER[end:])
    added = text[end : len(text) - len(CHAPTER) + end]
    assert 300 < len(added.split()) < 400
    assert text.count("```") == CHAPTER.count("```")


def test_a_chapter_without_prose_is_refused(book_of: Write) -> None:
    chapter = book_of({"01.md": "# Code\n\n```\nx = 1\n```\n"}) / "01.md"
    with pytest.raises(ValueError, match="no word of prose"):
        change_word(chapter)
    with pytest.raises(ValueError, match="no prose"):
        add_page(chapter)


def test_a_book_bound_once_is_the_book(book: Path, tmp_path: Path) -> None:
    bind(book, 1, tmp_path / "once")
    assert order(tmp_path / "once") == order(book)
    assert (tmp_path / "once" / "01-harbour.md").read_text("utf-8") == CHAPTER


def test_a_book_bound_three_times_has_every_chapter_and_picture_three_times(book: Path, tmp_path: Path) -> None:
    bound = tmp_path / "bound"
    bind(book, 3, bound)
    assert order(bound) == [f"copy-{copy}/{name}" for copy in (1, 2, 3) for name in ("01-harbour.md", "02-sea.md")]
    assert all((bound / f"copy-{copy}" / "images" / "map.png").read_bytes() == b"map" for copy in (1, 2, 3))
    # No two chapters are the same, and each is the same but for a sentence.
    texts = [(bound / chapter).read_text("utf-8") for chapter in order(bound)]
    assert len(set(texts)) == len(texts)
    assert re.sub(r" This is copy \d of it\.", "", texts[2]) == texts[0] == CHAPTER


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "book.toml",
            '[book]\ntitle = "T"\nlanguage = "en"\n\n[contents]\nfront = ["02-sea.md"]\n'
            'body = [\n  { part = "A \\"B\\"", chapters = ["01-harbour.md"] },\n]\n\n[layout]\nname = "classic"\n',
        ),
        ("SUMMARY.md", "# Summary\n\n* [Sea](02-sea.md)\n* [Harbour](./01-harbour.md)\n"),
    ],
)
def test_the_order_that_a_book_gives_is_repeated(book: Path, tmp_path: Path, name: str, text: str) -> None:
    (book / name).write_text(text, "utf-8")
    bind(book, 2, tmp_path / "bound")
    manuscript, found = sources.load(tmp_path / "bound", [("book.language", "en")], features.TABLES)
    paths = [source.path for section in manuscript.sections.all() for source in section.sources]
    assert sorted(paths) == [f"copy-{copy}/{chapter}" for copy in (1, 2) for chapter in ("01-harbour.md", "02-sea.md")]
    assert [path for path in paths if "copy-1" in path] == ["copy-1/02-sea.md", "copy-1/01-harbour.md"]
    assert not [each for each in found if each.severity != "note"]


def test_memory_and_time_are_those_of_the_whole_tree(tmp_path: Path) -> None:
    busy = (
        "import time; data = b'x' * 50_000_000; end = time.process_time() + 0.2\nwhile time.process_time() < end: pass"
    )
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {busy!r}], check=True); print('done')"
    measured = measure([sys.executable, "-c", parent], tmp_path, tmp_path / "log")
    assert measured.code == 0
    assert measured.said == "done"
    assert 50 < measured.worker == measured.largest < 500
    assert 0 < measured.main < measured.worker
    assert measured.tree > 50
    assert measured.cpu >= 0.2
    assert measured.wall >= 0.2


def test_the_time_of_a_process_left_behind_is_counted(tmp_path: Path) -> None:
    busy = "import time; end = time.process_time() + 0.2\nwhile time.process_time() < end: pass"
    parent = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {busy!r}])"
    assert measure([sys.executable, "-W", "ignore", "-c", parent], tmp_path, tmp_path / "log").cpu >= 0.2


def test_a_command_that_fails_says_so(tmp_path: Path) -> None:
    measured = measure([sys.executable, "-c", "raise SystemExit('no ink')"], tmp_path, tmp_path / "log")
    assert (measured.code, measured.said) == (1, "no ink")


def test_a_command_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    assert measure([sys.executable, "-c", "import time; time.sleep(60)"], tmp_path, tmp_path / "log", 0.3).code < 0


# --- What is said of it ----------------------------------------------------------------------------------------------


def run(wall: float, main: float = 100.0, worker: float = 60.0) -> Measured:
    return Measured(wall, wall * 2, max(main, worker), main, worker, main + worker, 0)


@pytest.fixture
def results() -> Results:
    results = Results(names={PLAIN: "plain & simple"})
    for size in (1, 2):
        for wall in (9.0, 5.0, 6.0):
            results.add(Case(PRESS, COLD, size), run(wall * size))
            results.add(Case(PLAIN, COLD, size), run(10.0 * size, 200.0, 0.0))
        for what, wall in ((NOTHING, 0.2), (WORD, 2.0), (PAGE, 5.0), (EPUB, 1.0)):
            results.add(Case(PRESS, what, size), run(wall))
        results.add(Case("epub", EPUB, size), run(1.5))
        results.pages[Case(PRESS, COLD, size)] = 200 * size
        for jobs, wall in ((1, 10.0), (2, 6.0), (4, 6.5)):
            results.add(Case(PRESS, COLD, size, jobs), run(wall))
    return results


def test_the_bars_say_what_holds(results: Results) -> None:
    found = {(bar.what, bar.size): bar for bar in bars(results, {1: 1.0, 2: 0.2}, {1: 10, 2: 80})}
    assert found["cold: wall over plain WeasyPrint's", "1×"] == Bar(
        "cold: wall over plain WeasyPrint's", "1×", 0.6, 0.7, "×"
    )
    assert found["cold: wall over plain WeasyPrint's", "2×"].limit == 0.6
    assert found["one word changed: the largest sheet's layout + 1.5 s", "1×"].holds
    assert not found["one word changed: the largest sheet's layout + 1.5 s", "2×"].holds
    assert not found["one page added: 2 × one word changed", "1×"].holds
    assert [what for what, size in found if "80 sheets" in what and size == "2×"]
    assert found["nothing changed: 0.3 s or 0.05 × cold", "2×"].limit == pytest.approx(0.6)
    assert not found["EPUB, cold: wall over pandoc's", "1×"].holds
    assert found["largest worker over plain WeasyPrint's peak", "2×"].value == pytest.approx(0.3)
    assert found["joining process above the largest worker, a page", "2×"].value == pytest.approx(0.1)


def test_what_was_not_measured_has_no_bar() -> None:
    assert list(bars(Results(), {}, {})) == []


def test_the_critical_path_is_the_serial_part_and_the_largest_sheet(results: Results) -> None:
    path = critical_path(results, 1, 3.0, cores=2)
    assert path is not None
    assert (path.serial, path.shared, path.critical) == pytest.approx((2.0, 8.0, 5.0))
    assert [path.expected(workers) for workers in (1, 2, 8)] == pytest.approx([10.0, 6.0, 5.0])
    assert critical_path(results, 3, 3.0, cores=2) is None


def test_every_row_of_a_table_has_as_many_cells_as_its_head(results: Results) -> None:
    path = critical_path(results, 1, 3.0, cores=2)
    assert path is not None
    tables = [
        table.of_size(results, 1),
        table.growth(results),
        table.workers(results, {1: path}),
        table.critical({1: path}),
        table.of_bars(bars(results, {1: 1.0}, {})),
    ]
    for each in tables:
        lines = each.splitlines()
        assert len(lines) > 2
        assert {line.count("|") for line in lines} == {lines[0].count("|")}
    assert "| pmpress | cold | 200 | 6.00 (5.00–9.00) | 0.60 |" in tables[0]


def test_the_plot_is_well_formed_and_draws_every_line(results: Results) -> None:
    path = critical_path(results, 1, 3.0, cores=2)
    assert path is not None
    svg = "{http://www.w3.org/2000/svg}"
    root = ElementTree.fromstring(plot(results, {1: path}))
    texts = ["".join(text.itertext()) for text in root.iter(f"{svg}text")]
    names = {"pmpress, cold", "pmpress, one word changed", "plain & simple", "critical path, 1×"}
    assert names | {"copies of the book", "workers", "s", "MB"} <= set(texts)
    width, height = float(root.get("width", "")), float(root.get("height", ""))
    circles = list(root.iter(f"{svg}circle"))
    assert circles
    assert all(0 < float(each.get("cx", "")) < width and 0 < float(each.get("cy", "")) < height for each in circles)


def test_a_plot_of_nothing_is_well_formed() -> None:
    assert "not measured" in "".join(ElementTree.fromstring(plot(Results(), {})).itertext())


def test_the_report_stands_between_the_marks(tmp_path: Path) -> None:
    out = tmp_path / "performance.md"
    put(out, "first")
    assert out.read_text("utf-8") == f"{BEGIN}\nfirst\n{END}\n"
    out.write_text(f"# How fast\n\n{BEGIN}\nold\n{END}\n\n## What was tried\n", "utf-8")
    put(out, "new")
    assert out.read_text("utf-8") == f"# How fast\n\n{BEGIN}\nnew\n{END}\n\n## What was tried\n"
