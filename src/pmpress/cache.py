"""What was made before, by what it was made of: key → bytes, in a folder beside the finished files.

A key is a digest of everything that goes into a piece of work, so that an entry is never out of date and needs no
other sign of it. Entries are plain data (msgpack), never code, and are proved by a digest of their own: one that is
damaged is one that is not there. A cache that cannot be written to costs time and nothing else.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from typing import Any, TypeVar

import msgspec

FOLDER = ".pmpress"
"""The cache's folder inside the output folder."""

LIMIT = 512 * 1024 * 1024
"""How many bytes a cache may hold."""

# What backup programs and the press itself know the folder by (the Cache Directory Tagging Specification).
_TAG_FILE = "CACHEDIR.TAG"
_TAG = "Signature: 8a477f597d28d172789f06886806bc55\n# Made by pmpress; may be deleted at any time.\n"
_DIGEST = sha256().digest_size

T = TypeVar("T")


class Cache:
    """The entries in a folder; without a folder it remembers nothing. Any number of builds may use one at once."""

    def __init__(self, folder: Path | None = None, limit: int = LIMIT) -> None:
        self._folder = folder
        self._limit = limit

    def get(self, key: str) -> bytes | None:
        """The entry under a key; None if there is none or it is damaged."""
        if self._folder is None:
            return None
        path = self._path(self._folder, key)
        try:
            entry = path.read_bytes()
            os.utime(path)  # used last, evicted last
        except OSError:
            return None
        digest, data = entry[:_DIGEST], entry[_DIGEST:]
        return data if sha256(data).digest() == digest else None

    def put(self, key: str, data: bytes) -> None:
        """Keep an entry. What cannot be written is not kept, and nobody is troubled with it."""
        if self._folder is None:
            return
        path = self._path(self._folder, key)
        temporary = ""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            tag = self._folder / _TAG_FILE
            if not tag.is_file():
                tag.write_text(_TAG, "ascii")
            handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".")
            with os.fdopen(handle, "wb") as file:
                file.write(sha256(data).digest())
                file.write(data)
            os.replace(temporary, path)
        except OSError:
            with suppress(OSError):
                os.unlink(temporary)

    def trim(self) -> None:
        """Let go of what was used longest ago, leavings of killed builds included, until the rest is in the limit."""
        if self._folder is None:
            return
        entries = []
        for path in self._folder.glob("*/*"):
            with suppress(OSError):
                found = path.stat()
                entries.append((found.st_mtime, found.st_size, path))
        held = sum(size for _, size, _ in entries)
        for _, size, path in sorted(entries):
            if held <= self._limit:
                break
            with suppress(OSError):
                path.unlink()
            held -= size

    @staticmethod
    def _path(folder: Path, key: str) -> Path:
        return folder / key[:2] / key[2:]


def clean(output: Path) -> bool:
    """Delete the cache in an output folder. Returns whether there was one; a folder that is none of ours stays."""
    folder = output / FOLDER
    if not (folder / _TAG_FILE).is_file():
        return False
    shutil.rmtree(folder)
    return True


def digest(*parts: Any) -> str:
    """The key of what is made of these parts: plain values, dataclasses, bytes, in that order."""
    return sha256(pack(parts)).hexdigest()


def pack(value: Any) -> bytes:
    """A plain value as bytes."""
    return msgspec.msgpack.encode(value, order="deterministic")


def unpack(data: bytes, kind: type[T]) -> T | None:
    """The value that `pack` was given; None if the bytes are no such value."""
    try:
        return msgspec.msgpack.decode(data, type=kind)
    except (msgspec.MsgspecError, RecursionError):
        return None


def recalled(store: Cache, kind: type[T], key: str) -> T | None:
    """The value under a key; None if there is none of that kind."""
    entry = store.get(key)
    return None if entry is None else unpack(entry, kind)


def remembered(store: Cache, kind: type[T], key: str, make: Callable[[], T]) -> T:
    """The value under a key, made and kept if it is not there."""
    value = recalled(store, kind, key)
    if value is None:
        value = make()
        store.put(key, pack(value))
    return value


@cache
def made_by(*packages: str) -> str:
    """What the work is done by: a digest of the press's own source and of the versions of the packages named."""
    return digest(_own_source(), [(name, metadata.version(name)) for name in packages])


@cache
def _own_source() -> str:
    own = Path(__file__).parent
    files = (path for path in own.rglob("*") if path.suffix in (".csl", ".py"))
    return digest(sorted((str(path.relative_to(own)), path.read_bytes()) for path in files))
