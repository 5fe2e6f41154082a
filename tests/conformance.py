"""How near four readers of Markdown come to CommonMark: `make conformance SPEC=FILE BOOKS="DIR DIR …"`.

Python-Markdown as it comes, Python-Markdown with the extensions an author would choose, the project's dialect as
`pmpress build` runs it, and markdown-it-py are measured side by side, by

* the examples of a CommonMark specification, of which the file at SPEC is a copy;
* the chapters of real books: every Markdown file under the folders BOOKS. They are compared with what markdown-it-py
  makes of CommonMark with GitHub's tables, strikethrough and task lists, and with notes;
* the time from text to tree, without highlighting and sanitising;
* kinds of hostile input (see `hostile.py`), each of 20 kB.

Differences are listed, then the table. The last three lines are the results of the dialect.
"""

from __future__ import annotations

import argparse
import multiprocessing
import re
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import normal_form
from hostile import HOSTILE
from markdown import Markdown
from markdown_it import MarkdownIt
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.tasklists import tasklists_plugin

from pmpress import dialect
from pmpress.diagnostics import Span
from pmpress.dialect.extension import Dialect
from pmpress.dialect.reading import Reading
from pmpress.manuscript.reading import is_markdown, read_text

PATIENCE = 6.0  # seconds for one hostile input
ROUNDS = 3  # of the timing; the best one counts

EXAMPLE = re.compile(r"^`{32} example\n(.*?)^\.\n(.*?)^`{32}$", re.DOTALL | re.MULTILINE)
TUNED = {
    "extensions": [
        "footnotes",
        "attr_list",
        "def_list",
        "tables",
        "abbr",
        "md_in_html",
        "sane_lists",
        "admonition",
        "pymdownx.superfences",
        "pymdownx.highlight",
        "pymdownx.tilde",
        "pymdownx.tasklist",
        "pymdownx.betterem",
    ],
    "extension_configs": {
        "pymdownx.superfences": {"relaxed_headers": True},
        "pymdownx.highlight": {"use_pygments": False},
    },
}


# --- The readers -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reader:
    """One way to read Markdown: `convert` gives HTML, `normal` the normal form, `tree` only builds the tree."""

    name: str
    convert: Callable[[str], str]
    normal: Callable[[str], str]
    tree: Callable[[str], Any]


@cache
def markdown_it() -> MarkdownIt:
    md = MarkdownIt("commonmark", {"maxNesting": 100}).enable(["table", "strikethrough"])
    return md.use(footnote_plugin).use(tasklists_plugin)


@cache
def python_markdown(tuned: bool) -> Markdown:
    return Markdown(**TUNED) if tuned else Markdown()  # type: ignore[arg-type]


def tree_of(md: Markdown, text: str) -> Any:
    """What `Markdown.convert` does up to its tree; highlighting is off, and the dialect sanitises after it."""
    lines = text.split("\n")
    for step in md.preprocessors:
        lines = step.run(lines)
    root = md.parser.parseDocument(lines).getroot()
    for process in md.treeprocessors:
        root = process.run(root) or root
    return root


def _python_reader(name: str, tuned: bool) -> Reader:
    def convert(text: str) -> str:
        return python_markdown(tuned).reset().convert(text)

    return Reader(
        name,
        convert,
        lambda text: normal_form.of_html(convert(text)),
        lambda text: tree_of(python_markdown(tuned).reset(), text),
    )


def _dialect(text: str) -> str:
    return dialect.parse(text, "chapter.md").xhtml


READERS = {
    "plain": _python_reader("plain", tuned=False),
    "tuned": _python_reader("tuned", tuned=True),
    "dialect": Reader(
        "dialect",
        _dialect,
        lambda text: normal_form.of_fragment(_dialect(text)),
        # One parser a text, as in a build; the others keep theirs.
        lambda text: tree_of(Markdown(extensions=[Dialect(Reading("chapter.md"))]), text),
    ),
    "markdown-it": Reader(
        "markdown-it",
        lambda text: str(markdown_it().render(text)),
        lambda text: normal_form.of_html(markdown_it().render(text)),
        lambda text: markdown_it().parse(text),
    ),
}


# --- What is measured ------------------------------------------------------------------------------------------------


