"""`book.toml` → `BookConfig`: every key checked, unknown keys refused, each fault with its line.

A table of keys is data (`Table`, `Key`), so that what is checked is also what can be listed. A feature brings a table
of its own; the ones here are what every book has.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from pmpress import trims
from pmpress.diagnostics import Diagnostic, ManuscriptError, Nearest, Span, error, warning
from pmpress.model import Contributor, Direction, Settings

FILE = "book.toml"

_LANGUAGE = re.compile(
    r"[a-z]{2,3}(-[a-z]{4})?(-([a-z]{2}|[0-9]{3}))?(-([a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*(-x(-[a-z0-9]{1,8})+)?", re.I
)
_RIGHT_TO_LEFT = frozenset({"ar", "dv", "fa", "he", "ks", "ku-arab", "ps", "sd", "ug", "ur", "yi"})
_NO_VALUE = re.compile(r"[;{}<>@\\!\[\]]|/\*|\burl\(|\bsrc\(", re.I)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a table. `read` takes the TOML value and returns the checked one, or raises ValueError saying what is
    wanted; `code` is the diagnostic then; `doc` is for the author. `files` says which files of the manuscript's
    folder a checked value names: the press reads their text."""

    name: str
    read: Callable[[Any], Any]
    doc: str
    default: Any = ""
    required: bool = False
    code: str = "config-type"
    files: Callable[[Any], Iterable[str]] | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """One table of `book.toml`. `others`, if there is one, is what a key of any other name must be."""

    name: str
    keys: tuple[Key, ...]
    others: Key | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A chapter file as the author listed it, with the place of the listing, and the kind it is said to be, if any."""

    path: str
    span: Span
    kind: str = ""


@dataclass(frozen=True, slots=True)
class ListedPart:
    """A part and the chapter files in it, with the place of the listing."""

    title: str
    chapters: tuple[Listed, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Isbns:
    """The ISBN of each format, thirteen digits or empty."""

    print: str = ""
    ebook: str = ""


@dataclass(frozen=True, slots=True)
class Contents:
    """The order of a book as `[contents]` gives it."""

    front: tuple[Listed, ...] = ()
    body: tuple[Listed | ListedPart, ...] = ()
    back: tuple[Listed, ...] = ()


@dataclass(frozen=True, slots=True)
class BookConfig:
    """The checked settings. Where a key is missing or wrong it holds the default, so that the run can go on and find
    the other faults. `trim` (width and height) and `bleed` are in pt; `style` are custom properties of the layout,
    without dashes. `tables` are those of the features, by name; `spans` says where a `[table] key` stands."""

    title: str = ""
    subtitle: str = ""
    slug: str = ""
    language: str = ""
    contributors: tuple[Contributor, ...] = ()
    identifier: str = ""
    isbn: Isbns = Isbns()
    publisher: str = ""
    date: str = ""
    edition: str = ""
    rights: str = ""
    licence: str = ""
    credits: tuple[str, ...] = ()
    description: str = ""
    subjects: tuple[str, ...] = ()
    cover: str = ""
    halftitle: bool = False
    layout: str = "classic"
    trim: tuple[float, float] | None = None
    bleed: float = 0.0
    marks: bool = False
    style: Mapping[str, str] = field(default_factory=dict)
    contents: Contents | None = None
    tables: Settings = field(default_factory=dict)
    spans: Mapping[str, Span] = field(default_factory=dict)

    def span(self, dotted: str) -> Span:
        """Where the author wrote `table.key`; the file as a whole if nowhere."""
        return self.spans.get(dotted, Span(FILE))


def direction_of(language: str) -> Direction:
    """The direction of a language's usual script, by its BCP 47 tag."""
    tag = language.lower()
    if "-latn" in tag:
        return "ltr"
    return "rtl" if tag.split("-")[0] in _RIGHT_TO_LEFT or re.search(r"-(arab|hebr|thaa)\b", tag) else "ltr"


# --- what a value must be -------------------------------------------------------------------------------------------


def text(value: Any) -> str:
    """A string without control characters, white space at its ends taken off."""
    if not isinstance(value, str):
        raise ValueError("text in quotation marks")
    if _CONTROL.search(value):
        raise ValueError("text without control characters")
    return value.strip()


def flag(value: Any) -> bool:
    """true or false."""
    if not isinstance(value, bool):
        raise ValueError("true or false")
    return value


def one_of(*words: str) -> Callable[[Any], str]:
    """A reader of one of some words."""

    def read(value: Any) -> str:
        if value not in words:
            raise ValueError(" or ".join(f'"{word}"' for word in words))
        return str(value)

    return read


def texts(value: Any) -> tuple[str, ...]:
    """A list of strings."""
    if not isinstance(value, list):
        raise ValueError('a list of texts, as in ["one", "two"]')
    return tuple(text(item) for item in value)


