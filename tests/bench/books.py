"""The books that are measured: the author's own, bound several times over, and with small changes."""

from __future__ import annotations

import json
import posixpath
import re
import shutil
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MARKDOWN = frozenset({".md", ".markdown", ".mdown", ".mkd", ".mkdn"})
PAGE_LETTERS = 2050  # some 350 words

_LEFT_OUT = (".*", "build", "node_modules", "_book")
_ONCE = ("book.toml", "layouts", "SUMMARY.md")

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_MARKUP = re.compile(r"[`\[\]<>|{}\\*$]|Insert ")
_WORDS = (re.compile(r"(?<=[^\W\d_] )[a-z]{4,}(?= [^\W\d_])"), re.compile(r"[^\W\d_]{2,}"))
_ID = re.compile(r"\{[^}\n]*?#([\w:.-]+)")
_SUMMARY_LINK = re.compile(r"(\[[^\]]*\]\()([^)\s]+)(?=\))")


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of prose, and where in its text it stands."""

    begin: int
    text: str

    @property
    def end(self) -> int:
        return self.begin + len(self.text)


def prose(text: str) -> Iterator[Paragraph]:
    """The paragraphs that are prose without markup, long enough to be no heading and no term: never one in code."""
    begin, lines, fence, at = 0, [], "", 0
    for line in [*text.splitlines(keepends=True), "\n"]:
        bar = _FENCE.match(line)
        if fence:
            fence = "" if bar and bar[1].startswith(fence) else fence
        elif bar:
            fence, lines = bar[1], []
        elif line.strip():
            begin = begin if lines else at
            lines.append(line)
        else:
            paragraph = "".join(lines).rstrip("\n")
            if len(paragraph) >= 40 and all(each[0].isalpha() for each in lines) and not _MARKUP.search(paragraph):
                yield Paragraph(begin, paragraph)
            lines = []
        at += len(line)


def change_word(chapter: Path) -> None:
    """Write one word of prose, as near the middle of the chapter as there is one, backwards."""
    text = _read(chapter)
    for pattern in _WORDS:
        words = [
            (paragraph.begin + match.start(), match[0])
            for paragraph in prose(text)
            for match in pattern.finditer(paragraph.text)
            if match[0] != match[0][::-1]
        ]
        if words:
            place, word = min(words, key=lambda found: abs(found[0] - len(text) // 2))
            _write(chapter, text[:place] + word[::-1] + text[place + len(word) :])
            return
    raise ValueError(f"{chapter.name} has no word of prose to change")


def add_page(chapter: Path) -> None:
    """Put a page of prose after the chapter's first paragraph: its own paragraphs again, the last ones first."""
    text = _read(chapter)
    own = list(prose(text))
    if not own:
        raise ValueError(f"{chapter.name} has no prose to fill a page with")
    page, more = [], own[::-1]
    while sum(map(len, page)) < PAGE_LETTERS:
        page.append(more[len(page) % len(more)].text)
    end = own[0].end
    _write(chapter, text[:end] + "".join(f"\n\n{each}" for each in page) + text[end:])


def largest(chapters: Iterable[Path]) -> Path:
    """The chapter with the most bytes."""
    return max(chapters, key=lambda chapter: chapter.stat().st_size)


def bind(book: Path, copies: int, target: Path) -> None:
    """Bind a book several times into one: the folders copy-1, copy-2, … of `target` hold all of it, pictures included.

    Each chapter of a further copy says which copy it is, so that no cache takes one for another, and its author's own
    ids are others. An order that `book.toml` or `SUMMARY.md` gives is repeated.
    """
    if copies == 1:
        shutil.copytree(book, target, ignore=shutil.ignore_patterns(*_LEFT_OUT))
        _let_write(target)
        return
    shutil.copytree(book, target, ignore=shutil.ignore_patterns(*_LEFT_OUT, *(f"*{kind}" for kind in MARKDOWN)))
    _let_write(target)
    for copy in range(1, copies + 1):
        folder = target / _folder(copy)
        shutil.copytree(book, folder, ignore=shutil.ignore_patterns(*_LEFT_OUT, *_ONCE))
        _let_write(folder)
        if copy > 1:
            _tell_apart([path for path in sorted(folder.rglob("*")) if path.suffix.lower() in MARKDOWN], copy)
    _bind_order(book, copies, target)


