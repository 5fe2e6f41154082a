"""Where the things of a book seem to be while it is laid out.

The addresses are the same on every machine, because the engine names images by them, and lead nowhere (RFC 6761,
`invalid`).
"""

from __future__ import annotations

from urllib.parse import quote, unquote

BASE = "https://book.invalid/"
"""What a sheet's own address is, and the layout's style sheets'."""

# Not BASE itself: the engine drops a link to another place in "this document" that is not in the sheet.
_INSIDE = f"{BASE}go#"


def address(name: str) -> str:
    """The address of an asset by its name."""
    return BASE + quote(name, safe="/")


def name_at(url: str) -> str:
    """The name of the asset at an address; other addresses as they are."""
    return unquote(url.removeprefix(BASE))


def link_to(anchor: str) -> str:
    """The address of an anchor of the book."""
    return _INSIDE + quote(anchor, safe="")


def anchor_in(uri: str) -> str | None:
    """The anchor that a link's address means, or None for a link that leads out of the book."""
    return unquote(uri.removeprefix(_INSIDE)) if uri.startswith(_INSIDE) else None


def destination_name(anchor: str) -> bytes:
    """The name of an anchor in a PDF, in ASCII: programs do not agree on the order of others."""
    return quote(anchor, safe="").encode()
