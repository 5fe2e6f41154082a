"""Notes at the foot that stay on the page of their references, and take no room on one that they leave.

The engine asks whether the notes of a page are higher than the area they stand in, to the last bit: on pages of some
heights the area is lower by what rounding takes, although it is as high as they are, and every note goes to the next
page. Here an area that is as high as it has to be always holds its notes. And where the only note has gone on with its
line, the engine leaves room for the margin above it and the rule: the lines that stood there go, and the paragraph with
them. It is done by `pmpress.pdf.work.put_right`.
"""

from __future__ import annotations

from importlib import import_module
from math import inf
from typing import Any


def mend() -> None:
    """Put the engine right, for this process: to be done once."""
    context: Any = import_module("weasyprint.layout").LayoutContext
    context._update_footnote_area = _update_footnote_area(context._update_footnote_area)


def _update_footnote_area(original: Any) -> Any:
    def update_footnote_area(self: Any) -> bool:
        is_higher = original(self)
        area = self.current_footnote_area
        if not area.children and not self.in_column:
            self.page_bottom += area.margin_height()
            area.height = "auto"  # as on a page that has had no note yet
        grows = area.style["height"] == "auto" and area.style["max_height"].value == inf
        return bool(is_higher and not grows)

    return update_footnote_area
