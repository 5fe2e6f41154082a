"""What may stand in `book.toml`, as JSON Schema (draft 2020-12): for editors that complete and check it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from pmpress.config.keys import Key, Table

DRAFT = "https://json-schema.org/draft/2020-12/schema"


def schema_of(tables: Iterable[Table]) -> str:
    """The schema of a `book.toml` with these tables, as the text of a file.

    It says what is wanted as far as JSON Schema can: a check digit, or a language that nobody has registered, is found
    by the press alone.
    """
    schema = {
        "$schema": DRAFT,
        "title": "book.toml of pmpress",
        "type": "object",
        "properties": {table.name: _table(table) for table in tables},
        "additionalProperties": False,
    }
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def _table(table: Table) -> dict[str, Any]:
    shape: dict[str, Any] = {"type": "object", "properties": {key.name: _key(key) for key in table.keys}}
    if required := [key.name for key in table.keys if key.required]:
        shape["required"] = required
    shape["additionalProperties"] = _key(table.others) if table.others else False
    return shape


def _key(key: Key) -> dict[str, Any]:
    shape = {**key.read.shape, "description": key.doc}
    # Others are values of the press's own, or nothing.
    if type(key.default) in (bool, int, str) and key.default != "":
        shape["default"] = key.default
    return shape
