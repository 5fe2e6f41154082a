"""Opening a source: a file's bytes within bounds, text in whatever encoding, archives whose names lead nowhere else."""

from __future__ import annotations

import codecs
import io
import os
import re
import zipfile
import zlib
from pathlib import Path

import charset_normalizer

from pmpress.diagnostics import Diagnostic, ManuscriptError, Span, UsageError, error, note, warning

LARGEST_FILE = 500_000_000
LARGEST_TEXT = 10_000_000
"""Characters: three times the longest novel. What is longer takes very long to set, if it is a text at all."""

_MOST_ENTRIES = 20_000
_LARGEST_ENTRY, _LARGEST_ARCHIVE = 100_000_000, 1_000_000_000
_STRANGE = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_SAMPLE = 100_000
_OLD = ["cp1252", "cp1251", "koi8_r", "cp932", "gb18030", "big5", "euc_kr", "mac_roman", "cp1253", "cp1255", "cp1256"]
_LEAST_TELLING = 8
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read(path: Path) -> bytes:
    """The bytes of a source. Raises UsageError: `source-missing`, `source-unreadable`, `source-too-large`."""
    if not os.path.isfile(path):
        raise UsageError(error("source-missing", f"there is no file or folder '{path}'", hint="Mend the name."))
    try:
        with open(path, "rb") as file:
            data = file.read(LARGEST_FILE + 1)
    except OSError as fault:
        raise UsageError(error("source-unreadable", f"'{path}' cannot be read: {fault.strerror or fault}")) from fault
    if len(data) > LARGEST_FILE:
        most = f"more than {LARGEST_FILE // 1_000_000} MB"
        raise UsageError(error("source-too-large", f"'{path}' has {most}", hint="Import it in pieces."))
    return data


