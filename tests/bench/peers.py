"""The peers: one function each gives the command that makes the whole book, or says what is missing.

The page is that of the press's own layout, as far as a peer's options go: the trim of 5.5 × 8.5 in, its margins, 11 pt
type with 14.5 pt from line to line, and its fonts.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

_HERE = Path(__file__).resolve().parent
# LaTeX's bp is the pt of CSS.
_GEOMETRY = "paperwidth=5.5in,paperheight=8.5in,top=62bp,bottom=71.5bp,inner=0.8in,outer=0.7in"
_TYPST = "import sys, typst; typst.compile(sys.argv[1], output=sys.argv[2], root='/', font_paths=sys.argv[3:])"
# Raw TeX in prose is seldom meant as such. Notes and ids are each chapter's own.
_READING = ("--from=markdown+rebase_relative_paths-raw_tex-raw_attribute", "--file-scope")


@dataclass(frozen=True)
class Prepared:
    """A book ready for the peers: its folder, the folder that `prepare` filled, and what it found."""

    book: Path
    folder: Path
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def chapters(self) -> list[str]:
        return [f"./{chapter}" for chapter in self.facts["chapters"]]


@dataclass(frozen=True)
class Peer:
    """A program that makes a book. `command` makes the file at a path; `missing` says why it cannot be run."""

    name: str
    about: str
    suffix: str
    command: Callable[[Prepared, Path], list[str]]
    missing: str = ""


def peers(python: str) -> dict[str, Peer]:
    """Every peer, by the word that chooses it. `python` is where the packages `typst` and `pypandoc` may be."""
    pandoc = newest_pandoc(python)
    return {
        "plain": plain(),
        "xelatex": xelatex(pandoc),
        "typst": typst(pandoc, python),
        "vivliostyle": vivliostyle(),
        "epub": pandoc_epub(pandoc),
    }


def plain() -> Peer:
    """WeasyPrint on the press's own HTML, CSS and fonts, as one document."""
    return Peer(
        "plain WeasyPrint",
        "the same HTML, CSS and fonts as one document, `pdf/ua-1`",
        ".pdf",
        lambda book, file: [sys.executable, str(_HERE / "plain.py"), str(book.folder), str(file)],
    )


def xelatex(pandoc: str) -> Peer:
    """pandoc with xelatex."""

    def command(book: Prepared, file: Path) -> list[str]:
        fonts = book.facts["fonts"]
        return [
            *("env", f"FONTCONFIG_FILE={book.folder / 'fonts.conf'}"),
            *(pandoc, *_READING, *_metadata(book), f"--lua-filter={_HERE / 'peers.lua'}"),
            *("--pdf-engine=xelatex", "--toc", "--top-level-division=chapter"),
            *("-V", "documentclass=book", "-V", f"geometry:{_GEOMETRY}"),
            *("-V", "fontsize=11pt", "-V", "linestretch=1.07"),
            *("-V", f"mainfont={fonts['serif']}"),
            *("-V", f"monofont={fonts['mono']}", "-V", "monofontoptions=Scale=0.75"),
            *("--output", str(file), *book.chapters),
        ]

    missing = "" if shutil.which("xelatex") else "xelatex"
    about = "class book, two-sided, with contents; type 10.95 pt, lines 14.5 pt; SVG and GIF pictures left out"
    engine = re.search(r"-([\d.]+) ", _first_line("xelatex", "--version"))
    name = f"pandoc {_version(pandoc)}, XeTeX {engine[1] if engine else ''}".strip()
    return Peer(name, about, ".pdf", command, missing or _no(pandoc))


def typst(pandoc: str, python: str) -> Peer:
    """pandoc to typst, compiled by the Python package."""

    def command(book: Prepared, file: Path) -> list[str]:
        source = file.with_suffix(".typ")
        write = [
            *(pandoc, *_READING, *_metadata(book), f"--lua-filter={_HERE / 'peers.lua'}"),
            *("--standalone", "--to=typst", "--toc", "-V", f"include-before={(_HERE / 'page.typ').read_text('utf-8')}"),
            *("-V", "fontsize=11pt", "-V", f"mainfont={book.facts['fonts']['serif']}"),
            *("-V", f"codefont={book.facts['fonts']['mono']}", "--output", str(source), *book.chapters),
        ]
        # Pictures are named from the book's folder, and the document stands elsewhere: it is moved there for typst.
        beside = book.book / f".{source.name}"
        compile_it = [python, "-c", _TYPST, str(beside), str(file), *book.facts["font_folders"]]
        move, remove = f"mv {_quoted([str(source), str(beside)])}", f"rm -f {_quoted([str(beside)])}"
        return ["sh", "-c", f"{_quoted(write)} && {move} && {_quoted(compile_it)}; code=$?; {remove}; exit $code"]

    found = _output(python, "-c", "from importlib.metadata import version; print(version('typst'))").strip()
    about = "with contents, tagged; type 11 pt, typst's own leading; one measured shell command"
    missing = "" if found else "the Python package typst"
    return Peer(f"pandoc {_version(pandoc)} → typst {found}", about, ".pdf", command, missing or _no(pandoc))


def vivliostyle() -> Peer:
    """Vivliostyle on the press's own HTML and CSS."""

    def command(book: Prepared, file: Path) -> list[str]:
        css, html = str(book.folder / "print.css"), str(book.folder / "book.html")
        return ["vivliostyle", "build", html, "--single-doc", "--style", css, "--output", str(file)]

    found = _first_line("vivliostyle", "--version").removeprefix("cli: ")
    name = f"Vivliostyle {found}".strip()
    return Peer(name, "the same HTML and CSS", ".pdf", command, "" if found else "vivliostyle")


def pandoc_epub(pandoc: str) -> Peer:
    """pandoc's EPUB."""

    def command(book: Prepared, file: Path) -> list[str]:
        kept = f"--lua-filter={_HERE / 'peers.lua'}"
        return [pandoc, *_READING, *_metadata(book), kept, "--to=epub3", "--output", str(file), *book.chapters]

    return Peer(f"pandoc {_version(pandoc)}, EPUB", "EPUB 3, a file a chapter", ".epub", command, _no(pandoc))


def _metadata(book: Prepared) -> Sequence[str]:
    return ("--metadata", f"title={book.facts['title']}", "--metadata", f"lang={book.facts['language']}")


@cache
def newest_pandoc(python: str) -> str:
    """The newest pandoc: on the path, or the one that the package `pypandoc_binary` brings; empty if there is none."""
    brought = _output(python, "-c", "import pypandoc; print(pypandoc.get_pandoc_path())").strip()
    found = [each for each in (shutil.which("pandoc"), brought) if each]
    return max(found, key=lambda each: [int(number) for number in re.findall(r"\d+", _version(each))], default="")


def _version(pandoc: str) -> str:
    return _first_line(pandoc, "--version").removeprefix("pandoc ") if pandoc else ""


def _no(pandoc: str) -> str:
    return "" if pandoc else "pandoc"


def _first_line(*command: str) -> str:
    return _output(*command).partition("\n")[0].strip()


@cache
def _output(*command: str) -> str:
    if not shutil.which(command[0]):
        return ""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False)
    return done.stdout if done.returncode == 0 else ""


def _quoted(command: Sequence[str]) -> str:
    import shlex

    return shlex.join(command)


def read_facts(folder: Path) -> dict[str, Any]:
    """What `prepare` found."""
    facts: dict[str, Any] = json.loads((folder / "facts.json").read_text("utf-8"))
    return facts
