"""What the engine gets wrong in lines that run from right to left, and in those with leaders, put right.

Functions are put in the place of some of the engine's own (`pmpress.pdf.work.put_right`). All other lines are left to
the engine.
"""

from __future__ import annotations

from copy import copy
from importlib import import_module
from typing import Any


def mend() -> None:
    """Put the engine right, for this process: to be done once."""
    inline: Any = import_module("weasyprint.layout.inline")
    for name, make in (
        ("get_next_linebox", _get_next_linebox),
        ("remove_last_whitespace", _remove_last_whitespace),
        ("handle_leader", _handle_leader),
    ):
        setattr(inline, name, make(getattr(inline, name)))


def _runs_right_to_left(line: Any) -> bool:
    return bool(line.style["direction"] == "rtl")


def _get_next_linebox(original: Any) -> Any:
    # The first line is made narrower by its indent at the end where it ends, not where it begins.
    def get_next_linebox(context: Any, linebox: Any, *others: Any) -> Any:
        line, resume_at = original(context, linebox, *others)
        if line is not None:
            line.first_indent = linebox.text_indent
            if line.first_indent and _runs_right_to_left(line):
                _shift(line.children, line.first_indent)
        return line, resume_at

    return get_next_linebox


def _shift(boxes: Any, by: float) -> None:
    """Move boxes to the left."""
    for box in boxes:
        if box.is_in_normal_flow():
            box.translate(dx=-by, ignore_floats=True)


def _remove_last_whitespace(original: Any) -> Any:
    # The space goes, but what was laid out with it is drawn, and is spread wider without it: the words before it would
    # begin to the left of the margin, and what else is in the line stands off by a space.
    from weasyprint.formatting_structure import boxes
    from weasyprint.layout.inline import split_text_box

    def remove_last_whitespace(context: Any, line: Any) -> None:
        if not _runs_right_to_left(line):
            original(context, line)
            return
        around, box = [], line
        while isinstance(box, (boxes.LineBox, boxes.InlineBox)):
            around.append(box)
            if not box.children:
                return
            box = box.children[-1]
        if not isinstance(box, boxes.TextBox) or box.style["white_space"] not in ("normal", "nowrap", "pre-line"):
            return
        text = box.text.rstrip(" ")
        if text == box.text:
            return
        box.text, width = text, box.width
        if text:
            bare, _, _ = split_text_box(context, box, None, 0)
            box.width, box.pango_layout = bare.width, bare.pango_layout
        else:
            box.width = 0
        for each in around:
            _shift(each.children[:-1], width - box.width)
            each.width -= width - box.width

    return remove_last_whitespace


def _at_once(context: Any, texts: Any) -> Any:
    """The equal texts of a leader, which begin with its last, as one."""
    from weasyprint.layout.inline import split_text_box

    whole = texts[-1].copy()
    whole.text *= len(texts)
    end = texts[0].position_x + texts[0].width
    whole, _, _ = split_text_box(context, whole, None, 0)
    whole.position_x = end - whole.width
    return whole


def _handle_leader(original: Any) -> Any:
    # What a leader stands in grows to the right, off the page, and so do its links. And where the line is indented, or
    # hangs out of its block, what follows the leader does not end where other lines do.
    from weasyprint.layout.leader import leader_index

    def handle_leader(context: Any, line: Any, containing_block: Any) -> None:
        index, leader = leader_index(line)
        if leader is None:
            return
        around, box = [], line
        if _runs_right_to_left(line):
            while index is not None:
                box, index = box.children[index[0]], index[1]
                around.append((box, box.width))
        room = copy(containing_block)
        room.width -= line.first_indent
        space: Any = leader.children[0] if leader.children else None
        is_blank = space is not None and space.width > 0 and space.text.isspace()
        if is_blank:  # one space is as good as a hundred, each a box of its own
            width = space.width
            space.width = max(width, line.position_x + room.width - space.position_x)
        original(context, line, room)
        if is_blank:
            space.width, leader.children = width, (space,)
        elif len(leader.children) > 1:
            leader.children = (_at_once(context, leader.children),)
        for box, width in around[:-1]:  # the leader itself the engine moves
            box.position_x -= box.width - width

    return handle_leader
