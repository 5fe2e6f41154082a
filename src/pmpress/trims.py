"""Sizes of pages by the names the trade has for them, and lengths. Everything is in pt."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pmpress.diagnostics import Nearest

_UNITS: Mapping[str, float] = {"pt": 1, "mm": 72 / 25.4, "cm": 72 / 2.54, "in": 72, "px": 0.75, "pc": 12}
_LENGTH = re.compile(r"(\d+(?:\.\d+)?|\.\d+)\s*(pt|mm|cm|in|px|pc)")
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*(?:[x×]|by)\s*(\d+(?:\.\d+)?)\s*(pt|mm|cm|in|px|pc)")

# Width and height as written; the names are those of ISO 216, JIS P 0138, and the American and British trade.
_NAMED: Mapping[str, str] = {
    "a4": "210x297mm", "a5": "148x210mm", "a6": "105x148mm",
    "b4": "250x353mm", "b5": "176x250mm", "b6": "125x176mm",
    "jis-b5": "182x257mm", "jis-b6": "128x182mm", "shiroku": "127x188mm", "bunko": "105x148mm",
    "letter": "8.5x11in", "legal": "8.5x14in", "half-letter": "5.5x8.5in", "executive": "7x10in",
    "pocket": "4.25x6.87in", "digest": "5.5x8.5in", "us-trade": "6x9in",
    "a-format": "110x178mm", "b-format": "129x198mm", "demy": "138x216mm", "royal": "156x234mm",
    "crown-quarto": "189x246mm",
}  # fmt: skip
# What Kindle Direct Publishing prints paperbacks in (its help page "Set Trim Size, Bleed, and Margins").
_KDP = ("5x8", "5.06x7.81", "5.25x8", "5.5x8.5", "6x9", "6.14x9.21", "6.69x9.61", "7x10", "7.44x9.69", "7.5x9.25",
        "8x10", "8.25x6", "8.25x8.25", "8.5x8.5", "8.5x11")  # fmt: skip
NAMES: tuple[str, ...] = (*_NAMED, *(f"kdp-{size}" for size in _KDP))
"""Every name there is."""
LEAST_SIDE, MOST_SIDE = 3, 14_200
"""The sides that a page may have, in pt: those of PDF/A (ISO 19005-3, 6.1.13), with room for bleed and crop marks."""
MOST_BLEED = 72.0
"""As far as anything is painted beyond the trim, in pt."""


def length(written: str) -> float:
    """A length such as `3mm` or `0.125in`, in pt. Raises ValueError with what is wanted."""
    if written.strip() == "0":
        return 0.0
    if not (match := _LENGTH.fullmatch(written.strip())):
        raise ValueError('a length such as "3mm", "0.125in" or "9pt"')
    return float(match[1]) * _UNITS[match[2]]


def bleed(written: str) -> float:
    """A length that a bleed may have, in pt. Raises ValueError with what is wanted."""
    beyond = length(written)
    if beyond > MOST_BLEED:
        raise ValueError("an inch at most: farther than that nothing is painted")
    return beyond


def trim(written: str) -> tuple[float, float]:
    """Width and height in pt of a named trim, or of a size such as `5.5x8.5in`. Raises ValueError with what is
    wanted."""
    name = written.strip().lower()
    size = f"{name.removeprefix('kdp-')}in" if name.startswith("kdp-") and name in NAMES else _NAMED.get(name, name)
    if not (match := _SIZE.fullmatch(size)):
        near = Nearest(NAMES).to(name)
        raise ValueError('a size such as "5.5x8.5in" or a name such as "a5", "royal", "kdp-6x9"'
                         + (f"; did you mean '{near}'?" if near else ""))  # fmt: skip
    width, height = float(match[1]) * _UNITS[match[3]], float(match[2]) * _UNITS[match[3]]
    if not (LEAST_SIDE <= min(width, height) <= max(width, height) <= MOST_SIDE):
        raise ValueError(f"sides of {LEAST_SIDE} pt to {MOST_SIDE} pt, which is what a PDF may have")
    return width, height
