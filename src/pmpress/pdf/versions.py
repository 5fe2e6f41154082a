"""What a page looks the way it does by: the press, the packages, and the libraries of the machine behind them."""

from __future__ import annotations

import ctypes
from functools import cache

from pmpress.cache import digest, made_by

_PACKAGES = ("weasyprint", "pydyf", "pyphen", "tinycss2", "cssselect2", "fonttools", "pillow", "pypdfium2", "ziafont",
             "ziamath")  # fmt: skip
# By the names that the engine itself looks for.
_LIBRARIES = {
    "pango_version_string": ("libpango-1.0.so.0", "libpango-1.0.dylib", "libpango-1.0-0.dll", "libpango-1.0-0"),
    "hb_version_string": ("libharfbuzz.so.0", "libharfbuzz.0.dylib", "libharfbuzz-0.dll", "libharfbuzz-0"),
}


@cache
def version() -> str:
    """A digest of them all."""
    return digest(made_by(*_PACKAGES), [_asked(function, names) for function, names in _LIBRARIES.items()])


def _asked(function: str, names: tuple[str, ...]) -> str:
    for name in names:
        try:
            ask = getattr(ctypes.CDLL(name), function)
        except (OSError, AttributeError):
            continue
        ask.restype = ctypes.c_char_p
        return str(ask().decode())
    return ""
