"""What tells a laid-out page from another that looks different."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from io import BytesIO
from typing import Any

from pikepdf import Array, Dictionary, Object, Pdf, Stream

from pmpress.cache import digest
from pmpress.pdf.facts import LaidOut

_DEEPEST = 40
_UP = frozenset({"/Parent", "/Pg", "/StructParent", "/StructParents"})


def page_keys(laid_out: LaidOut) -> Iterator[str]:
    """One key for each page of a sheet: of what is painted on it, and of what its running heads may say."""
    with Pdf.open(BytesIO(laid_out.data)) as pdf:
        seen: dict[tuple[int, int], bytes] = {}
        sections: tuple[str, ...] = ()
        for page, facts in zip(pdf.pages, laid_out.facts.pages, strict=True):
            sections = (*sections[-1:], *facts.sections)
            yield digest(_painted(page.obj, seen), facts, sections)


def _painted(page: Object, seen: dict[tuple[int, int], bytes]) -> bytes:
    """A digest of a page's own text and of the pictures and patterns that are painted with it."""
    found = sha256(page.Contents.read_raw_bytes() if "/Contents" in page else b"")
    named = page.get("/Resources", Dictionary())
    for kind in ("/XObject", "/Pattern", "/Shading", "/ExtGState"):
        for name, each in sorted(named.get(kind, Dictionary()).items()):
            found.update(name.encode() + _value(each, seen, 0))
    return found.digest()


def _value(value: Any, seen: dict[tuple[int, int], bytes], depth: int) -> bytes:
    """A digest of a PDF value and of those it leads to, but for pages and what is above them."""
    if not isinstance(value, Object) or depth > _DEEPEST:
        return str(value).encode()
    if value.is_indirect:
        if value.objgen not in seen:
            seen[value.objgen] = b""  # for what leads back to itself
            seen[value.objgen] = _inner(value, seen, depth)
        return seen[value.objgen]
    return _inner(value, seen, depth)


def _inner(value: Object, seen: dict[tuple[int, int], bytes], depth: int) -> bytes:
    found = sha256()
    if isinstance(value, Stream):
        found.update(value.read_raw_bytes())
    if isinstance(value, (Dictionary, Stream)):
        for key, each in sorted(value.items()):
            if key not in _UP:
                found.update(key.encode() + _value(each, seen, depth + 1))
    elif isinstance(value, Array):
        for each in value:
            found.update(_value(each, seen, depth + 1))
    else:
        found.update(value.unparse())
    return found.digest()