@dataclass
class Result:
    """What one reader has come to; by the numbers of examples, the chapters, and the kinds of hostile input."""

    wrong: list[int] = field(default_factory=list)
    differing: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0  # a megabyte
    worst: float = 0.0
    worst_kind: str = ""
    hanging: list[str] = field(default_factory=list)
    failing: list[str] = field(default_factory=list)


def examples(spec: Path) -> list[tuple[str, str]]:
    """The examples of a specification: Markdown and HTML."""
    written = spec.read_text(encoding="utf-8").replace("→", "\t")
    return [(text, html) for text, html in EXAMPLE.findall(written)]


def chapters(folders: list[Path]) -> dict[str, str]:
    """The text of each Markdown file under the folders, by its path."""
    found = sorted(path for folder in folders for path in folder.rglob("*") if path.is_file() and is_markdown(path))
    texts = {str(path): read_text(path.parent, path.name, Span(path.name), []) for path in dict.fromkeys(found)}
    return {path: text for path, text in texts.items() if text is not None}


def wrong_examples(reader: Reader, cases: list[tuple[str, str]]) -> list[int]:
    """The numbers of the examples that a reader reads otherwise."""
    return [
        number
        for number, (text, html) in enumerate(cases, start=1)
        if _differ(lambda html=html: normal_form.of_html(html), lambda text=text: reader.normal(text))
    ]


def differing_chapters(reader: Reader, texts: dict[str, str]) -> dict[str, str]:
    """The chapters that a reader reads otherwise than markdown-it-py, with their first difference."""
    reference = READERS["markdown-it"]
    found = {}
    for path, text in texts.items():
        parted = _differ(lambda text=text: reference.normal(text), lambda text=text: reader.normal(text))
        if parted:
            found[path] = parted
    return found


def _differ(expected: Callable[[], str], found: Callable[[], str]) -> str:
    """What differs, or what a reader failed with; empty if nothing does."""
    try:
        parted = normal_form.difference(expected(), found())
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as fault:
        return f"{type(fault).__name__}: {fault}"
    return f"expected {parted[0]!r}, found {parted[1]!r}" if parted else ""


def lost_text(texts: dict[str, str]) -> dict[str, str]:
    """The chapters whose visible text is not what the dialect shows of them, and where the two part."""
    found = {}
    for path, text in texts.items():
        seen = normal_form.visible_in_html(READERS["markdown-it"].convert(text))
        parted = normal_form.difference(seen, normal_form.visible_in_fragment(_dialect(text)))
        if parted:
            found[path] = f"expected {parted[0]!r}, found {parted[1]!r}"
    return found


def seconds_per_megabyte(texts: dict[str, str]) -> dict[str, float]:
    """The best of some rounds for each reader, the readers in turn so that all meet the same weather."""
    size = sum(len(text.encode()) for text in texts.values()) / 1e6
    best = dict.fromkeys(READERS, float("inf"))
    for _ in range(ROUNDS):
        for name, reader in READERS.items():
            begun = time.process_time()
            for text in texts.values():
                reader.tree(text)
            best[name] = min(best[name], time.process_time() - begun)
    return {name: spent / size if size else 0.0 for name, spent in best.items()}


# --- Hostile input ---------------------------------------------------------------------------------------------------


def _serve(name: str, pipe: Connection) -> None:
    """In a process of its own: read what comes, and say how long it took; -1 if the reader fails."""
    READERS[name].convert("Ready.")
    pipe.send(0.0)
    while True:
        text = pipe.recv()
        begun = time.process_time()
        try:
            READERS[name].convert(text)
        except Exception:
            pipe.send(-1.0)
        else:
            pipe.send(time.process_time() - begun)


def hostile_times(name: str) -> Iterator[tuple[str, float]]:
    """For each kind of hostile input how long a reader takes: infinity if too long, -1 if it fails."""
    context = multiprocessing.get_context("spawn")
    process = pipe = None
    for kind, text in HOSTILE.items():
        if process is None or pipe is None:
            pipe, other = context.Pipe()
            process = context.Process(target=_serve, args=(name, other), daemon=True)
            process.start()
            other.close()
            pipe.recv()
        pipe.send(text)
        try:
            spent = pipe.recv() if pipe.poll(PATIENCE) else float("inf")
        except EOFError:  # it has crashed
            spent = -1.0
        if spent == float("inf") or not process.is_alive():
            process.kill()
            process.join()
            process = None
        yield kind, spent
    if process is not None:
        process.kill()
        process.join()


