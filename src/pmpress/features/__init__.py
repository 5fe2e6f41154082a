"""What a book is made of, one concept a file or a folder, in the order in which they work.

Each feature may define

* `collect(galley)`: sees one chapter, tidies its own concept, and marks what the whole book must know;
* `register(marks, registry)`: sees the marks of all chapters, and gives the registry with what it knows added;
* `resolve(galley, registry)`: sees one chapter and the whole registry, and finishes its own concept;
* `gather(chapters, registry)`: sees all chapters finished, and moves what a book has elsewhere than it was written;
* `TABLE`: the table of `book.toml` in which an author sets it;
* `FILLS`: texts that it fills, by their kind, and whether a book wants one: the press adds it where the author has
  none, and `resolve` writes into it.

To add one: write the file, and put its row into FEATURES.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from pmpress.config import Table
from pmpress.diagnostics import Diagnostic
from pmpress.features import (
    blocks,
    captions,
    citations,
    code,
    figures,
    glossary,
    headings,
    images,
    index,
    lists,
    markdown,
    mathematics,
    notes,
    numbering,
    one_format,
    references,
    tables,
    variables,
)
from pmpress.features.galley import Galley, lay
from pmpress.features.markdown import additions
from pmpress.features.numbering import number_parts
from pmpress.model import Chapter, Marks, Registry, Settings

__all__ = [
    "FEATURES",
    "TABLES",
    "Feature",
    "additions",
    "collect",
    "gather",
    "number_parts",
    "register",
    "resolve",
    "rest",
    "wanted",
]


@dataclass(frozen=True, slots=True)
class Feature:
    """One concept of a book and the stages it takes part in."""

    name: str
    collect: Callable[[Galley], None] | None = None
    register: Callable[[tuple[Marks, ...], Registry], tuple[Registry, tuple[Diagnostic, ...]]] | None = None
    resolve: Callable[[Galley, Registry], None] | None = None
    gather: Callable[[tuple[Chapter, ...], Registry], tuple[Chapter, ...]] | None = None
    table: Table | None = None
    fills: Mapping[str, Callable[[tuple[Marks, ...], Settings], bool]] = field(default_factory=dict)


FEATURES: tuple[Feature, ...] = (
    Feature("markdown", table=markdown.TABLE),
    # Before all that read text.
    Feature("variables", collect=variables.collect, register=variables.register, table=variables.TABLE),
    # Before all that read titles and captions.
    Feature("mathematics", collect=mathematics.collect),
    # Before all that ask in which formats something stands.
    Feature("one format", collect=one_format.collect),
    Feature("headings", collect=headings.collect),
    Feature("notes", collect=notes.collect, gather=notes.gather, table=notes.TABLE, fills=notes.FILLS),
    Feature("images", collect=images.collect, resolve=images.resolve),
    Feature("figures", collect=figures.collect, resolve=figures.resolve),
    Feature("tables", collect=tables.collect),
    Feature("code", collect=code.collect),
    # Before the index, which may want the same mark.
    Feature(
        "glossary",
        collect=glossary.collect,
        register=glossary.register,
        resolve=glossary.resolve,
        table=glossary.TABLE,
        fills=glossary.FILLS,
    ),
    Feature("index", collect=index.collect, register=index.register, resolve=index.resolve, fills=index.FILLS),
    # Behind all that have something counted.
    Feature(
        "numbering",
        collect=numbering.collect,
        register=numbering.register,
        resolve=numbering.resolve,
        table=numbering.TABLE,
    ),
    # Behind all numbers.
    Feature("captions", register=captions.register, resolve=captions.resolve),
    # Behind all that take titles and captions as they are written, and puts into those what the citations say.
    Feature(
        "citations",
        collect=citations.collect,
        register=citations.register,
        resolve=citations.resolve,
        table=citations.TABLE,
        fills=citations.FILLS,
    ),
    Feature("lists", resolve=lists.resolve, table=lists.TABLE, fills=lists.FILLS),
    # Behind all that give ids and make links.
    Feature("references", collect=references.collect, register=references.register, resolve=references.resolve),
    # Behind references, when all links are anchors.
    Feature(
        "links to one format",
        collect=one_format.list_places,
        register=one_format.register,
        resolve=one_format.resolve,
    ),
    # Behind all that change the tree.
    Feature("blocks", resolve=blocks.resolve),
)

TABLES: tuple[Table, ...] = tuple(feature.table for feature in FEATURES if feature.table)


def collect(
    chapter: Chapter, files: tuple[str, ...], language: str, settings: Settings
) -> tuple[Chapter, Marks, tuple[Diagnostic, ...]]:
    """Run every feature's `collect` over one chapter: the tidied chapter, its marks, and what was noticed.

    `language` and `settings`, the tables of `book.toml` by name, are the book's.
    """
    galley = lay(chapter, language, settings)
    for feature in FEATURES:
        if feature.collect:
            feature.collect(galley)
    finished = galley.finished()
    marks = Marks(replace(finished, xhtml="", title_xhtml=""), files, tuple(galley.marks))
    return finished, marks, tuple(galley.diagnostics)


def wanted(marks: Iterable[Marks], settings: Settings) -> tuple[str, ...]:
    """The kinds of text that the press must add, because a feature has something to put there and the author has no
    text of that kind."""
    known = tuple(marks)
    written = {each.chapter.kind for each in known}
    return tuple(
        kind
        for feature in FEATURES
        for kind, is_wanted in feature.fills.items()
        if kind not in written and is_wanted(known, settings)
    )


def register(marks: Iterable[Marks], found: Registry) -> tuple[Registry, tuple[Diagnostic, ...]]:
    """Let every feature register what it knows, over `found`: what the folder itself answered."""
    known = tuple(marks)
    registry = found
    diagnostics: list[Diagnostic] = []
    for feature in FEATURES:
        if feature.register:
            registry, said = feature.register(known, registry)
            diagnostics += said
    return registry, tuple(diagnostics)


def resolve(chapter: Chapter, registry: Registry) -> tuple[Chapter, tuple[Diagnostic, ...]]:
    """Run every feature's `resolve` over one chapter: the finished chapter, and what was noticed."""
    galley = lay(chapter, registry.language, registry.settings)
    for feature in FEATURES:
        if feature.resolve:
            feature.resolve(galley, registry)
    return galley.finished(), tuple(galley.diagnostics)


def gather(chapters: Iterable[Chapter], registry: Registry) -> tuple[Chapter, ...]:
    """Let every feature move finished text to where a book has it: all chapters again."""
    gathered = tuple(chapters)
    for feature in FEATURES:
        if feature.gather:
            gathered = feature.gather(gathered, registry)
    return gathered
