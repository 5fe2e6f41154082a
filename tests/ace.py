"""Ace by DAISY over finished e-books: `python ace.py FILE.epub …` prints what it finds, as JSON.

`python ace.py --install` brings what that needs: Chromium, Node and npm from Debian where apt-get may be used, and Ace
itself into the folder of the virtual environment. Node 18 will do, as in Debian 12.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from browser import NAMED_IN, find_chromium, finds_libatomic

from pmpress.doctor import install_packages

OWN = Path(__file__).parent / "ace"
FOLDER = Path(sys.prefix) / "ace"
"""Where Ace is installed."""

_NEEDED = {
    "chromium": find_chromium,
    "node": lambda: shutil.which("node"),
    "npm": lambda: shutil.which("npm"),
    "libatomic": finds_libatomic,
}
_PACKAGES = ("chromium", "nodejs", "npm", "libatomic1")
_LOCK = "package-lock.json"


def missing() -> list[str]:
    """What is needed to run Ace and is not there."""
    absent = [name for name in ("chromium", "node") if not _NEEDED[name]()]
    return absent if _is_installed() else [*absent, "Ace by DAISY"]


def violations(paths: Sequence[str]) -> dict[str, list[str]]:
    """For each e-book what Ace finds wrong: the rule, how bad it is, the page and the place."""
    return {path: list(_found(report)) for path, report in reports(paths).items()}


def reports(paths: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Ace's own report of each e-book."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, "reports.json")
        # What Ace and the browser keep, they keep under HOME and TMPDIR.
        here = {
            **os.environ,
            "HOME": folder,
            "TMPDIR": folder,
            "NODE_PATH": str(FOLDER / "node_modules"),
            NAMED_IN: str(find_chromium()),
        }
        for name in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
            here.pop(name, None)
        files = [str(Path(path).resolve()) for path in paths]
        command = ["node", str(OWN / "run.cjs"), str(target), folder, *files]
        subprocess.run(command, env=here, check=True, stdout=subprocess.DEVNULL)
        found = json.loads(target.read_text("utf-8"))
    return {path: found[file] for path, file in zip(paths, files, strict=True)}


def _found(report: dict[str, Any]) -> Iterator[str]:
    for page in report["assertions"]:
        for each in page["assertions"]:
            test, result = each["earl:test"], each["earl:result"]
            if result["earl:outcome"] == "fail":
                where = f"{page['earl:testSubject']['url']} {result.get('html', '')[:200]}".strip()
                yield f"{test['earl:impact']} {test['dct:title']}: {where}: {result['dct:description'][:300]}"


def install() -> str:
    """Install what is missing. Returns what is missing still, as one line; empty if all is there."""
    if not all(find() for find in _NEEDED.values()):
        install_packages(_PACKAGES)
    absent = [name for name, find in _NEEDED.items() if not find()]
    if absent:
        return f"{', '.join(absent)} not found: install them (Debian, Ubuntu: apt-get install {' '.join(_PACKAGES)})"
    if not _is_installed():
        FOLDER.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", _LOCK):
            shutil.copyfile(OWN / name, FOLDER / name)
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=silent"]
        done = subprocess.run(command, cwd=FOLDER, env={**os.environ, "PUPPETEER_SKIP_DOWNLOAD": "1"}, check=False)
        if done.returncode:
            (FOLDER / _LOCK).unlink()
            return "Ace by DAISY could not be downloaded with npm"
    return ""


def _is_installed() -> bool:
    """Whether this very release is: npm leaves a note of its own behind when it has finished."""
    lock = FOLDER / _LOCK
    finished = FOLDER / "node_modules" / ".package-lock.json"
    return finished.exists() and lock.exists() and lock.read_bytes() == (OWN / _LOCK).read_bytes()


WANTED = f"not installed: {', '.join(missing())}: python tests/ace.py --install"
"""What a test says that cannot be run without it."""


if __name__ == "__main__":
    if sys.argv[1:] == ["--install"]:
        absent = install()
        if absent:
            sys.exit(f"What opens e-books in a browser will not be tested. {absent}")
    else:
        json.dump(violations(sys.argv[1:]), sys.stdout, indent=1)
