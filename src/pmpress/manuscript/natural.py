"""The order of a folder that nobody ordered: as a person would sort the files, openings first, appendices last."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from pmpress.diagnostics import Diagnostic, Span, error, note
from pmpress.manuscript.includes import read_source
from pmpress.manuscript.kinds import guess
from pmpress.manuscript.order import Section, Sections
from pmpress.manuscript.reading import is_markdown, locate

_LEFT_OUT = re.compile(
    r"(un)?(licen[sc]e|copying|contributing|contributors|change[-_]?log|history|code[-_]of[-_]conduct|security|authors|"
    r"summary|todo|pull[-_]request[-_]template|issue[-_]template|support|governance|maintainers)\b", re.I
)  # fmt: skip
_FIRST = ("dedication", "epigraph", "foreword", "introduction", "preface", "acknowledgments", "prologue")
_FOLDERS_LEFT_OUT = frozenset({"layouts", "build", "node_modules", "_book", "book", "dist"})


def natural_key(path: str) -> list[tuple[tuple[int, int, str], ...]]:
    """What to sort a path by so that `ch2` comes before `ch10`, folder by folder."""
    return [
        tuple(
            (0, int(piece), "") if piece.isdecimal() else (1, 0, piece)
            for piece in re.split(r"(\d+)", part.casefold())
            if piece
        )
        for part in path.split("/")
    ]


def find(folder: Path, diagnostics: list[Diagnostic]) -> list[str]:
    """The Markdown files of a folder and its sub-folders that belong to the book, in order, with a note on each
    choice. Hidden folders, layouts and built books are not looked into."""
    found: list[str] = []
    for path in _markdown_files(folder, diagnostics):
        if _LEFT_OUT.match(PurePosixPath(path).stem):
            said = "left out of the book: by its name it is about the project"
            diagnostics.append(note("file-left-out", said, Span(path)))
        elif re.search(r"[\\:]|^~", path):
            said = "not every machine can have such a name for a file"
            diagnostics.append(error("path-malformed", said, Span(path), "Rename it without '\\', ':' and '~'."))
        elif locate(folder, path, Span(path), diagnostics) is not None:
            found.append(path)
    order = sorted(found, key=lambda path: (_rank(path, diagnostics), natural_key(path)))
    if len(order) > 1:
        diagnostics.append(
            note(
                "order-natural",
                "the chapters are in the order of their names",
                Span(order[0]),
                "Write a book.toml to choose.",
            )
        )
    return order


def _markdown_files(folder: Path, diagnostics: list[Diagnostic]) -> Iterator[str]:
    def report(fault: OSError) -> None:
        said = f"the folder cannot be read: {fault.strerror}"
        diagnostics.append(error("folder-unreadable", said, Span(os.path.relpath(fault.filename, folder))))

    for where, inner, files in os.walk(folder, onerror=report):
        # Sorted, since a file system has an order of its own, and names may differ in their case alone.
        inner[:] = sorted(
            name for name in inner if not name.startswith((".", "_")) and name.lower() not in _FOLDERS_LEFT_OUT
        )
        for name in sorted(files):
            file = Path(where) / name
            if is_markdown(file) and not name.startswith("."):
                yield file.relative_to(folder).as_posix()


def _rank(path: str, diagnostics: list[Diagnostic]) -> int:
    """-1 for what opens a book, 1 for what closes it, 0 for all else: by the name alone, without a leading number."""
    if PurePosixPath(path).stem[:1].isdecimal():
        return 0
    kind, matter = guess(path)
    # Only at the top: a README inside a folder of chapters opens that folder, not the book.
    if "/" in path and kind == "introduction":
        return 0
    rank = -1 if kind in _FIRST else 1 if matter == "backmatter" else 0
    if rank:
        diagnostics.append(note("order-guess", f"placed {'first' if rank < 0 else 'last'}, as {kind}", Span(path)))
    return rank


def sections(folder: Path, paths: Iterable[str], diagnostics: list[Diagnostic]) -> Sections:
    """The files, read, each a section of the kind its name says, but for those that others include."""
    matters: dict[str, list[Section]] = {"frontmatter": [], "bodymatter": [], "backmatter": []}
    found: dict[str, list[Diagnostic]] = {path: [] for path in paths}
    sources = [source for path in found if (source := read_source(folder, path, Span(path), found[path]))]
    included = {file: source.path for source in sources for file in source.included if file != source.path}
    for source in sources:
        if source.path in included:
            said = f"no chapter of its own: it is included in '{included[source.path]}'"
            found[source.path] = [note("file-left-out", said, Span(source.path))]
        else:
            kind, matter = guess(source.path)
            matters[matter].append(Section(kind, matter, (source,), is_placed=False))
    diagnostics += (each for path in found for each in found[path])
    return Sections(tuple(matters["frontmatter"]), tuple(matters["bodymatter"]), tuple(matters["backmatter"]))
