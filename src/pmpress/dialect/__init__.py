"""The dialect: an author's Markdown becomes clean XHTML in which everything knows its source lines.

Python-Markdown runs the conversion. `extension` says which of its parts are replaced: the blocks are read by
markdown-it-py (`blocks/`), the inline patterns follow CommonMark (`inline/`). Raw HTML, and it alone, passes an
allow-list sanitiser (`html/`). What comes out is finished on a tree, one module a concern (`finish/`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pmpress.diagnostics import Diagnostic
from pmpress.dialect.options import OPTIONS, Addition

__all__ = ["OPTIONS", "Addition", "Parsed", "parse", "set_line"]


@dataclass(frozen=True, slots=True)
class Parsed:
    """One text, read.

    `xhtml` is an inner fragment as `pmpress.model` describes it, before anything is resolved: links and images still
    have the addresses the author wrote. `diagnostics` are in the order of the lines they are about, and
    `front_matter` is what the text says about itself at its top.
    """

    xhtml: str = field(repr=False)
    diagnostics: tuple[Diagnostic, ...] = ()
    front_matter: Mapping[str, str] = field(default_factory=dict)


def parse(
    text: str,
    file: str,
    *,
    first_line: int = 1,
    language: str = "en",
    lines: Sequence[tuple[str, int]] | None = None,
    extensions: Sequence[Addition] = (),
) -> Parsed:
    """Read Markdown.

    `text` is decoded and free of control characters; `file` is what diagnostics and `data-src` call it, and
    `first_line` the line of `file` that `text` begins with. `language`, a BCP 47 tag, decides on quotation marks.
    Of a text put together from several files `lines` names the file and the line that each of its lines comes from;
    `first_line` is then of no use. `extensions` of Python-Markdown, with their options, are added to the dialect.

    Returns the text as XHTML and what there is to say about it. Every block in it, every link and every image has
    `data-src`; ids are unique within it. Whatever comes in, what comes out is well-formed, nothing in it runs, and
    text that is not mark-up is there. The same arguments give the same result; nothing else is read or written.

    Raises nothing about the text: faults in it are diagnostics.
    """
    # What reads Markdown takes a while to import, and is not needed for a book that has not changed.
    from pmpress.dialect.conversion import convert

    return Parsed(*convert(text, file, first_line, language, lines, extensions))


def set_line(text: str, language: str) -> str:
    """A line of plain text, such as a title in `book.toml`, with quotes and dashes as a printer sets them."""
    from pmpress.dialect.conversion import improve  # as above

    return improve(text, language)
