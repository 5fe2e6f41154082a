"""The order that `[contents]` of `book.toml` gives."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from pmpress.config import Contents, Listed, ListedPart
from pmpress.diagnostics import Diagnostic, error, warning
from pmpress.manuscript.includes import read_source
from pmpress.manuscript.kinds import kind_named, kind_of, matter_of
from pmpress.manuscript.order import PartSections, Section, Sections
from pmpress.manuscript.reading import locate
from pmpress.model import Matter


def sections(folder: Path, contents: Contents, diagnostics: list[Diagnostic]) -> Sections:
    """The listed files, read; each that is not there is an error `chapter-missing`."""

    def read(files: Iterable[Listed], matter: Matter) -> tuple[Section, ...]:
        return tuple(section for file in files if (section := _section(folder, file, matter, diagnostics)))

    body: list[Section | PartSections] = []
    for item in contents.body:
        if isinstance(item, ListedPart):
            if not item.chapters:
                hint = "List its chapters, or take the part out."
                diagnostics.append(error("part-empty", f"the part '{item.title}' has no chapters", item.span, hint))
            body.append(PartSections(item.title, read(item.chapters, "bodymatter")))
        else:
            body.extend(read((item,), "bodymatter"))
    return Sections(read(contents.front, "frontmatter"), tuple(body), read(contents.back, "backmatter"))


def _section(folder: Path, file: Listed, matter: Matter, diagnostics: list[Diagnostic]) -> Section | None:
    found = locate(folder, file.path, file.span, diagnostics)
    if found is None:
        return None
    if not os.path.isfile(found):
        diagnostics.append(
            error("chapter-missing", f"'{file.path}' is listed and not there", file.span, "Mend the name or the list.")
        )
        return None
    source = read_source(folder, file.path, file.span, diagnostics)
    return None if source is None else Section(_kind(file, matter, diagnostics), matter, (source,))


def _kind(file: Listed, matter: Matter, diagnostics: list[Diagnostic]) -> str:
    guessed = kind_of(file.path, matter)
    kind = kind_named(file.kind) if file.kind else guessed
    if kind and matter_of(kind, matter) == matter:
        return kind
    said = f"'{file.kind}' is no kind of text for this place"
    diagnostics.append(warning("kind-unknown", said, file.span, f"It is a {guessed}."))
    return guessed
