"""What programs may use: its names, the page about it, and that nobody waits for it who does not ask."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import pmpress

PAGE = (Path(__file__).parent.parent / "docs" / "api.md").read_text(encoding="utf-8")
EXAMPLES = re.findall("^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
NAMES = {
    "Diagnostic", "Loaded", "MachineError", "ManuscriptError", "PressError", "Rendered", "Severity", "Span",
    "UsageError", "__version__", "load", "render_epub", "render_pdf",
}  # fmt: skip
BOOK = {"book.toml": '[book]\ntitle = "Tiny"\nlanguage = "en"\n', "a.md": "# One\n\n### Hello, *world*.\n\nText.\n"}


def test_these_are_its_names_and_no_others() -> None:
    assert set(pmpress.__all__) == NAMES
    assert all(getattr(pmpress, name) for name in NAMES)
    with pytest.raises(AttributeError, match="render_mobi"):
        pmpress.render_mobi  # noqa: B018


def test_the_page_names_them_all() -> None:
    listed = {name for row in re.findall(r"^\| (`.*?) \|", PAGE, re.MULTILINE) for name in re.findall(r"`(\w+)", row)}
    assert listed == NAMES - {"__version__"}


def test_the_examples_of_the_page_do_what_it_says(
    book_of: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = book_of(BOOK, "my-book")
    monkeypatch.chdir(folder.parent)
    exec("\n".join(EXAMPLES), known := {})
    assert len(EXAMPLES) == 3
    assert (folder.parent / "my-book.pdf").read_bytes().startswith(b"%PDF-")
    assert (folder.parent / "my-book.epub").read_bytes().startswith(b"PK")
    assert (known["book"].layout.name, known["book"].edition.kind) == ("manual", "screen")
    said = capsys.readouterr().out
    assert "a.md:3: warning[heading-skipped]" in said
    assert "error book-missing" in said
    assert {path.name for path in folder.iterdir()} == set(BOOK)


def test_errors_are_raised_unless_it_is_a_draft(book_of: Callable[..., Path]) -> None:
    folder = book_of({**BOOK, "a.md": "# One\n\n[x](#nowhere)\n"})
    with pytest.raises(pmpress.ManuscriptError) as raised:
        pmpress.load(folder)
    assert [found.code for found in raised.value.diagnostics] == ["link-unresolved"]
    drafted = pmpress.load(str(folder), draft=True)
    assert [found.severity for found in drafted.diagnostics] == [pmpress.Severity.WARNING]
    assert pmpress.render_epub(drafted).data


def test_it_is_loaded_when_it_is_asked_for() -> None:
    code = "import sys, pmpress, pmpress.cli; print('pmpress.press' in sys.modules, 'lxml' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).split() == ["False", "False"]
