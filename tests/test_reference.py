"""The reference and the schema are what the code says, and the schema agrees with the press about real books."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from conftest import Run
from jsonschema import Draft202012Validator
from reference import DOCS, TABLES, written

from pmpress.config import read_config
from pmpress.features import TABLES as OF_FEATURES

ROOT = DOCS.parent
BOOKS = sorted([ROOT / "manuscript" / "book.toml", *(ROOT / "tests" / "books").glob("*/book.toml"), DOCS / "book.toml"])
SCHEMA = json.loads(written()["book.schema.json"])


def faults(source: str) -> list[str]:
    """Where a `book.toml` breaks the schema. TOML's own dates are text to JSON."""
    read = json.loads(json.dumps(tomllib.loads(source), default=date.isoformat))
    return [fault.json_path for fault in Draft202012Validator(SCHEMA).iter_errors(read)]


@pytest.mark.parametrize("name", written())
def test_what_is_generated_is_up_to_date(name: str) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == written()[name], "make reference writes it anew"


def test_the_schema_is_one_and_every_key_has_its_words() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    for table in TABLES:
        shapes = SCHEMA["properties"][table.name]["properties"]
        assert list(shapes) == [key.name for key in table.keys]
        assert all(shape["description"].endswith(".") and shape["title"] for shape in shapes.values())


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.parent.name)
def test_real_books_keep_to_it(path: Path) -> None:
    assert faults(path.read_text(encoding="utf-8")) == []


GOOD: dict[str, list[Any]] = {
    "book.date": [2026, "2026-11", "2026-11-23"],
    "book.isbn": ["978-3-16-148410-0", {"print": "9783161484100"}],
    "book.series": ["Lights", {"name": "Lights", "position": 2}, {"name": "Lights", "position": "2.1"}],
    "book.contributors": [
        ["A. Keeper", {"name": "E. Ditor", "role": "edt", "sort": "Ditor, E.", "organisation": False}]
    ],
    "book.subjects": [["Lamps", {"name": "Lamps", "bisac": "TEC025000"}, {"thema": "KJM"}]],
    "contents.body": [["a.md", {"file": "b.md", "kind": "prologue"}, {"part": "One", "chapters": ["c.md"]}]],
    "layout.trim": ["a5", "kdp-6x9", "5.5x8.5in", "5.5 by 8.5 in"],
    "layout.bleed": ["3mm", "0", "0.125in"],
    "style.size": ["11.5pt", 3, 1.5],
    "numbering.chapters": [True, "auto"],
    "numbering.sections": [0, 5],
    "notes.place": ["book"],
    "citations.bibliography": ["works.bib", ["a.json", "b.bib"]],
    "citations.style": ["numeric", "own.csl"],
    "variables.lamp": ["oil", 3, 1.5, False],
    "markdown.extensions": [["pymdownx.caret"]],
}
BAD: dict[str, list[Any]] = {
    "book.title": [3, "two\nlines"],
    "book.date": ["soon", 20, True],
    "book.isbn": [9783161484100, {"paper": "9783161484100"}],
    "book.series": [{"position": 2}],
    "book.contributors": ["A. Keeper", [{"role": "edt"}], [{"name": "A", "role": "editor"}]],
    "book.titel": ["A Book"],
    "contents.body": ["a.md", [{"part": "One"}], [{"kind": "prologue"}]],
    "layout.trim": ["huge", 5],
    "layout.bleed": [3, "3"],
    "style.size": [[1]],
    "numbering.chapters": ["yes"],
    "numbering.sections": [6, "2"],
    "notes.place": ["margin"],
    "citations.bibliography": ["works.txt"],
    "variables.lamp": [["oil"]],
    "markdown.extensions": [["toc"]],
    "nonsense.key": [1],
}


def toml(dotted: str, value: Any) -> str:
    table, key = dotted.split(".")
    title = 'title = "A Book"\n' if dotted != "book.title" else ""
    rest = {"book": title}
    rest[table] = rest.get(table, "") + f"{key} = {_value(value)}\n"
    return "".join(f"[{name}]\n{keys}" for name, keys in rest.items())


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {_value(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    return json.dumps(value)


@pytest.mark.parametrize(("dotted", "value"), [(dotted, value) for dotted in GOOD for value in GOOD[dotted]])
def test_both_take_what_is_right(dotted: str, value: Any) -> None:
    source = toml(dotted, value)
    assert faults(source) == []
    assert [str(each) for each in read_config(source, (), OF_FEATURES)[1]] == []


@pytest.mark.parametrize(("dotted", "value"), [(dotted, value) for dotted in BAD for value in BAD[dotted]])
def test_both_find_what_is_wrong(dotted: str, value: Any) -> None:
    source = toml(dotted, value)
    assert faults(source) != []
    assert read_config(source, (), OF_FEATURES)[1] != ()


def test_the_command_prints_it(run: Callable[..., Run]) -> None:
    assert json.loads(run("schema").out) == SCHEMA