def _folder(copy: int) -> str:
    # Begins with a letter: pandoc makes ids of the path from its first letter on.
    return f"copy-{copy}"


def _let_write(folder: Path) -> None:
    for path in [folder, *folder.rglob("*")]:
        path.chmod(path.stat().st_mode | (0o700 if path.is_dir() else 0o600))


def _tell_apart(chapters: Iterable[Path], copy: int) -> None:
    texts = {chapter: _read(chapter) for chapter in chapters}
    ids = {re.escape(found) for text in texts.values() for found in _ID.findall(text)}
    named = re.compile(rf"#({'|'.join(sorted(ids))})(?![\w:.-])") if ids else None
    for chapter, text in texts.items():
        if named:
            _write(chapter, named.sub(rf"#\1-{copy}", text))
        _mark(chapter, f"This is copy {copy} of it.")


def _mark(chapter: Path, said: str) -> None:
    text = _read(chapter)
    first = next(prose(text), None)
    _write(chapter, f"{text[: first.end]} {said}{text[first.end :]}" if first else f"{text.rstrip()}\n\n{said}\n")


def _bind_order(book: Path, copies: int, target: Path) -> None:
    toml = book / "book.toml"
    settings = toml.read_text("utf-8") if toml.is_file() else ""
    contents = tomllib.loads(settings).get("contents")
    if contents:
        (target / "book.toml").write_text(f"{_without_contents(settings)}\n{_contents(contents, copies)}", "utf-8")
        return
    index = next((name for name in ("SUMMARY.md", "src/SUMMARY.md") if (book / name).is_file()), None)
    if index:
        folder, text = posixpath.dirname(index), (book / index).read_text("utf-8")
        bound = [
            _SUMMARY_LINK.sub(_into(f"{_folder(copy)}/{folder}".rstrip("/")), text) for copy in range(1, copies + 1)
        ]
        (target / "SUMMARY.md").write_text("\n\n".join(bound), "utf-8")


def _into(folder: str) -> Any:
    return lambda link: f"{link[1]}{folder}/{link[2].removeprefix('./')}"


def _without_contents(settings: str) -> str:
    kept, inside = [], False
    for line in settings.splitlines():
        if line.startswith("["):
            inside = line.strip().startswith("[contents]")
        kept += [] if inside else [line]
    return "\n".join(kept)


def _contents(contents: dict[str, Any], copies: int) -> str:
    lines = ["[contents]"]
    for matter, listed in contents.items():
        items = [_item(item, copy) for copy in range(1, copies + 1) for item in listed]
        lines.append(f"{matter} = [\n  " + ",\n  ".join(items) + ",\n]" if items else f"{matter} = []")
    return "\n".join(lines) + "\n"


def _item(item: Any, copy: int) -> str:
    if isinstance(item, dict) and "file" in item:
        kind = f", kind = {json.dumps(item['kind'])}" if "kind" in item else ""
        return f"{{ file = {_item(item['file'], copy)}{kind} }}"
    if isinstance(item, str):
        return json.dumps(f"{_folder(copy)}/{item}", ensure_ascii=False)
    chapters = ", ".join(_item(chapter, copy) for chapter in item["chapters"])
    return f"{{ part = {json.dumps(item['part'], ensure_ascii=False)}, chapters = [{chapters}] }}"


def _read(chapter: Path) -> str:
    return chapter.read_text("utf-8-sig", errors="surrogateescape")


def _write(chapter: Path, text: str) -> None:
    chapter.write_text(text, "utf-8", errors="surrogateescape")
