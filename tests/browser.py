"""The browser that some tests open finished e-books in: Debian's Chromium, or one that is named in the environment."""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
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


def finds_libatomic() -> bool:
    """Whether the library is there that Playwright's own Node asks for on Linux, and does not bring along."""
    try:
        return sys.platform != "linux" or bool(ctypes.CDLL("libatomic.so.1"))
    except OSError:
        return False


def chromium() -> Path:
    """The browser's program. Skips the test where it cannot be driven."""
    found = find_chromium()
    if found is None or not finds_libatomic():
        pytest.skip("no Chromium, or no libatomic: apt-get install chromium libatomic1")
    return found
