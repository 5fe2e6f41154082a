"""`python -m tests.bench --book FOLDER`: measure, and write the report."""

from __future__ import annotations

import argparse
import os
import shlex
import sys
import tempfile
from pathlib import Path

from .peers import peers
from .report import write
from .rounds import Bench

_PARTS = ("press", "plain", "xelatex", "typst", "vivliostyle", "epub", "jobs")


def main() -> int:
    """Run the benchmark."""
    given = _arguments()
    if not given.book.is_dir():
        print(f"'{given.book}' is no folder", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="pmpress-bench-") as scratch:
        bench = Bench(
            book=given.book,
            scratch=Path(scratch),
            times=given.times,
            sizes=given.sizes,
            jobs=given.jobs,
            settings=given.settings,
            draft=given.draft,
            chosen=frozenset(given.only),
            peers=peers(given.peers_python),
            patience=given.patience,
        )
        bench.prepare()
        try:
            for number in range(1, given.times + 1):
                bench.round(number)
        except KeyboardInterrupt:
            print("interrupted: the report is of what was measured so far", file=sys.stderr)
        write(bench, _command(given), given.out)
    print(given.out)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description="Measure the press beside its peers. Linux only.")
    parser.add_argument("--book", type=Path, required=True, help="the folder of the book")
    parser.add_argument("--set", dest="settings", action="append", default=[], metavar="KEY=VALUE", help="as pmpress's")
    parser.add_argument("--draft", action="store_true", help="as pmpress's")
    parser.add_argument("--times", type=_positive, default=5, help="runs of each case (5)")
    parser.add_argument("--sizes", type=_numbers, default=[1, 2, 4], help="how often the book is bound (1,2,4)")
    parser.add_argument("--jobs", type=_numbers, default=[1, 2, 4], help="numbers of workers (1,2,4)")
    parser.add_argument("--only", type=_parts, default=_PARTS, help=f"what to measure, of {','.join(_PARTS)}")
    parser.add_argument("--patience", type=float, default=3600.0, help="seconds after which a run is ended (3600)")
    parser.add_argument("--out", type=Path, default=Path("docs/performance.md"), help="the report")
    parser.add_argument(
        "--peers-python",
        default=os.environ.get("PEERS_PYTHON") or sys.executable,
        help="the Python that has the packages typst and pypandoc_binary (PEERS_PYTHON, else this one)",
    )
    return parser.parse_args()


def _positive(text: str) -> int:
    if int(text) < 1:
        raise ValueError
    return int(text)


def _numbers(text: str) -> list[int]:
    return sorted({_positive(each) for each in text.split(",")})


def _parts(text: str) -> tuple[str, ...]:
    parts = tuple(text.split(","))
    if not set(parts) <= set(_PARTS):
        raise ValueError
    return parts


def _command(given: argparse.Namespace) -> str:
    """The command that was given, with the book's name in place of its path."""
    options = [word for setting in given.settings for word in ("--set", setting)]
    options += ["--draft"] if given.draft else []
    options += ["--times", str(given.times), "--sizes", ",".join(map(str, given.sizes))]
    options += ["--jobs", ",".join(map(str, given.jobs))]
    options += ["--only", ",".join(given.only)] if given.only != _PARTS else []
    return f'make bench BOOK={shlex.quote(given.book.resolve().name)} BENCH="{shlex.join(options)}"'


if __name__ == "__main__":
    sys.exit(main())
