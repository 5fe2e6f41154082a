"""`book.toml` → `BookConfig`: every key checked, unknown keys refused, each fault with its line.

A table of keys is data (`Table`, `Key`), so that what is checked is also what can be listed. A feature brings a table
of its own; the ones here are what every book has.
"""

from __future__ import annotations

from pmpress.config.about import Isbns, direction_of, isbn, language, language_doubts
from pmpress.config.keys import Doubt, Key, Reader, Table, shaped
from pmpress.config.reading import read_config
from pmpress.config.schema import schema_of
from pmpress.config.tables import (
    BOOK,
    CONTENTS,
    EPUB,
    FILE,
    LAYOUT,
    STYLE,
    TABLES,
    BookConfig,
    Contents,
    Listed,
    ListedPart,
)
from pmpress.config.values import bleed, flag, length, line, one_of, size, text, texts

__all__ = [
    "BOOK",
    "CONTENTS",
    "EPUB",
    "FILE",
    "LAYOUT",
    "STYLE",
    "TABLES",
    "BookConfig",
    "Contents",
    "Doubt",
    "Isbns",
    "Key",
    "Listed",
    "ListedPart",
    "Reader",
    "Table",
    "bleed",
    "direction_of",
    "flag",
    "isbn",
    "language",
    "language_doubts",
    "length",
    "line",
    "one_of",
    "read_config",
    "schema_of",
    "shaped",
    "size",
    "text",
    "texts",
]
