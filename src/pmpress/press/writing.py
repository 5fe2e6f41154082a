"""Finished files reach the disk whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from pmpress import cache
from pmpress.diagnostics import MachineError, UsageError, error

SUFFIXES = (".pdf", ".epub")


def destination(output: Path | None, slug: str, suffix: str) -> Path:
    """Where a file of that suffix goes: `output` itself if it has one, else the folder `output`, else `build`.

    Raises UsageError (`output-suffix`) if `output` is a file name of another kind.
    """
    if not _is_file(output):
        return output_folder(output) / f"{slug}{suffix}"
    assert output is not None
    if output.suffix.lower() != suffix:
        raise UsageError(error("output-suffix", f"'{output}' is no name for a {suffix} file", hint="Name a folder."))
    return output


def output_folder(output: Path | None) -> Path:
    """The folder that finished files go to: `output`, or that which it is in, else `build`."""
    if output is None:
        return Path("build")
    return output.parent if _is_file(output) else output


def forget(output: Path | None) -> None:
    """Delete what was remembered in the output folder. Raises MachineError (`output-unwritable`) if it cannot be."""
    folder = output_folder(output)
    try:
        cache.clean(folder)
    except OSError as fault:
        raise _unwritable(folder / cache.FOLDER, fault.strerror or str(fault)) from fault


def _is_file(output: Path | None) -> bool:
    return output is not None and output.suffix.lower() in SUFFIXES and not os.path.isdir(output)


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
    hint = "What was there before is as it was. Name another folder."
    return MachineError(error("output-unwritable", f"'{path}' cannot be written: {said}", hint=hint))


def _remove(temporary: str) -> None:
    with suppress(OSError):
        os.unlink(temporary)


def _umask() -> int:
    # There is no way to ask for the umask without setting it.
    mask = os.umask(0)
    os.umask(mask)
    return mask
