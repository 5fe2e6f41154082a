"""What was measured: runs by case, and their medians."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from dataclasses import dataclass, field

from .measuring import Measured

COLD, NOTHING, WORD, PAGE, EPUB = "cold", "nothing changed", "one word changed", "one page added", "EPUB, cold"
PRESS = "pmpress"
PLAIN = "plain"


@dataclass(frozen=True)
class Case:
    """One thing that is measured: a tool, what it is made to do, over how many copies of the book, and with how many
    workers (0: as many as the tool thinks right)."""

    tool: str
    what: str
    size: int
    jobs: int = 0


@dataclass
class Results:
    """The runs of each case, the pages each case came to, and why a case failed. `names` says what tools are called."""

    runs: dict[Case, list[Measured]] = field(default_factory=dict)
    pages: dict[Case, int] = field(default_factory=dict)
    faults: dict[Case, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    def add(self, case: Case, measured: Measured) -> None:
        self.runs.setdefault(case, []).append(measured)

    def median(self, case: Case, what: str) -> float | None:
        """The median of a case, or None where it was not measured."""
        values = self.values(case, what)
        return statistics.median(values) if values else None

    def values(self, case: Case, what: str) -> list[float]:
        return [getattr(run, what) for run in self.runs.get(case, ())]

    def ratio(self, case: Case, other: Case, what: str) -> float | None:
        """How many times as much as another case it took."""
        mine, others = self.median(case, what), self.median(other, what)
        return mine / others if mine is not None and others else None

    def cases(self, size: int) -> Iterator[Case]:
        """The cases of one size, with the number of workers the tools chose, in the order they were run in."""
        return (case for case in self.runs if case.size == size and not case.jobs)

    def sizes(self) -> list[int]:
        return sorted({case.size for case in self.runs})

    def tools(self, what: str) -> list[str]:
        return list(dict.fromkeys(case.tool for case in self.runs if case.what == what))

    def name(self, tool: str) -> str:
        return self.names.get(tool, tool)
