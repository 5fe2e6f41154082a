"""What a book may add to the dialect, by name, without the libraries behind it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

Addition: TypeAlias = tuple[str, tuple[tuple[str, bool | str], ...]]
"""The name of an extension and its options."""

# By extension, the options an author may set, and of which type each is.
OPTIONS: Mapping[str, Mapping[str, type[bool] | type[str]]] = {
    "pymdownx.caret": {"smart_insert": bool},
    "pymdownx.keys": {"camel_case": bool, "separator": str, "strict": bool},
    "pymdownx.smartsymbols": dict.fromkeys(
        (
            "arrows", "care_of", "copyright", "fractions", "notequal", "ordinal_numbers", "plusminus", "registered",
            "trademark",
        ),
        bool,
    ),
}  # fmt: skip
