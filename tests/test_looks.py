"""Pages look as they did when somebody last looked at them: pictures of small books, small, with a tolerance.

`pytest tests/test_looks.py --accept` takes what the pages look like now. Look at them first: `make gallery`.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from gallery import BOOKS, Shown, contact_sheet, pages_apart
from PIL import Image, ImageChops, ImageFilter, ImageStat

LOOKS = Path(__file__).parent / "looks"
SHOWN = (
    Shown("prose-classic", BOOKS / "prose", "classic"),
    Shown("prose-manual", BOOKS / "prose", "manual"),
    Shown("prose-essay", BOOKS / "prose", "essay"),
    Shown("prose-screen", BOOKS / "prose", "classic", "screen"),
    Shown("figures-classic", BOOKS / "figures", "classic"),
    Shown("code-manual", BOOKS / "code", "manual"),
    Shown("matters-classic", BOOKS / "matters", "classic"),
    Shown("arabic-classic", BOOKS / "arabic", "classic"),
    Shown("japanese-classic", BOOKS / "japanese", "classic"),
)
_DPI = 24
_COLUMNS = 8
# In steps of 255, after a blur that makes up for letters that fall otherwise upon the pixels of another machine.
_BLUR = 1.5
_MEAN, _MOST = 1.0, 60


@pytest.mark.slow
@pytest.mark.parametrize("shown", SHOWN, ids=lambda shown: shown.name)
def test_pages_look_as_they_did(shown: Shown, accept: bool, tmp_path: Path) -> None:
    now = contact_sheet([page.convert("L") for page in pages_apart(shown, _DPI)], _COLUMNS).convert("L")
    golden = LOOKS / f"{shown.name}.png"
    if accept:
        golden.parent.mkdir(exist_ok=True)
        now.save(golden, optimize=True)
    then = Image.open(golden)
    assert now.size == then.size, f"{shown.name} has other pages or more of them"
    difference = ImageChops.difference(*(each.filter(ImageFilter.GaussianBlur(_BLUR)) for each in (now, then)))
    mean, (_, most) = ImageStat.Stat(difference).mean[0], difference.getextrema()
    if mean > _MEAN or most > _MOST:
        now.save(tmp_path / golden.name)
        pytest.fail(f"{shown.name} looks otherwise (mean {mean:.2f}, most {most}): see {tmp_path / golden.name}")


def test_a_look_that_changed_is_seen() -> None:
    """A line that moved by half its height is more than the tolerance."""
    page = Image.new("L", (132, 204), 255)
    moved = page.copy()
    for sheet, top in ((page, 20), (moved, 23)):
        for line in range(20):
            sheet.paste(90, (20, top + 8 * line, 110, top + 8 * line + 3))
    difference = ImageChops.difference(*(each.filter(ImageFilter.GaussianBlur(_BLUR)) for each in (page, moved)))
    assert ImageStat.Stat(difference).mean[0] > _MEAN
