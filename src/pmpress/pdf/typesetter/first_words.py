"""Text that fills its line, and of which only the space behind it finds no room: it stays whole.

The engine takes such text for too long. If it stands before a link, a mark or whatever has an element of its own, its
first word is hyphenated, and what comes before the hyphen has a line for itself. It is done by
`pmpress.pdf.work.put_right`.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any


def mend() -> None:
    """Put the engine right, for this process: to be done once."""
    inline: Any = import_module("weasyprint.layout.inline")
    inline.split_first_line = _split_first_line(inline.split_first_line)


def _split_first_line(original: Any) -> Any:
    def split_first_line(text: Any, style: Any, context: Any, max_width: Any, *others: Any, **more: Any) -> Any:
        found = original(text, style, context, max_width, *others, **more)
        length, resume_at = found[1:3]
        if resume_at is None or text[-1:] != " " or " " in text.encode()[:length].decode(errors="ignore"):
            return found
        _, _, resume_at, *_ = original(text.rstrip(" "), style, context, max_width, *others, **more)
        return found if resume_at else original(text, style, context, None, *others, **more)

    return split_first_line
