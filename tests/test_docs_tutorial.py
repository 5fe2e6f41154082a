"""The tutorial does what it says: its commands are run in order, in a folder of their own, its files written, and what
it shows is what is printed."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pypdfium2
import pytest
from terminal import answered

PAGE = (Path(__file__).parent.parent / "docs" / "tutorial.md").read_text(encoding="utf-8")
FENCE = re.compile(r'^```(?P<language>\w+)(?: title="(?P<file>[^"]+)")?\n(?P<text>.*?)^```$', re.MULTILINE | re.DOTALL)
# What a test does not do: install, ask the machine, wait for a browser.
LEFT_OUT = ("pip install", "pmpress doctor", "pmpress preview")


@pytest.mark.slow
def test_every_step(tmp_path: Path) -> None:
    folder, shown, codes = tmp_path, "", []
    for fence in FENCE.finditer(PAGE):
        text = fence["text"]
        if fence["file"]:
            _write(folder / fence["file"], text)
        elif fence["language"] == "text":
            assert text in shown
        for command in text.splitlines() if fence["language"] == "sh" else ():
            if command.startswith("cd "):
                folder = tmp_path / command.removeprefix("cd ")
            elif command.startswith("pmpress new"):
                shown = answered(command.split()[1:], folder, ["The Lighthouse", "A. Keeper", "", ""])
            elif not command.startswith(LEFT_OUT):
                made = subprocess.run(
                    [sys.executable, "-m", *command.split()], cwd=folder, capture_output=True, text=True, check=False
                )
                shown, codes = made.stdout + made.stderr, [*codes, made.returncode]
    assert codes == [0, 1, 0, 0]
    with pypdfium2.PdfDocument(folder / "build" / "the-lighthouse.pdf") as document:
        assert [round(side) for side in document[0].get_size()] == [420, 595]
        assert "only one that is left" in "".join(page.get_textpage().get_text_bounded() for page in document)


def _write(file: Path, text: str) -> None:
    """A file that is there already, written over; of book.toml only the end."""
    head = file.read_text("utf-8").partition("[layout]")[0] if file.suffix == ".toml" else ""
    assert file.is_file()
    file.write_text(head + text, "utf-8")
