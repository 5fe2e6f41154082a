"""The reference, from the code: `python -m tests.reference` writes docs/reference.md and docs/book.schema.json anew.

What a key wants and what an option does is said where the press reads it, and nowhere else.
"""

from __future__ import annotations

import inspect
import re
import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from pmpress import cli, config, features
from pmpress.config import Key, Table

DOCS = Path(__file__).parent.parent / "docs"
TABLES = (*config.TABLES, *features.TABLES)
_ARGUMENTS = re.compile(r"\b(BOOK|SOURCE|DIR)\b|book\.toml|manuscript/|eval \"[^\"]+\"|pmpress\[\w+\]")
HEAD = """# Reference

All keys of `book.toml` and all commands. What each thing is for, and what comes of it, is told in
[What a book has](book.md); this page only lists, and is written by `make reference` from what the press itself reads.

## Keys of book.toml

A key that is not said has its default; where none is listed, it has none, or one that the press works out. A length is
written with its unit: `"3mm"`, `"0.125in"`, `"9pt"`. `pmpress schema` prints the same as JSON Schema, by which an
editor completes the keys and marks what is wrong: save it beside `book.toml`, and let the first line of that be
`#:schema ./book.schema.json`, as `pmpress new` does.
"""


def written() -> dict[str, str]:
    """What the generated files must hold, by their names in docs/."""
    parts = [HEAD, *map(_table, TABLES), "## Commands\n", *_commands()]
    return {"reference.md": "\n".join(parts), "book.schema.json": config.schema_of(TABLES)}


def _table(table: Table) -> str:
    others = [("any other name" if table.keys else "any name", table.others)] if table.others else []
    rows = [*((f"`{key.name}`", key) for key in table.keys), *others]
    lines = (f"| {name} | {key.read.shape['title']} | {_default(key)} | {_coded(key.doc)} |" for name, key in rows)
    head = [
        "### `[" + table.name + "]`",
        "",
        "| key | value | default | what it says |",
        "| --- | --- | --- | --- |",
    ]
    return "\n".join([*head, *lines, ""])


def _default(key: Key) -> str:
    if key.required:
        return "must be said"
    if type(key.default) in (bool, int):
        return f"`{str(key.default).lower()}`"
    return f'`"{key.default}"`' if key.default and isinstance(key.default, str) else ""


def _coded(doc: str) -> str:
    """What an author would type, as code; no column may end in the middle."""
    outside = re.split("(`[^`]*`)", doc)
    return "".join(
        part if part.startswith("`") else re.sub(r'"[^"]+"|\{ [^}]+ \}|--[a-z]+', r"`\g<0>`", part) for part in outside
    ).replace("|", "\\|")


def _commands() -> Iterator[str]:
    top = click.Context(cli.cli, info_name="pmpress")
    contexts = [click.Context(command, top, name) for name, command in cli.cli.commands.items() if not command.hidden]
    of_books = [each for each in contexts if any(param.name == "book" for param in each.command.params)]
    shared = set.intersection(*(set(_options(each)) for each in of_books))
    yield _lines(cli.cli.help)
    yield _lines(str(cli.__doc__).partition("\n\n")[2])
    yield "All commands that take `BOOK` have these options, and every command has `--help`:\n"
    yield _listed(each for each in _options(of_books[0]) if each in shared)
    for context in contexts:
        usage = " ".join(context.command.collect_usage_pieces(context))
        yield f"### `pmpress {context.info_name}`\n"
        yield f"`pmpress {context.info_name} {usage}`\n"
        yield _lines(context.command.help)
        if own := [each for each in _options(context) if context not in of_books or each not in shared]:
            yield _listed(own)


def _options(context: click.Context) -> list[tuple[str, str]]:
    """How each option of a command is written, and what it does."""
    options = [each for each in context.command.params if isinstance(each, click.Option) and not each.hidden]
    return [(_written(each, context), str(each.help)) for each in options]


def _written(option: click.Option, context: click.Context) -> str:
    names = ", ".join(option.opts)
    if isinstance(option.type, click.Choice):
        return f"`{names}` {', '.join(f'`{choice}`' for choice in option.type.choices)}"
    return f"`{names}`" if option.is_flag else f"`{names} {option.make_metavar(context)}`"


def _listed(options: Iterable[tuple[str, str]]) -> str:
    rows = (f"| {written} | {_coded(does)} |" for written, does in options)
    return "\n".join(["| option | what it does |", "| --- | --- |", *rows, ""])


def _lines(help: str | None) -> str:
    """A command's words, on lines as long as those of the other pages; a word in capitals is an argument."""
    paragraphs = (" ".join(each.split()) for each in inspect.cleandoc(help or "").split("\n\n"))
    coded = (_ARGUMENTS.sub(r"`\g<0>`", each) for each in paragraphs)
    return (
        "\n\n".join(textwrap.fill(each, 120, break_on_hyphens=False, break_long_words=False) for each in coded) + "\n"
    )


if __name__ == "__main__":
    for name, text in written().items():
        (DOCS / name).write_text(text, encoding="utf-8")
