"""Font families: `layouts/fonts/<family>/` with the font files, their licence, and `font.toml`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from pmpress.cache import Cache, made_by, remembered
from pmpress.cache import digest as key_of
from pmpress.diagnostics import PressError
from pmpress.layout.files import broken, inside, is_plain, read_toml


@dataclass(frozen=True, slots=True)
class FontFace:
    """One font file: `weight` 100 to 900, `style` `normal` or `italic`, `digest` its SHA-256."""

    path: Path
    weight: int
    style: str
    digest: str = ""


@dataclass(frozen=True, slots=True)
class FontFamily:
    """The faces of one family and the name by which CSS calls it."""

    name: str
    kind: str
    licence: str
    folder: Path
    faces: tuple[FontFace, ...]


def find_families(roots: Iterable[Path], slugs: Iterable[str], cache: Cache) -> tuple[FontFamily, ...]:
    """The families of those folder names, each in the first of the `roots` that has it. Raises PressError
    (`layout-broken`) if one is nowhere, or is not what its `font.toml` says."""
    known = tuple(roots)
    return tuple(_family(known, slug, cache) for slug in slugs)


def called(roots: Iterable[Path]) -> tuple[dict[str, str], list[PressError]]:
    """The folder names of all families there are, by the names that CSS calls them, and what is wrong with those that
    cannot be read."""
    found: dict[str, str] = {}
    faults: list[PressError] = []
    for root in roots:
        for file in sorted((root / "fonts").glob("*/font.toml")):
            try:
                name = read_toml(file, f"layouts/fonts/{file.parent.name}/font.toml").get("family")
            except PressError as fault:
                faults.append(fault)
                continue
            if isinstance(name, str):
                found.setdefault(name, file.parent.name)
    return found, faults


def _family(roots: tuple[Path, ...], slug: str, cache: Cache) -> FontFamily:
    shown = f"layouts/fonts/{slug}/font.toml"
    for root in roots:
        folder = root / "fonts" / slug
        if is_plain(slug) and (file := inside(folder, "font.toml")):
            about = read_toml(file, shown)
            if not _is_complete(about):
                raise broken(
                    shown, "it wants the texts family, kind and licence, and [[faces]] with file, weight, style"
                )
            faces = tuple(_face(folder, face, shown, cache) for face in about["faces"])
            return FontFamily(about["family"], about["kind"], about["licence"], folder, faces)
    raise broken(shown, f"no folder layouts/fonts/{slug} holds a font.toml")


def _is_complete(about: Mapping[str, Any]) -> bool:
    faces = about.get("faces")
    return (
        all(isinstance(about.get(key), str) and about[key] for key in ("family", "kind", "licence"))
        and isinstance(faces, list)
        and bool(faces)
        and all(
            isinstance(face, dict)
            and isinstance(face.get("file"), str)
            and type(face.get("weight")) is int
            and face.get("style") in ("normal", "italic")
            for face in faces
        )
    )


def _face(folder: Path, face: Mapping[str, Any], shown: str, cache: Cache) -> FontFace:
    path = inside(folder, face["file"]) if is_plain(face["file"]) else None
    if path is None:
        raise broken(shown, f"there is no font '{face['file']}' in its folder")
    try:
        data = path.read_bytes()
    except OSError as fault:
        raise broken(shown, f"'{face['file']}' cannot be read: {fault}") from fault
    digest = sha256(data).hexdigest()
    wrong = remembered(cache, str, key_of(made_by("uharfbuzz"), "font", digest), partial(_fault, data))
    if wrong:
        raise broken(shown, f"'{face['file']}' {wrong}")
    return FontFace(path, face["weight"], face["style"], digest)


def _fault(data: bytes) -> str:
    """What is wrong with a font, since the page engine does not survive one that is none; empty for a sound one."""
    # Not needed for fonts that were seen before.
    import uharfbuzz

    try:
        tables = uharfbuzz.Face(uharfbuzz.Blob(data)).table_tags
    except uharfbuzz.HarfBuzzError as fault:
        return f"is no font that can be read: {fault}"
    return "" if {"cmap", "head", "hmtx"} <= set(tables) else "lacks the tables of a font"
