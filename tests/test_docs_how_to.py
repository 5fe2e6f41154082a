"""The short answers are right: settings that `book.toml` may have, and commands that there are."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from pmpress import cli
from pmpress.config import read_config
from pmpress.features import TABLES

PAGE = (Path(__file__).parent.parent / "docs" / "how-to.md").read_text(encoding="utf-8")
FENCES = re.findall(r"^```(\w+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
COMMANDS = [
    *(text.strip() for language, text in FENCES if language == "sh"),
    *re.findall(r"`(pmpress [^`]* [^`]*)`", PAGE),
]


@pytest.mark.parametrize("text", [text for language, text in FENCES if language == "toml"])
def test_its_settings_are_right(text: str) -> None:
    title = "" if "[book]" in text else '[book]\ntitle = "The Lighthouse"\n'
    assert [str(found) for found in read_config(title + text, (), TABLES)[1]] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_its_commands_are_there(command: str) -> None:
    _, name, *arguments = shlex.split(command.partition(">")[0])
    cli.cli.commands[name].make_context(name, arguments)


def test_all_are_looked_at() -> None:
    assert len(COMMANDS) >= 9
    assert {language for language, _ in FENCES} == {"sh", "toml", "markdown"}
