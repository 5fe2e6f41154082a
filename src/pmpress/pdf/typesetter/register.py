"""Lines in register: the text of facing pages, and of both sides of a leaf, stands on the same lines.

Every line of text is as high as its style says, also one with letters of another face, which the engine makes higher.

What is set in another size, figures, tables and code, is as high as it is. Behind it, and behind whatever a page break
has taken half its margin, the next paragraph or heading goes to a line of the page: the next, or where a whole line is
free, the nearest. It is done for the chapters whose element has the class `in-register`, and for what stands in them
directly. `pmpress.pdf.work.put_right` has it done.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_SET_DOWN = frozenset({"p", "h2", "h3", "h4", "h5", "h6"})
_SLACK = 0.1  # px
_CLASS = "in-register"


def mend() -> None:
    """Put the engine right, for this process: to be done once."""
    block: Any = import_module("weasyprint.layout.block")
    block.block_level_layout_switch = _block_level_layout_switch(block)
    inline: Any = import_module("weasyprint.layout.inline")
    inline.split_text_box = _split_text_box(inline.split_text_box)


def _split_text_box(original: Any) -> Any:
    from weasyprint.text.line_break import strut

    def split_text_box(*given: Any, **more: Any) -> Any:
        box, resume_at, line_break = original(*given, **more)
        if box is not None and box.style["line_height"] != "normal":
            # The baseline is that of the style's own face, not of the highest face in the line.
            _, baseline = strut(box.style)
            down = baseline - box.baseline
            box.baseline = baseline
            box.margin_top += down
            box.margin_bottom -= down
        return box, resume_at, line_break

    return split_text_box


def _block_level_layout_switch(block: Any) -> Any:
    from weasyprint.text.line_break import strut

    original = block.block_level_layout_switch

    def block_level_layout_switch(
        context: Any, box: Any, bottom_space: Any, skip_stack: Any, containing_block: Any, page_is_empty: Any,
        absolute_boxes: Any, fixed_boxes: Any, adjoining_margins: Any, *others: Any, **named: Any,
    ) -> Any:  # fmt: skip
        if box.element_tag == "body":
            context.first_line = box.position_y
        elif box.element_tag in _SET_DOWN and skip_stack is None and _is_in_register(containing_block):
            gap = block.collapse_margin([*adjoining_margins, box.margin_top])
            height, _ = strut(containing_block.style)
            over = (box.position_y + gap - context.first_line) % height
            if _SLACK < over < height - _SLACK:
                goes_up = over <= height / 2 and gap >= height - _SLACK
                box.position_y += -over if goes_up else height - over
        return original(
            context, box, bottom_space, skip_stack, containing_block, page_is_empty, absolute_boxes, fixed_boxes,
            adjoining_margins, *others, **named,
        )  # fmt: skip

    return block_level_layout_switch


def _is_in_register(box: Any) -> bool:
    element = getattr(box, "element", None)
    return element is not None and _CLASS in element.get("class", "").split()