def _measure_hostile(name: str, result: Result) -> None:
    for kind, spent in hostile_times(name):
        if spent < 0:
            result.failing.append(kind)
        elif spent == float("inf"):
            result.hanging.append(kind)
        if spent > result.worst:
            result.worst, result.worst_kind = spent, kind


# --- The report ------------------------------------------------------------------------------------------------------


def measure(cases: list[tuple[str, str]], texts: dict[str, str], hostile: bool = True) -> dict[str, Result]:
    """Everything but the visible text, for every reader."""
    results = {name: Result() for name in READERS}
    for name, reader in READERS.items():
        results[name].wrong = wrong_examples(reader, cases)
        results[name].differing = differing_chapters(reader, texts)
    for name, spent in seconds_per_megabyte(texts).items():
        results[name].seconds = spent
    if hostile:
        _measure_hostile("dialect", results["dialect"])
        with ThreadPoolExecutor(2) as pool:  # those that hang wait together
            list(pool.map(lambda name: _measure_hostile(name, results[name]), ("plain", "tuned", "markdown-it")))
    return results


def table(results: dict[str, Result], cases: int, texts: int) -> str:
    """The table, as Markdown."""
    rows = {
        f"CommonMark, {cases} examples, same structure and text": [str(cases - len(r.wrong)) for r in results.values()],
        f"{texts} chapters of real books, identical": [str(texts - len(r.differing)) for r in results.values()],
        "time, s per MB": [f"{r.seconds:.3f}" for r in results.values()],
        f"{len(HOSTILE)} kinds of 20 kB hostile input, worst, s": [_worst_and_why(r) for r in results.values()],
    }
    lines = ["| | " + " | ".join(results) + " |", "| --- |" + " --- |" * len(results)]
    return "\n".join([*lines, *(f"| {title} | {' | '.join(cells)} |" for title, cells in rows.items())])


def _worst(result: Result) -> str:
    return f"{result.worst:.2f}" if result.worst < PATIENCE and not result.failing else f"{PATIENCE:.0f}+"


def _worst_and_why(result: Result) -> str:
    counts = [(len(result.hanging), "hang"), (len(result.failing), "fail")]
    why = ", ".join(f"{count} {verb}" for count, verb in counts if count)
    return _worst(result) + (f" ({why})" if why else "")


def report(cases: list[tuple[str, str]], texts: dict[str, str], verbose: bool = False) -> Iterator[str]:
    """The lines of the report, as they come to be known."""
    results = measure(cases, texts)
    for name, result in results.items():
        if name == "dialect" or verbose:
            yield f"{name}: CommonMark examples read otherwise: {' '.join(map(str, result.wrong)) or 'none'}"
            yield f"{name}: slowest hostile input: {result.worst_kind!r}"
            yield from (f"{name}: fails on the hostile input {kind!r}" for kind in result.failing)
            yield from (f"{name}: {path} differs: {what}" for path, what in result.differing.items())
    lost = lost_text(texts)
    yield from (f"dialect: {path} shows other text: {what}" for path, what in lost.items())
    yield f"dialect: visible text in = visible text out: {len(texts) - len(lost)} of {len(texts)} chapters"
    yield f"dialect: {results['dialect'].seconds / (results['tuned'].seconds or 1):.2f} times the time of tuned\n"
    yield table(results, len(cases), len(texts)) + "\n"
    own = results["dialect"]
    yield f"commonmark {len(cases) - len(own.wrong)}/{len(cases)}"
    yield f"books {len(texts) - len(own.differing)}/{len(texts)}"
    yield f"hostile worst {_worst(own)} s"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--spec", type=Path, required=True, help="a CommonMark specification, spec.txt")
    parser.add_argument("--books", type=Path, nargs="+", required=True, help="folders with Markdown files")
    parser.add_argument("--verbose", action="store_true", help="list the differences of all readers")
    arguments = parser.parse_args()
    if missing := [path for path in (arguments.spec, *arguments.books) if not path.exists()]:
        parser.error(f"there is no {missing[0]}")
    for line in report(examples(arguments.spec), chapters(arguments.books), arguments.verbose):
        print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
