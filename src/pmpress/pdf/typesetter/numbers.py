"""What the engine works out to be no number, or an endless one, made what it can live with: it would look for room for
it for ever, or break down.

When it is done `pmpress.pdf.work.put_right` says.
"""

from __future__ import annotations

import math
from importlib import import_module
from typing import Any

_MOST = 100_000.0


def mend() -> None:
    """Put the engine right, for this process: to be done once."""
    css: Any = import_module("weasyprint.css")
    css.resolve_math = resolve = _resolve_math(css)
    for name in ("percent", "preferred"):
        import_module(f"weasyprint.layout.{name}").resolve_math = resolve  # type: ignore[attr-defined]


def _resolve_math(css: Any) -> Any:
    original = css.resolve_math

    def resolve_math(token: Any, *others: Any, **named: Any) -> Any:
        try:
            found = original(token, *others, **named)
        except (ArithmeticError, AssertionError) as fault:
            raise css.InvalidValues("no number") from fault
        value = getattr(found, "value", 0.0)
        if not isinstance(value, int | float) or math.isfinite(value):
            return found
        if math.isnan(value):
            raise css.InvalidValues("no number")
        return css.tokenize(found, lambda endless: math.copysign(_MOST, endless))

    return resolve_math
