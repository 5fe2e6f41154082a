"""The runs: in a round each tool makes each book once, one tool after the other, every run in a folder of its own."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pikepdf

from .books import add_page, bind, change_word, largest
from .measuring import measure
from .peers import Peer, Prepared, read_facts
from .results import COLD, EPUB, NOTHING, PAGE, PRESS, WORD, Case, Results

_PRESS = (sys.executable, "-m", "pmpress")
_PREPARE = Path(__file__).resolve().parent / "prepare.py"


@dataclass
class Bench:
    """A book to be measured in a scratch folder, with the options of the press."""

    book: Path
    scratch: Path
    times: int
    sizes: Sequence[int]
    jobs: Sequence[int]
    settings: Sequence[str]
    draft: bool
    chosen: frozenset[str]
    peers: Mapping[str, Peer]
    patience: float = 3600.0
    results: Results = field(default_factory=Results)
    prepared: dict[int, Prepared] = field(default_factory=dict)

    def prepare(self) -> None:
        """Bind the book as often as asked for, and make what the peers need. Not timed."""
        for size in self.sizes:
            _say(f"preparing {size}×")
            book, folder = self.scratch / "books" / f"{size}" / self.book.resolve().name, self.scratch / f"peers-{size}"
            book.parent.mkdir(parents=True)
            folder.mkdir()
            bind(self.book, size, book)
            command = [sys.executable, str(_PREPARE), str(book), str(folder), str(self.times), *self.settings]
            subprocess.run(command, check=True)
            self.prepared[size] = Prepared(book, folder, read_facts(folder))
            for fault in self.prepared[size].facts["faults"]:
                _say(f"not prepared: {fault}")

    def round(self, number: int) -> None:
        """Each case once, but for those that failed before."""
        for size in self.sizes:
            _say(f"round {number} of {self.times}, {size}×")
            prepared = self.prepared[size]
            if "press" in self.chosen:
                self._press(prepared, size)
            for word, peer in self.peers.items():
                if word in self.chosen and not peer.missing:
                    self._peer(word, peer, prepared, size)
            if "press" in self.chosen:
                self._run(Case(PRESS, EPUB, size), prepared.book, ".epub", self._command("epub", prepared.book))
            if "jobs" in self.chosen and size in (min(self.sizes), max(self.sizes)) and self.can_count:
                for jobs in self.jobs:
                    case = Case(PRESS, COLD, size, jobs)
                    self._run(case, prepared.book, ".pdf", self._command("pdf", prepared.book, jobs))

    @cached_property
    def can_count(self) -> bool:
        """Whether the press can be told how many workers to have."""
        told = subprocess.run([*_PRESS, "pdf", "--help"], stdout=subprocess.PIPE, text=True, check=False)
        return "--jobs" in told.stdout

    def _press(self, prepared: Prepared, size: int) -> None:
        """A cold run, and three more as an author works: nothing changed, then a word, then a page as well."""
        with tempfile.TemporaryDirectory(dir=self.scratch) as kept:
            book, out = Path(kept) / "book" / prepared.book.name, Path(kept) / "out"
            shutil.copytree(prepared.book, book)
            chapters = [book / chapter for chapter in prepared.facts["chapters"]]
            command = self._command("pdf", book)
            for what in (COLD, NOTHING, WORD, PAGE):
                try:
                    if what == WORD:
                        change_word(largest(chapters))
                    if what == PAGE:
                        add_page(book / prepared.facts["first"])
                except ValueError as fault:
                    self.results.faults[Case(PRESS, what, size)] = str(fault)
                    continue
                if not self._run(Case(PRESS, what, size), book, ".pdf", command, out):
                    break

    def _command(self, kind: str, book: Path, jobs: int = 0) -> list[str]:
        command = [*_PRESS, kind, str(book), "--quiet", *(["--jobs", str(jobs)] if jobs else [])]
        for setting in self.settings:
            command += ["--set", setting]
        return [*command, *(["--draft"] if self.draft else []), "--output"]

    def _peer(self, word: str, peer: Peer, prepared: Prepared, size: int) -> None:
        case = Case(word, EPUB if peer.suffix == ".epub" else COLD, size)
        self.results.names[word] = peer.name
        with tempfile.TemporaryDirectory(dir=self.scratch) as folder:
            out = Path(folder)
            try:
                command = peer.command(prepared, out / f"book{peer.suffix}")
            except (KeyError, OSError) as fault:
                self.results.faults[case] = f"not prepared: {fault!r}"
                return
            self._measure(case, command, prepared.book, out, peer.suffix)

    def _run(self, case: Case, book: Path, suffix: str, command: list[str], out: Path | None = None) -> bool:
        """Run the press: in a fresh folder, unless it is to find what it left there before."""
        with tempfile.TemporaryDirectory(dir=self.scratch) as folder:
            out = out or Path(folder) / "out"
            out.mkdir(exist_ok=True)
            return self._measure(case, [*command, str(out)], book, Path(folder), suffix, out)

    def _measure(
        self, case: Case, command: list[str], book: Path, folder: Path, suffix: str, out: Path | None = None
    ) -> bool:
        if case in self.results.faults:
            return False
        measured = measure(command, book if book.is_dir() else book.parent, folder / "log", self.patience)
        made = next((out or folder).glob(f"*{suffix}"), None)
        if measured.code or made is None:
            self.results.faults[case] = _last_line(measured.said) or f"exit code {measured.code}"
            _say(f"  {case.tool}, {case.what}: failed: {self.results.faults[case]}")
            return False
        if suffix == ".pdf" and case not in self.results.pages:
            with pikepdf.open(made) as pdf:
                self.results.pages[case] = len(pdf.pages)
        self.results.add(case, measured)
        workers = f", {case.jobs} workers" if case.jobs else ""
        _say(f"  {case.tool}, {case.what}{workers}: {measured.wall:.2f} s, {measured.largest:.0f} MB")
        return True


def _last_line(said: str) -> str:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    errors = [line for line in lines if "error" in line.lower()]
    return (errors or lines or [""])[-1][:200]


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
