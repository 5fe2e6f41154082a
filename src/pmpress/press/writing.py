"""Finished files reach the disk whole or not at all."""

from __future__ import annotations

import os
import tempfile
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


def write(path: Path, data: bytes) -> None:
    """Write beside and rename, so that what was there stays whole until the new file is.

    Raises MachineError (`output-unwritable`) if the folder cannot be written to or the disk is full.
    """
    temporary = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o666 & ~_umask())
        os.replace(temporary, path)
    except OSError as fault:
        with suppress(OSError):
            os.unlink(temporary)
        said = fault.strerror or str(fault)
        hint = "What was there before is as it was. Name another folder with --output."
        raise MachineError(error("output-unwritable", f"'{path}' cannot be written: {said}", hint=hint)) from fault


def _umask() -> int:
    # There is no way to ask for the umask without setting it.
    mask = os.umask(0)
    os.umask(mask)
    return mask
