"""The start of a book: a small whole one, whose text tells its author how to go on.

`texts/` has a folder for each kind of book, and in it the end of its `book.toml`, what all languages share, and a
folder for each language. The schema for `book.toml` is put beside it, so that editors know its keys with nothing
fetched.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from string import Template

from pmpress import config
from pmpress.features import TABLES
from pmpress.press.writing import new_folder

KINDS = ("novel", "handbook", "essay")
SCHEMA = "book.schema.json"
_TEXTS = Path(__file__).parent / "texts"
_OTHERWISE = "en"


@dataclass(frozen=True, slots=True)
class Start:
    """What the author says of a book that is to begin, each `checked`; `author` may be nobody, `kind` is of KINDS."""

    title: str
    author: str
    language: str
    kind: str


def checked(key: str, said: str) -> str:
    """What the author says as one of the keys of a `Start`, checked as `book.toml` is. Raises ValueError saying what is
    wanted."""
    if re.search("[\ud800-\udfff]", said):
        raise ValueError("text in UTF-8")
    if key == "kind":
        return config.one_of(*KINDS)(said.strip().lower())
    if key != "author" and not said.strip():
        raise ValueError(f"a {key}")
    if key != "language":
        return config.line(said)
    for doubt in config.language_doubts(tag := config.language(said)):
        raise ValueError(f"another tag: {doubt.message}. {doubt.hint}")
    return tag


def start(folder: Path, wanted: Start) -> int:
    """Write a small book into a folder, which is made, or is empty. Returns how many files it has.

    The text is in the book's language if there is one in that, else in English. Raises UsageError (`folder-taken`) if
    something is there already, and MachineError (`output-unwritable`) with nothing written.
    """
    files = dict(_files(wanted))
    with new_folder(folder) as filled:
        for name, data in files.items():
            (filled / name).write_bytes(data)
    return len(files)


def _files(wanted: Start) -> Iterator[tuple[str, bytes]]:
    kind = _TEXTS / wanted.kind
    spoken = kind / wanted.language.split("-")[0].lower()
    for folder in (kind, spoken if spoken.is_dir() else kind / _OTHERWISE):
        yield from (
            (path.name, path.read_bytes()) for path in sorted(folder.iterdir()) if path.suffix in (".md", ".svg")
        )
    yield "book.toml", _settings(wanted).encode()
    yield SCHEMA, config.schema_of((*config.TABLES, *TABLES)).encode()
    yield "Makefile", (_TEXTS / "Makefile").read_bytes()
    yield ".gitignore", (_TEXTS / "gitignore").read_bytes()


def _settings(wanted: Start) -> str:
    said = {"title": wanted.title, "language": wanted.language, "contributors": [wanted.author] * bool(wanted.author)}
    head, end = ((folder / "book.toml").read_text("utf-8") for folder in (_TEXTS, _TEXTS / wanted.kind))
    # A string of JSON is one of TOML.
    return Template(head).substitute({key: json.dumps(each, ensure_ascii=False) for key, each in said.items()}) + end
