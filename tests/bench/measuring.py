"""One command run and measured, in a process of its own: `measure` starts this file as a script, which becomes the
reaper of all that the command leaves behind, so that no worker's time is lost. Linux only."""

from __future__ import annotations

import ctypes
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

_EVERY = 0.02  # seconds between two looks at the processes
_PSS_SHARE = 20  # looking at shared memory takes long: at most one part in so many of the time
_LIVED = 5  # looks that a process must have been seen in to be a worker, and no question asked in passing
_LINGER = 10.0  # seconds that what the command left behind has to end by itself
_SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER


@dataclass(frozen=True)
class Measured:
    """What one run took: seconds, and memory in MB of 1,000,000 bytes.

    `cpu` is that of the whole tree. `largest` is the peak of the largest process, `main` of the one that was started,
    `worker` of the largest of its descendants that did more than ask something (0 if it had none), `tree` of all
    together, shared pages counted once (once a process where the kernel does not say).
    """

    wall: float
    cpu: float
    largest: float
    main: float
    worker: float
    tree: float
    code: int
    said: str = ""


def measure(command: Sequence[str], folder: Path, log: Path, patience: float = 3600.0) -> Measured:
    """Run a command in a folder and measure it; what it prints goes into `log`, and its temporary files beside that."""
    runner = [sys.executable, "-E", str(Path(__file__).resolve()), str(log), str(patience), *command]
    # Python keeps what it compiles, as it does unless told otherwise: all would compile themselves anew each time.
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    surroundings = {**kept, "TMPDIR": str(log.parent)}
    done = subprocess.run(runner, cwd=folder, stdout=subprocess.PIPE, text=True, check=True, env=surroundings)
    said = log.read_text("utf-8", errors="replace").strip()
    return Measured(**json.loads(done.stdout), said=said[-2000:])


def _descendants(pid: int) -> Iterator[int]:
    try:
        threads = os.listdir(f"/proc/{pid}/task")
    except OSError:
        return
    for thread in threads:
        try:
            children = Path(f"/proc/{pid}/task/{thread}/children").read_text().split()
        except OSError:
            continue
        for child in map(int, children):
            yield child
            yield from _descendants(child)


def _kilobytes(path: str, *names: str) -> list[int]:
    """The values of these lines of a file in /proc, in bytes; 0 for what is not there."""
    try:
        text = Path(path).read_text()
    except OSError:
        return [0] * len(names)
    values = dict(line.split(":", 1) for line in text.splitlines() if ":" in line)
    return [int(values.get(name, "0").split()[0]) * 1024 for name in names]


class _Watch(threading.Thread):
    """Looks at the processes below this one until it is told to stop."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peaks: dict[int, int] = {}
        self.seen: Counter[int] = Counter()
        self.rss = self.pss = 0
        self._ended = threading.Event()
        self._next_pss = 0.0

    def run(self) -> None:
        while not self._ended.wait(_EVERY):
            self.look()

    def stop(self) -> None:
        self._ended.set()
        self.join()

    def look(self) -> None:
        together, pids = 0, list(_descendants(os.getpid()))
        for pid in pids:
            peak, now = _kilobytes(f"/proc/{pid}/status", "VmHWM", "VmRSS")
            self.seen[pid] += 1
            self.peaks[pid] = max(peak, self.peaks.get(pid, 0))
            together += now
        self.rss = max(self.rss, together)
        begin = time.perf_counter()
        if begin >= self._next_pss:
            self.pss = max(self.pss, sum(_kilobytes(f"/proc/{pid}/smaps_rollup", "Pss")[0] for pid in pids))
            end = time.perf_counter()
            self._next_pss = end + _PSS_SHARE * (end - begin)


def _run(command: Sequence[str], log: str, patience: float) -> dict[str, float]:
    ctypes.CDLL(None, use_errno=True).prctl(_SUBREAPER, 1, 0, 0, 0)
    watch = _Watch()
    watch.start()
    cpu = 0.0
    with open(log, "wb") as out:
        begin = time.perf_counter()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT)
    limit = threading.Timer(patience, lambda: _end(process.pid))
    limit.daemon = True
    limit.start()
    try:
        while process.returncode is None:
            pid, status, usage = os.wait4(-1, 0)
            cpu += usage.ru_utime + usage.ru_stime
            if pid == process.pid:
                wall = time.perf_counter() - begin
                process.returncode = os.waitstatus_to_exitcode(status)
        cpu += _reap_the_rest()
    finally:
        limit.cancel()
        _end(os.getpid())
        watch.stop()
    main = watch.peaks.pop(process.pid, 0)
    worker = max((peak for pid, peak in watch.peaks.items() if watch.seen[pid] >= _LIVED), default=0)
    tree = watch.pss or watch.rss
    memory = {"largest": max([main, *watch.peaks.values()]), "main": main, "worker": worker, "tree": tree}
    return {"wall": wall, "cpu": cpu, "code": process.returncode} | {k: v / 1e6 for k, v in memory.items()}


def _reap_the_rest() -> float:
    """Wait for what the command left behind, and end it if it does not end by itself. Returns its CPU seconds."""
    cpu, last = 0.0, time.monotonic() + _LINGER
    while True:
        try:
            pid, _, usage = os.wait4(-1, os.WNOHANG)
        except ChildProcessError:
            return cpu
        if pid:
            cpu += usage.ru_utime + usage.ru_stime
        elif time.monotonic() > last:
            _end(os.getpid())
            last += _LINGER
        else:
            time.sleep(0.005)


def _end(pid: int) -> None:
    """End the descendants of a process that is ours, and the process unless it is this one."""
    for each in [*_descendants(pid), *([pid] if pid != os.getpid() else [])]:
        try:
            os.kill(each, signal.SIGKILL)
        except ProcessLookupError:
            continue


if __name__ == "__main__":
    print(json.dumps(_run(sys.argv[3:], sys.argv[1], float(sys.argv[2]))))