def decoded(data: bytes, name: str, diagnostics: list[Diagnostic], said: str = "") -> str:
    """The text in some bytes: by the byte order mark, as UTF-8, as what is `said` of it, as UTF-16, as it is likely.

    Raises ManuscriptError (`source-binary`) if it is no text. A guess is a warning `encoding-guessed`.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return (
                data[len(mark) :].decode("utf-8", "replace")
                if encoding == "utf-8"
                else data.decode(encoding, "replace")
            )
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as fault:
        text = _otherwise(data, fault.start, name, diagnostics, said)
    else:
        if "\x00" in text:
            text = _otherwise(data, data.index(b"\x00"), name, diagnostics, said)
    return text


def _otherwise(data: bytes, place: int, name: str, diagnostics: list[Diagnostic], said: str) -> str:
    span = Span(name, data.count(b"\n", 0, place) + 1)
    sample = data[:_SAMPLE]
    nothing = sample.count(b"\x00")
    if nothing * 5 > len(sample) and len(data) % 2 == 0:
        even = sample[::2].count(b"\x00")
        encoding = "utf-16-be" if even * 2 > nothing else "utf-16-le"
    elif len(_STRANGE.findall(sample)) * 100 > len(sample) or nothing:
        raise ManuscriptError(
            error("source-binary", f"'{name}' is no text", Span(name), "Import text, HTML, DOCX, EPUB, or a folder.")
        )
    else:
        if _known(said):
            return data.decode(_known(said), "replace")
        encoding = _likely(sample)
    hint = "If letters are wrong in the manuscript, save the source as UTF-8 and import it again."
    diagnostics.append(warning("encoding-guessed", f"the text is not UTF-8: it is read as {encoding}", span, hint))
    return data.decode(encoding, "replace")


def _likely(sample: bytes) -> str:
    """The encoding that a text is likely in. A few letters that are not English tell nothing: Windows-1252."""
    if len(re.findall(rb"[\x80-\xff]", sample)) < _LEAST_TELLING:
        return "windows-1252"
    # Each of these says something else of most letters; those that hardly differ from Windows-1252 are left out.
    found = charset_normalizer.from_bytes(sample, cp_isolation=_OLD).best()
    return codecs.lookup(found.encoding).name.replace("cp125", "windows-125") if found else "windows-1252"


def _known(encoding: str) -> str:
    try:
        name = codecs.lookup(encoding).name if encoding else ""
    except LookupError:
        return ""
    # What HTML calls Latin-1 is Windows-1252 (WHATWG Encoding, 4.2).
    return {"iso8859-1": "windows-1252", "ascii": "windows-1252", "utf-8": ""}.get(name, name)


def in_lines(text: str) -> str:
    """The text with `\\n` at the ends of lines and pages, and without what no text has."""
    text = re.sub(r"\r\n?|\u2028|\x85|\x0b", "\n", text)
    return re.sub(r"\f|\u2029", "\n\n", text)


def held(text: str, name: str) -> str:
    """The text, if it is not too long. Raises ManuscriptError (`source-too-large`)."""
    if len(text) > LARGEST_TEXT:
        most = f"more than {LARGEST_TEXT // 1_000_000} million characters of text"
        raise ManuscriptError(error("source-too-large", f"'{name}' has {most}", Span(name), "Import it in pieces."))
    return text


class Archive:
    """A zip file whose entries are read one by one, each within bounds, and never unpacked to the disk."""

    def __init__(self, data: bytes, name: str) -> None:
        """Raises ManuscriptError: `archive-broken`, `archive-unsafe`, `archive-too-large`, `source-encrypted`."""
        self.name, self.data = name, data
        self._left = _LARGEST_ARCHIVE
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            entries = self._zip.infolist()
        except (zipfile.BadZipFile, zlib.error, OSError, ValueError, EOFError, NotImplementedError) as fault:
            raise self._fault("archive-broken", f"'{name}' is broken: {fault}", "Save or download it again.") from fault
        self.names = frozenset(entry.filename for entry in entries if not entry.is_dir())
        for entry in entries:
            parts = re.split(r"[/\\]", entry.filename)
            if ".." in parts or entry.filename.startswith(("/", "\\")) or re.match(r"[A-Za-z]:", entry.filename):
                raise self._fault("archive-unsafe", f"an entry of '{name}' leads out of it: '{entry.filename}'")
            if entry.flag_bits & 1:
                raise self._fault("source-encrypted", f"'{name}' is encrypted", "Import a copy without a password.")
        unpacked = sum(entry.file_size for entry in entries)
        if len(entries) > _MOST_ENTRIES or unpacked > _LARGEST_ARCHIVE:
            raise self._fault(
                "archive-too-large", f"'{name}' unpacks to {unpacked // 1_000_000} MB, {len(entries)} files"
            )

    def read(self, entry: str) -> bytes:
        """The bytes of an entry. Raises ManuscriptError as the archive does when it is opened."""
        most = min(_LARGEST_ENTRY, self._left)
        try:
            with self._zip.open(entry) as file:
                data = file.read(most + 1)
        except (
            zipfile.BadZipFile,
            zlib.error,
            OSError,
            ValueError,
            EOFError,
            NotImplementedError,
            RuntimeError,
        ) as fault:
            said = f"'{entry}' in '{self.name}' is broken: {fault}"
            raise self._fault("archive-broken", said, "Save or download it again.") from fault
        self._left -= len(data)
        if len(data) > most:
            raise self._fault(
                "archive-too-large", f"'{entry}' in '{self.name}' unpacks to more than {most // 1_000_000} MB"
            )
        return data

    def _fault(self, code: str, said: str, hint: str = "It is not imported.") -> ManuscriptError:
        return ManuscriptError(error(code, said, Span(self.name), hint))


def left_out_characters(text: str, name: str) -> list[Diagnostic]:
    """A note on characters that no book may have."""
    found = re.search("[\x00-\x08\x0e-\x1f\x7f\ufffe\uffff]", text)
    if not found:
        return []
    span = Span(name, text.count("\n", 0, found.start()) + 1)
    return [note("character-left-out", "control characters are left out, here the first", span)]
