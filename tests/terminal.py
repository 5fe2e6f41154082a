"""A command run on a terminal, as an author sees it."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest


def answered(arguments: Iterable[str], folder: Path, answers: Iterable[str], speaks: str = "en") -> str:
    """What stands on a terminal when `pmpress` has run there and each of its questions has got its answer. `speaks` is
    the language of the machine, as it says it. Skips the test where no terminal can be opened."""
    try:
        ours, its = pty.openpty()
    except OSError as fault:
        pytest.skip(f"this machine has no terminals to give: {fault}")
    command, environment = [sys.executable, "-m", "pmpress", *arguments], {**os.environ, "LC_ALL": f"{speaks}.UTF-8"}
    with subprocess.Popen(command, cwd=folder, stdin=its, stdout=its, stderr=its, env=environment) as running:
        os.close(its)
        shown = b""
        for answer in answers:
            while not shown.endswith(b": "):
                if not (said := _read(ours)):
                    break
                shown += said
            os.write(ours, f"{answer}\n".encode())
            shown += os.read(ours, 1)  # the answer's own echo begins: the question is no longer what stands last
        while said := _read(ours):
            shown += said
    os.close(ours)
    assert running.returncode == 0, shown
    return "\n".join(line.rstrip() for line in shown.decode().splitlines())


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 1000)
    except OSError:  # nobody is left at the other end
        return b""
