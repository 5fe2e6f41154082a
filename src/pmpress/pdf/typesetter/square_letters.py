"""Lines of letters that fill squares, as Japanese has them, made equally long.

The engine knows only of spaces that may grow, and such text has next to none. Here what a line lacks is shared out over
all its squares. It is done by `pmpress.pdf.work.put_right`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any

_LANGUAGES = ("ja", "zh")
_SQUARES = re.compile(
    "[\u2e80-\u303e\u3041-\ua4cf\uf900-\ufaff\ufe30-\ufe4f\uff01-\uff60\uffe0-\uffe6\U00020000-\U0003fffd]+"
)
_TRIES, _SLACK = 4, 0.05  # px
_MOST = 0.25
"""How much wider a square may become, in em. Where that is not enough a line stays short."""


def mend() -> None:
    """Put the engine right, for this process: to be done once."""
    inline: Any = import_module("weasyprint.layout.inline")
    line_break: Any = import_module("weasyprint.text.line_break")
    line_break.Layout.set_text = _set_text(line_break.Layout.set_text)
    inline.justify_line = _justify_line(inline.justify_line)


def _set_text(original: Any) -> Any:
    from weasyprint.text.ffi import TO_UNITS, ffi, pango

    def set_text(self: Any, text: Any, justify: Any = False) -> None:
        original(self, text, justify)
        if not (justify and self.justification_spacing and _has_squares(self)):
            return
        own = self.style["letter_spacing"]
        spacing = int((self.justification_spacing + (0 if own == "normal" else own)) * TO_UNITS)
        attributes = pango.pango_layout_get_attributes(self.layout)
        if attributes == ffi.NULL:
            attributes = ffi.gc(pango.pango_attr_list_new(), pango.pango_attr_list_unref)
        for match in _SQUARES.finditer(self.text):
            attribute = pango.pango_attr_letter_spacing_new(spacing)
            attribute.start_index = len(self.text[: match.start()].encode())
            attribute.end_index = attribute.start_index + len(match[0].encode())
            pango.pango_attr_list_change(attributes, attribute)
        pango.pango_layout_set_attributes(self.layout, attributes)

    return set_text


def _has_squares(box: Any) -> bool:
    return (box.style["lang"] or "").startswith(_LANGUAGES) and _SQUARES.search(box.text) is not None


def _justify_line(original: Any) -> Any:
    from weasyprint.formatting_structure import boxes
    from weasyprint.text.line_break import create_layout, line_size

    def justify_line(context: Any, line: Any, extra_width: Any) -> None:
        texts = list(_texts(line))
        if line.style["direction"] == "rtl" or not any(map(_has_squares, texts)):
            original(context, line, extra_width)
            return
        # Pango has the last word on how wide a text becomes, which parts it other than one without spacing.
        wanted = sum(box.width for box in texts) + extra_width
        gain = sum(width(context, box, 2.0) - width(context, box, 1.0) for box in texts)
        if not gain:
            return
        spacing = extra_width / gain
        for _ in range(_TRIES):
            widths = {box: width(context, box, spacing) for box in texts}
            lacking = wanted - sum(widths.values())
            if abs(lacking) < _SLACK:
                break
            spacing += lacking / gain
        if 0 < spacing <= _MOST * line.style["font_size"]:
            spread(context, line, spacing, widths, 0.0)

    def width(context: Any, box: Any, spacing: float) -> float:
        layout = create_layout(box.text, box.style, context, None, spacing)
        layout.set_text(box.text, justify=True)
        return float(line_size(layout.get_first_line()[0], box.style)[0])

    def spread(context: Any, box: Any, spacing: float, widths: dict[Any, float], advance: float) -> float:
        """Move a box, widened, by `advance`, and say by how much what follows it has to move."""
        if isinstance(box, boxes.TextBox):
            box.position_x += advance
            box.justification_spacing = spacing
            box.pango_layout = create_layout(box.text, box.style, context, None, spacing)
            box.pango_layout.deactivate()
            advance += widths[box] - box.width
            box.width = widths[box]
        elif isinstance(box, (boxes.LineBox, boxes.InlineBox)):
            box.position_x += advance
            before = advance
            for child in box.children:
                if child.is_in_normal_flow():
                    advance = spread(context, child, spacing, widths, advance)
            box.width += advance - before
        else:
            box.translate(advance, 0)
        return advance

    return justify_line


def _texts(box: Any) -> Iterator[Any]:
    from weasyprint.formatting_structure import boxes

    for child in box.children:
        if isinstance(child, boxes.TextBox):
            yield child
        elif isinstance(child, boxes.InlineBox) and child.is_in_normal_flow():
            yield from _texts(child)
