"""What many tests need: a book written in a few lines, and the command line run as an author runs it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pmpress import cli


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--accept", action="store_true", help="take what pages look like now for what they should")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with slow tests go first, so that no core is left with one of them at the end."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture
def accept(request: pytest.FixtureRequest) -> bool:
    """Whether what is there now becomes what is wanted."""
    return bool(request.config.getoption("--accept"))


@dataclass(frozen=True)
class Run:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> list[str]:
        """The diagnostics, as `file:line severity code`."""
        found = []
        for each in json.loads(self.out)["diagnostics"]:
            line = f":{each['line']}" if each["line"] else ""
            found.append(f"{each['file'] or ''}{line} {each['severity']} {each['code']}".strip())
        return found


@pytest.fixture
def book_of(tmp_path: Path) -> Callable[..., Path]:
    """Write a folder of files: text is written as UTF-8, bytes as they are."""

    def write(files: Mapping[str, str | bytes], folder: str = "book") -> Path:
        root = tmp_path / folder
        root.mkdir(exist_ok=True)
        for name, content in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        return root

    return write


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path) -> Callable[..., Run]:
    """Run `pmpress` with arguments, in a folder of its own."""

    def call(*arguments: Any) -> Run:
        monkeypatch.setattr("sys.argv", ["pmpress", *map(str, arguments)])
        monkeypatch.chdir(tmp_path)
        capfd.readouterr()
        with pytest.raises(SystemExit) as left:
            cli.main()
        code = left.value.code
        return Run(code if isinstance(code, int) else 0, *capfd.readouterr())

    return call
