"""What a book is made of, one concept a file, in the order in which they work.

Each feature may define

* `collect(galley)`: sees one chapter, tidies its own concept, and marks what the whole book must know;
* `register(marks)`: sees the marks of all chapters, and gives its part of the registry;
* `resolve(galley, registry)`: sees one chapter and the whole registry, and finishes its own concept;
* `TABLE`: the table of `book.toml` in which an author sets it.

To add one: write the file, and put its row into FEATURES.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace

from pmpress.config import Table
from pmpress.diagnostics import Diagnostic
from pmpress.features import blocks, headings, images, markdown, notes, numbering, references, tables
from pmpress.features.galley import Galley, lay
from pmpress.features.markdown import additions
from pmpress.features.numbering import number_parts
from pmpress.model import Chapter, Marks, Registry

__all__ = ["FEATURES", "TABLES", "Feature", "additions", "collect", "number_parts", "register", "resolve"]


@dataclass(frozen=True, slots=True)
class Feature:
    """One concept of a book and the stages it takes part in."""

    name: str
    collect: Callable[[Galley], None] | None = None
    register: Callable[[Iterable[Marks]], Registry] | None = None
    resolve: Callable[[Galley, Registry], None] | None = None
    table: Table | None = None


FEATURES: tuple[Feature, ...] = (
    Feature("markdown", table=markdown.TABLE),
    Feature("headings", collect=headings.collect),
    Feature("notes", collect=notes.collect),
    Feature("images", collect=images.collect, resolve=images.resolve),
    Feature("tables", collect=tables.collect),
    Feature("blocks", collect=blocks.collect),  # behind all that change the tree
    Feature("numbering", register=numbering.register),
    Feature("references", collect=references.collect, register=references.register, resolve=references.resolve),
)

TABLES: tuple[Table, ...] = tuple(feature.table for feature in FEATURES if feature.table)


def collect(
    chapter: Chapter, files: tuple[str, ...], terms: Mapping[str, str]
) -> tuple[Chapter, Marks, tuple[Diagnostic, ...]]:
    """Run every feature's `collect` over one chapter: the tidied chapter, its marks, and what was noticed."""
    galley = lay(chapter, terms)
    for feature in FEATURES:
        if feature.collect:
            feature.collect(galley)
    finished = galley.finished()
    marks = Marks(replace(finished, xhtml="", title_xhtml=""), files, tuple(galley.marks))
    return finished, marks, tuple(galley.diagnostics)


def register(marks: Iterable[Marks], found: Registry) -> Registry:
    """Join what every feature registers, over `found`: what the folder itself answered (images, files left out)."""
    known = tuple(marks)
    registry = found
    for feature in FEATURES:
        if feature.register:
            part = feature.register(known)
            said = {item.name: value for item in fields(part) if (value := getattr(part, item.name))}
            registry = replace(registry, **said)
    return registry


def resolve(chapter: Chapter, registry: Registry, terms: Mapping[str, str]) -> tuple[Chapter, tuple[Diagnostic, ...]]:
    """Run every feature's `resolve` over one chapter: the finished chapter, and what was noticed."""
    galley = lay(chapter, terms)
    for feature in FEATURES:
        if feature.resolve:
            feature.resolve(galley, registry)
    finished = replace(galley.finished(), number=registry.numbers.get(chapter.slug, ""))
    return finished, tuple(galley.diagnostics)
