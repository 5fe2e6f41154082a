"""The browser that some tests open finished e-books in: Debian's Chromium, or one that is named in the environment."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

NAMED_IN = "PUPPETEER_EXECUTABLE_PATH"
FLAGS = ("--no-sandbox", "--disable-dev-shm-usage")
"""What Chromium is started with: as root it starts without a sandbox only, and containers have little shared memory."""

_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


def find_chromium() -> Path | None:
    """The browser's program, if this machine has one."""
    found = (shutil.which(name) for name in (os.environ.get(NAMED_IN), *_NAMES) if name)
    return next((Path(path) for path in found if path), None)


def chromium() -> Path:
    """The browser's program. Skips the test where there is none."""
    found = find_chromium()
    if found is None:
        pytest.skip("no Chromium: apt-get install chromium")
    return found
