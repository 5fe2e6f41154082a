"""Folders of Markdown, as mdBook and GitBook have them, and single Markdown files: copied as they are."""

from __future__ import annotations

import json
import os
import posixpath
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from pmpress.diagnostics import Diagnostic, ManuscriptError, Span, UsageError, error, note, warning
from pmpress.importers import opening
from pmpress.importers.escaping import fit
from pmpress.importers.foreign import Reading, as_dialect
from pmpress.importers.found import About, Found, Text
from pmpress.importers.words import language_of
from pmpress.manuscript import humanise
from pmpress.manuscript.reading import is_markdown
from pmpress.model import Contributor

_PICTURES = frozenset([".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".avif", ".bmp", ".tif", ".tiff"])
_LEFT_OUT = frozenset({"node_modules", "_book", "build", "target", "theme", "__pycache__"})
_MOST_FILES, _LARGEST, _LARGEST_ALL = 20_000, 100_000_000, 1_000_000_000
_TARGET = re.compile(
    r"!\[[^\]]*\]\(\s*<?([^)\s>]+)|<img\b[^>]*?\bsrc\s*=\s*[\"']([^\"']+)|^\s*\[[^\]]+\]:\s*<?(\S+?)>?(?:\s|$)",
    re.M | re.I,
)
_TITLE = re.compile(r"^#[ \t]+(.+?)[ \t]*#*[ \t]*$|^(\S.*)\n=+[ \t]*$", re.M)
_MARKS = {
    "heading": re.compile(r"^#{1,6} \S|^\S.*\n(?:={3,}|-{3,})$", re.M),
    "fence": re.compile(r"^```.*\n(?:.*\n)*?```$", re.M),
    "link": re.compile(r"\w\]\((?:https?:|[\w./#-]+\))"),
    "strong": re.compile(r"\*\*\w[^*\n]*\*\*"),
    "code": re.compile(r"(?<!`)`[^`\n]+`(?!`)"),
    "table": re.compile(r"^\|(?: *:?-{3,}:? *\|)+$", re.M),
}
_SAMPLE = 100_000
_INCLUDED = re.compile(r"(?P<path>[^:]+)(?P<range>:.*)?")
_ALSO = "included"


@dataclass(slots=True)
class _Copying:
    """The files of a folder. `home` is the folder of the project, `root` that of its texts."""

    home: Path
    root: Path
    name: str
    files: dict[str, bytes] = field(default_factory=dict)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    size: int = 0

    def read(self, file: Path) -> bytes:
        """The bytes of a file. Raises ManuscriptError if it leads out of the project or cannot be read."""
        shown = os.path.relpath(file, self.home)
        if not Path(os.path.realpath(file)).is_relative_to(os.path.realpath(self.home)):
            said = f"'{shown}' leads out of the folder"
            raise ManuscriptError(error("path-outside", said, Span(shown), "Put a copy in its place."))
        if not file.is_file():
            raise ManuscriptError(error("file-unreadable", f"'{shown}' is no file", Span(shown)))
        try:
            data = file.read_bytes() if file.stat().st_size <= _LARGEST else b""
            self.size += max(len(data), file.stat().st_size)
        except OSError as fault:
            said = f"'{shown}' cannot be read: {fault.strerror or fault}"
            raise ManuscriptError(error("file-unreadable", said, Span(shown))) from fault
        if file.stat().st_size > _LARGEST or self.size > _LARGEST_ALL or len(self.files) > _MOST_FILES:
            said = f"'{self.name}' is too large, here at '{shown}'"
            raise ManuscriptError(error("source-too-large", said, Span(shown), "Import less of it."))
        return data

    def include(self, what: str, span: Span) -> str:
        """What to write for an include: the file is copied, if need be into a folder of its own."""
        found = _INCLUDED.fullmatch(what.strip())
        path = found["path"].strip() if found else ""
        file = self.root / posixpath.dirname(span.file) / path
        lines = found["range"] or "" if found else ""
        is_inside = Path(os.path.realpath(file)).is_relative_to(os.path.realpath(self.home))
        if not path or not is_inside or not file.is_file():
            said = "leads out of the folder" if path and not is_inside else "is not there"
            self.diagnostics.append(warning("include-left-out", f"the file '{path}' {said}: it is not included", span))
            return f"\\{{{{#include {what}}}}}"
        inside = os.path.relpath(os.path.realpath(file), os.path.realpath(self.root)).replace(os.sep, "/")
        if inside.startswith("../"):
            own = os.path.relpath(os.path.realpath(file), os.path.realpath(self.home)).replace(os.sep, "/")
            inside = f"{_ALSO}/{own}"
        if inside not in self.files:
            text = opening.decoded(self.read(file), inside, self.diagnostics)
            self.files[inside] = fit(opening.in_lines(text)).encode()
        return f"{{{{#include {posixpath.relpath(inside, posixpath.dirname(span.file) or '.')}{lines}}}}}"

    def text(self, path: str, data: bytes) -> str:
        """The text of a Markdown file as the dialect has it."""
        text = fit(opening.in_lines(opening.decoded(data, path, self.diagnostics)))
        at = Reading(path, self.include)
        written = as_dialect(opening.held(text, path), at)
        self.diagnostics += at.diagnostics
        return written


def bring(source: Path, output: Path) -> Found:
    """Read a folder. Raises ManuscriptError: `source-empty`, `path-outside`, `source-too-large`, and UsageError
    (`source-manuscript`) if it is a manuscript of the press already."""
    config = _toml(source / "book.toml")
    root = _root(source, config)
    copying = _Copying(source, root, source.resolve().name)
    if config and not os.path.isfile(root / "SUMMARY.md"):
        said = f"'{source}' has a book.toml and no SUMMARY.md: it is a manuscript already"
        raise UsageError(error("source-manuscript", said, hint=f"pmpress build {source}"))
    texts: list[Text] = []
    for path, file in _walked(root, copying, output):
        if is_markdown(file):
            text = copying.text(path, copying.read(file))
            if path == "SUMMARY.md":
                # The titles that links may have are for pages of the web.
                text = re.sub(r"(\]\([^()]*?)\s+(?:\"[^\"]*\"|'[^']*')\)", r"\1)", text)
            texts.append(Text(text, _title(text), path))
        elif file.suffix.lower() in _PICTURES and path not in copying.files:
            copying.files[path] = copying.read(file)
    saying = [each for each in texts if re.search(r"\w", each.markdown)]
    if not saying:
        hint = "Texts of other kinds are imported one by one."
        raise ManuscriptError(error("source-empty", f"there is no Markdown in '{source}'", Span(source.name), hint))
    about = _about(source, root, config, texts)
    about = replace(about, language=about.language or language_of("\n".join(text.markdown for text in texts[:20])))
    if not os.path.isfile(root / "SUMMARY.md"):
        hint = "Write them under [contents] in book.toml to choose another."
        copying.diagnostics.append(
            note("order-natural", "the texts are in the order of their names", Span(source.name), hint)
        )
    return Found(about, tuple(texts), copying.files, tuple(copying.diagnostics), has_order=True)


def bring_file(source: Path, data: bytes) -> Found:
    """Read a single Markdown file, and the pictures it names that lie in its folder."""
    folder = source.resolve().parent
    copying = _Copying(folder, folder, source.name)
    path = f"{source.stem}.md" if not re.search(r"[\\:]|^[~.]", source.stem) else "text.md"
    text = copying.text(path, data)
    if not re.search(r"\w", text):
        raise ManuscriptError(error("source-empty", f"there is no text in '{source.name}'", Span(source.name)))
    for found in _TARGET.finditer(text):
        target = posixpath.normpath(unquote(next(filter(None, found.groups()))))
        is_picture = posixpath.splitext(target)[1].lower() in _PICTURES
        if is_picture and not re.match(r"\.\.|/|[A-Za-z]+:", target) and (folder / target).is_file():
            copying.files.setdefault(target, copying.read(folder / target))
    title = _title(text) or humanise(source.stem)
    about = About(title, language=language_of(text))
    return Found(about, (Text(text, title, path),), copying.files, tuple(copying.diagnostics))


def is_markdown_inside(data: bytes) -> bool:
    """Whether a text with the name of a plain one is Markdown: it has marks of three kinds, one of which nobody makes
    by chance."""
    sample = data[:_SAMPLE].decode("utf-8", "ignore").replace("\r\n", "\n")
    found = {name for name, mark in _MARKS.items() if mark.search(sample)}
    return len(found) > 2 and bool(found & {"fence", "link", "table"})


def _toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8-sig"))
    except (OSError, ValueError):
        return {}


def _root(source: Path, config: dict[str, Any]) -> Path:
    """The folder of the texts: mdBook's `src`, GitBook's `root`, else the one where SUMMARY.md is."""
    book = config.get("book")
    named = str(book.get("src", "src")) if isinstance(book, dict) else "src"
    try:
        gitbook = (source / ".gitbook.yaml").read_text("utf-8")
    except (OSError, ValueError):
        gitbook = ""
    if found := re.search(r"^root:\s*[\"']?([^\"'\s#]+)", gitbook, re.M):
        named = found[1]
    root = source / named
    is_inside = Path(os.path.realpath(root)).is_relative_to(os.path.realpath(source))
    return root if is_inside and os.path.isfile(root / "SUMMARY.md") else source


def _walked(root: Path, copying: _Copying, output: Path) -> Iterator[tuple[str, Path]]:
    """The files under a folder, sorted, each with its path. What is hidden is left out, but for GitBook's pictures."""

    def report(fault: OSError) -> None:
        said = f"'{fault.filename}' cannot be read: {fault.strerror}"
        raise ManuscriptError(error("folder-unreadable", said, Span(copying.name))) from fault

    for where, inner, names in os.walk(root, onerror=report):
        folder = Path(where)
        inner[:] = sorted(name for name in inner if _is_looked_into(folder / name, output))
        for name in sorted(names):
            file = folder / name
            if not name.startswith("."):
                yield file.relative_to(root).as_posix(), file


def _is_looked_into(folder: Path, output: Path) -> bool:
    hidden = folder.name.startswith(".") and folder.name != ".gitbook"
    # Where mdBook writes: pages, no texts.
    is_built = folder.name == "book" and (folder / "index.html").is_file()
    return not hidden and folder.name not in _LEFT_OUT and not is_built and folder.resolve() != output.resolve()


def _title(text: str) -> str:
    front = re.match(r"---\n(?:.*\n)*?title:\s*[\"']?(.+?)[\"']?\s*\n(?:.*\n)*?---", text[:2000])
    found = _TITLE.search(re.sub(r"^(```|~~~).*?^\1", "", text[:20_000], flags=re.M | re.S))
    title = front[1] if front else (found[1] or found[2]) if found else ""
    return re.sub(r"\s*\{[#.][^}]*\}$|[*`_]|!?\[([^\]]*)\]\([^)]*\)", r"\1", title).replace("\\", "").strip()


def _about(source: Path, root: Path, config: dict[str, Any], texts: list[Text]) -> About:
    """What mdBook's book.toml or GitBook's book.json says; else the title of the text that opens the folder."""
    said = config.get("book")
    if not isinstance(said, dict):
        try:
            said = json.loads((source / "book.json").read_text("utf-8-sig"))
        except (OSError, ValueError, RecursionError):
            said = {}
    said = said if isinstance(said, dict) else {}
    words = {key: value for key, value in said.items() if isinstance(value, str)}
    authors = said.get("authors", said.get("author", []))
    people = [authors] if isinstance(authors, str) else authors if isinstance(authors, list) else []
    opens = next((text.title for text in texts if re.fullmatch(r"(?:readme|index)\.\w+", text.path, re.I)), "")
    return About(
        title=words.get("title")
        or opens
        or (texts[0].title if len(texts) == 1 else "")
        or humanise(source.resolve().name),
        contributors=tuple(Contributor(each) for each in people if isinstance(each, str)),
        language=words.get("language", ""),
        description=words.get("description", ""),
    )
