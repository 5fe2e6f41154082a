"""Pictures of a source: those that lie in it or beside it. Nothing is fetched."""

from __future__ import annotations

import base64
import binascii
import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import PurePosixPath
from urllib.parse import unquote, unquote_to_bytes

from lxml import etree

from pmpress.manuscript import ascii_slug

FOLDER = "images"
KEPT = "kept:"
"""How a source that was read before says that a picture is among the files already: before its path."""

_DATA = re.compile(r"data:image/(?P<kind>[\w.+-]+)[^,]*,", re.I)
_SUFFIXES = {"jpeg": ".jpg", "svg+xml": ".svg", "x-icon": ".ico", "tiff": ".tif"}
_MOST = 200_000_000


@dataclass(slots=True)
class Pictures:
    """The pictures brought so far. `find` gives the bytes of a picture by the path that the source says, or raises
    LookupError with the reason. `fault` says what was wrong with the last that is not there."""

    find: Callable[[str], bytes]
    files: dict[str, bytes] = field(default_factory=dict)
    fault: str = ""
    _known: dict[str, str] = field(default_factory=dict)
    _size: int = 0

    def bring(self, source: str) -> str | None:
        """The path of a picture in the manuscript's folder; None if it cannot be had."""
        key = sha256(source.encode("utf-8", "replace")).hexdigest()
        if key in self._known:
            return self._known[key]
        found = self._found(source)
        if found is None:
            return None
        path = self.keep(*found)
        self._known[key] = path
        return path

    def _found(self, source: str) -> tuple[str, bytes] | None:
        if source.startswith(KEPT) and source.removeprefix(KEPT) in self.files:
            path = source.removeprefix(KEPT)
            return path, self.files[path]
        if embedded := _DATA.match(source):
            return self._embedded(source, embedded)
        if not source:
            self.fault = "it names no file"
        elif re.match(r"(?:https?:)?//", source, re.I):
            self.fault = "it is on another machine"
        elif re.match(r"[A-Za-z][\w+.-]+:", source):
            self.fault = "it is no file"
        else:
            path = unquote(re.sub(r"[?#].*", "", source))
            try:
                return PurePosixPath(path).name, self.find(path)
            except LookupError as fault:
                self.fault = str(fault.args[0])
        return None

    def _embedded(self, source: str, found: re.Match[str]) -> tuple[str, bytes] | None:
        written = source[found.end() :]
        try:
            data = base64.b64decode(unquote(written)) if ";base64" in found[0].lower() else unquote_to_bytes(written)
        except (binascii.Error, ValueError):
            data = b""
        if not data:
            self.fault = "its data are broken"
            return None
        kind = found["kind"].lower()
        return f"picture-{len(self.files) + 1}{_SUFFIXES.get(kind, f'.{kind}')}", data

    def drawn(self, element: etree._Element) -> str | None:
        """Keep a drawing that stands in the text itself as a file; None if it cannot be one."""
        written = etree.tostring(element, encoding="unicode", with_tail=False)
        if "xmlns=" not in written[:200] and not written.startswith("<svg:"):
            written = written.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
        # The parser of HTML makes small letters of all names.
        written = re.sub(r"\bviewbox=", "viewBox=", written)
        if "xlink:" in written and "xmlns:xlink" not in written:
            written = written.replace("<svg", '<svg xmlns:xlink="http://www.w3.org/1999/xlink"', 1)
        return self.keep(f"drawing-{len(self.files) + 1}.svg", written.encode())

    def keep(self, name: str, data: bytes) -> str:
        """Put a picture among the files, under a name of its own. The same picture is kept once."""
        stem = ascii_slug(PurePosixPath(name).stem) or "picture"
        suffix = re.sub(r"[^a-z0-9.]", "", PurePosixPath(name).suffix.lower())
        path, count = f"{FOLDER}/{stem}{suffix}", 1
        while self.files.get(path, data) != data:
            count += 1
            path = f"{FOLDER}/{stem}-{count}{suffix}"
        if path not in self.files:
            self._size += len(data)
        self.files[path] = data
        return path


def joined(folder: str, path: str) -> str:
    """A path that a file in a folder says, from the outermost folder on."""
    return posixpath.normpath(posixpath.join(folder, path))
