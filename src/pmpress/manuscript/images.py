"""The pictures that a text asks for: found, read, judged once, and each given a name in the book."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path, PurePosixPath

from pmpress.cache import Cache, digest, made_by, remembered
from pmpress.diagnostics import Diagnostic, Span, error, note, warning
from pmpress.inks import is_in_inks, without_inks
from pmpress.manuscript.judged import Judged
from pmpress.manuscript.reading import locate, read_bytes
from pmpress.model import Asset, Target

_BEST_COVER = "1600 by 2560 pixels is best."


def load_images(
    folder: Path, wanted: Iterable[tuple[str, Span]], cache: Cache
) -> tuple[Mapping[str, Asset], tuple[Diagnostic, ...]]:
    """Read the pictures at the paths wanted, each with the place that asks for it.

    Returns the assets by path, and for each path that gives none an error: `image-missing`, `path-outside`, or what
    `pmpress.manuscript.pictures` finds wrong with it.
    """
    assets: dict[str, Asset] = {}
    names: set[str] = set()
    diagnostics: list[Diagnostic] = []
    for path, span in wanted:
        if path in assets:
            continue
        asset = _load(folder, path, span, diagnostics, cache)
        if asset is not None:
            name = _distinct(asset.name, names)
            names.add(name.casefold())
            assets[path] = replace(asset, name=name)
    return assets, tuple(diagnostics)


def load_cover(
    folder: Path, path: str, span: Span, target: Target, cache: Cache
) -> tuple[Asset | None, tuple[Diagnostic, ...]]:
    """Read the cover that `book.toml` names, and say if its size is none that the target takes. An SVG is refused:
    shops take none; of one made for four inks one for the screen is made."""
    diagnostics: list[Diagnostic] = []
    asset = _load(folder, path, span, diagnostics, cache)
    if asset is not None and asset.media_type not in ("image/png", "image/jpeg"):
        diagnostics.append(error("cover-type", f"the cover '{path}' is neither PNG nor JPEG", span))
        asset = None
    if asset is None:
        return None, tuple(diagnostics)
    (least_width, least_height), most = target.ebook.cover_least, target.ebook.cover_most
    size = f"the cover '{path}' is {asset.width:g} by {asset.height:g} pixels"
    asks, takes = (f"'{target.name}' asks", f"'{target.name}' takes") if target.name else ("shops ask", "shops take")
    if asset.width < least_width or asset.height < least_height:
        message = f"{size}, and {asks} for {least_width} by {least_height} at least"
        diagnostics.append(warning("cover-size", message, span, _BEST_COVER))
    elif most and max(asset.width, asset.height) > most:
        diagnostics.append(warning("cover-size", f"{size}, and {takes} no side over {most:,}", span, _BEST_COVER))
    if is_in_inks(asset):
        message = f"the cover '{path}' is made for four inks: the e-book has it in the colours of a screen"
        diagnostics.append(note("cover-inks", message, span))
        asset = remembered(cache, Asset, digest(made_by("pillow"), "cover", asset), partial(without_inks, asset))
    return replace(asset, name="cover" + PurePosixPath(asset.name).suffix), tuple(diagnostics)


def _load(folder: Path, path: str, span: Span, diagnostics: list[Diagnostic], cache: Cache) -> Asset | None:
    file = locate(folder, path, span, diagnostics)
    if file is None:
        return None
    if not os.path.isfile(file):
        diagnostics.append(
            error("image-missing", f"there is no picture '{path}'", span, "Mend the name, or add the file.")
        )
        return None
    data = read_bytes(file, path, span, diagnostics)
    if data is None:
        return None
    judged = remembered(cache, Judged, digest(made_by("lxml", "pillow"), path, data), lambda: _judge(data, path))
    diagnostics += (replace(found, span=span) for found in judged.diagnostics)
    return judged.asset and replace(judged.asset, data=judged.asset.data or data)


def _judge(data: bytes, path: str) -> Judged:
    # What opens pictures is a large library, not needed for those that are remembered.
    from pmpress.manuscript.pictures import judge

    return judge(data, path)


def _distinct(name: str, taken: set[str]) -> str:
    """The name, or the first of name-2, name-3… that is free, cases apart or not."""
    path = PurePosixPath(name)
    candidate, count = name, 1
    while candidate.casefold() in taken:
        count += 1
        candidate = f"{path.with_suffix('')}-{count}{path.suffix}"
    return candidate
