"""Reading inside the manuscript's folder: no path leads out of it, and only clean text comes in."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterable
from pathlib import Path

from pmpress.diagnostics import Diagnostic, Span, error

_MARKDOWN = frozenset({".md", ".markdown", ".mdown", ".mkd", ".mkdn"})
# XML 1.0 section 2.2 has no place for these; form feed is white space to an author, and is made so.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_SHOWN = 3


def is_markdown(path: Path) -> bool:
    """Whether a file is called what Markdown files are called."""
    return path.suffix.lower() in _MARKDOWN


def locate(folder: Path, path: str, span: Span, diagnostics: list[Diagnostic]) -> Path | None:
    """The file that a relative path with `/` means, or None with `path-outside` if it leads out of the folder: by
    itself (`../`, `/`, a drive, a URL) or through a symbolic link, and with `path-malformed` if no file can be called
    that. It need not exist."""
    normal = posixpath.normpath(path)
    outside = (
        normal.startswith(("../", "/", "~")) or normal == ".." or "\\" in path or re.match(r"[A-Za-z][\w+.-]*:", path)
    )
    file = folder / normal
    if _FORBIDDEN.search(path):
        diagnostics.append(error("path-malformed", f"{path!a} is no name of a file", span, "Mend the name."))
        return None
    if outside or not Path(os.path.realpath(file)).is_relative_to(os.path.realpath(folder)):
        diagnostics.append(
            error(
                "path-outside", f"'{path}' leads out of the manuscript's folder", span, "Copy the file into the folder."
            )
        )
        return None
    return file


def read_bytes(file: Path, shown: str, span: Span, diagnostics: list[Diagnostic]) -> bytes | None:
    """The file's bytes, or None with `file-unreadable`. What is no file, and might never end, is not read."""
    if os.path.exists(file) and not os.path.isfile(file):
        diagnostics.append(error("file-unreadable", f"'{shown}' is no file", span))
        return None
    try:
        return file.read_bytes()
    except OSError as fault:
        diagnostics.append(error("file-unreadable", f"'{shown}' cannot be read: {fault.strerror or fault}", span))
        return None


def read_text(folder: Path, path: str, span: Span, diagnostics: list[Diagnostic]) -> str | None:
    """The text of a file, its line ends made `\\n`, without a byte order mark.

    Not UTF-8 is an error `encoding` and the wrong bytes become U+FFFD; control characters are an error
    `control-character` with the line of each of the first few, and become U+FFFD too.
    """
    file = locate(folder, path, span, diagnostics)
    data = read_bytes(file, path, span, diagnostics) if file else None
    if data is None:
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        hint = "Save it as UTF-8 in your editor."
        diagnostics.append(
            error("encoding", f"the file is not UTF-8 (byte 0x{data[fault.start]:02x})", Span(path, line), hint)
        )
        # What else is wrong in it follows from that.
        return _FORBIDDEN.sub("\ufffd", data.decode("utf-8-sig", errors="replace"))
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n")
    for match in list(_FORBIDDEN.finditer(text))[:_SHOWN]:
        span = Span(path, text.count("\n", 0, match.start()) + 1)
        diagnostics.append(
            error("control-character", f"there is a control character, U+{ord(match[0]):04X}", span, "Delete it.")
        )
    return _FORBIDDEN.sub("\ufffd", text)


def load_texts(folder: Path, wanted: Iterable[tuple[str, Span]]) -> tuple[dict[str, str], tuple[Diagnostic, ...]]:
    """The texts of files that the settings name, by path; `file-missing` for one that is not there."""
    diagnostics: list[Diagnostic] = []
    texts: dict[str, str] = {}
    for path, span in wanted:
        file = locate(folder, path, span, diagnostics)
        if file is not None and not os.path.lexists(file):
            diagnostics.append(error("file-missing", f"there is no file '{path}'", span, "Mend the name."))
        elif file is not None and (text := read_text(folder, path, span, diagnostics)) is not None:
            texts[path] = text
    return texts, tuple(diagnostics)


def present(folder: Path, paths: Iterable[str]) -> frozenset[str]:
    """Those of the paths that are files or folders of the manuscript's folder."""
    return frozenset(path for path in paths if (file := locate(folder, path, Span(path), [])) and os.path.exists(file))
