"""The font families that come along are what their `font.toml`, their licence and the table of the README say."""

from __future__ import annotations

import re
import string
import tomllib
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import pytest
import uharfbuzz

from pmpress.layout import built_in

FOLDER = built_in() / "fonts"
FAMILIES = {file.parent.name: tomllib.loads(file.read_text("utf-8")) for file in sorted(FOLDER.glob("*/font.toml"))}
FACES = [(slug, face["file"]) for slug, about in FAMILIES.items() for face in about["faces"]]
TEXT = [slug for slug, about in FAMILIES.items() if about["kind"] in ("serif", "sans")]
FIGURES = string.digits
# What README.md calls each of them.
SMALL_CAPS, CAPS, OLD, LINING = "small caps", "caps to small caps", "old-style", "lining"
TABULAR, PROPORTIONAL, KERNED = "tabular", "proportional", "kerned"
HAIR = 0.002  # of an em: EB Garamond's bold italics are that far from each other where they are to be alike
FAMILY_NAME, TYPOGRAPHIC_NAME = 1, 16


def opened(slug: str, file: str) -> uharfbuzz.Face:
    return uharfbuzz.Face(uharfbuzz.Blob.from_file_path(FOLDER / slug / file))


def shaped(font: uharfbuzz.Font, text: str, **features: bool) -> list[tuple[int, int]]:
    """The glyphs of the text and their advances."""
    buffer = uharfbuzz.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    uharfbuzz.shape(font, buffer, features)
    return [
        (info.codepoint, place.x_advance)
        for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True)
    ]


def all_change(font: uharfbuzz.Font, letters: str, feature: str) -> bool:
    return all(shaped(font, each) != shaped(font, each, **{feature: True}) for each in letters)


def measured(face: uharfbuzz.Face) -> set[str]:
    """What a text set in the font can have."""
    font = uharfbuzz.Font(face)
    lining = shaped(font, FIGURES, lnum=True, onum=False)
    old = shaped(font, FIGURES, onum=True)
    tabular = shaped(font, FIGURES, lnum=True, tnum=True)
    proportional = shaped(font, FIGURES, lnum=True, pnum=True)
    found = {
        SMALL_CAPS: all_change(font, string.ascii_lowercase, "smcp"),
        CAPS: all_change(font, string.ascii_uppercase, "c2sc"),
        OLD: sum(a != b for a, b in zip(old, lining, strict=True)) >= 5,
        LINING: len({top(font, glyph) for glyph, _ in lining}) <= 2,
        TABULAR: spread(tabular) <= HAIR * face.upem,
        PROPORTIONAL: spread(proportional) > HAIR * face.upem,
        KERNED: shaped(font, "AV", kern=True) != shaped(font, "AV", kern=False),
    }
    return {name for name, has in found.items() if has}


def spread(glyphs: list[tuple[int, int]]) -> int:
    """By how much the widest is wider than the narrowest."""
    advances = [advance for _, advance in glyphs]
    return max(advances) - min(advances)


def top(font: uharfbuzz.Font, glyph: int) -> int:
    """How high a figure reaches, in steps of a tenth of an em: rounder ones reach a little higher."""
    extents = font.get_glyph_extents(glyph)
    return round(10 * extents.y_bearing / font.face.upem)


def table() -> Mapping[str, list[str]]:
    """The rows of the table of families, by folder."""
    rows = re.findall(r"^\| (.+) \|$", (FOLDER / "README.md").read_text("utf-8"), re.MULTILINE)
    cells = [row.split(" | ") for row in rows]
    return {row[1].strip("`"): row for row in cells if row[1].startswith("`")}


def test_every_folder_is_a_family_and_every_family_is_in_the_table() -> None:
    assert {entry.name for entry in FOLDER.iterdir() if entry.is_dir()} == set(FAMILIES) == set(table())


@pytest.mark.parametrize("slug", FAMILIES)
def test_a_folder_holds_what_its_font_toml_names_and_nothing_else(slug: str) -> None:
    files = [face["file"] for face in FAMILIES[slug]["faces"]]
    assert {entry.name for entry in (FOLDER / slug).iterdir()} == {*files, "LICENSE", "font.toml"}
    assert len({(face["weight"], face["style"]) for face in FAMILIES[slug]["faces"]}) == len(files)


