"""Ace by DAISY finds nothing in what the press makes."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import ace
import pytest
from test_epub_sample import of_text, opened
from tiny import BOOKS, NAMES

from pmpress.press import Order, load, render

MANUSCRIPT = Path(__file__).parent.parent / "manuscript"
FAULTS = """<h3 id="low">Low</h3><p><img src="images/a.png"/> <a href="https://example.org/"></a></p>
<aside role="doc-notice"><p>Mind the gap.</p></aside>"""

needs_ace = pytest.mark.skipif(bool(ace.missing()), reason=ace.WANTED)


@cache
def judged() -> dict[str, list[str]]:
    """By book what Ace finds: the manuscript, the tiny books, and one that is full of faults."""
    made = {name: render(load(Order(BOOKS / name)), "epub").data for name in NAMES}
    made["manuscript"] = render(load(Order(MANUSCRIPT)), "epub").data
    made["faults"] = opened(of_text(FAULTS)).data
    with TemporaryDirectory() as folder:
        paths = {str(Path(folder, f"{name}.epub")): name for name in made}
        for path, name in paths.items():
            Path(path).write_bytes(made[name])
        return {paths[path]: found for path, found in ace.violations(list(paths)).items()}


@pytest.mark.slow
@needs_ace
def test_nothing_is_found() -> None:
    assert {name: found for name, found in judged().items() if found and name != "faults"} == {}
    assert set(judged()) == {*NAMES, "manuscript", "faults"}


@pytest.mark.slow
@needs_ace
def test_faults_are_found() -> None:
    rules = {found.split(":")[0].split()[1] for found in judged()["faults"]}
    assert rules >= {"image-alt", "link-name", "heading-order", "aria-allowed-role"}


def test_what_cannot_be_installed_is_said_in_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv(ace.NAMED_IN, raising=False)
    monkeypatch.setattr(ace, "FOLDER", tmp_path / "ace")
    monkeypatch.setitem(ace._NEEDED, "libatomic", lambda: True)
    assert ace.install().startswith("chromium, node, npm not found: install them (Debian, Ubuntu: apt-get install")
    assert ace.missing() == ["chromium", "node", "Ace by DAISY"]
    for name in ("chromium", "node", "npm"):
        program = tmp_path / name
        program.write_text("#!/bin/sh\nexit 1\n")
        program.chmod(0o755)
    assert ace.install() == "Ace by DAISY could not be downloaded with npm"
    assert ace.missing() == ["Ace by DAISY"]
