"""Finished files, and new folders, reach the disk whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pmpress import cache
from pmpress.diagnostics import MachineError, UsageError, error

SUFFIXES = (".pdf", ".epub")
_NOTHING = frozenset({".git"})  # a folder may be under Git before there is a book in it


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


def check_free(folder: Path) -> None:
    """Raise UsageError (`folder-taken`) if there is anything at that place but a folder with nothing in it, or with
    only what `git init` makes, and MachineError (`output-unwritable`) if the place is in a folder that is gone."""
    try:
        os.path.abspath(folder)
    except OSError as fault:
        raise _unwritable(folder, fault.strerror or str(fault)) from fault
    if not os.path.lexists(folder):
        return
    try:
        said = "is not empty" if set(os.listdir(folder)) - _NOTHING else ""
    except OSError as fault:
        said = f"is no folder to write into: {fault.strerror or fault}"
    if said:
        hint = "Nothing is overwritten: name a folder that is not there yet."
        raise UsageError(error("folder-taken", f"'{folder}' {said}", hint=hint))


@contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """A folder to fill, which is put at that place as a whole when the block ends; if it ends otherwise, nothing is
    left, nor are folders above it that had to be made.

    Raises UsageError (`folder-taken`) if something is there already, also when the block has ended, and MachineError
    (`output-unwritable`) for what the disk refuses, within the block too.
    """
    check_free(folder)
    made: list[Path] = []
    filled: Path | None = None
    try:
        is_there = folder.is_dir()
        # What fills a folder that is there is made in it: its neighbourhood may be another disk, or closed.
        around = folder.resolve() if is_there else folder.resolve().parent
        _make(around, made)
        filled = Path(tempfile.mkdtemp(dir=around, prefix=".pmpress-"))
        yield filled
        if is_there:
            _move_up(filled, folder)
        else:
            os.chmod(filled, 0o777 & ~_umask())
            check_free(folder)
            os.rename(filled, folder)
    except BaseException as fault:
        if filled is not None:
            shutil.rmtree(filled, ignore_errors=True)
        for each in reversed(made):
            with suppress(OSError):
                each.rmdir()
        if isinstance(fault, OSError):
            raise _unwritable(folder, fault.strerror or str(fault)) from fault
        raise


def _make(folder: Path, made: list[Path]) -> None:
    """Make a folder and those above it that are not there, and note each, the outermost first."""
    for each in reversed([folder, *folder.parents]):
        if not each.exists():
            each.mkdir()
            made.append(each)


def _move_up(filled: Path, folder: Path) -> None:
    """Move what is in a folder into that around it, which has nothing else."""
    if set(os.listdir(folder)) - _NOTHING - {filled.name}:
        raise UsageError(error("folder-taken", f"'{folder}' is not empty any more", hint="Name another folder."))
    moved: list[str] = []
    try:
        for name in sorted(os.listdir(filled)):
            os.rename(filled / name, folder / name)
            moved.append(name)
    except BaseException:
        for name in moved:
            os.rename(folder / name, filled / name)
        raise
    filled.rmdir()


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