def language(value: Any) -> str:
    """A well-formed BCP 47 tag (RFC 5646), in its customary case."""
    tag = text(value)
    if tag and not _LANGUAGE.fullmatch(tag):
        raise ValueError('a language tag such as "en", "de-CH" or "zh-Hant"')
    primary, *others = tag.split("-")
    cased = [
        part.title() if len(part) == 4 and part.isalpha() else part.upper() if len(part) == 2 else part.lower()
        for part in others
    ]
    return "-".join([primary.lower(), *cased])


def day(value: Any) -> str:
    """A date: TOML's own, or `YYYY`, `YYYY-MM`, `YYYY-MM-DD` as text (the forms of dc:date)."""
    wanted = "a date: 2026, 2026-03 or 2026-03-31"
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        value = value.isoformat()
    written = str(value) if type(value) is int and 0 < value < 10_000 else text(value)
    match = re.fullmatch(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", written)
    if not match and written:
        raise ValueError(wanted)
    if match:
        if match[1] < "1000":  # what writes dates further on has four digits for a year, and no zero before them
            raise ValueError(wanted)
        try:
            date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
        except ValueError:
            raise ValueError(wanted) from None
    return written


def isbn(value: Any) -> str:
    """An ISBN of 13 digits with its check digit right (ISO 2108); hyphens and spaces are taken out."""
    digits = re.sub(r"[\s-]", "", text(value))
    if digits and not (re.fullmatch(r"97[89]\d{10}", digits) and _checks(digits)):
        raise ValueError("an ISBN of 13 digits whose last digit, the check digit, fits")
    return digits


def isbns(value: Any) -> Isbns:
    """One ISBN for all formats, or a table with one for `print` and one for `ebook`."""
    if not isinstance(value, dict):
        return Isbns(isbn(value), isbn(value))
    if not set(value) <= {"print", "ebook"}:
        raise ValueError('an ISBN, or { print = "…", ebook = "…" }')
    return Isbns(**{name: isbn(each) for name, each in value.items()})


def _checks(digits: str) -> bool:
    return sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits)) % 10 == 0


def slug(value: Any) -> str:
    """A file name's stem: letters, digits, `-`, `_` and `.`."""
    name = text(value)
    if name and not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", name):
        raise ValueError("letters, digits, '-', '_' and '.', beginning with a letter or digit")
    return name


def urn(value: Any) -> str:
    """A URI that names the book, such as `urn:uuid:…`, or a DOI as a URI."""
    written = text(value)
    if written and not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:\S+", written):
        raise ValueError('a URI such as "urn:uuid:…" or "https://doi.org/…"')
    return written


def contributors(value: Any) -> tuple[Contributor, ...]:
    """Names, or tables `{ name, role, sort }`; `role` is a MARC relator code of three letters."""
    wanted = 'a list of names, or of { name = "…", role = "aut", sort = "…" }'
    if not isinstance(value, list):
        raise ValueError(wanted)
    return tuple(_contributor(item, wanted) for item in value)


def _contributor(item: Any, wanted: str) -> Contributor:
    if isinstance(item, str):
        item = {"name": item}
    if not isinstance(item, dict) or not item.get("name") or not set(item) <= {"name", "role", "sort"}:
        raise ValueError(wanted)
    role = text(item.get("role", "aut"))
    if not re.fullmatch(r"[a-z]{3}", role):
        raise ValueError("a MARC relator code of three letters as role: aut, edt, ill, trl…")
    return Contributor(text(item["name"]), role, text(item.get("sort", "")))


def listing(value: Any) -> tuple[Any, ...]:
    """Files: paths, or tables `{ file = "…", kind = "…" }`."""
    wanted = 'a list of files, or of { file = "…", kind = "…" }'
    if not isinstance(value, list):
        raise ValueError(wanted)
    for item in value:
        said = {"file": item} if isinstance(item, str) else item
        if not isinstance(said, dict) or not {"file"} <= set(said) <= {"file", "kind"}:
            raise ValueError(wanted)
        if not all(map(text, said.values())):
            raise ValueError(wanted)
    return tuple(value)


def listing_with_parts(value: Any) -> tuple[Any, ...]:
    """Files as in `listing`, and parts of them: `{ part = "…", chapters = […] }`."""
    wanted = 'a list of files, or of { part = "…", chapters = [files] }'
    if not isinstance(value, list):
        raise ValueError(wanted)
    for item in value:
        if isinstance(item, dict) and set(item) == {"part", "chapters"}:
            if not text(item["part"]):
                raise ValueError(wanted)
            listing(item["chapters"])
        else:
            listing([item])
    return tuple(value)


def size(value: Any) -> tuple[float, float]:
    """A trim: its width and height in pt."""
    return trims.trim(text(value))


def length(value: Any) -> float:
    """A length, in pt."""
    return trims.length(text(value))