@pytest.mark.parametrize("slug", FAMILIES)
def test_a_family_is_under_the_open_font_licence_and_says_where_it_comes_from(slug: str) -> None:
    about = FAMILIES[slug]
    licence = (FOLDER / slug / "LICENSE").read_text("utf-8")
    assert about["licence"] == "OFL-1.1"
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
    assert "PERMISSION & CONDITIONS" in licence
    assert "OTHER DEALINGS IN THE FONT SOFTWARE" in licence
    assert all(about[key] for key in ("origin", "version", "copyright"))
    assert re.match(r"(Debian|npm) package \S+$", about["origin"])
    assert about["version"] in table()[slug][5]
    assert about["origin"].rpartition(" ")[2] in table()[slug][5]


@pytest.mark.parametrize(("slug", "file"), FACES)
def test_a_font_is_the_original_static_and_may_be_embedded(slug: str, file: str) -> None:
    about = FAMILIES[slug]
    (said,) = (face for face in about["faces"] if face["file"] == file)
    face = opened(slug, file)
    assert said["sha256"] == sha256((FOLDER / slug / file).read_bytes()).hexdigest()
    assert "fvar" not in face.table_tags
    assert about["family"] in {face.get_name(number) for number in (FAMILY_NAME, TYPOGRAPHIC_NAME)}
    os2 = face.reference_table("OS/2").data
    assert int.from_bytes(os2[8:10]) == 0  # fsType: nothing is forbidden
    assert int.from_bytes(os2[4:6]) == said["weight"]
    assert bool(int.from_bytes(os2[62:64]) & 1) == (said["style"] == "italic")


@pytest.mark.parametrize("slug", TEXT)
def test_a_text_family_has_four_styles_and_all_that_a_book_sets_text_with(slug: str) -> None:
    styles = {(face["weight"], face["style"]) for face in FAMILIES[slug]["faces"]}
    assert styles >= {(400, "normal"), (400, "italic"), (700, "normal"), (700, "italic")}
    for face in FAMILIES[slug]["faces"]:
        has = measured(opened(slug, face["file"]))
        assert has >= {SMALL_CAPS, CAPS, OLD, LINING, TABULAR, PROPORTIONAL, KERNED}, face["file"]


@pytest.mark.parametrize("slug", FAMILIES)
def test_the_table_says_what_the_files_have(slug: str) -> None:
    about: Mapping[str, Any] = FAMILIES[slug]
    family, _, kind, faces, features, _, size = table()[slug]
    each = [measured(opened(slug, face["file"])) for face in about["faces"]]
    has = set.intersection(*each) & {SMALL_CAPS, OLD, TABULAR, PROPORTIONAL}
    if about["kind"] not in ("serif", "sans", "arabic"):  # figures of one width are no choice there
        has = set()
    assert (family, kind, int(faces)) == (about["family"], about["kind"], len(about["faces"]))
    assert set(features.split(", ")) - {"—"} == has
    weight = sum((FOLDER / slug / face["file"]).stat().st_size for face in about["faces"])
    assert size == f"{weight / 1_000_000:.2f} MB"


@pytest.mark.parametrize("slug", TEXT)
@pytest.mark.parametrize("text", ["ĀčęğīłňőřûŵŷžÐþŒẞ", "…–—‘’“”„‚«»‹›†‡•€£"])
def test_a_text_family_has_the_letters_and_signs_of_latin_books(slug: str, text: str) -> None:
    for face in FAMILIES[slug]["faces"]:
        has = opened(slug, face["file"]).unicodes
        assert [each for each in text if ord(each) not in has] == [], face["file"]


@pytest.mark.parametrize("slug", ["eb-garamond", "literata", "fira-sans", "noto-sans"])
def test_these_set_greek_and_cyrillic_in_all_styles(slug: str) -> None:
    for face in FAMILIES[slug]["faces"]:
        has = opened(slug, face["file"]).unicodes
        assert [each for each in "ΑΩαωάώЖяёЇі" if ord(each) not in has] == [], face["file"]


def test_all_families_together_stay_small() -> None:
    assert sum((FOLDER / slug / file).stat().st_size for slug, file in FACES) < 28_000_000
