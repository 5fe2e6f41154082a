"""The report: what was measured, on what, by which command, put between two marks of a Markdown file."""

from __future__ import annotations

import os
import platform
import textwrap
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from . import table
from .bars import Path as CriticalPath
from .bars import bars, critical_path
from .plot import plot
from .results import Results
from .rounds import Bench

BEGIN, END = "<!-- bench:begin -->", "<!-- bench:end -->"


_HOW = """“Nothing changed”, “one word changed” (in the middle of the largest chapter) and “one page added” (after the
first paragraph of the first chapter) follow one another in the folder of the cold run. The peers keep nothing: whatever
changed, they take their cold time again. CPU is user and system time of all processes; memory is in MB of 1,000,000
bytes: *largest* is the peak of the largest process, *main* of the one that was started, *worker* of the largest below
it, *tree* of all together with shared pages counted once. “× plain” compares with plain WeasyPrint's cold run, an EPUB
with pandoc's."""
_PAGE = """Page, type and fonts of the pandoc peers are set to the press's own as far as their options go: trim
5.5 × 8.5 in, margins 62 pt, 71.5 pt, 0.8 in, 0.7 in, the layout's serif and monospaced fonts, chapters on a right-hand
page."""


def write(bench: Bench, command: str, out: Path) -> None:
    """Put the report into a file between the marks, at its end if it has none, and the plot beside it."""
    results, facts = bench.results, {size: prepared.facts for size, prepared in bench.prepared.items()}
    largest = {size: fact["largest"]["seconds"] for size, fact in facts.items() if "largest" in fact}
    cores = len(os.sched_getaffinity(0))
    paths = {
        size: path
        for size, seconds in largest.items()
        if (path := critical_path(results, size, seconds, cores)) is not None
    }
    drawing = out.with_suffix(".svg")
    drawing.write_text(plot(results, paths), "utf-8")
    found = table.of_bars(bars(results, largest, {size: fact.get("sheets", 0) for size, fact in facts.items()}))
    parts = [
        _about(bench, command, cores),
        f"![How time and memory grow over the book and the workers]({drawing.name})",
        f"### Bars\n\n{found}",
        *(f"### {size}×\n\n{table.of_size(results, size)}" for size in results.sizes()),
        f"### Growth\n\n{table.growth(results)}" if len(results.sizes()) > 1 else "",
        _of_workers(bench, results, paths),
        _not_measured(bench),
    ]
    put(out, "\n\n".join(part for part in parts if part))


def put(out: Path, text: str) -> None:
    """Replace what stands between the marks of a file."""
    page = out.read_text("utf-8") if out.is_file() else ""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        before, after = f"{page.rstrip()}\n\n".lstrip(), "\n"
    out.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", "utf-8")


def _about(bench: Bench, command: str, cores: int) -> str:
    first = next(iter(bench.prepared.values())).facts
    versions = first["versions"]
    largest = "; ".join(
        f"{size}×: `{each.facts['largest']['name']}`, {table.number(each.facts['largest']['seconds'])} s"
        for size, each in bench.prepared.items()
        if "largest" in each.facts
    )
    peers = [f"**{peer.name}**: {peer.about}" for word, peer in bench.peers.items() if _ran(bench, word)]
    rounds = max((len(runs) for runs in bench.results.runs.values()), default=0)
    lines = [
        f"Book: `{bench.book.resolve().name}`, {first['words']} words in {len(first['chapters'])} files, "
        f"{first.get('sheets', '?')} sheets. Largest sheet's own layout, warm: {largest or 'not measured'}.",
        f"Machine: {_processor()}, {cores} cores, Linux. Python {platform.python_version()}, "
        f"pmpress {versions['pmpress']}, WeasyPrint {versions['weasyprint']}.",
        f"{f'Medians of {rounds} runs' if rounds > 1 else 'One run of each'}, the tools in turn, each run in a fresh "
        f"process and a fresh folder. {_HOW}",
    ]
    lines += [_PAGE] if _ran(bench, "xelatex") or _ran(bench, "typst") else []
    begun = f"{datetime.now(UTC):%Y-%m-%d} (UTC), by `{command}`."
    return "\n\n".join([begun, *map(_filled, lines), "\n".join(f"* {peer}" for peer in peers)])


def _filled(text: str) -> str:
    return textwrap.fill(text, 120, break_long_words=False, break_on_hyphens=False)


def _of_workers(bench: Bench, results: Results, paths: Mapping[int, CriticalPath]) -> str:
    if not any(case.jobs for case in results.runs):
        return ""
    said = _filled(
        "The fit is serial + shared / workers; workers beyond the cores share these. The critical path, serial + the "
        "largest sheet's own layout, is what no number of workers gets under."
    )
    parts = ["### Workers", table.workers(results, paths), *([said, table.critical(paths)] if paths else [])]
    return "\n\n".join(parts)


def _not_measured(bench: Bench) -> str:
    lines = [
        f"* {bench.results.name(case.tool)}, {case.what}, {case.size}×: {_neutral(fault, bench)}"
        for case, fault in bench.results.faults.items()
    ]
    lines += [
        f"* {word}: {peer.missing} is not installed"
        for word, peer in bench.peers.items()
        if peer.missing and word in bench.chosen
    ]
    if "jobs" in bench.chosen and not bench.can_count:
        lines.append("* workers: `pmpress pdf` has no option `--jobs`")
    faults = dict.fromkeys(fault for each in bench.prepared.values() for fault in each.facts["faults"])
    lines += [f"* {_neutral(fault, bench)}" for fault in faults]
    return "### Not measured\n\n" + "\n".join(lines) if lines else ""


def _neutral(text: str, bench: Bench) -> str:
    """A message without this machine's paths."""
    for folder in (bench.scratch, bench.book.resolve().parent, Path(__file__).resolve().parents[2], Path.home()):
        text = text.replace(str(folder), "…")
    return text.replace("\n", " ")


def _ran(bench: Bench, tool: str) -> bool:
    return any(case.tool == tool for case in bench.results.runs)


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
