"""What sticks out of the page area of a laid-out chapter: which block, on which page and side, and how far."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from test_images import picture
from test_pdf_page_starts import laid_out
from test_pdf_sample import prose

Write = Callable[..., Path]
WORD = "abcdefghij" * 8
TEXT = f"# A\n\n{prose(1)}\n\n{WORD}\n\n{prose(30)}\n"
WHOLE = "p, .footnote p { overflow-wrap: normal; hyphens: none; text-indent: 0 }"


def found(folder: Path, css: str = "") -> list[tuple[int, str, str, float]]:
    """For each thing that sticks out: the page, the block's element, the side, and how far in pt."""
    pages = laid_out(folder, css)
    from pmpress.pdf.laying_out.overflow import sticking_out

    return [
        (each.page, str(pages.blocks[each.block].tag).partition("}")[2], each.side, each.by)
        for each in sticking_out(pages.document)
    ]


def test_nothing_sticks_out_of_a_plain_chapter(book_of: Write) -> None:
    text = f"# A\n\n{prose(9)}[^1]\n\n* {prose(2)}\n\n```\nlet x   \n```\n\n![x](x.png)\n\n[^1]: {prose(2)}\n"
    assert found(book_of({"a.md": text, "x.png": picture(size=(900, 90))}), "img { max-width: 100% }") == []


def test_a_word_that_is_not_broken(book_of: Write) -> None:
    ((page, name, side, by),) = found(book_of({"a.md": TEXT}), WHOLE)
    assert (page, name, side) == (0, "p", "right")
    assert 100 < by < 300


@pytest.mark.parametrize(
    "css",
    [
        f"{WHOLE} p {{ overflow: hidden }}",
        f"{WHOLE} .chapter {{ overflow: hidden }}",
        f"{WHOLE} p:nth-of-type(2) {{ position: absolute }}",
        f"{WHOLE} p {{ transform: scale(0.1) }}",
        ".chapter { margin: -20pt; padding: 20pt; background: #eee }",
        "h1 { margin: 0 -20pt -20pt; background: #eee }",
        f"{WHOLE} p {{ margin-right: -400pt }}",
        f"{WHOLE} .chapter {{ margin-right: -400pt }}",
        f"{WHOLE} p:nth-of-type(2) {{ overflow-wrap: anywhere; margin-left: -9pt }}",
        f"{WHOLE} p:nth-of-type(2) {{ overflow-wrap: anywhere; text-indent: -9pt }}",
        f"{WHOLE} p:nth-of-type(2) {{ overflow-wrap: anywhere; margin-top: -99pt }}",
    ],
)
def test_what_is_clipped_or_meant_so_does_not_count(book_of: Write, css: str) -> None:
    assert found(book_of({"a.md": TEXT}), css) == []


def test_a_box_that_clips_counts_where_it_sticks_out_itself(book_of: Write) -> None:
    css = f"{WHOLE} p:nth-of-type(2) {{ overflow: hidden; width: 250pt }}"
    assert found(book_of({"a.md": TEXT}), css) == [(0, "p", "right", 30)]


@pytest.mark.parametrize(
    ("css", "side"), [("left: -9pt", "left"), ("top: -99pt", "top"), ("margin-left: -3pt; left: -12pt", "left")]
)
def test_text_moved_out(book_of: Write, css: str, side: str) -> None:
    ((page, name, where, by),) = found(book_of({"a.md": "# A\n\nText.\n"}), f"p {{ position: relative; {css} }}")
    assert (page, name, where) == (0, "p", side)
    assert by > 9 if side == "top" else by == (9 if css == "left: -9pt" else 12)


def test_what_is_hung_counts_where_it_sticks_out_further(book_of: Write) -> None:
    ((*_, by),) = found(book_of({"a.md": TEXT}), WHOLE)
    ((*_, less),) = found(book_of({"a.md": TEXT}), f"{WHOLE} p {{ margin-right: -9pt }}")
    assert less == pytest.approx(by - 9, abs=0.01)


def test_a_picture_too_wide_and_too_high(book_of: Write) -> None:
    css = "figure, img { max-width: none; max-height: none }"
    text = f"# A\n\n{prose(12)}\n\n> ![x](x.png)\n"
    sides = found(book_of({"a.md": text, "x.png": picture(size=(400, 400))}), css)
    # 300 pt a side, on a page of 220 × 180 pt, in a quote that stands in by 1.4 × 10.45 pt.
    assert sides == [(3, "figure", "right", 94.63), (3, "figure", "bottom", 120)]


def test_spaces_that_hang_do_not_count(book_of: Write) -> None:
    code = "\n".join(["def x():" + " " * 200, "    pass" + " " * 200])
    assert found(book_of({"a.md": f"# A\n\n```\n{code}\n```\n"})) == []


def test_a_note(book_of: Write) -> None:
    ((_, name, side, _),) = found(book_of({"a.md": f"# A\n\nText.[^1]\n\n[^1]: {WORD}\n"}), WHOLE)
    assert (name, side) == ("p", "right")
