"""Finished files reach the disk whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from pmpress.diagnostics import MachineError, UsageError, error

SUFFIXES = (".pdf", ".epub")


def destination(output: Path | None, slug: str, suffix: str) -> Path:
    """Where a file of that suffix goes: `output` itself if it has one, else the folder `output`, else `build`.

    Raises UsageError (`output-suffix`) if `output` is a file name of another kind.
    """
    if output is None or output.suffix.lower() not in SUFFIXES or os.path.isdir(output):
        return (output or Path("build")) / f"{slug}{suffix}"
    if output.suffix.lower() != suffix:
        raise UsageError(error("output-suffix", f"'{output}' is no name for a {suffix} file", hint="Name a folder."))
    return output


def write_all(files: Iterable[tuple[Path, bytes]]) -> None:
    """Write all files beside their places, then rename all: what was there stays whole until every new one is.

    Raises MachineError (`output-unwritable`) if a folder cannot be written to or the disk is full.
    """
    written: list[tuple[str, Path]] = []
    try:
        for path, data in files:
            if os.path.isdir(path):
                raise _unwritable(path, "there is a folder of that name")
            written.append((_write_beside(path, data), path))
        while written:
            temporary, path = written[0]
            try:
                os.replace(temporary, path)
            except OSError as fault:
                raise _unwritable(path, fault.strerror or str(fault)) from fault
            written.pop(0)
    finally:
        # Also when the run is broken off.
        for temporary, _ in written:
            _remove(temporary)


def _write_beside(path: Path, data: bytes) -> str:
    temporary = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".pmpress-", suffix=path.suffix)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o666 & ~_umask())
    except OSError as fault:
        _remove(temporary)
        raise _unwritable(path, fault.strerror or str(fault)) from fault
    except BaseException:
        _remove(temporary)
        raise
    return temporary


def _unwritable(path: Path, said: str) -> MachineError:
    hint = "What was there before is as it was. Name another folder with --output."
    return MachineError(error("output-unwritable", f"'{path}' cannot be written: {said}", hint=hint))


def _remove(temporary: str) -> None:
    with suppress(OSError):
        os.unlink(temporary)


def _umask() -> int:
    # There is no way to ask for the umask without setting it.
    mask = os.umask(0)
    os.umask(mask)
    return mask
