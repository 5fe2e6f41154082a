"""Which pages show something through something else (ISO 32000-1, 11)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pikepdf import Array, Dictionary, Name, Object

_USED = re.compile(rb"/([^\s/<>\[\]()]+) (?:gs|Do|scn|SCN)\b")
_PLAIN = frozenset({"/Normal", "/Compatible"})


class Transparency:
    """Looks at pages; what many of them are drawn with it looks at once."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], bool] = {}

    def shows(self, page: Object) -> bool:
        """Whether a page is not opaque."""
        names = frozenset(self._names(page.Resources))
        return bool(names) and not names.isdisjoint(_USED.findall(_drawing(page)))

    def _names(self, resources: Object) -> Iterator[bytes]:
        """The names of the resources by which something is seen through."""
        for name, state in resources.get("/ExtGState", Dictionary()).items():
            if _is_see_through(state):
                yield name[1:].encode()
        for kind in ("/XObject", "/Pattern"):
            for name, thing in resources.get(kind, Dictionary()).items():
                if "/SMask" in thing or ("/Resources" in thing and self._is_drawn_through(thing)):
                    yield name[1:].encode()

    def _is_drawn_through(self, thing: Object) -> bool:
        if thing.objgen not in self._known:
            self._known[thing.objgen] = False  # should it be drawn with itself
            self._known[thing.objgen] = any(True for _ in self._names(thing.Resources))
        return self._known[thing.objgen]


def _drawing(page: Object) -> bytes:
    contents = page.get("/Contents", Array())
    return b"\n".join(part.read_bytes() for part in (contents if isinstance(contents, Array) else [contents]))


def _is_see_through(state: Object) -> bool:
    opaque = all(float(state.get(key, 1)) >= 1 for key in ("/ca", "/CA"))
    masked = "/SMask" in state and state.SMask != Name("/None")
    return not opaque or masked or str(state.get("/BM", "/Normal")) not in _PLAIN