def css_value(value: Any) -> str:
    """The value of a CSS property, without anything that would end it or ask for a file."""
    written = str(value) if type(value) in (int, float) else text(value)
    quotes_close = all(written.count(quote) % 2 == 0 for quote in "\"'")
    if not quotes_close or written.count("(") != written.count(")") or _NO_VALUE.search(written):
        raise ValueError('a value as CSS has it, such as "11.5pt", "#7a2e1f" or "\'EB Garamond\'"')
    return written


BOOK = Table(
    "book",
    (
        Key("title", text, "The title.", required=True),
        Key("subtitle", text, "The subtitle."),
        Key("slug", slug, "The name of the finished files; else the title in ASCII.", code="config-bad-slug"),
        Key("language", language, "A BCP 47 language tag.", code="config-bad-language"),
        Key("contributors", contributors, "Who made the book: names, or tables with name, role and sort.", ()),
        Key("identifier", urn, "A URI that names the book; else made from the metadata.", code="config-bad-identifier"),
        Key("isbn", isbns, "The ISBN, 13 digits, or { print, ebook }: one a format.", Isbns(), code="config-bad-isbn"),
        Key("publisher", text, "The publisher."),
        Key("date", day, "The day of publication.", code="config-bad-date"),
        Key("edition", text, 'Which edition it is, in words: "Second edition".'),
        Key("rights", text, "The copyright line."),
        Key("licence", text, "The licence."),
        Key("credits", texts, "Who else is to be thanked on the copyright page, a line each.", ()),
        Key("description", text, "What the book is about, for catalogues."),
        Key("subjects", texts, "Subjects, for catalogues.", ()),
        Key("cover", text, "A cover image; else one is drawn from the layout."),
        Key("halftitle", flag, "Whether a page with the title alone opens the printed book.", False),
    ),
)
CONTENTS = Table(
    "contents",
    (
        Key("front", listing, "Files of the front matter, in order.", ()),
        Key("body", listing_with_parts, "Files of the chapters, in order, or parts of them.", ()),
        Key("back", listing, "Files of the back matter, in order.", ()),
    ),
)
LAYOUT = Table(
    "layout",
    (
        Key("name", text, "The layout's folder name.", "classic"),
        Key(
            "trim",
            size,
            'The size of a page: a name such as "a5" or "kdp-6x9", or "5.5x8.5in"; else the layout\'s.',
            None,
        ),
        Key("bleed", length, "How far pictures that reach the edge go beyond it, for a printer who cuts there.", 0.0),
        Key("marks", flag, "Whether crop marks stand outside the trimmed page.", False),
    ),
)
STYLE = Table("style", (), others=Key("", css_value, "A custom property of the layout.", code="config-bad-style"))
_EVERY_BOOKS = (BOOK, CONTENTS, LAYOUT, STYLE)


# --- reading --------------------------------------------------------------------------------------------------------


def read_config(
    source: str | None, overrides: Iterable[tuple[str, str]], features: Iterable[Table]
) -> tuple[BookConfig, tuple[Diagnostic, ...]]:
    """Check the text of a `book.toml` (None: there is none) with the author's overrides and the features' tables.

    An override is `("table.key", "value")`, or `("key", "value")` for `[book]`; its value is read as TOML, or taken as
    text if it is none. Returns the settings and what is wrong with them. Raises ManuscriptError (`config-syntax`) if
    the text is no TOML.
    """
    data = _toml(source or "")
    tables = (*_EVERY_BOOKS, *features)
    spans = _spans(source or "", tables)
    for dotted, value in overrides:
        table, _, key = dotted.rpartition(".")
        if isinstance(found := data.setdefault(table or "book", {}), dict):
            found[key] = _value(value)
        spans[f"{table or 'book'}.{key}"] = Span("--set " + dotted)
    diagnostics = [*_unknown_tables(data, tables, spans)]
    values = {}
    for known in tables:
        values[known.name], found = _read_table(known, data.get(known.name, {}), spans, complete=source is not None)
        diagnostics += found
    contents = _contents(values["contents"], source or "") if "contents" in data else None
    config = BookConfig(
        **values["book"],
        layout=values["layout"].pop("name"),
        **values["layout"],
        style=values["style"],
        contents=contents,
        tables={table.name: values[table.name] for table in tables if table not in _EVERY_BOOKS},
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
    table: Table, data: Any, spans: Mapping[str, Span], *, complete: bool
) -> tuple[dict[str, Any], list[Diagnostic]]:
    """The values of one table, each checked; `complete` says whether required keys must be there."""
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
        try:
            value = key.read(data[key.name])
        except ValueError as wanted:
            diagnostics.append(error(key.code, f"{title} is {_shown(data[key.name])}", span, f"It wants {wanted}."))
            continue
        if value == "":
            say = error if key.required else warning
            diagnostics.append(say("config-empty-key", f"{title} is empty", span, "Fill it in, or take the line out."))
        values[key.name] = value if value != "" else key.default
    return values, diagnostics


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
