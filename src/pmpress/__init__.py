"""A book press: Markdown chapters in, a print-ready PDF and an EPUB out.

`load`, `render_pdf` and `render_epub` are for other programs; `pmpress.cli` is the command.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pmpress.api import (
        Diagnostic,
        Loaded,
        MachineError,
        ManuscriptError,
        PressError,
        Rendered,
        Severity,
        Span,
        UsageError,
        load,
        render_epub,
        render_pdf,
    )

    __version__: str

__all__ = [
    "Diagnostic",
    "Loaded",
    "MachineError",
    "ManuscriptError",
    "PressError",
    "Rendered",
    "Severity",
    "Span",
    "UsageError",
    "__version__",
    "load",
    "render_epub",
    "render_pdf",
]


def __getattr__(name: str) -> Any:
    """Look a name up when somebody asks: the press brings all its libraries along, and to read installed metadata is
    too slow for every start."""
    if name == "__version__":
        from importlib.metadata import version

        return version("pmpress")
    if name in __all__:
        from pmpress import api

        return getattr(api, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
