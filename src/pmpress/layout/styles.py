"""A layout's style sheets, one text an output, and the files they refer to."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from pmpress.diagnostics import Diagnostic, Span, error
from pmpress.layout import css
from pmpress.layout.files import COMMON, Files, StyleSheet, broken
from pmpress.model import Asset

ASSETS = "layout"
"""The folder, inside a finished book, of the files that a layout's CSS refers to."""

# Not the machine's own list of types: the same book would not be the same everywhere.
_TYPES = {
    ".gif": "image/gif", ".jpeg": "image/jpeg", ".jpg": "image/jpeg", ".png": "image/png", ".svg": "image/svg+xml",
    ".webp": "image/webp", ".otf": "font/otf", ".ttf": "font/ttf", ".woff": "font/woff", ".woff2": "font/woff2",
}  # fmt: skip


_PLAIN, _SUFFIX = re.compile("[A-Za-z0-9._/-]+"), re.compile("[^a-z0-9.]")
_TOO_DEEP = "its brackets, its imports or its custom properties stand too deep in one another"


@dataclass(slots=True)
class _Growing:
    """One output's CSS while it is put together; `sheets` are the files that are in it."""

    rules: list[css.Node] = field(default_factory=list)
    assets: dict[str, Asset] = field(default_factory=dict)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    sheets: set[tuple[str, str]] = field(default_factory=set)


def style_sheet(
    folders: Sequence[Files], names: Sequence[str], wished: Mapping[str, str], language: str, *, rtl: bool
) -> StyleSheet:
    """The sheets of these names (`shared`, `print`…) from each of the folders, the common ones first, resolved into one
    text for a book in a language. `wished` are the book's own values for custom properties.

    What they ask for and may not have is in the diagnostics: `css-remote`, `css-outside`, `css-file-missing`. Raises
    PressError (`layout-broken`) for a sheet that cannot be read.
    """
    sheet = _Growing()
    # What is for the screen changes what all layouts say for print.
    order = sorted(((files, name) for files in folders for name in names), key=lambda each: each[1] == "screen")
    for files, name in order:
        path = f"{name}.css"
        sheet.sheets.add((files.name, path))
        try:
            # Imports and addresses sheet by sheet, for their lines; custom properties of one are used by the other.
            text = files.text(path) or ""
            refer, include = partial(_refer, sheet, files, path), partial(_include, sheet, files, path)
            sheet.rules += css.expand(text, refer, include)
        except RecursionError as fault:
            raise broken(files.shown(path), _TOO_DEEP) from fault
    sheet.rules = css.speak(sheet.rules, language)
    if rtl:
        css.mirror(sheet.rules)
    written = css.written(sheet.rules)
    try:
        text, properties = css.resolve(sheet.rules, wished)
    except RecursionError as fault:
        raise broken(folders[-1].shown(f"{names[-1]}.css"), _TOO_DEEP) from fault
    return StyleSheet(text, tuple(sheet.assets.values()), tuple(sheet.diagnostics), properties, written)


def _path(sheet: _Growing, files: Files, where: str, url: str, line: int) -> str | None:
    """The path inside the layout that a URL in its CSS means, or None with a diagnostic."""
    span = Span(files.shown(where), line)
    try:
        parts = urlsplit(url)
    except ValueError:
        sheet.diagnostics.append(error("css-file-missing", f"'{url}' is no address", span))
        return None
    path = posixpath.normpath(unquote(parts.path))
    if parts.scheme or parts.netloc:
        hint = "Nothing is fetched: put the file into the layout's folder."
        sheet.diagnostics.append(error("css-remote", f"the style sheet asks for {url}", span, hint))
    elif path.startswith(("..", "/")) or "\\" in path:
        said = f"'{url}' leaves the layout's folder"
        sheet.diagnostics.append(error("css-outside", said, span, "Name a file of the layout."))
    elif files.find(path) is None:
        said = f"'{url}' is no file of the layout '{files.name}'"
        sheet.diagnostics.append(error("css-file-missing", said, span))
    else:
        return path
    return None


def _refer(sheet: _Growing, files: Files, where: str, url: str, line: int) -> str | None:
    if url.startswith("#"):
        return url
    path = _path(sheet, files, where, url, line)
    found = files.find(path) if path else None
    if path is None or found is None:
        return None
    suffix = PurePosixPath(path).suffix.lower()
    # Shops and old reading systems want plain names of files.
    plain = path if _PLAIN.fullmatch(path) else sha256(path.encode()).hexdigest()[:12] + _SUFFIX.sub("", suffix)
    name = f"{ASSETS}/{plain}" if files.name != COMMON else f"{ASSETS}/{COMMON}/{plain}"
    media_type = _TYPES.get(suffix, "application/octet-stream")
    sheet.assets.setdefault(name, Asset(name, media_type, found.read_bytes()))
    return name


def _include(sheet: _Growing, files: Files, where: str, url: str, line: int) -> str | None:
    path = _path(sheet, files, where, url, line)
    if path is None or (files.name, path) in sheet.sheets:
        return None
    sheet.sheets.add((files.name, path))
    return files.text(path)
