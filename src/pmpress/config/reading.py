"""The text of a `book.toml` → `BookConfig` and what is wrong with it, each fault with its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pmpress.config.keys import Doubt, Key, Table
from pmpress.config.tables import FILE, TABLES, BookConfig, Contents, Listed, ListedPart
from pmpress.diagnostics import Diagnostic, ManuscriptError, Nearest, Span, error, note, warning

_MOST_PLACED = 100  # to look for a place takes its time: of very many doubts about a key only the first have theirs


def read_config(
    source: str | None, overrides: Iterable[tuple[str, str]], features: Iterable[Table]
) -> tuple[BookConfig, tuple[Diagnostic, ...]]:
    """Check the text of a `book.toml` (None: there is none) with the author's overrides and the features' tables.

    An override is `("table.key", "value")`, or `("key", "value")` for `[book]`; its value is read as TOML, or taken as
    text if it is none. Returns the settings and what is wrong with them. Raises ManuscriptError (`config-syntax`) if
    the text is no TOML.
    """
    data = _toml(source or "")
    tables = (*TABLES, *features)
    spans = _spans(source or "", tables)
    for dotted, value in overrides:
        table, _, key = dotted.rpartition(".")
        if isinstance(found := data.setdefault(table or "book", {}), dict):
            found[key] = _value(value)
        spans[f"{table or 'book'}.{key}"] = Span("--set " + dotted)
    diagnostics = [*_unknown_tables(data, tables, spans)]
    values = {}
    lines = (source or "").splitlines()
    for known in tables:
        read = data.get(known.name, {})
        values[known.name], found = _read_table(known, read, spans, lines, complete=source is not None)
        diagnostics += found
    contents = _contents(values["contents"], source or "") if "contents" in data else None
    config = BookConfig(
        **values["book"],
        layout=values["layout"].pop("name"),
        **values["layout"],
        **values["epub"],
        style=values["style"],
        contents=contents,
        tables={table.name: values[table.name] for table in tables if table not in TABLES},
        spans=spans,
    )
    return config, tuple(diagnostics)


def _toml(source: str) -> dict[str, Any]:
    try:
        return tomllib.loads(source)
    except (ValueError, RecursionError) as fault:
        # Besides what is no TOML: numbers too long, and brackets nested too deeply, for Python.
        line = re.search(r"line (\d+)", str(fault))
        span = Span(FILE, int(line[1]) if line else source.count("\n") + 1)
        message = re.sub(r" \(at .*\)$", "", str(fault))
        raise ManuscriptError(
            error("config-syntax", f"this is no TOML: {message}", span, "Text stands in quotation marks.")
        ) from fault


def _value(written: str) -> Any:
    try:
        return tomllib.loads(f"value = {written}")["value"]
    except (ValueError, RecursionError):
        return written


def _spans(source: str, tables: Iterable[Table]) -> dict[str, Span]:
    """Where each `table` and `table.key` stands. tomllib gives no lines, so headers and keys are looked for."""
    spans: dict[str, Span] = {}
    table = ""
    for number, line in enumerate(source.splitlines(), start=1):
        if header := re.match(r"\s*\[+\s*([\w.\"'-]+)\s*\]+", line):
            table = re.sub("[\"']", "", header[1])
            spans.setdefault(table, Span(FILE, number))
        elif key := re.match(r"\s*([\w-]+|\"[^\"]*\")\s*(?:=|\.)", line):
            name = key[1].strip('"')
            spans.setdefault(f"{table}.{name}" if table else name, Span(FILE, number))
    return spans


def _unknown_tables(
    data: Mapping[str, Any], tables: Iterable[Table], spans: Mapping[str, Span]
) -> Iterable[Diagnostic]:
    names = [table.name for table in tables]
    for name in data:
        if name not in names:
            yield error(
                "config-unknown-key",
                f"'{name}' is no table of book.toml",
                spans.get(name, Span(FILE)),
                _nearest(name, names),
            )


def _nearest(word: str, names: list[str]) -> str:
    near = Nearest(names).to(word)
    return f"Did you mean '{near}'?" if near else f"Known here: {', '.join(names)}."


def _read_table(
    table: Table, data: Any, spans: Mapping[str, Span], lines: Sequence[str], *, complete: bool
) -> tuple[dict[str, Any], list[Diagnostic]]:
    """The values of one table, each checked; `lines` are those of the file; `complete` says whether required keys
    must be there."""
    diagnostics: list[Diagnostic] = []
    values = {key.name: key.default for key in table.keys}
    where = spans.get(table.name, Span(FILE))
    if not isinstance(data, dict):
        return values, [error("config-type", f"'{table.name}' is a table: [{table.name}]", where)]
    names = [key.name for key in table.keys]
    for name in data:
        if name not in names and not table.others:
            span = spans.get(f"{table.name}.{name}", where)
            diagnostics.append(
                error("config-unknown-key", f"'{name}' is no key of [{table.name}]", span, _nearest(name, names))
            )
    others = [replace(table.others, name=name) for name in data if name not in names] if table.others else []
    for key in (*table.keys, *others):
        span = spans.get(f"{table.name}.{key.name}", where)
        title = f"[{table.name}] {key.name}"
        if key.name not in data:
            if key.required and complete:
                diagnostics.append(
                    error(
                        "config-missing-key",
                        f"{title} is missing",
                        where,
                        f'Add {key.name} = "…" to [{table.name}]. {key.doc}',
                    )
                )
            continue
        values[key.name], found = _read_key(key, data[key.name], title, span, lines)
        diagnostics += found
    return values, diagnostics


def _read_key(key: Key, written: Any, title: str, span: Span, lines: Sequence[str]) -> tuple[Any, list[Diagnostic]]:
    """The value of a key, or its default where it is wrong; and what is to be said of it."""
    try:
        value = key.read(written)
    except ValueError as wanted:
        stop = "" if str(wanted).endswith("?") else "."
        return key.default, [error(key.code, f"{title} is {_shown(written)}", span, f"It wants {wanted}{stop}")]
    if value in ("", None):
        say = error if key.required else warning
        return key.default, [say("config-empty-key", f"{title} is empty", span, "Fill it in, or take the line out.")]
    doubts = enumerate(key.doubts(written) if key.doubts else ())
    return value, [_doubted(doubt, span, lines if number < _MOST_PLACED else ()) for number, doubt in doubts]


def _doubted(doubt: Doubt, span: Span, lines: Sequence[str]) -> Diagnostic:
    """A doubt with its place: the line from the key on in which the author wrote what it is about."""
    found = (number for number in range(span.line, len(lines) + 1) if span.line and doubt.said in lines[number - 1])
    place = Span(span.file, next(found, span.line))
    return (note if doubt.is_note else warning)(doubt.code, doubt.message, place, doubt.hint)


def _shown(value: Any) -> str:
    written = repr(value) if isinstance(value, str) else str(value)
    return written if len(written) <= 60 else written[:57] + "…"


def _contents(values: Mapping[str, Any], source: str) -> Contents:
    lines = source.splitlines()

    def quoted(said: str) -> Span:
        places = (number for number, line in enumerate(lines, start=1) if f'"{said}"' in line or f"'{said}'" in line)
        return Span(FILE, next(places, 0))

    def listed(value: Any) -> Listed:
        said = {"file": value} if isinstance(value, str) else value
        return Listed(said["file"], quoted(said["file"]), said.get("kind", ""))

    def item(value: Any) -> Listed | ListedPart:
        if isinstance(value, dict) and "part" in value:
            return ListedPart(value["part"], tuple(map(listed, value["chapters"])), quoted(value["part"]))
        return listed(value)

    return Contents(
        front=tuple(map(listed, values["front"])),
        body=tuple(map(item, values["body"])),
        back=tuple(map(listed, values["back"])),
    )
